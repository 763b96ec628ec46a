"""Mentors are reminded of their weekly meeting, where that is wished, and of a missing entry."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from mentorship.config import Config
from mentorship.i18n import show_date
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting, Slot, Substitute
from mentorship.meetings.queries import STOOD
from mentorship.meetings.schedule import ASKED_FOR, Span, within
from mentorship.mentors.models import Mentor, MentorPause, MentorStatus
from mentorship.messages.services import enqueue
from mentorship.reviews.models import Hold
from mentorship.settings.services import value

WEEK = timedelta(days=6)


def remind_of_slots(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Some days before the weekly meeting, where the setting is not off: once each."""
    ahead = value(session, "meeting.slot_reminder_days")
    if not ahead:
        return "off"
    first, last = on + timedelta(days=1), on + timedelta(days=ahead)
    coming = [(slot, day) for slot in _slots(session) for day in slot.weekly.days(first, last)]
    return _write(session, settings, "slot_tomorrow", coming, first, at)


def remind_of_entries(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Some days after a weekly meeting of which nothing is written: once each."""
    after = value(session, "meeting.entry_reminder_days")
    if not after:
        return "off"
    last = on - timedelta(days=after)
    first = max(last - WEEK, on - ASKED_FOR)
    passed = [(slot, day) for slot in _slots(session) for day in slot.weekly.days(first, last)]
    query = select(Meeting.match_id, Meeting.held_on, Meeting.slot_on).where(
        (Meeting.held_on >= first) | (Meeting.slot_on >= first)
    )
    told = {(row.match_id, day) for row in session.execute(query) for day in row[1:] if day}
    missing = [(slot, day) for slot, day in passed if (slot.match_id, day) not in told]
    return _write(session, settings, "entry_missing", missing, first, at)


def _slots(session: Session) -> list[Slot]:
    """The slots of open matches that are not on hold, whose mentors can be written to."""
    held = select(Hold.match_id).where(Hold.ended_at.is_(None))
    query = (
        select(Slot)
        .join(Slot.match)
        .join(Match.mentor)
        .where(Slot.until_on.is_(None), Match.ended_on.is_(None), Match.id.not_in(held))
        .where(Mentor.status.in_((MentorStatus.ACTIVE, MentorStatus.PAUSED)))
        .where(Mentor.user_id.is_not(None))
        .options(contains_eager(Slot.match).contains_eager(Match.mentor).joinedload(Mentor.user))
        .order_by(Slot.id)
    )
    return list(session.scalars(query))


def _write(
    session: Session,
    settings: Config,
    kind: str,
    slots: Iterable[tuple[Slot, date]],
    first: date,
    at: datetime,
) -> str:
    """One message for each slot and day, but none to who is away then or has a substitute."""
    away, helped = _away(session, first), _helped(session, first)
    written = 0
    for slot, day in slots:
        mentor = slot.match.mentor
        resting = away.get(mentor.id, []) + helped.get(slot.match_id, [])
        user = mentor.user
        if user is None or not user.active or day < slot.match.started_on or within(day, resting):
            continue
        key, link = f"{kind}:{slot.match_id}:{day}", f"{settings.base_url}/my-children"
        day_words = show_date(day)
        message = enqueue(session, key=key, kind=kind, user=user, at=at, link=link, day=day_words)
        written += message is not None
    return f"{written} written"


def _away(session: Session, first: date) -> dict[int, list[Span]]:
    lasting = (MentorPause.until_on.is_(None)) | (MentorPause.until_on >= first)
    found: dict[int, list[Span]] = {}
    for pause in session.scalars(select(MentorPause).where(lasting)):
        found.setdefault(pause.mentor_id, []).append((pause.from_on, pause.until_on))
    return found


def _helped(session: Session, first: date) -> dict[int, list[Span]]:
    query = select(Substitute).where(Substitute.status.in_(STOOD), Substitute.until_on >= first)
    found: dict[int, list[Span]] = {}
    for row in session.scalars(query):
        found.setdefault(row.match_id, []).append((row.from_on, row.until_on))
    return found
