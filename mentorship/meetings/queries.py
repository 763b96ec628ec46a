from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.matches.queries import find_match, visible_matches
from mentorship.matches.services import pair_refusals
from mentorship.meetings.models import Meeting, Reply, Slot, Substitute, SubstituteStatus
from mentorship.meetings.schedule import ASKED_FOR, Span, passed_days
from mentorship.mentors.models import Mentor, MentorPause, MentorStatus
from mentorship.permissions import Role

STOOD = (SubstituteStatus.APPOINTED, SubstituteStatus.ENDED)


def meetings_of_match(
    session: Session, match_id: int, most: int = 50, *, by: int | None = None
) -> Sequence[Meeting]:
    """The newest entries of a match with who read and answered them; `by`: one writer's alone."""
    query = select(Meeting).where(Meeting.match_id == match_id)
    if by is not None:
        query = query.where(Meeting.logged_by == by)
    loaded = query.options(
        joinedload(Meeting.reader), selectinload(Meeting.replies).joinedload(Reply.author)
    )
    newest = loaded.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(most)
    return session.scalars(newest).all()


@dataclass(frozen=True)
class Own:
    """A match whose child a mentor may meet: their own, or for some days as a substitute."""

    match: Match
    substitute: Substitute | None = None


def find_own(session: Session, user: User, match_id: int, on: date) -> Own | None:
    """One match of the mentor who is signed in, or one where they stand in on that day."""
    found = find_match(session, user, match_id)
    if found is not None:
        return Own(found)
    standing = standing_in(session, user, on, match_id=match_id)
    return Own(standing[0].match, standing[0]) if standing else None


def standing_in(
    session: Session, user: User, on: date, *, match_id: int | None = None
) -> list[Substitute]:
    """Where somebody stands in on a day: an active mentor whom no hard rule refuses that day."""
    if user.role != Role.MENTOR:
        return []
    query = (
        select(Substitute)
        .join(Substitute.mentor)
        .join(Substitute.match)
        .join(Match.child)
        .join(Child.centre)
        .where(
            Mentor.user_id == user.id,
            Mentor.status == MentorStatus.ACTIVE,
            Substitute.status == SubstituteStatus.APPOINTED,
            Substitute.from_on <= on,
            Substitute.until_on >= on,
            Match.ended_on.is_(None),
        )
        .options(
            contains_eager(Substitute.match)
            .contains_eager(Match.child)
            .contains_eager(Child.centre)
        )
        .options(contains_eager(Substitute.mentor))
        .options(selectinload(Substitute.match, Match.holds))
        .options(selectinload(Substitute.match, Match.child, Child.interests))
        .order_by(Substitute.from_on, Substitute.id)
    )
    if match_id is not None:
        query = query.where(Substitute.match_id == match_id)
    rows = session.scalars(query).all()
    return [row for row in rows if row.mentor and not refusals(session, row.mentor, row.match, on)]


def refusals(session: Session, mentor: Mentor, match: Match, on: date) -> list[str]:
    """The hard rules that refuse somebody as a substitute on a day; it takes no place of theirs."""
    found = pair_refusals(session, mentor, match.child, on)
    return [code for code in found if code != "no_capacity"]


@dataclass(frozen=True)
class Due:
    """A day of the standing slot that is over and of which nothing is written yet."""

    slot: Slot
    day: date


@dataclass(frozen=True)
class MyMatch:
    """A match that a mentor may meet in, with what the first screen shows of it."""

    match: Match
    interests: list[str]
    last: Meeting | None
    next_on: date | None
    meetings: int
    substitute: Substitute | None = None
    slot: Slot | None = None
    due: list[Due] = field(default_factory=list)
    answers: int = 0


def my_matches(session: Session, user: User, at: datetime) -> list[MyMatch]:
    """The open matches of the mentor who is signed in, and those where they stand in today."""
    on = as_day(at)
    found = session.scalars(
        visible_matches(user)
        .where(Match.ended_on.is_(None))
        .options(contains_eager(Match.child).selectinload(Child.interests))
        .options(selectinload(Match.holds))
        .order_by(Match.started_on)
    ).all()
    own = [Own(match) for match in found]
    own += [Own(row.match, row) for row in standing_in(session, user, on)]
    ids = [row.match.id for row in own]
    helped = {row.match.id for row in own if row.substitute}
    last = _last_meetings(session, ids, only_by=user.id if helped else None, helped=helped)
    slots, due = _due(session, own, at)
    answers = _unseen_replies(session, user, ids)
    rows = []
    for one in own:
        number = one.match.id
        meeting, count = last.get(number, (None, 0))
        ahead = _ahead(slots.get(number), at)
        rows.append(
            MyMatch(
                one.match,
                [row.interest for row in one.match.child.interests],
                meeting,
                _next_on(meeting, ahead, on),
                count,
                one.substitute,
                slots.get(number),
                due.get(number, []),
                answers.get(number, 0),
            )
        )
    return rows


def _ahead(slot: Slot | None, at: datetime) -> list[date]:
    """The slot's days of this week that are not over."""
    if slot is None:
        return []
    days = slot.weekly.days(as_day(at), as_day(at) + timedelta(days=7))
    return [day for day in days if slot.weekly.ends_at(day) > at]


