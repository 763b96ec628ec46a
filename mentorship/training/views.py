from flask import Blueprint

from mentorship.training import models  # noqa: F401

bp = Blueprint("training", __name__)
