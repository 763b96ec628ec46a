from flask import Blueprint

from mentorship.outcomes import models

__all__ = ["bp", "models"]

bp = Blueprint("outcomes", __name__)
