"""Who may do what: roles, permissions, scopes, and a guard that refuses by default."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, TypeVarTuple

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import Select
from werkzeug.wrappers import Response

from mentorship.database import begin_reading, db


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    MENTOR = "mentor"
    MANAGER = "manager"


class Permission(StrEnum):
    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    SEE_PEOPLE = "see_people"
    EDIT_PEOPLE = "edit_people"
    IMPORT_REGISTERS = "import_registers"
    RUN_ROUNDS = "run_rounds"
    DECIDE_PROPOSALS = "decide_proposals"
    CARE_FOR_MATCHES = "care_for_matches"
    REVIEW_CONCERNS = "review_concerns"
    LOG_OWN_MEETINGS = "log_own_meetings"
    ANSWER_OWN_PROPOSALS = "answer_own_proposals"
    SEE_FIGURES = "see_figures"
    SEE_CENTRES = "see_centres"
    EDIT_CENTRES = "edit_centres"
    MANAGE_USERS = "manage_users"
    RUN_TRAINING = "run_training"
    EDIT_COURSES = "edit_courses"
    SEE_OWN_RECORD = "see_own_record"
    SEE_RULES = "see_rules"
    EDIT_RULES = "edit_rules"
    SEE_PROGRAMME = "see_programme"
    PLAN_LEAVE = "plan_leave"


P = Permission
_COORDINATOR = {
    P.SEE_PEOPLE,
    P.EDIT_PEOPLE,
    P.IMPORT_REGISTERS,
    P.RUN_ROUNDS,
    P.DECIDE_PROPOSALS,
    P.CARE_FOR_MATCHES,
    P.REVIEW_CONCERNS,
    P.SEE_FIGURES,
    P.SEE_CENTRES,
    P.EDIT_CENTRES,
    P.RUN_TRAINING,
    P.EDIT_COURSES,
    P.SEE_RULES,
    P.PLAN_LEAVE,
}
GRANTS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(
        {
            P.MANAGE_USERS,
            P.SEE_CENTRES,
            P.EDIT_CENTRES,
            P.SEE_RULES,
            P.EDIT_RULES,
            P.SEE_PROGRAMME,
            P.EDIT_COURSES,
            P.PLAN_LEAVE,
        }
    ),
    Role.COORDINATOR: frozenset(_COORDINATOR),
    Role.MENTOR: frozenset({P.LOG_OWN_MEETINGS, P.ANSWER_OWN_PROPOSALS, P.SEE_OWN_RECORD}),
    Role.MANAGER: frozenset(
        {P.SEE_FIGURES, P.SEE_CENTRES, P.SEE_RULES, P.SEE_PROGRAMME, P.PLAN_LEAVE}
    ),
}


def allows(role: Role, permission: Permission) -> bool:
    """Whether a signed-in person of this role has the permission."""
    return permission in (P.ANYONE, P.SIGNED_IN) or permission in GRANTS[role]


Row = TypeVarTuple("Row")


@dataclass(frozen=True)
class Scope:
    """The regions a person may see: KATO codes, or None for the whole country."""

    regions: frozenset[str] | None

    def covers(self, region: str) -> bool:
        return self.regions is None or region in self.regions

    def limit(self, query: Select[*Row], column: Any) -> Select[*Row]:
        """The query, kept to rows whose region `column` is in scope."""
        return query if self.regions is None else query.where(column.in_(sorted(self.regions)))


View = TypeVar("View", bound=Callable[..., Any])


def requires(permission: Permission, *, audited: bool = False) -> Callable[[View], View]:
    """Open a route to those with the permission; `audited` when a GET writes an audit row."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.audited = audited  # type: ignore[attr-defined]
        return view

    return declare


def guard() -> Response | None:
    """Before every request: refuse any route that declares no permission, or one not granted."""
    if request.endpoint is None or request.endpoint == "static":
        return None
    view: Any = current_app.view_functions[request.endpoint]
    permission = getattr(view, "permission", None)
    if permission is None:
        abort(403)
    if request.method in ("GET", "HEAD") and not view.audited:
        begin_reading(db.session)
    if permission is P.ANYONE:
        return None
    if not current_user.is_authenticated:
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")))
    if not allows(current_user.role, permission):
        abort(403)
    return None


def init_app(app: Flask) -> None:
    app.before_request(guard)
    app.jinja_env.globals["may"] = lambda permission: (
        current_user.is_authenticated and allows(current_user.role, Permission(permission))
    )
