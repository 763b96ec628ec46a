from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.matches.services import refuse_meetings_on_hold
from mentorship.meetings.models import Meeting, MeetingKind, Slot, Substitute, SubstituteStatus
from mentorship.meetings.queries import current_slot
from mentorship.meetings.schedule import ASKED_FOR

UNDONE_WITHIN = timedelta(minutes=1)
CANCELLED_AHEAD = timedelta(weeks=8)


def log_meeting(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> Meeting:
    """Add an entry to an open match: a meeting held, or one that did not take place.

    Raises AlreadyDone when the match is closed or the day of the slot has its entry, Invalid for
    a day before the start or many weeks ahead, NotEligible while it is on hold, also where that
    began after the page was opened.
    """
    refuse_meetings_on_hold(session, match)
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if data["held_on"] < match.started_on:
        raise Invalid("before_start")
    if data["held_on"] > as_day(at) + CANCELLED_AHEAD:
        raise Invalid("meeting_too_far_ahead")
    if data.get("slot_on"):
        if _slot_of(session, match, data["slot_on"]) is None:
            raise Invalid("no_slot_that_day")
        if _answered(session, match, data["slot_on"]):
            raise AlreadyDone("slot_answered")
    meeting = Meeting(match_id=match.id, logged_by=by, logged_at=at, **data)
    session.add(meeting)
    audit.record("logged_meeting", meeting, by=by, session=session, match=match.id)
    return meeting


def log_once(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> tuple[Meeting, bool]:
    """`log_meeting` for an entry that a phone may send twice: the entry, and whether it is new.

    The phone's `client_id` belongs to one entry of one user: another's is never found by it.
    Raises AlreadyDone where this user's phone used it for another match.
    """
    for_update(session, Match, [match.id])
    client_id = data.get("client_id")
    if client_id is not None:
        sent = select(Meeting).where(Meeting.logged_by == by, Meeting.client_id == client_id)
        found: Meeting | None = session.scalars(sent).first()
        if found is not None and found.match_id != match.id:
            raise AlreadyDone("form_already_saved")
        if found is not None:
            return found, False
    return log_meeting(session, match, data, by=by, at=at), True


def _answered(session: Session, match: Match, day: date) -> bool:
    on_the_day = (Meeting.slot_on == day) | (Meeting.held_on == day)
    query = select(Meeting.id).where(Meeting.match_id == match.id, on_the_day)
    return session.scalar(query.limit(1)) is not None


def log_as_planned(session: Session, match: Match, day: date, *, by: int, at: datetime) -> Meeting:
    """One tap: the two met on a day of their slot, as long as it says.

    Raises Invalid for a day without a slot, one that is not over, or one longer ago than four
    weeks, and as `log_meeting` does.
    """
    slot = _slot_of(session, match, day)
    if slot is None or slot.weekly.ends_at(day) > at or day < as_day(at) - ASKED_FOR:
        raise Invalid("no_slot_that_day")
    facts = {
        "held_on": day,
        "slot_on": day,
        "kind": MeetingKind.IN_PERSON,
        "minutes": slot.minutes,
        "as_planned": True,
    }
    return log_meeting(session, match, facts, by=by, at=at)


def _slot_of(session: Session, match: Match, day: date) -> Slot | None:
    query = select(Slot).where(
        Slot.match_id == match.id,
        Slot.weekday == day.weekday(),
        Slot.from_on <= day,
        (Slot.until_on.is_(None)) | (Slot.until_on >= day),
    )
    found: Slot | None = session.scalars(query).first()
    return found


def take_back(session: Session, meeting: Meeting, *, by: int, at: datetime) -> None:
    """Remove one's own tap within a minute; raises Impossible later, or once it was read."""
    for_update(session, Meeting, [meeting.id])
    own = meeting.logged_by == by and meeting.as_planned
    if not own or meeting.read_at is not None or at - meeting.logged_at > UNDONE_WITHIN:
        raise Impossible("too_late_to_undo")
    day = f"{meeting.held_on}"
    audit.record("took_back_meeting", meeting, by=by, match=meeting.match_id, day=day)
    session.delete(meeting)


def set_slot(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> Slot:
    """Agree on a weekday, time, length and place; the slot before it ends the day before.

    Raises AlreadyDone when the match is closed.
    """
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")
    _end_slot(session, match, as_day(at))
    slot = Slot(match_id=match.id, from_on=as_day(at), made_by=by, made_at=at, **data)
    session.add(slot)
    audit.record("set_slot", slot, by=by, session=session, match=match.id)
    return slot


def end_slot(session: Session, match: Match, *, by: int | None, on: date) -> None:
    """From a day on they meet without a standing slot; what it asked before stays to be told."""
    for_update(session, Match, [match.id])
    if _end_slot(session, match, on):
        audit.record("ended_slot", match, by=by)


def _end_slot(session: Session, match: Match, on: date) -> bool:
    slot = current_slot(session, match.id)
    if slot is None:
        return False
    if slot.from_on >= on:
        session.delete(slot)
    else:
        slot.until_on = on - timedelta(days=1)
    session.flush()
    return True


def end_with_match(session: Session, match: Match, *, on: date, at: datetime) -> None:
    """After a match has ended on a day: no slot any more, and nobody stands in."""
    _end_slot(session, match, on + timedelta(days=1))
    open_ones = update(Substitute).where(Substitute.match_id == match.id)
    session.execute(
        open_ones.where(Substitute.status == SubstituteStatus.APPOINTED, Substitute.until_on > on)
        .values(status=SubstituteStatus.ENDED, ended_at=at)
        .execution_options(synchronize_session="fetch")
    )
    session.execute(
        open_ones.where(Substitute.status == SubstituteStatus.ASKED)
        .values(status=SubstituteStatus.DECLINED, decided_at=at)
        .execution_options(synchronize_session="fetch")
    )
