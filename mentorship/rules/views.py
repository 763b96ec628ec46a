from flask import Blueprint

from mentorship.settings import models  # noqa: F401

bp = Blueprint("rules", __name__)
