from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from mentorship.check_ins.models import CheckIn, ContactKind
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.meetings.models import (
    CalendarFeed,
    Meeting,
    Slot,
    Substitute,
    SubstituteStatus,
)
from mentorship.meetings.schedule import within
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.qualification.queries import own_papers
from mentorship.reviews.models import Hold

AHEAD = timedelta(weeks=8)
FAR = timedelta(days=400)
SHOWN = (MentorStatus.ACTIVE, MentorStatus.PAUSED)


@dataclass(frozen=True)
class Entry:
    """One entry of a calendar: what it is, of which row, and when; without times a whole day."""

    kind: str
    about: str
    day: date
    begins_at: datetime | None = None
    ends_at: datetime | None = None


def current_feed(session: Session, mentor_id: int) -> CalendarFeed | None:
    """The address of a mentor's calendar that stands, if there is one."""
    query = select(CalendarFeed).where(CalendarFeed.mentor_id == mentor_id)
    return session.scalars(query.where(CalendarFeed.revoked_at.is_(None))).first()


def feed_of_hash(session: Session, token_hash: str) -> CalendarFeed | None:
    """The standing calendar with this hash, with its mentor and their user."""
    query = select(CalendarFeed).where(
        CalendarFeed.token_hash == token_hash, CalendarFeed.revoked_at.is_(None)
    )
    whose = joinedload(CalendarFeed.mentor)
    return session.scalars(query.options(whose, whose.joinedload(Mentor.user))).first()


def entries(session: Session, mentor: Mentor, at: datetime) -> list[Entry]:
    """What lies ahead of a mentor; nothing for one who is suspended or no longer mentors."""
    user = mentor.user
    if mentor.status not in SHOWN or user is None or not user.active:
        return []
    on = as_day(at)
    spans = _matches(session, mentor, on)
    found = [*_slots(session, mentor, spans, on), *_check_ins(session, mentor, on)]
    found += _agreed(session, spans, on, {(e.about.split(":")[0], e.day) for e in found})
    for paper in own_papers(session, mentor.id, on, 0):
        if paper.until is not None and on <= paper.until <= on + FAR:
            kind = "certificate" if paper.paper == "certificate" else "check"
            found.append(Entry(kind, f"paper:{paper.paper}", paper.until))
    return sorted(found, key=lambda entry: (entry.day, entry.kind, entry.about))


Days = tuple[date, date]


def _matches(session: Session, mentor: Mentor, on: date) -> dict[int, Days]:
    """The matches a mentor may meet in, each with its days: their own, or those they stand in."""
    held = select(Hold.match_id).where(Hold.ended_at.is_(None))
    own = select(Match.id).where(
        Match.mentor_id == mentor.id, Match.ended_on.is_(None), Match.id.not_in(held)
    )
    found: dict[int, Days] = dict.fromkeys(session.scalars(own), (on, on + AHEAD))
    if mentor.status != MentorStatus.ACTIVE:
        return found
    helped = (
        select(Substitute)
        .join(Substitute.match)
        .where(
            Substitute.mentor_id == mentor.id,
            Substitute.status == SubstituteStatus.APPOINTED,
            Substitute.until_on >= on,
            Match.ended_on.is_(None),
            Match.id.not_in(held),
        )
    )
    for row in session.scalars(helped):
        last = row.until_on or on
        found.setdefault(row.match_id, (max(on, row.from_on), min(last, on + AHEAD)))
    return found


def _slots(session: Session, mentor: Mentor, spans: dict[int, Days], on: date) -> Iterator[Entry]:
    """The days of the standing slots, but those on which somebody else stands in or all rest."""
    helped = select(Substitute).where(
        Substitute.match_id.in_(spans),
        Substitute.mentor_id != mentor.id,
        Substitute.status == SubstituteStatus.APPOINTED,
        Substitute.until_on >= on,
    )
    others: dict[int, list[tuple[date, date | None]]] = {}
    for row in session.scalars(helped):
        others.setdefault(row.match_id, []).append((row.from_on, row.until_on))
    away = [(pause.from_on, pause.until_on) for pause in mentor.pauses]
    lasting = (Slot.until_on.is_(None)) | (Slot.until_on >= on)
    for slot in session.scalars(select(Slot).where(Slot.match_id.in_(spans), lasting)):
        first, last = spans[slot.match_id]
        for day in slot.weekly.days(first, last):
            if not within(day, [*away, *others.get(slot.match_id, [])]):
                times = slot.weekly.begins_at(day), slot.weekly.ends_at(day)
                yield Entry("meeting", f"{slot.match_id}:slot", day, *times)


def _agreed(
    session: Session, spans: dict[int, Days], on: date, known: set[tuple[str, date]]
) -> Iterator[Entry]:
    """Days agreed at the last meetings that no slot has anyway."""
    newest = (Meeting.held_on.desc(), Meeting.id.desc())
    place = func.row_number().over(partition_by=Meeting.match_id, order_by=newest).label("place")
    columns = (Meeting.match_id, Meeting.next_on, place)
    last = select(*columns).where(Meeting.match_id.in_(spans)).subquery()
    query = select(last.c.match_id, last.c.next_on)
    for match_id, day in session.execute(query.where(last.c.place == 1, last.c.next_on >= on)):
        first, until = spans[match_id]
        if first <= day <= max(until, on + AHEAD) and (f"{match_id}", day) not in known:
            yield Entry("meeting", f"{match_id}:agreed", day)


def _check_ins(session: Session, mentor: Mentor, on: date) -> Iterator[Entry]:
    """When staff will speak with the mentor."""
    query = (
        select(CheckIn.id, CheckIn.match_id, CheckIn.due_on)
        .join(CheckIn.match)
        .where(
            Match.mentor_id == mentor.id,
            Match.ended_on.is_(None),
            CheckIn.kind == ContactKind.MENTOR,
            CheckIn.held_on.is_(None),
            CheckIn.missed_on.is_(None),
            CheckIn.due_on.between(on, on + FAR),
        )
    )
    for number, match_id, due_on in session.execute(query):
        yield Entry("check_in", f"{match_id}:check_in:{number}", due_on)
