from flask import Blueprint

from mentorship.signs import models  # noqa: F401

bp = Blueprint("signs", __name__)
