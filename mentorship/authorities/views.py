from flask import Blueprint

from mentorship.authorities import models  # noqa: F401

bp = Blueprint("authorities", __name__)
