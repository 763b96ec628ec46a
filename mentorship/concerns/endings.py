"""How a concern is closed: one person asks, a second one signs; it can be opened again."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.concerns.models import Concern, ConcernEvent, ConcernState, EventKind, Outcome
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, Stale


def ask_to_close(
    session: Session, concern: Concern, *, outcome: Outcome | str, text: str, by: int, at: datetime
) -> None:
    """Say what a concern came to, and ask a second person to sign.

    Raises Impossible before its first review, AlreadyDone when somebody has asked or it is closed.
    """
    lock_open(session, concern, by=by)
    if concern.state == ConcernState.ASKED:
        raise AlreadyDone("close_asked_already")
    if concern.state == ConcernState.WAITING:
        raise Impossible("review_first")
    if outcome == Outcome.EARLIER:
        raise Invalid("reason_unknown")
    concern.asked_by, concern.asked_at, concern.outcome = by, at, Outcome(outcome)
    concern.add(EventKind.ASKED, by=by, at=at, text=text)
    audit.record("asked_to_close_concern", concern, by=by, outcome=str(outcome))


def sign_closing(
    session: Session,
    concern: Concern,
    *,
    text: str | None = None,
    read_to: int | None = None,
    by: int,
    at: datetime,
) -> None:
    """Close a concern as the second person; raises Impossible, AlreadyDone.

    `read_to`: the last line on the page they read; Stale where there is more by now.
    """
    _lock_asked(session, concern, by=by)
    if read_to is not None and read_to != _last_line(session, concern):
        raise Stale("changed_meanwhile")
    if concern.asked_by == by:
        raise Impossible("close_needs_second")
    concern.closed_by, concern.closed_at = by, at
    concern.add(EventKind.CLOSED, by=by, at=at, text=text)
    audit.record("closed_concern", concern, by=by)


def send_back(session: Session, concern: Concern, *, text: str, by: int, at: datetime) -> None:
    """Do not close a concern yet, saying what is missing; who asked may take it back so."""
    _lock_asked(session, concern, by=by)
    concern.asked_by = concern.asked_at = concern.outcome = None
    concern.add(EventKind.SENT_BACK, by=by, at=at, text=text)
    audit.record("sent_concern_back", concern, by=by)


def reopen(
    session: Session, concern: Concern, *, text: str, review_by: datetime, by: int, at: datetime
) -> None:
    """Open a closed concern again: its clock starts anew, and coordinators are told anew."""
    lock(session, concern, by=by)
    if concern.state != ConcernState.CLOSED:
        raise AlreadyDone("concern_is_open")
    concern.asked_by = concern.asked_at = concern.outcome = None
    concern.closed_by = concern.closed_at = None
    concern.reviewed_by = concern.reviewed_at = None
    concern.told_at = concern.reminded_at = None
    concern.review_by = review_by
    concern.add(EventKind.REOPENED, by=by, at=at, text=text)
    audit.record("reopened_concern", concern, by=by)


def lock(session: Session, concern: Concern, *, by: int) -> None:
    """Lock a concern for somebody who may read it, also now: a page may be older than its limits.

    Raises Impossible.
    """
    for_update(session, Concern, [concern.id])
    if not concern.restricted:
        return
    session.refresh(concern, ["readers", "owner"])
    read_by = {concern.owner_id, *(row.user_id for row in concern.readers)}
    if concern.owner is not None:
        read_by.add(concern.owner.supervisor_id)
    if by not in read_by:
        raise Impossible("concern_restricted")


def lock_open(session: Session, concern: Concern, *, by: int) -> None:
    """The same for a concern that is not closed; raises AlreadyDone."""
    lock(session, concern, by=by)
    if concern.state == ConcernState.CLOSED:
        raise AlreadyDone("concern_closed")


def _lock_asked(session: Session, concern: Concern, *, by: int) -> None:
    lock_open(session, concern, by=by)
    if concern.state != ConcernState.ASKED:
        raise Impossible("close_not_asked")


def _last_line(session: Session, concern: Concern) -> int | None:
    return session.scalar(
        select(func.max(ConcernEvent.id)).where(ConcernEvent.concern_id == concern.id)
    )
