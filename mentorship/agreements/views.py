from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.agreements import endings, facts, notices, queries, services
from mentorship.agreements.schemas import (
    AnswerSchema,
    ChildConsentSchema,
    FirstMeetingSchema,
    GuardianConsentSchema,
    MentorWordSchema,
)
from mentorship.children.reading import noted
from mentorship.database import db
from mentorship.errors import AlreadyDone, DomainError
from mentorship.matches.facts import pair_facts
from mentorship.matches.models import Preparation, Proposal, ProposalStatus
from mentorship.matches.queries import find_proposal, find_round, visible_proposals
from mentorship.permissions import Permission, requires
from mentorship.web import problems
from mentorship.web.fields import PageSchema
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.once import new_token, use_token
from mentorship.web.paging import Listing
from mentorship.web.refusals import tell_refusals
from mentorship.web.undo import offer_undo

bp = Blueprint("agreements", __name__)
AT_ONCE = 25


@bp.record_once
def _offer(state: Any) -> None:
    state.app.jinja_env.globals.update(
        under_way=lambda child: queries.under_way(db.session, child.id)
    )


def _preparation(preparation_id: int) -> Preparation:
    return queries.find_preparation(db.session, current_user, preparation_id) or abort(404)


def _who_and_when() -> dict[str, Any]:
    return {"by": current_user.id, "on": clock.today(), "at": clock.now()}


