from flask import Blueprint

from mentorship.candidates import models  # noqa: F401

bp = Blueprint("candidates", __name__)
