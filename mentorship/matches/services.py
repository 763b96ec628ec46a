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
    ProposalOrigin,
    ProposalStatus,
)
from mentorship.matches.refusals import refused_pairs
from mentorship.mentors.models import Mentor

DECISIONS = 20260101  # PostgreSQL's advisory lock between rounds and decisions


def hold_decisions(session: Session, *, shared: bool) -> None:
    """Let many people decide at once, but nobody while a round is made of what was decided.

    SQLite has one writer at a time anyway.
    """
    if dialect_name(session) == "postgresql":
        lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
        session.execute(select(lock(DECISIONS)))


def pair_refusals(
    session: Session, mentor: Mentor, child: Child, start_on: date, *, own_places: int = 0
) -> list[str]:
    """Every hard rule that refuses this pair on that day, with today's rows.

    `own_places` of the mentor's are taken by this pair itself and count as free.
    """
    taken = queries.places_taken(session, [mentor.id]).get(mentor.id, 0)
    return list(
        matching.refusals(
            problem.engine_mentor(mentor, taken - own_places, start_on),
            problem.engine_child(child),
            start_on,
            problem.rules_of_today(session),
            refused_pairs(session, start_on, mentor.id, child.id),
        )
    )


def refused_matches(
    session: Session, on: date, user: User | None = None
) -> Iterator[tuple[Match, list[str]]]:
    """Open matches that a hard rule refuses on a day, with the rules, for staff to act on.

    The place a match takes itself does not count, nor that the pair was once declined.
    """
    forbidden = {
        pair: code for pair, code in refused_pairs(session, on).items() if code != "declined_before"
    }
    rules = problem.rules_of_today(session)
    for match in session.scalars(queries.open_matches_with_papers(user)):
        mentor = problem.engine_mentor(match.mentor, 0, on)
        child = problem.engine_child(match.child)
        codes = matching.refusals(mentor, child, on, rules, forbidden)
        if found := [code for code in codes if code != "no_capacity"]:
            yield match, found


def approve_proposal(
    session: Session,
    proposal_id: int,
    *,
    by: int,
    on: date,
    at: datetime,
    version: int | None = None,
) -> Proposal:
    """Approve an open proposal, with both people's rows locked.

    Every hard rule is applied again for the start date. Raises AlreadyDone when somebody
    decided first, the child has a mentor or is on the way to one, or the mentor's places are
    taken; Stale when the page showed another version; NotEligible when a rule refuses the pair.
    """
    hold_decisions(session, shared=True)
    # Everybody locks the mentor first, so that two who approve several pairs never wait in a ring.
    mentor = queries.locked_mentor_of(session, proposal_id)
    proposal: Proposal = for_update(session, Proposal, [proposal_id])[0]
    check_unchanged(session, proposal, version)
    if proposal.status != ProposalStatus.OPEN:
        raise AlreadyDone("already_decided")
    child = queries.locked_child(session, proposal.child_id)
    if taken := queries.child_taken(session, child.id):
        raise AlreadyDone(taken)
    places = queries.places_taken(session, [mentor.id])
    if places.get(mentor.id, 0) >= mentor.capacity:
        raise AlreadyDone("mentor_full")
    refusals = pair_refusals(session, mentor, child, max(on, proposal.start_on))
    if refusals:
        raise NotEligible("pair_not_eligible", rules=refusals)
    _decide(proposal, ProposalStatus.APPROVED, by=by, at=at)
    session.flush()
    audit.record("approved_proposal", proposal, by=by)
    return proposal


def check_unchanged(session: Session, proposal: Proposal, version: int | None) -> None:
    """Raise Stale when the page was made from an older version: who changed what, and when.

    None is no page at all: a command or another service.
    """
    if version is None or version == proposal.version:
        return
    who, when = queries.last_change(session, proposal)
    facts = {
        "status": proposal.status,
        "reason": proposal.decline_reason,
        "note": proposal.decline_note,
        "question": proposal.question,
        "answer": proposal.answer,
    }
    now = {name: value for name, value in facts.items() if value}
    code = "proposal_changed" if who else "proposal_changed_since"
    raise Stale(code, who=who, when=when, now=now)