@bp.post("/proposals/<int:proposal_id>/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve(proposal_id: int) -> Any:
    proposal = find_proposal(db.session, current_user, proposal_id) or abort(404)
    version = request.form.get("version", type=int) or 0  # a page that does not say is old
    if not _first_time():
        return redirect(url_for("explanations.proposal", proposal_id=proposal_id))
    preparation = services.approve(db.session, proposal.id, **_who_and_when(), version=version)
    db.session.commit()
    said = gettext("The pair is approved. The match begins once both sides have agreed.")
    offer_undo(said, [preparation.proposal])
    return redirect(url_for("agreements.show", preparation_id=preparation.id))


def _first_time() -> bool:
    """Take the page's token; a page that was sent before is told so, and does nothing."""
    try:
        use_token(db.session, request.form.get("form_token") or new_token())
    except AlreadyDone as error:
        db.session.rollback()
        flash(problems.problem(error))
        return False
    return True


@bp.post("/rounds/<int:round_id>/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve_selected(round_id: int) -> Any:
    found = find_round(db.session, current_user, round_id) or abort(404)
    own = visible_proposals(current_user).where(Proposal.round_id == found.id)
    if request.form.get("every") == "1":
        own = own.where(Proposal.status == ProposalStatus.OPEN)
    else:
        chosen = {row_id(text) for text in request.form.getlist("proposal")}
        own = own.where(Proposal.id.in_(chosen))
    pairs = sorted((pair.mentor_id, pair.id) for pair in db.session.scalars(own))
    if not pairs:
        flash(str(problems.PROBLEMS["nothing_chosen"]))
    elif _first_time():
        approved, refused = _approve_each([proposal_id for _, proposal_id in pairs])
        db.session.commit()
        _tell(approved, refused)
    return redirect(url_for("matches.round", round_id=found.id))


def _approve_each(proposal_ids: list[int]) -> tuple[list[Proposal], list[DomainError]]:
    """Approve one by one, each in its own savepoint; the approved and the refusals.

    Every few are committed, so that a whole round keeps nobody else waiting.
    """
    approved, refused = [], []
    for number, proposal_id in enumerate(proposal_ids):
        if number and number % AT_ONCE == 0:
            db.session.commit()
        version = request.form.get(f"version.{proposal_id}", type=int)
        try:
            with db.session.begin_nested():
                done = services.approve(db.session, proposal_id, **_who_and_when(), version=version)
            approved.append(done.proposal)
        except DomainError as error:
            refused.append(error)
    return approved, refused


def _tell(approved: list[Proposal], refused: list[DomainError]) -> None:
    number = len(approved)
    offer_undo(
        ngettext("%(num)d pair is approved.", "%(num)d pairs are approved.", number), approved
    )
    tell_refusals(refused)


@bp.get("/agreements")
@requires(Permission.DECIDE_PROPOSALS)
def index() -> Any:
    listing = Listing.from_request(["due"], ["region", "step"])
    filters = listing.filters
    rows = queries.on_the_way(db.session, current_user, filters.get("region"), filters.get("step"))
    return render_template("agreements/index.html", listing=listing.show(rows), on=clock.today())


@bp.get("/agreements/<int:preparation_id>")
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def show(preparation_id: int) -> Any:
    found = _preparation(preparation_id)
    audit.record("read_child", found.child, by=current_user.id, preparation=found.id)
    steps = facts.steps(found)
    people = [found.opened_by, found.ended_by, *(step.by for step in steps)]
    page = render_template(
        "agreements/show.html",
        preparation=found,
        steps=steps,
        names=queries.names_of(db.session, people),
        rules=endings.refusals_now(db.session, found, clock.today()),
    )
    db.session.commit()
    return page


def _step(
    kind: str,
    preparation: Preparation,
    form: Form,
    act: Callable[..., Any],
    done: str,
    beside: dict[str, str],
) -> Any:
    """A page that records one step: a form, a service, a sentence."""

    given = {"knowing": "knowing" in request.form} if kind in facts.CONSENTS else {}

    def save() -> None:
        act(db.session, preparation, **form.data, **given, by=current_user.id, at=clock.now())

    if form.submitted() and form.saved(save, beside):
        flash(done)
        return redirect(url_for("agreements.show", preparation_id=preparation.id))
    possible = any(state.step == kind for state in facts.next_steps(preparation))
    said = preparation.is_open and kind in facts.CONSENTS and not possible
    context = {"preparation": preparation, "kind": kind, "possible": possible, "said": said}
    page = form.page("agreements/step.html", **context)
    return noted(preparation.child, page, preparation=preparation.id)


def _form(schema: PageSchema, **initial: Any) -> Form:
    return Form(schema, on=clock.today(), **initial)


@bp.route("/agreements/<int:preparation_id>/mentor", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def mentor(preparation_id: int) -> Any:
    found, form = _preparation(preparation_id), _form(MentorWordSchema())
    said = gettext("The mentor's word is recorded.")
    act, beside = services.record_mentor_answer, {"before_approval": "on"}
    return _step("mentor", found, form, act, said, beside)


@bp.route("/agreements/<int:preparation_id>/child", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def child(preparation_id: int) -> Any:
    found = _preparation(preparation_id)
    form = _form(ChildConsentSchema(), language=found.child.first_language)
    said = gettext("The child's word is recorded.")
    act, beside = services.record_child_consent, {"before_approval": "on"}
    return _step("child", found, form, act, said, beside)


@bp.route("/agreements/<int:preparation_id>/guardian", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def guardian(preparation_id: int) -> Any:
    found, form = _preparation(preparation_id), _form(GuardianConsentSchema())
    said = gettext("The legal representative's word is recorded.")
    act, beside = services.record_guardian_consent, {"before_approval": "on"}
    return _step("guardian", found, form, act, said, beside)


@bp.route("/agreements/<int:preparation_id>/first-meeting", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def first_meeting(preparation_id: int) -> Any:
    found = _preparation(preparation_id)
    form = Form(FirstMeetingSchema(), held_on=clock.today())
    said = gettext("The first meeting is recorded.")
    act, beside = services.record_first_meeting, {"before_start": "held_on"}
    return _step("first_meeting", found, form, act, said, beside)


@bp.post("/agreements/<int:preparation_id>/end")
@requires(Permission.DECIDE_PROPOSALS)
def end(preparation_id: int) -> Any:
    found = _preparation(preparation_id)
    endings.end_refused(db.session, found, **_who_and_when())
    db.session.commit()
    flash(gettext("The pair has ended before its start. The child is free again."))
    return redirect(url_for("agreements.show", preparation_id=preparation_id))


@bp.route("/my-proposals/<int:preparation_id>", methods=["GET", "POST"])
@requires(Permission.ANSWER_OWN_PROPOSALS, audited=True)
def answer(preparation_id: int) -> Any:
    found, form = _preparation(preparation_id), Form(AnswerSchema())
    if form.submitted() and form.saved(lambda: _answered(found, form.data)):
        flash(gettext("Thank you. Your coordinator sees your answer."))
        return redirect(url_for("agreements.answer", preparation_id=preparation_id))
    if found.end_reason is None:  # of a closed proposal the page shows nothing
        audit.record("read_child", found.child, by=current_user.id, preparation=found.id)
    pair = pair_facts(found.mentor, found.child, found.start_on)
    page = form.page("agreements/answer.html", preparation=found, facts=pair)
    db.session.commit()
    return page


def _answered(preparation: Preparation, data: dict[str, Any]) -> None:
    at, base_url = clock.now(), current_app.config["SETTINGS"].base_url
    services.record_mentor_answer(db.session, preparation, **data, by=current_user.id, at=at)
    kind = f"mentor_{data['answer']}"
    notices.tell_owner(db.session, preparation, kind, base_url=base_url, at=at)
