from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext, ngettext
from flask_login import current_user

from mentorship import audit, clock
from mentorship.check_ins import queries, services
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.schemas import CheckInSchema
from mentorship.children.models import Child
from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.matches.models import Proposal, ProposalStatus
from mentorship.matches.queries import find_match, find_proposal, find_round, visible_proposals
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.web import words
from mentorship.web.forms import Form
from mentorship.web.paging import Listing

bp = Blueprint("check_ins", __name__)


@bp.post("/proposals/<int:proposal_id>/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve(proposal_id: int) -> Any:
    proposal = find_proposal(db.session, current_user, proposal_id) or abort(404)
    match = services.begin_match(
        db.session, proposal.id, by=current_user.id, on=clock.today(), at=clock.now()
    )
    db.session.commit()
    flash(gettext("The pair is approved. The first check-ins are planned."))
    return redirect(url_for("check_ins.match", match_id=match.id))


@bp.post("/rounds/<int:round_id>/approve")
@requires(Permission.DECIDE_PROPOSALS)
def approve_selected(round_id: int) -> Any:
    found = find_round(db.session, current_user, round_id) or abort(404)
    chosen = {int(text) for text in request.form.getlist("proposal") if text.isdecimal()}
    own = visible_proposals(current_user).where(
        Proposal.round_id == found.id, Proposal.status == ProposalStatus.OPEN
    )
    if request.form.get("every") != "1":
        own = own.where(Proposal.id.in_(chosen))
    open_now = [(p.mentor_id, p.id) for p in db.session.scalars(own)]
    refused = _approve_each([proposal_id for _, proposal_id in sorted(open_now)])
    db.session.commit()
    _tell(len(open_now) - len(refused), refused, lost=len(chosen) - len(open_now))
    return redirect(url_for("matches.round", round_id=found.id))


def _approve_each(proposal_ids: list[int]) -> list[DomainError]:
    """Approve one by one, each in its own savepoint; the refusals."""
    refused = []
    for proposal_id in proposal_ids:
        try:
            with db.session.begin_nested():
                services.begin_match(
                    db.session, proposal_id, by=current_user.id, on=clock.today(), at=clock.now()
                )
        except DomainError as error:
            refused.append(error)
    return refused


def _tell(approved: int, refused: list[DomainError], lost: int) -> None:
    if not (approved or refused or lost):
        flash(str(words.PROBLEMS["nothing_chosen"]))
        return
    flash(ngettext("%(num)d pair is approved.", "%(num)d pairs are approved.", approved))
    if lost > 0:  # ticked on a page that was older than somebody else's decision
        refused = [*refused, DomainError("already_decided")]
    for sentence in sorted({words.problem(error) for error in refused}):
        flash(sentence)


@bp.get("/check-ins")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["due", "child", "mentor"], ["state", "region"])
    on, state = clock.today(), listing.filters.get("state")
    query = queries.open_check_ins(current_user, on + queries.SOON)
    if state in ("overdue", "due"):
        query = query.where(CheckIn.due_on < on if state == "overdue" else CheckIn.due_on >= on)
    if "region" in listing.filters:
        query = query.where(Centre.region == listing.filters["region"])
    orders = {"due": CheckIn.due_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, CheckIn.id)
    return render_template("check_ins/index.html", listing=listing)


@bp.get("/matches/<int:match_id>")
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def match(match_id: int) -> Any:
    found = find_match(db.session, current_user, match_id) or abort(404)
    audit.record("read_child", found.child, by=current_user.id, match=found.id)
    page = render_template(
        "check_ins/match.html",
        match=found,
        check_ins=queries.check_ins_of_match(db.session, found.id),
        meetings=queries.meetings_of_match(db.session, found.id),
    )
    db.session.commit()
    return page


@bp.route("/check-ins/<int:check_in_id>", methods=["GET", "POST"])
@requires(Permission.CARE_FOR_MATCHES, audited=True)
def record(check_in_id: int) -> Any:
    check_in: CheckIn = queries.find_check_in(db.session, current_user, check_in_id) or abort(404)
    form = Form(CheckInSchema(), held_on=clock.today())
    if form.submitted() and form.saved(
        lambda: services.record_check_in(
            db.session, check_in, form.data, by=current_user.id, at=clock.now()
        ),
        {"before_start": "held_on"},
    ):
        flash(gettext("The check-in is recorded."))
        return redirect(url_for("check_ins.match", match_id=check_in.match_id))
    answer = form.page("check_ins/record.html", check_in=check_in)
    audit.record("read_child", check_in.match.child, by=current_user.id, match=check_in.match_id)
    db.session.commit()
    return answer


@bp.get("/my-children")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_children() -> Any:
    mine = queries.my_matches(db.session, current_user, clock.today())
    for row in mine:
        audit.record("read_child", row.match.child, by=current_user.id, match=row.match.id)
    page = render_template("check_ins/my_children.html", mine=mine)
    db.session.commit()
    return page


@bp.get("/my-matches/<int:match_id>")
@requires(Permission.LOG_OWN_MEETINGS, audited=True)
def my_match(match_id: int) -> Any:
    found = find_match(db.session, current_user, match_id) or abort(404)
    audit.record("read_child", found.child, by=current_user.id, match=found.id)
    page = render_template(
        "check_ins/my_match.html",
        match=found,
        meetings=queries.meetings_of_match(db.session, found.id),
    )
    db.session.commit()
    return page
