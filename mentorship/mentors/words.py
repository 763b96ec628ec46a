"""Words about mentors; kinds of clearance are rows and named in the language of the page."""

from flask import Flask, g
from flask_babel import lazy_gettext as _l

from mentorship.database import db
from mentorship.i18n import chosen_language
from mentorship.mentors.models import ClearanceKind
from mentorship.mentors.queries import clearance_kinds

CHILD_SEX_WISHES = {
    "either": _l("Either will do"),
    "female": _l("A girl"),
    "male": _l("A boy"),
}
PAUSE_REASONS = {
    "leave": _l("Leave"),
    "illness": _l("Illness"),
    "family": _l("Family"),
    "work": _l("Work"),
    "other": _l("Another reason"),
}
CONFLICT_KINDS = {
    "works_in_centre": _l("Works in the child's centre"),
    "relative": _l("Relative of the child"),
    "dispute": _l("A dispute"),
    "other": _l("Another conflict"),
}


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
        clearance_kind_names=clearance_kind_names,
        required_kinds=required_kinds,
        CHILD_SEX_WISHES=CHILD_SEX_WISHES,
        PAUSE_REASONS=PAUSE_REASONS,
        CONFLICT_KINDS=CONFLICT_KINDS,
    )
