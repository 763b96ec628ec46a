"""Names of the kinds of clearance, which are rows and not codes, in the language of the page."""

from flask import Flask, g

from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.mentors.models import ClearanceKind
from mentorship.mentors.queries import clearance_kinds


def _kinds() -> list[ClearanceKind]:
    """Every kind, read once for each page."""
    if "clearance_kinds" not in g:
        g.clearance_kinds = clearance_kinds(db.session)
    kinds: list[ClearanceKind] = g.clearance_kinds
    return kinds


def clearance_kind_names() -> dict[str, str]:
    """All kinds by their code, in the order in which they are asked for."""
    return {kind.code: kind.name(chosen_language()) for kind in _kinds()}


def required_kinds() -> list[ClearanceKind]:
    """The kinds without which nobody mentors."""
    return [kind for kind in _kinds() if kind.required]


def clearance_kind_name(code: str) -> str:
    """A kind's name; a code that is no longer known stands for itself."""
    return clearance_kind_names().get(code, code)


def init_app(app: Flask) -> None:
    app.jinja_env.filters["clearance_kind"] = clearance_kind_name
    app.jinja_env.globals.update(
        clearance_kind_names=clearance_kind_names, required_kinds=required_kinds
    )
