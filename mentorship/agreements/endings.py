"""How a pair on the way ends before its start: refused, silent, or withdrawn with its people."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.policies import SILENCE_STANDS
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.errors import AlreadyDone
from mentorship.matches import services as matches
from mentorship.matches.models import (
    DeclineReason,
    EndReason,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
)
from mentorship.matches.queries import locked_child, locked_mentor_of
from mentorship.mentors.models import Mentor

# What the proposal of a pair that did not become a match says to the next rounds. A rule that
# refused goes on refusing by itself: that reason stands for the day only.
_DECLINED_AS = {
    EndReason.MENTOR_DECLINED: DeclineReason.MENTOR_NOT_READY,
    EndReason.MENTOR_SILENT: DeclineReason.MENTOR_NOT_READY,
    EndReason.CHILD_DECLINED: DeclineReason.CHILD_DOES_NOT_WISH,
    EndReason.GUARDIAN_DECLINED: DeclineReason.GUARDIAN_DOES_NOT_AGREE,
    EndReason.NO_LONGER_ALLOWED: DeclineReason.NO_LONGER_ALLOWED,
}


def end_refused(
    session: Session, preparation: Preparation, *, by: int | None, on: date, at: datetime
) -> list[str]:
    """End a preparation that a hard rule refuses now; the rules that do.

    Raises AlreadyDone when it was closed or no rule refuses it.
    """
    mentor, child = lock_people(session, preparation)
    start_on = max(on, preparation.start_on)
    rules = matches.pair_refusals(session, mentor, child, start_on, own_places=1)
    if not rules:
        raise AlreadyDone("still_allowed")
    decline(preparation, EndReason.NO_LONGER_ALLOWED, by=by, on=on, at=at)
    audit.record("ended_preparation", preparation, by=by, session=session, rules=rules)
    return rules


def withdraw_open(
    session: Session,
    *,
    mentor_id: int | None = None,
    child_id: int | None = None,
    by: int | None,
    on: date,
    at: datetime,
) -> int:
    """End every open proposal and pair on the way of a mentor, a child, or both; how many.

    For a requirement that is no longer met: the caller holds the lock of the mentor or child.
    """
    given = {"mentor_id": mentor_id, "child_id": child_id}
    whose = {name: number for name, number in given.items() if number is not None}
    proposals = select(Proposal).filter_by(**whose, status=ProposalStatus.OPEN)
    found = session.scalars(proposals.order_by(Proposal.id).with_for_update()).all()
    for proposal in found:
        _refuse(proposal, EndReason.NO_LONGER_ALLOWED, by=by, on=on, at=at)
        audit.record("withdrew_proposal", proposal, by=by)
    waiting = select(Preparation).filter_by(**whose, status=PreparationStatus.OPEN)
    pairs = session.scalars(waiting.order_by(Preparation.id)).all()
    ended = 0
    for preparation in pairs:
        try:
            lock(session, preparation)
        except AlreadyDone:  # somebody's word ended it while this waited for the lock
            continue
        decline(preparation, EndReason.NO_LONGER_ALLOWED, by=by, on=on, at=at)
        audit.record("ended_preparation", preparation, by=by)
        ended += 1
    session.flush()
    return len(found) + ended


def refusals_now(session: Session, preparation: Preparation, on: date) -> list[str]:
    """The hard rules that refuse an open preparation as things stand; reads only."""
    if not preparation.is_open:
        return []
    start_on = max(on, preparation.start_on)
    mentor, child = preparation.mentor, preparation.child
    return matches.pair_refusals(session, mentor, child, start_on, own_places=1)


def lapse(session: Session, preparation: Preparation, *, on: date, at: datetime) -> None:
    """End a preparation whose mentor let the last day pass in silence.

    Raises AlreadyDone when it was closed, the mentor answered, or the day has not passed.
    """
    lock(session, preparation)
    if preparation.mentor_answer is not None:
        raise AlreadyDone("already_said")
    if on <= preparation.mentor_due_on:
        raise AlreadyDone("not_due")
    decline(preparation, EndReason.MENTOR_SILENT, by=None, on=on, at=at)
    audit.record("lapsed_preparation", preparation, by=None)


def lock(session: Session, preparation: Preparation) -> None:
    """Lock an open preparation and its proposal; everybody does it in this order.

    Raises AlreadyDone when it has ended or started.
    """
    matches.hold_decisions(session, shared=True)
    for_update(session, Proposal, [preparation.proposal_id])
    for_update(session, Preparation, [preparation.id])
    if preparation.status != PreparationStatus.OPEN:
        raise AlreadyDone("preparation_closed")


def lock_people(session: Session, preparation: Preparation) -> tuple[Mentor, Child]:
    """The same with the mentor's row before them and the child's between, as approving does."""
    matches.hold_decisions(session, shared=True)
    mentor = locked_mentor_of(session, preparation.proposal_id)
    for_update(session, Proposal, [preparation.proposal_id])
    child = locked_child(session, preparation.child_id)
    lock(session, preparation)
    return mentor, child


def decline(
    preparation: Preparation,
    reason: EndReason,
    *,
    by: int | None,
    on: date,
    at: datetime,
    note: str | None = None,
) -> None:
    """End a preparation, so that child and place are free and the pair is not proposed again."""
    close(preparation, reason, by=by, at=at, note=note)
    decided_by = by or preparation.opened_by
    _refuse(preparation.proposal, reason, by=decided_by, on=on, at=at, note=note)


def _refuse(
    proposal: Proposal,
    reason: EndReason,
    *,
    by: int | None,
    on: date,
    at: datetime,
    note: str | None = None,
) -> None:
    proposal.status, proposal.decline_reason = ProposalStatus.DECLINED, _DECLINED_AS[reason]
    proposal.decline_note, proposal.declined_until = note, _stands_until(reason, on)
    proposal.decided_by, proposal.decided_at = by, at


def _stands_until(reason: EndReason, on: date) -> date | None:
    if reason == EndReason.NO_LONGER_ALLOWED:
        return on
    return on + SILENCE_STANDS if reason == EndReason.MENTOR_SILENT else None


def close(
    preparation: Preparation,
    reason: EndReason,
    *,
    by: int | None,
    at: datetime,
    note: str | None = None,
) -> None:
    preparation.status, preparation.end_reason = PreparationStatus.ENDED, reason
    preparation.ended_by, preparation.ended_at, preparation.end_note = by, at, note
