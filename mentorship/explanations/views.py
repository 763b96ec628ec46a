from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user

import matching
from mentorship import audit, clock
from mentorship.children.models import Child
from mentorship.children.queries import find_child
from mentorship.database import begin_reading, db
from mentorship.explanations import chart, queries, services, words
from mentorship.explanations.facts import COMMITMENT, papers, together
from mentorship.explanations.problem import planned_today, recorded
from mentorship.explanations.schemas import UrgentSchema
from mentorship.matches.facts import pair_facts
from mentorship.matches.models import Proposal, ProposalOrigin, Round
from mentorship.matches.problem import rules_of_today
from mentorship.matches.queries import find_proposal, find_round, held_people
from mentorship.matches.services import pair_refusals, propose_pair
from mentorship.mentors.models import Mentor
from mentorship.mentors.queries import find_mentor
from mentorship.mentors.words import required_kinds
from mentorship.permissions import Permission, requires
from mentorship.places.models import Centre
from mentorship.web.forms import Form
from mentorship.web.numbers import row_id
from mentorship.web.paging import Listing

bp = Blueprint("explanations", __name__)


def _proposal(proposal_id: int) -> Proposal:
    return find_proposal(db.session, current_user, proposal_id) or abort(404)


def _child(child_id: int) -> Child:
    return find_child(db.session, current_user, child_id) or abort(404)


def _note_reading(child: Child, **about: Any) -> None:
    """Record who reads about a child, and go on as a reader: nobody waits while a plan is solved.

    What was loaded before is loaded again.
    """
    audit.record("read_child", child, by=current_user.id, **about)
    db.session.commit()
    begin_reading(db.session)


def _people(prices: list[services.Price]) -> queries.Names:
    """Everybody whom some prices speak of, as far as the reader may see them."""
    moved = [row for price in prices for row in price.others]
    mentors: set[Any] = {price.mentor for price in prices}
    mentors |= {row.before for row in moved} | {row.after for row in moved}
    return queries.names(db.session, current_user, mentors, {row.child for row in moved})


@bp.get("/proposals/<int:proposal_id>")
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def proposal(proposal_id: int) -> Any:
    found = _proposal(proposal_id)
    audit.record("read_child", found.child, by=current_user.id, proposal=found.id)
    page = render_template(
        "explanations/proposal.html",
        proposal=found,
        facts=pair_facts(found.mentor, found.child, found.start_on),
        together=together(found.mentor, found.child),
        papers=papers(found.mentor, found.start_on, [kind.code for kind in required_kinds()]),
        until=found.start_on + COMMITMENT,
        map=chart.draw(found.mentor, found.child),
        chart=chart,
        said=words,
    )
    db.session.commit()
    return page


@bp.get("/proposals/<int:proposal_id>/alternatives")
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def alternatives(proposal_id: int) -> Any:
    _note_reading(_proposal(proposal_id).child, proposal=proposal_id)
    found = _proposal(proposal_id)
    record = recorded(found.round)
    known = record is not None and found.child_id in record.problem.child_row
    prices = services.alternatives(record, found.child_id) if record and known else []
    return render_template(
        "explanations/alternatives.html",
        proposal=found,
        record=record,
        prices=prices,
        fixed=record is not None and services.is_fixed(record, found.child_id),
        names=_people(prices),
    )


@bp.get("/why-not")
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def why_not() -> Any:
    if not request.args.get("child"):
        return render_template("explanations/choose_child.html")
    child_id, mentor_id = (request.args.get(who, 0, row_id) for who in ("child", "mentor"))
    _note_reading(_child(child_id))
    child = _child(child_id)
    mentor = (find_mentor(db.session, current_user, mentor_id) or abort(404)) if mentor_id else None
    q = request.args.get("q", "").strip()[:100]
    return render_template(
        "explanations/why_not.html",
        child=child,
        mentor=mentor,
        q=q,
        found=queries.mentors_named(db.session, current_user, q, clock.today()) if q else (),
        few=queries.FEW,
        **(_answer(mentor, child) if mentor else {}),
    )


def _answer(mentor: Mentor, child: Child) -> dict[str, Any]:
    """Today's rules, and the price in the newest published round that holds both."""
    today = pair_refusals(db.session, mentor, child, clock.today())
    for round_ in queries.rounds_with(db.session, child.id):
        record = recorded(round_) if mentor.region in round_.regions else None
        if record and {mentor.id} <= record.problem.mentor_row.keys():
            price = services.price_of(record, mentor.id, child.id)
            break
    else:
        return {"today": today, "round": None, "price": None, "names": _people([])}
    return {"today": today, "round": round_, "price": price, "names": _people([price])}


