from typing import Any

from flask import Blueprint, abort

from mentorship.permissions import Permission, requires
from mentorship.reports import models  # noqa: F401

bp = Blueprint("reports", __name__)


@bp.get("/reports")
@requires(Permission.SEE_FIGURES)
def index() -> Any:
    abort(404)


@bp.get("/reports/<period>")
@requires(Permission.SEE_FIGURES)
def show(period: str) -> Any:
    abort(404)


@bp.get("/reports/views")
@requires(Permission.SEE_FIGURES)
def views() -> Any:
    abort(404)


@bp.route("/reports/views/new", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def save_view() -> Any:
    abort(404)


@bp.route("/reports/send", methods=["GET", "POST"])
@requires(Permission.SEE_FIGURES)
def send_view() -> Any:
    abort(404)
