from flask import Blueprint

from mentorship.qualification import models  # noqa: F401

bp = Blueprint("qualification", __name__)