@bp.get("/rounds/<int:round_id>/waiting")
@requires(Permission.RUN_ROUNDS)
def waiting(round_id: int) -> Any:
    found: Round = find_round(db.session, current_user, round_id) or abort(404)
    listing = Listing.from_request(["waiting", "child", "centre"], ["code"])
    query = queries.waiting_with_places(current_user, found.id, listing.filters)
    orders = {"waiting": Child.waiting_since, "child": Child.sort_key, "centre": Centre.sort_key}
    listing.fill(db.session, query, orders, Child.id)
    return render_template("explanations/waiting.html", round=found, listing=listing)


@bp.get("/children/<int:child_id>/waiting")
@requires(Permission.SEE_PEOPLE, audited=True)
def why_waiting(child_id: int) -> Any:
    _note_reading(_child(child_id))
    child = _child(child_id)
    last = queries.place_in_queue(db.session, child.id)
    record = recorded(last.row.round) if last else None
    help_ = services.what_would_help(record, child.id) if record else None
    near: list[Any] = [row.mentor for row in help_.why.nearest] if help_ else []
    near += [help_.why.relax_mentor, help_.relaxable_mentor] if help_ else []
    return render_template(
        "explanations/why_waiting.html",
        child=child,
        last=last,
        help=help_,
        proposal=queries.open_proposal(db.session, child.id),
        names=queries.names(db.session, current_user, near, ()),
        sign_offs=words.SIGN_OFFS,
    )


@bp.get("/mentors/free")
@requires(Permission.RUN_ROUNDS)
def free_mentors() -> Any:
    on = clock.today()
    listing = Listing.from_request(["name", "region"], ["region", "status"])
    query = queries.free_mentors(current_user, listing.q, listing.filters, on)
    orders = {"name": Mentor.sort_key, "region": Mentor.region}
    listing.fill(db.session, query, orders, Mentor.id)
    waiting_children = queries.waiting_places(db.session, current_user, on)
    held, _ = held_people(db.session, on)
    rules = rules_of_today(db.session)
    proposed = queries.proposals_of(db.session, [row.id for row, _ in listing.rows])
    reasons = {
        row.id: services.why_free(
            row,
            on,
            rules,
            proposed=proposed.get(row.id, 0),
            held=held,
            waiting=waiting_children,
        )
        for row, _ in listing.rows
    }
    return render_template(
        "explanations/free_mentors.html", listing=listing, reasons=reasons, said=words
    )


@bp.route("/children/<int:child_id>/urgent", methods=["GET", "POST"])
@requires(Permission.DECIDE_PROPOSALS, audited=True)
def urgent(child_id: int) -> Any:
    _note_reading(_child(child_id))
    child = _child(child_id)
    regions = queries.regions_in_reach(db.session, current_user, child.centre)
    record = planned_today(db.session, regions, clock.today())
    prices, free = services.free_today(record, child.id)
    people = _people(prices)
    offered = {str(p.mentor): people.mentors[p.mentor].full_name for p in prices}
    form = Form(UrgentSchema().offer(offered))
    if form.submitted():
        db.session.rollback()  # no reader any more: every rule is applied again under locks
        if form.saved(lambda: _propose(form, child, record), once=True):
            flash(gettext("The pair is proposed. Read it once more and decide."))
            return redirect(url_for("explanations.proposal", proposal_id=form.result.id))
    return form.page(
        "explanations/urgent.html",
        child=child,
        prices=prices,
        free=free,
        known=child.id in record.problem.child_row,
        held=child.id in record.problem.locks.held_children,
        names=people,
    )


def _propose(form: Form, child: Child, record: matching.Record) -> Proposal:
    mentor_id = int(form.data["mentor"])
    parts = matching.score(mentor_id, child.id, record.problem, record.policy)
    return propose_pair(
        db.session,
        find_mentor(db.session, current_user, mentor_id) or abort(404),
        child,
        origin=ProposalOrigin.URGENT,
        points=sum(parts.values()),
        reasons=dict(parts),
        start_on=record.problem.start_on,
        by=current_user.id,
        at=clock.now(),
    )
