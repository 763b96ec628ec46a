from flask import Blueprint

from mentorship.reviews import models  # noqa: F401

bp = Blueprint("reviews", __name__)
