from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import matching
from mentorship import audit
from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import dialect_name, for_update
from mentorship.errors import AlreadyDone, Invalid, NotEligible, Stale
from mentorship.matches import problem, queries
from mentorship.matches.models import (
    Match,
    Proposal,
    ProposalStatus,
    Ruling,
    RulingKind,
)
from mentorship.mentors.models import Mentor

DECISIONS = 20260101  # PostgreSQL's advisory lock between rounds and decisions


def hold_decisions(session: Session, *, shared: bool) -> None:
    """Let many people decide at once, but nobody while a round is made of what was decided.

    SQLite has one writer at a time anyway.
    """
    if dialect_name(session) == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(lock(DECISIONS)))


def pair_refusals(session: Session, mentor: Mentor, child: Child, start_on: date) -> list[str]:
    """Every hard rule that refuses this pair on that day, with today's rows."""
    taken = queries.places_taken(session, [mentor.id])
    return list(
        matching.refusals(
            problem.engine_mentor(mentor, taken.get(mentor.id, 0)),
            problem.engine_child(child),
            start_on,
            None,
            queries.refused_pairs(session, start_on, mentor.id, child.id),
        )
    )


def refused_matches(
    session: Session, on: date, user: User | None = None
) -> Iterator[tuple[Match, list[str]]]:
    """Open matches that a hard rule refuses on a day, with the rules, for staff to act on.

    The place a match takes itself does not count, nor that the pair was once declined.
    """
    forbidden = {
        pair: code
        for pair, code in queries.refused_pairs(session, on).items()
        if code == "forbidden"
    }
    for match in session.scalars(queries.open_matches_with_papers(user)):
        mentor = problem.engine_mentor(match.mentor, open_matches=0)
        child = problem.engine_child(match.child)
        codes = matching.refusals(mentor, child, on, None, forbidden)
        if found := [code for code in codes if code != "no_capacity"]:
            yield match, found


def approve_proposal(
    session: Session, proposal_id: int, *, by: int, on: date, at: datetime
) -> Match:
    """Make a match of an open proposal, with both people's rows locked.

    Every hard rule is applied again for the start date. Raises AlreadyDone when somebody
    decided first or the child has a mentor, NotEligible when a rule refuses the pair now.
    """
    hold_decisions(session, shared=True)
    # Everybody locks the mentor first, so that two who approve several pairs never wait in a ring.
    mentor = queries.locked_mentor_of(session, proposal_id)
    proposal = for_update(session, Proposal, [proposal_id])[0]
    if proposal.status != ProposalStatus.OPEN:
        raise AlreadyDone("already_decided")
    child = queries.locked_child(session, proposal.child_id)
    start_on = max(on, proposal.start_on)
    if _open_matches(session, Match.child_id == child.id):
        raise AlreadyDone("child_has_match")
    if _open_matches(session, Match.mentor_id == mentor.id) >= mentor.capacity:
        raise AlreadyDone("mentor_full")
    refusals = pair_refusals(session, mentor, child, start_on)
    if refusals:
        raise NotEligible("pair_not_eligible", rules=refusals)
    match = Match(
        mentor_id=mentor.id,
        child_id=child.id,
        proposal_id=proposal.id,
        started_on=start_on,
        approved_by=by,
        approved_at=at,
    )
    _decide(proposal, ProposalStatus.APPROVED, by=by, at=at)
    session.add(match)
    try:
        session.flush()
    except IntegrityError as error:  # the database's own word, should two ever come this far
        raise AlreadyDone("child_has_match") from error
    audit.record("approved_proposal", proposal, by=by, match=match.id)
    return match


def decline_proposal(
    session: Session, proposal_id: int, *, reason: str, note: str | None, by: int, at: datetime
) -> Proposal:
    """Decline an open proposal with a reason; the pair is not proposed again."""
    hold_decisions(session, shared=True)
    proposal: Proposal = for_update(session, Proposal, [proposal_id])[0]
    if proposal.status != ProposalStatus.OPEN:
        raise AlreadyDone("already_decided")
    proposal.decline_reason, proposal.decline_note = reason, note  # type: ignore[assignment]
    _decide(proposal, ProposalStatus.DECLINED, by=by, at=at)
    audit.record("declined_proposal", proposal, by=by, reason=reason)
    return proposal


def _decide(proposal: Proposal, status: ProposalStatus, *, by: int, at: datetime) -> None:
    proposal.status, proposal.decided_by, proposal.decided_at = status, by, at


def _open_matches(session: Session, whose: Any) -> int:
    counted = select(func.count()).select_from(Match).where(whose, Match.ended_on.is_(None))
    return session.scalar(counted) or 0


def forbid_pair(
    session: Session, mentor: Mentor, child: Child, *, reason: str, by: int, at: datetime
) -> None:
    """Rule a pair out for good; a second time changes nothing."""
    hold_decisions(session, shared=True)
    known = queries.refused_pairs(session, at.date(), mentor.id, child.id)
    if known.get((mentor.id, child.id)) != "forbidden":
        row = Ruling(
            kind=RulingKind.APART,
            mentor_id=mentor.id,
            child_id=child.id,
            reason=reason,
            recorded_by=by,
            recorded_at=at,
        )
        session.add(row)
        audit.record("forbade_pair", child, by=by, mentor=mentor.id)


def close_match(
    session: Session, match: Match, data: dict[str, Any], *, version: int, by: int, at: datetime
) -> None:
    """End a match with date, reason, planned or early, and who ended it.

    Raises Stale, AlreadyDone or Invalid.
    """
    session.refresh(match, with_for_update=True)
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if match.version != version:
        raise Stale("changed_meanwhile")
    if data["ended_on"] < match.started_on:
        raise Invalid("before_start")
    match.ended_on = data["ended_on"]
    match.closure_reason = data["closure_reason"]
    match.ended_as_planned = data["ended_as_planned"]
    match.ended_by = data["ended_by"]
    match.closure_note = data["closure_note"]
    match.closed_by, match.closed_at = by, at
    audit.record("closed_match", match, by=by, reason=data["closure_reason"])
