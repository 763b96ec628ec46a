from flask import Blueprint

from mentorship.closing.models import Closure

__all__ = ["Closure", "bp"]

bp = Blueprint("closing", __name__)
