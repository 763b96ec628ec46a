from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from sqlalchemy.orm import selectinload

from mentorship import clock
from mentorship.children.models import Child
from mentorship.database import db
from mentorship.matches import queries, services
from mentorship.matches.facts import pair_facts
from mentorship.matches.models import Match, Proposal, Round
from mentorship.mentors.models import Mentor
from mentorship.permissions import Permission, requires
from mentorship.web.paging import Listing

bp = Blueprint("matches", __name__)


def _proposal(proposal_id: int) -> Proposal:
    return queries.find_proposal(db.session, current_user, proposal_id) or abort(404)


def _round(round_id: int) -> Round:
    return queries.find_round(db.session, current_user, round_id) or abort(404)


@bp.get("/rounds/<int:round_id>")
@requires(Permission.RUN_ROUNDS)
def round(round_id: int) -> Any:
    found = _round(round_id)
    if found.is_running:
        return redirect(url_for("rounds.progress", round_id=found.id))
    listing = Listing.from_request(["points", "child", "mentor"], ["status"])
    if not request.args.get("sort"):
        listing.descending = True
    query = queries.visible_proposals(current_user).where(Proposal.round_id == found.id)
    if "status" in listing.filters:
        query = query.where(Proposal.status == listing.filters["status"])
    orders = {"points": Proposal.points, "child": Child.sort_key, "mentor": Mentor.sort_key}
    parts = (
        selectinload(Proposal.mentor, Mentor.languages),
        selectinload(Proposal.mentor, Mentor.interests),
        selectinload(Proposal.child, Child.languages),
        selectinload(Proposal.child, Child.interests),
    )
    listing.fill(db.session, query.options(*parts), orders, Proposal.id)
    return render_template(
        "matches/round.html",
        round=found,
        listing=listing,
        counts=queries.status_counts(db.session, found.id),
        others=queries.comparable_rounds(db.session, current_user, found),
        facts=lambda pair: pair_facts(pair.mentor, pair.child, found.start_on),
    )


@bp.get("/matches")
@requires(Permission.CARE_FOR_MATCHES)
def index() -> Any:
    listing = Listing.from_request(["started", "child", "mentor"], ["state", "region"])
    if not request.args.get("sort"):
        listing.descending = True
    query = queries.search_matches(current_user, listing.q, listing.filters)
    orders = {"started": Match.started_on, "child": Child.sort_key, "mentor": Mentor.sort_key}
    listing.fill(db.session, query, orders, Match.id)
    return render_template("matches/index.html", listing=listing)


@bp.get("/matches/to-review")
@requires(Permission.CARE_FOR_MATCHES)
def to_review() -> Any:
    found = list(services.refused_matches(db.session, clock.today(), current_user))
    return render_template("matches/to_review.html", found=found)