def _next_on(last: Meeting | None, ahead: list[date], on: date) -> date | None:
    """The day agreed at the last meeting, or the slot's next one, whichever comes first."""
    agreed = [last.next_on] if last and last.next_on and last.next_on >= on else []
    written = last.slot_on or last.held_on if last else None
    return min([*agreed, *(day for day in ahead if day != written)], default=None)


def _last_meetings(
    session: Session, ids: Collection[int], *, only_by: int | None, helped: Collection[int]
) -> dict[int, tuple[Meeting, int]]:
    """The newest entry of each match and how many there are; of helped ones one's own alone."""
    newest = (Meeting.held_on.desc(), Meeting.id.desc())  # an older one may be logged later
    place = func.row_number().over(partition_by=Meeting.match_id, order_by=newest).label("place")
    count = func.count().over(partition_by=Meeting.match_id).label("count")
    seen: Any = Meeting.match_id.in_(ids)
    if only_by is not None:
        seen &= Meeting.match_id.not_in(helped) | (Meeting.logged_by == only_by)
    ranked = select(Meeting.id, place, count).where(seen).subquery()
    latest = select(Meeting, ranked.c.count).join(ranked, ranked.c.id == Meeting.id)
    rows = session.execute(latest.where(ranked.c.place == 1))
    return {meeting.match_id: (meeting, count) for meeting, count in rows}


def _due(
    session: Session, own: Sequence[Own], at: datetime
) -> tuple[dict[int, Slot], dict[int, list[Due]]]:
    """The slots of today, and the days of the last four weeks that nothing is written of."""
    first = as_day(at) - ASKED_FOR
    ids = [row.match.id for row in own]
    lasting = (Slot.until_on.is_(None)) | (Slot.until_on >= first)
    slots = session.scalars(select(Slot).where(Slot.match_id.in_(ids), lasting)).all()
    spans = _spans_away(session, own, first)
    written = select(Meeting.match_id, Meeting.held_on, Meeting.slot_on).where(
        Meeting.match_id.in_(ids), (Meeting.held_on >= first) | (Meeting.slot_on >= first)
    )
    answered = {
        (row.match_id, day)
        for row in session.execute(written)
        for day in (row.held_on, row.slot_on)
        if day
    }
    due: dict[int, list[Due]] = {}
    for slot in slots:
        days = passed_days(slot.weekly, at, without=spans[slot.match_id])
        open_days = [Due(slot, day) for day in days if (slot.match_id, day) not in answered]
        due.setdefault(slot.match_id, []).extend(open_days)
    for rows in due.values():
        rows.sort(key=lambda row: row.day)
    return {slot.match_id: slot for slot in slots if slot.until_on is None}, due


def _spans_away(session: Session, own: Sequence[Own], first: date) -> dict[int, list[Span]]:
    """Days on which this mentor was not to meet: holds, their own absence, or somebody else's."""
    matches = {row.match.id: row for row in own}
    mentors = {row.match.id: row.match.mentor_id for row in own if row.substitute is None}
    away = session.scalars(
        select(MentorPause).where(
            MentorPause.mentor_id.in_(mentors.values()),
            (MentorPause.until_on.is_(None)) | (MentorPause.until_on >= first),
        )
    ).all()
    helped = session.scalars(
        select(Substitute).where(
            Substitute.match_id.in_(mentors),
            Substitute.status.in_(STOOD),
            Substitute.until_on >= first,
        )
    ).all()
    spans: dict[int, list[Span]] = {}
    for number, one in matches.items():
        found: list[Span] = [
            (as_day(hold.opened_at), as_day(hold.ended_at) if hold.ended_at else None)
            for hold in one.match.holds
        ]
        found.append((date.min, one.match.started_on - timedelta(days=1)))
        if one.substitute is not None:
            found.append((date.min, one.substitute.from_on - timedelta(days=1)))
        else:
            found += [(p.from_on, p.until_on) for p in away if p.mentor_id == mentors[number]]
            found += [(s.from_on, s.until_on) for s in helped if s.match_id == number]
        spans[number] = found
    return spans


def _unseen_replies(session: Session, user: User, ids: Collection[int]) -> dict[int, int]:
    """How many answers to somebody's own entries they have not opened yet, by match."""
    query = (
        select(Meeting.match_id, func.count())
        .join(Reply, Reply.meeting_id == Meeting.id)
        .where(Meeting.match_id.in_(ids), Meeting.logged_by == user.id, Reply.seen_at.is_(None))
        .group_by(Meeting.match_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def current_slot(session: Session, match_id: int) -> Slot | None:
    """The standing slot of a match, if they have one."""
    query = select(Slot).where(Slot.match_id == match_id, Slot.until_on.is_(None))
    return session.scalars(query).first()


def just_written(session: Session, user: User, at: datetime, within: timedelta) -> Meeting | None:
    """The entry that somebody made with one tap a moment ago and may take back."""
    query = select(Meeting).where(
        Meeting.logged_by == user.id, Meeting.as_planned, Meeting.logged_at > at - within
    )
    found = query.where(Meeting.read_at.is_(None)).order_by(Meeting.logged_at.desc())
    return session.scalars(found.limit(1)).first()
