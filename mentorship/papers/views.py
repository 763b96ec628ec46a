from flask import Blueprint

from mentorship.papers import models  # noqa: F401

bp = Blueprint("papers", __name__)
