from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.concerns.endings import lock_open
from mentorship.concerns.models import (
    Concern,
    ConcernOrigin,
    ConcernReader,
    EventKind,
    ImmediateStep,
    Severity,
)
from mentorship.concerns.notices import tell_mentor_of_pause
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from mentorship.meetings.services import log_once
from mentorship.permissions import Role
from mentorship.reviews.models import ReviewCause
from mentorship.reviews.services import look_again
from mentorship.settings.services import value


def log_meeting_with_worry(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> Meeting:
    """Log a meeting and, where something worried the mentor, raise it in the same transaction.

    What a phone sends a second time under the same `client_id` is neither logged nor raised again.
    """
    facts = {name: value for name, value in data.items() if name != "worry"}
    meeting, new = log_once(session, match, facts, by=by, at=at)
    if new and data["worry"]:
        session.flush()
        raise_concern(session, match, data["worry"], meeting=meeting, by=by, at=at)
    return meeting


def raise_concern(
    session: Session,
    match: Match | None,
    text: str,
    *,
    child: Child | None = None,
    meeting: Meeting | None = None,
    origin: ConcernOrigin | str = ConcernOrigin.MEETING,
    severity: Severity | str = Severity.WORRY,
    steps: Sequence[str] = (),
    happened_at: datetime | None = None,
    by: int | None,
    at: datetime,
) -> Concern:
    """Open a concern about the child of a match, or about `child`; staff look at it in time.

    `steps`: what was done at once, at `happened_at`. Also while a match is on hold or has ended.
    """
    child_id = match.child_id if match is not None else child.id if child is not None else None
    if child_id is None:
        raise ValueError("a concern is about a child")
    concern = Concern(
        child_id=child_id,
        match_id=match.id if match is not None else None,
        meeting_id=meeting.id if meeting is not None else None,
        origin=ConcernOrigin(origin),
        severity=Severity(severity),
        text=text,
        raised_by=by,
        raised_at=at,
        review_by=first_review_by(session, at),
    )
    session.add(concern)
    session.flush()
    concern.add(EventKind.RAISED, by=by, at=at)
    _add_steps(concern, steps, happened_at, by=by, at=at)
    audit.record("raised_concern", concern, by=by, session=session, match=concern.match_id)
    return concern


def first_review_by(session: Session, at: datetime) -> datetime:
    """By when somebody of the staff looks at a concern that was raised at this moment."""
    return at + timedelta(hours=value(session, "concern.review_hours"))


def _add_steps(
    concern: Concern,
    steps: Sequence[str],
    happened_at: datetime | None,
    *,
    by: int | None,
    at: datetime,
) -> None:
    for step in steps:
        when = happened_at or at
        concern.add(EventKind.STEP, by=by, at=at, step=ImmediateStep(step), happened_at=when)


def review_concern(
    session: Session,
    concern: Concern,
    *,
    text: str,
    steps: Sequence[str] = (),
    happened_at: datetime | None = None,
    by: int,
    at: datetime,
) -> None:
    """The first look at a concern; who looks owns it from then on, unless somebody does.

    Raises AlreadyDone when a colleague was first.
    """
    lock_open(session, concern, by=by)
    if concern.reviewed_at is not None:
        raise AlreadyDone("already_reviewed")
    concern.reviewed_by, concern.reviewed_at = by, at
    if concern.owner_id is None:
        concern.owner_id = by
        concern.add(EventKind.OWNER, by=by, at=at, user_id=by)
    concern.add(EventKind.REVIEWED, by=by, at=at, text=text)
    _add_steps(concern, steps, happened_at, by=by, at=at)
    audit.record("reviewed_concern", concern, by=by)


def add_note(
    session: Session,
    concern: Concern,
    *,
    text: str | None,
    steps: Sequence[str] = (),
    happened_at: datetime | None = None,
    by: int,
    at: datetime,
) -> None:
    """Write down what was learned or done; raises AlreadyDone when it is closed, or Invalid."""
    lock_open(session, concern, by=by)
    if not text and not steps:
        raise Invalid("note_empty")
    if text:
        concern.add(EventKind.NOTE, by=by, at=at, text=text)
    _add_steps(concern, steps, happened_at, by=by, at=at)
    audit.record("noted_on_concern", concern, by=by, steps=len(steps))


def give_to(session: Session, concern: Concern, owner: User, *, by: int, at: datetime) -> None:
    """Make somebody the owner, who answers for it; raises AlreadyDone, or Invalid."""
    lock_open(session, concern, by=by)
    if concern.owner_id == owner.id:
        raise AlreadyDone("owner_already")
    _check_may_read(concern, owner)
    concern.owner_id = owner.id
    concern.add(EventKind.OWNER, by=by, at=at, user_id=owner.id)
    audit.record("gave_concern", concern, by=by, owner=owner.id)


def _check_may_read(concern: Concern, user: User) -> None:
    reads = user.active and user.role == Role.COORDINATOR
    if not reads or not user.scope.covers(concern.child.centre.region):
        raise Invalid("reader_outside")


def restrict(
    session: Session, concern: Concern, readers: Collection[User], *, by: int, at: datetime
) -> None:
    """Let only the owner, these readers and the owner's supervisor read a concern.

    Where nobody owns it, who restricts it does; who restricts it goes on reading it.
    """
    lock_open(session, concern, by=by)
    for user in readers:
        _check_may_read(concern, user)
    if concern.owner_id is None:
        concern.owner_id = by
        concern.add(EventKind.OWNER, by=by, at=at, user_id=by)
    wanted = {user.id for user in readers} | {by}
    wanted.discard(concern.owner_id)
    known = {row.user_id for row in concern.readers}
    concern.readers = [row for row in concern.readers if row.user_id in wanted] + [
        ConcernReader(user_id=number, added_by=by, added_at=at) for number in sorted(wanted - known)
    ]
    if not concern.restricted:
        concern.restricted = True
        concern.add(EventKind.RESTRICTED, by=by, at=at)
    for number in sorted(wanted - known):
        concern.add(EventKind.READER, by=by, at=at, user_id=number)
    audit.record("restricted_concern", concern, by=by, readers=sorted(wanted))


def open_up(session: Session, concern: Concern, *, by: int, at: datetime) -> None:
    """Let every coordinator of the region read a concern again; raises AlreadyDone."""
    lock_open(session, concern, by=by)
    if not concern.restricted:
        raise AlreadyDone("not_restricted")
    concern.restricted, concern.readers = False, []
    concern.add(EventKind.OPENED_UP, by=by, at=at)
    audit.record("opened_up_concern", concern, by=by)


def pause_match(
    session: Session, concern: Concern, *, text: str, base_url: str, by: int, at: datetime
) -> None:
    """Put the match on hold until people have decided; the child is told, and the mentor.

    Raises Impossible where there is no match, AlreadyDone when it is closed or paused for this.
    """
    lock_open(session, concern, by=by)
    match = concern.match
    if match is None:
        raise Impossible("no_match_to_pause")
    for_update(session, Match, [match.id])
    session.refresh(match, ["holds"])
    if any(row.cause == ReviewCause.CONCERN and row.ended_at is None for row in match.holds):
        raise AlreadyDone("match_paused_already")
    look_again(session, match, ReviewCause.CONCERN, hold=True, tell_child=True, by=by, at=at)
    concern.add(EventKind.PAUSED, by=by, at=at, text=text)
    tell_mentor_of_pause(session, concern, match, base_url=base_url, at=at)
    audit.record("paused_for_concern", concern, by=by, match=match.id)
