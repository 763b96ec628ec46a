from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.matches.models import Match
from mentorship.matches.queries import visible_matches
from mentorship.meetings.models import Meeting
from mentorship.places.models import Centre


def meetings_of_match(session: Session, match_id: int, most: int = 50) -> Sequence[Meeting]:
    """The newest meetings of a match."""
    query = select(Meeting).where(Meeting.match_id == match_id)
    newest = query.order_by(Meeting.held_on.desc(), Meeting.id.desc()).limit(most)
    return session.scalars(newest).all()


@dataclass(frozen=True)
class MyMatch:
    """A mentor's own match with what their page shows of it."""

    match: Match
    interests: list[str]
    last: Meeting | None
    next_on: date | None
    meetings: int


def my_matches(session: Session, user: User, on: date) -> list[MyMatch]:
    """The open matches of the mentor who is signed in, newest meeting first known."""
    found = session.scalars(
        visible_matches(user)
        .where(Match.ended_on.is_(None))
        .options(contains_eager(Match.child).selectinload(Child.interests))
        .options(selectinload(Match.holds))
        .order_by(Match.started_on)
    ).all()
    ids = [match.id for match in found]
    newest = (Meeting.held_on.desc(), Meeting.id.desc())  # an older one may be logged later
    place = func.row_number().over(partition_by=Meeting.match_id, order_by=newest).label("place")
    count = func.count().over(partition_by=Meeting.match_id).label("count")
    ranked = select(Meeting.id, place, count).where(Meeting.match_id.in_(ids)).subquery()
    latest = select(Meeting, ranked.c.count).join(ranked, ranked.c.id == Meeting.id)
    rows = session.execute(latest.where(ranked.c.place == 1))
    last = {meeting.match_id: (meeting, count) for meeting, count in rows}
    return [_my_match(match, *last.get(match.id, (None, 0)), on=on) for match in found]


def _my_match(match: Match, last: Meeting | None, meetings: int, *, on: date) -> MyMatch:
    planned = last.next_on if last and last.next_on and last.next_on >= on else None
    interests = [row.interest for row in match.child.interests]
    return MyMatch(match, interests, last, planned, meetings)


def meetings_since(session: Session, user: User, since: date) -> int:
    """How many meetings were logged in somebody's regions since a day."""
    query: Select[Any] = (
        select(func.count(Meeting.id))
        .join(Meeting.match)
        .join(Match.child)
        .join(Child.centre)
        .where(Meeting.held_on >= since)
    )
    return session.scalar(user.scope.limit(query, Centre.region)) or 0
