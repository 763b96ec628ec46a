from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

import matching
from mentorship import clock
from mentorship.database import db
from mentorship.mentors.models import ClearanceKind
from mentorship.mentors.queries import clearance_kinds
from mentorship.permissions import Permission, requires
from mentorship.records.words import SETTINGS as POLICY_WORDS
from mentorship.records.words import setting_value
from mentorship.rules import queries, services, words
from mentorship.rules.facts import FIXED
from mentorship.rules.schemas import ClearanceKindSchema, SettingSchema
from mentorship.settings.catalogue import CATALOGUE
from mentorship.settings.services import change_setting, newest_rows
from mentorship.web.forms import Form

bp = Blueprint("rules", __name__)
CLEARANCES = ("limits.required_clearances", "limits.clearances_without_end")  # are rows


@bp.get("/rules")
@requires(Permission.SEE_RULES)
def index() -> Any:
    return render_template(
        "rules/index.html",
        known=CATALOGUE,
        changed=newest_rows(db.session),
        kinds=clearance_kinds(db.session),
        fixed=FIXED,
        policy=_policy_lines(),
        policy_version=matching.Policy.default().version,
        said=words,
    )


def _policy_lines() -> list[dict[str, Any]]:
    """The matching policy setting by setting, with its words, value and source."""
    policy = matching.Policy.default()
    lines = []
    for key in POLICY_WORDS:
        if key in CLEARANCES:
            continue
        note: Any = policy.as_dict()
        for part in key.split("."):
            note = note.get(part, {})
        lines.append({"words": POLICY_WORDS[key], "value": setting_value(policy[key]), **note})
    return [line | {"value": setting_value(line["value"])} for line in lines]


@bp.route("/rules/settings/<key>", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def change(key: str) -> Any:
    known = CATALOGUE.get(key) or abort(404)
    row = newest_rows(db.session).get(key)
    form = Form(
        SettingSchema().within(known),
        number=row.value if row else known.value,
        source=row.source if row else known.source,
        owner=row.owner if row else known.owner,
        decided_on=clock.today(),
    )
    if form.submitted() and form.saved(lambda: _change(key, form.data), once=True):
        flash(gettext("Changes saved."))
        return redirect(url_for("rules.index"))
    past = queries.history(db.session, key)
    return form.page("rules/setting.html", key=key, known=known, history=past, said=words)


def _change(key: str, data: dict[str, Any]) -> None:
    given = dict(data)
    number = given.pop("number")
    change_setting(db.session, key, number, **given, by=current_user.id, at=clock.now())


@bp.route("/rules/clearances/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def add_clearance_kind() -> Any:
    form = Form(ClearanceKindSchema(), decided_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.add_clearance_kind(db.session, form.data, by=current_user.id),
        {"code_in_use": "code"},
        once=True,
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("rules.index"))
    return form.page("rules/clearance.html", kind=None, without=0, said=words)


@bp.route("/rules/clearances/<code>", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def change_clearance_kind(code: str) -> Any:
    kind = db.session.get(ClearanceKind, code) or abort(404)
    names = ("name_kk", "name_ru", "name_en", "required", "months", "source", "owner")
    values = {name: getattr(kind, name) for name in names}
    form = Form(ClearanceKindSchema(exclude=["code"]), **values, decided_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.change_clearance_kind(db.session, kind, form.data, by=current_user.id)
    ):
        flash(gettext("Changes saved."))
        return redirect(url_for("rules.index"))
    without = queries.active_mentors_without(db.session, code, clock.today())
    return form.page("rules/clearance.html", kind=kind, without=without, said=words)