def decline_proposal(
    session: Session,
    proposal_id: int,
    *,
    reason: str,
    note: str | None,
    by: int,
    at: datetime,
    until: date | None = None,
    version: int | None = None,
) -> Proposal:
    """Decline an open proposal; the pair is not proposed again until after the day, if any.

    Raises Stale when the page was older, AlreadyDone when somebody has decided.
    """
    hold_decisions(session, shared=True)
    proposal: Proposal = for_update(session, Proposal, [proposal_id])[0]
    check_unchanged(session, proposal, version)
    if proposal.status != ProposalStatus.OPEN:
        raise AlreadyDone("already_decided")
    proposal.decline_reason, proposal.decline_note = reason, note  # type: ignore[assignment]
    proposal.declined_until = until
    _decide(proposal, ProposalStatus.DECLINED, by=by, at=at)
    audit.record("declined_proposal", proposal, by=by, reason=reason)
    return proposal


def propose_pair(
    session: Session,
    mentor: Mentor,
    child: Child,
    *,
    origin: ProposalOrigin,
    points: int,
    reasons: dict[str, int],
    start_on: date,
    by: int,
    at: datetime,
) -> Proposal:
    """Suggest a pair by hand; an open proposal of the child is replaced.

    The very rules of a round apply. Raises AlreadyDone when the child has a mentor or is on the
    way to one, NotEligible when a rule refuses the pair or one of the two is held back.
    """
    hold_decisions(session, shared=True)
    adult, young = _locked_pair(session, mentor.id, child.id)
    if taken := queries.child_taken(session, young.id):
        raise AlreadyDone(taken)
    if queries.held_back(session, start_on, adult.id, young.id):
        raise NotEligible("held_back")
    refusals = pair_refusals(session, adult, young, start_on)
    if refusals:
        raise NotEligible("pair_refused", rules=refusals)
    for row in queries.locked_open_proposals(session, young.id):
        _decide(row, ProposalStatus.SUPERSEDED, by=by, at=at)
    session.flush()
    proposal = Proposal(
        mentor=adult,
        child=young,
        origin=origin,
        start_on=start_on,
        points=points,
        reasons=reasons,
        status=ProposalStatus.OPEN,
    )
    session.add(proposal)
    try:
        session.flush()
    except IntegrityError as error:  # two people suggested a mentor at the same moment
        raise AlreadyDone("child_has_proposal") from error
    audit.record("proposed_pair", proposal, by=by, origin=str(origin))
    return proposal


class _ProposedMeanwhile(Exception):
    """Another mentor was proposed for the child between two locks."""


def _locked_pair(session: Session, mentor_id: int, child_id: int) -> tuple[Mentor, Child]:
    """Mentor, proposals, child: locked as approving does, so that nobody waits in a ring.

    A proposal that came between is not locked after the child: the locks are given back first.
    """
    while True:
        try:
            with session.begin_nested():
                adult = queries.locked_mentor(session, mentor_id)
                known = {row.id for row in queries.locked_open_proposals(session, child_id)}
                young = queries.locked_child(session, child_id)
                if queries.open_proposal_ids(session, child_id) - known:
                    raise _ProposedMeanwhile
                return adult, young
        except _ProposedMeanwhile:
            continue


def _decide(proposal: Proposal, status: ProposalStatus, *, by: int, at: datetime) -> None:
    proposal.status, proposal.decided_by, proposal.decided_at = status, by, at


def refuse_meetings_on_hold(session: Session, match: Match) -> None:
    """Lock a match and read its holds again; raises NotEligible while it is on hold."""
    for_update(session, Match, [match.id])
    session.refresh(match, ["holds"])
    if match.on_hold:
        raise NotEligible("match_on_hold")


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
