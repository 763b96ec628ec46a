from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.agreements.queries import find_preparation
from mentorship.agreements.schemas import AgreementSchema
from mentorship.check_ins import ladder, pages, queries, services, words
from mentorship.check_ins.models import CheckIn, ContactKind
from mentorship.check_ins.schemas import (
    STAGES,
    CallSchema,
    check_in_schema,
    policy_schema,
    policy_values,
)
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.matches.models import Match, Preparation
from mentorship.matches.queries import find_match
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("check_ins", __name__)


@bp.route("/agreements/<int:preparation_id>/agreement", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def begin(preparation_id: int) -> Any:
    preparation: Preparation = find_preparation(db.session, current_user, preparation_id) or abort(
        404
    )
    form = Form(AgreementSchema(), agreed_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.begin_match(
            db.session,
            preparation,
            **form.data,
            by=current_user.id,
            on=clock.today(),
            at=clock.now(),
        ),
        {"before_words": "agreed_on"},
    ):
        flash(gettext("The match has begun. The first check-ins are planned."))
        return redirect(url_for("agreements.show", preparation_id=preparation_id))
    page = form.page("check_ins/begin.html", preparation=preparation)
    return noted(preparation.child, page, preparation=preparation_id)


@bp.get("/check-ins")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["state", "kind", "region"])
    query = queries.listed(current_user, listing.filters, clock.today())
    orders = {"due": CheckIn.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, CheckIn.id)
    return render_template("check_ins/index.html", listing=listing)


@bp.get("/matches/<int:match_id>")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def match(match_id: int) -> Any:
    found: Match = find_match(db.session, current_user, match_id) or abort(404)
    contacts = queries.check_ins_of_match(db.session, found.id)
    page = render_template("check_ins/match.html", match=found, check_ins=contacts)
    return noted(found.child, page, match=found.id)


@bp.route("/check-ins/<int:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def record(check_in_id: int) -> Any:
    check_in: CheckIn = queries.find_check_in(db.session, current_user, check_in_id) or abort(404)
    until = clock.today() + services.early(db.session)
    others = queries.others_open(db.session, check_in, until)
    form = Form(check_in_schema(others), held_on=clock.today())
    beside = {"before_start": "held_on", "after_end": "held_on"}
    if form.submitted() and form.saved(lambda: _record(check_in, others, form.data), beside):
        flash(gettext("The check-in is recorded."))
        return redirect(url_for("check_ins.match", match_id=check_in.match_id))
    answer = form.page("check_ins/record.html", check_in=check_in)
    return noted(check_in.match.child, answer, match=check_in.match_id)


def _record(check_in: CheckIn, others: Sequence[CheckIn], data: dict[str, Any]) -> None:
    given = dict(data)
    chosen = given.pop("also", [])
    also = [row for row in others if str(row.id) in chosen]
    by, at = current_user.id, clock.now()
    services.record_check_in(db.session, check_in, given, also=also, by=by, at=at)


@bp.route("/check-ins/<int:check_in_id>/call", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def call(check_in_id: int) -> Any:
    check_in: CheckIn = queries.find_check_in(db.session, current_user, check_in_id) or abort(404)
    form = Form(CallSchema(), called_on=clock.today())
    if form.submitted() and form.saved(
        lambda: ladder.note_call(
            db.session, check_in, **form.data, by=current_user.id, at=clock.now()
        ),
        {"called_before_due": "called_on"},
    ):
        flash(gettext("The call is noted."))
        return redirect(url_for("check_ins.match", match_id=check_in.match_id))
    waits = ladder.open_call(db.session, check_in) is not None
    answer = form.page("check_ins/call.html", check_in=check_in, waits=waits)
    return noted(check_in.match.child, answer, match=check_in.match_id)


@bp.get("/contact-policies")
@requires(Permission.SEE_RULES)
def policies() -> Any:
    known = queries.policies(db.session)
    today = clock.today()
    current = next((policy for policy in known if policy.in_force_from <= today), None)
    shown = {"policies": known, "current": current}
    return render_template("check_ins/policies.html", **shown, said=words.said, owners=words.OWNERS)


@bp.route("/contact-policies/new", methods=["GET", "POST"])
@requires(Permission.EDIT_RULES)
def add_policy() -> Any:
    newest = queries.policies(db.session)[0]
    values = {"owner": newest.owner, "in_force_from": clock.today()}
    form = Form(policy_schema(), **values, **policy_values(newest))
    shown = pages.read_policy(form) if form.submitted() else None
    if shown and pages.wants_to_save(shown) and form.saved(lambda: _save(shown.data), once=True):
        flash(pages.said_of_plan(form.result))
        return redirect(url_for("check_ins.policies"))
    return form.page("check_ins/policy.html", shown=shown, kinds=ContactKind, stages=STAGES)


def _save(data: dict[str, Any]) -> int | None:
    """Add the version and let the contacts follow it; None where that waits for the night."""
    on = clock.today()
    services.add_policy(db.session, data, by=current_user.id, on=on, at=clock.now())
    return services.plan_few(db.session, on=on)
