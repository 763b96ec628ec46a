from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

from mentorship import clock
from mentorship.children.models import Child
from mentorship.children.reading import noted
from mentorship.closing import queries, services, words
from mentorship.closing.models import ClosingStep, Closure, StepState
from mentorship.closing.schemas import SCHEMAS, BecauseSchema, ClosingSchema
from mentorship.database import db
from mentorship.matches.queries import find_match
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.reviews.words import CLOSES_AS
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("closing", __name__)
bp.record_once(lambda state: state.app.jinja_env.globals.update(closing_words=words))
STEP = f"<any({', '.join(ClosingStep)}):step>"
BESIDE = {
    "closing_step_ahead": "done_on",
    "before_start": "done_on",
    "ready_later_when": "until_on",
}


@bp.get("/closings")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["state", "kind", "region"])
    on = clock.today()
    listing.filters.setdefault("state", "open")
    query = queries.listed(current_user, listing.q, listing.filters, on)
    orders = {"due": Closure.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, Closure.match_id)
    late = queries.overdue(db.session, current_user, on)
    return render_template("closing/index.html", listing=listing, late=late)


@bp.get("/matches/<int:match_id>/ending")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def show(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    closure = queries.find_closure(db.session, current_user, match_id)
    queries.with_past(db.session, match_id)
    page = render_template("closing/show.html", match=match, closure=closure, steps=services.STEPS)
    return noted(match.child, page, match=match_id)


@bp.route("/matches/<int:match_id>/close", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def close(match_id: int) -> Any:
    match = find_match(db.session, current_user, match_id) or abort(404)
    reason = CLOSES_AS.get(request.args.get("cause", ""))
    form = Form(ClosingSchema(), ended_on=clock.today(), closure_reason=reason)
    version = request.form.get("version", type=int) or 0
    if form.submitted() and form.saved(
        lambda: services.close_match(
            db.session, match, form.data, version=version, by=current_user.id, at=clock.now()
        ),
        {"before_start": "ended_on"},
    ):
        flash(gettext("The match is closed. Now the steps of a good ending: one after the other."))
        return redirect(url_for("closing.show", match_id=match_id))
    return noted(match.child, form.page("closing/close.html", match=match), match=match_id)


def _closure(closure_id: int) -> Closure:
    return queries.find_closure(db.session, current_user, closure_id) or abort(404)


@bp.route(f"/closings/<int:closure_id>/{STEP}", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def record(closure_id: int, step: str) -> Any:
    closure = _closure(closure_id)
    form = Form(SCHEMAS[step](), done_on=clock.today())
    if form.submitted() and form.saved(lambda: _record(closure, step, form.data), BESIDE):
        flash(gettext("The step is recorded."))
        return redirect(url_for("closing.show", match_id=closure_id))
    return _page(closure_id, step, form, "closing/step.html")


def _record(closure: Closure, step: str, data: dict[str, Any]) -> None:
    reason = str(gettext("Not ready for another match after one has ended"))
    how = {"reason": reason, "by": current_user.id, "at": clock.now()}
    services.record_step(db.session, closure, step, data, **how)


@bp.route(f"/closings/<int:closure_id>/{STEP}/cannot", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def leave_out(closure_id: int, step: str) -> Any:
    closure, form = _closure(closure_id), Form(BecauseSchema())
    how = {"by": current_user.id, "at": clock.now()}
    if form.submitted() and form.saved(
        lambda: services.leave_out(db.session, closure, step, **form.data, **how)
    ):
        flash(gettext("It is written down why this step cannot be done."))
        return redirect(url_for("closing.show", match_id=closure_id))
    return _page(closure_id, step, form, "closing/cannot.html")


def _page(closure_id: int, step: str, form: Form, template: str) -> Any:
    closure = _closure(closure_id)
    row = closure.step(step) or abort(404)
    done = row.state == StepState.DONE
    answer = form.page(template, closure=closure, match=closure.match, row=row, done=done)
    return noted(closure.match.child, answer, match=closure_id)
