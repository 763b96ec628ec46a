"""Matches as reports see them: worked out from the rows, compared with what is kept, renewed."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, cast, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from matching.places import distance_km
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child
from mentorship.database import dialect_name
from mentorship.figures.facts import (
    FIRST_DAYS,
    distance_band,
    ending_of,
    tongue_of,
    training_band,
)
from mentorship.figures.homes import centres, homes
from mentorship.figures.models import MatchFact
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import Mentor
from mentorship.places.regions import locate
from mentorship.training.models import Enrolment, TrainingSession

COLUMNS = tuple(column.name for column in MatchFact.__table__.columns)
FIRSTS = tuple(name for name in COLUMNS if name.startswith("first_"))
AT_ONCE = 2_000
Row = tuple[Any, ...]


def refresh_facts(session: Session, on: date, since: date | None) -> date | None:
    """Renew the facts that have changed; the day from which counts have to be made anew.

    `since`: what happened in the first days of matches that began longer ago is kept as it is.
    """
    kept = {row[0]: tuple(row) for row in session.execute(select(*MatchFact.__table__.columns))}
    wanted = {row[0]: row for row in facts(session, on, since, kept)}
    changed = [row for key, row in wanted.items() if kept.get(key) != row]
    gone = [key for key in kept if key not in wanted]
    stale = gone + [row[0] for row in changed if row[0] in kept]
    for place in range(0, len(stale), AT_ONCE):
        session.execute(
            delete(MatchFact).where(MatchFact.match_id.in_(stale[place : place + AT_ONCE])),
            execution_options={"synchronize_session": False},
        )
    if changed:
        table: Any = MatchFact.__table__
        session.execute(insert(table), [dict(zip(COLUMNS, row, strict=True)) for row in changed])
    return _moved_since(kept, changed, gone)


def _moved_since(kept: Mapping[int, Row], changed: list[Row], gone: list[int]) -> date | None:
    """The first day whose counts by region, or of beginnings and ends, are no longer right."""
    days = [kept[key][COLUMNS.index("started_on")] for key in gone]
    region, started, ended = (COLUMNS.index(n) for n in ("region", "started_on", "ended_on"))
    ending = COLUMNS.index("ending")
    for row in changed:
        old = kept.get(row[0])
        if old is None or row[region] != old[region] or row[started] != old[started]:
            days.append(min(row[started], old[started] if old else row[started]))
        elif (row[ended], row[ending]) != (old[ended], old[ending]):
            days.append(min(day for day in (row[ended], old[ended]) if day))
    return min(days, default=None)


def facts(session: Session, on: date, since: date | None, kept: Mapping[int, Row]) -> Iterator[Row]:
    """Every match that has begun, in the order of COLUMNS."""
    places, lived = centres(session), homes(session)
    trained = _trained(session)
    firsts = first_days(session, on, since)
    recent = since - timedelta(days=FIRST_DAYS) if since else date.min
    place = COLUMNS.index(FIRSTS[0])
    seen: set[tuple[int, int]] = set()
    for row in session.execute(_matches(on)).all():
        centre_id = lived.centre_on(row.child_id, row.started_on)
        hours = _hours_before(trained.get(row.mentor_id, ()), row.started_on)
        first = firsts.get(row.id, (0,) * len(FIRSTS))
        if row.started_on < recent and row.id in kept:
            first = kept[row.id][place : place + len(FIRSTS)]
        pair = (row.mentor_id, row.child_id)
        is_again = pair in seen
        seen.add(pair)
        yield (
            row.id,
            *pair,
            places.regions[centre_id],
            places.kind_on(centre_id, row.started_on),
            tongue_of(row.first_language).value,
            training_band(hours).value,
            _distance(row.region, row.town, places.regions[centre_id], places.towns[centre_id]),
            row.started_on,
            row.ended_on,
            _text(ending_of(row.ended_as_planned, row.closure_reason, row.ended_by)),
            _text(row.closure_reason),
            _text(row.ended_by),
            is_again,
            hours,
            *first,
        )


def _matches(on: date) -> Any:
    columns = (
        Match.id,
        Match.mentor_id,
        Match.child_id,
        Match.started_on,
        Match.ended_on,
        Match.ended_as_planned,
        Match.closure_reason,
        Match.ended_by,
        Mentor.region,
        Mentor.town,
        Child.first_language,
    )
    query = select(*columns).join(Match.mentor).join(Match.child).where(Match.started_on <= on)
    return query.order_by(Match.started_on, Match.id)


@cache
def _distance(region: str, town: str, other_region: str, other_town: str) -> str:
    here, there = locate(region, town), locate(other_region, other_town)
    return distance_band(distance_km(here.lat, here.lon, there.lat, there.lon)).value


def _text(code: Any) -> str | None:
    return None if code is None else str(code)


def _trained(session: Session) -> dict[int, list[tuple[date, float]]]:
    """The hours each mentor attended, by the last day of the session."""
    query = select(Enrolment.mentor_id, TrainingSession.ends_on, Enrolment.hours).join(
        Enrolment.session
    )
    found: dict[int, list[tuple[date, float]]] = defaultdict(list)
    attended = (Enrolment.attended.is_(True), Enrolment.hours.is_not(None))
    for mentor_id, day, hours in session.execute(
        query.where(*attended, Enrolment.cancelled_at.is_(None))
    ):
        found[mentor_id].append((day, float(hours or 0)))
    return found


def _hours_before(attended: Any, day: date) -> float:
    return float(sum(hours for ended_on, hours in attended if ended_on < day))


def first_days(session: Session, on: date, since: date | None) -> dict[int, tuple[int, ...]]:
    """What happened in the first ninety days of each match, in the order of FIRSTS."""
    until = days_after(session, Match.started_on, FIRST_DAYS)
    recent = Match.started_on <= on
    if since is not None:
        recent &= Match.started_on >= since - timedelta(days=FIRST_DAYS)
    contacts = (
        select(
            CheckIn.match_id,
            func.count(),
            func.count().filter(CheckIn.held_on <= CheckIn.due_on),
            func.sum(CheckIn.rating),
            func.count(CheckIn.rating),
        )
        .join(CheckIn.match)
        .where(recent, CheckIn.due_on < until, *was_due(on, Match.ended_on))
        .group_by(CheckIn.match_id)
    )
    meetings = (
        select(Meeting.match_id, func.count(), func.sum(Meeting.minutes))
        .join(Meeting.match)
        .where(recent, Meeting.cancelled_by.is_(None))
        .where(Meeting.held_on < until, Meeting.held_on <= on)
        .group_by(Meeting.match_id)
    )
    held = {row[0]: (row[1], int(row[2] or 0)) for row in session.execute(meetings)}
    found: dict[int, tuple[int, ...]] = {
        match_id: (due, on_time, *held.pop(match_id, (0, 0)), int(rated or 0), count)
        for match_id, due, on_time, rated, count in session.execute(contacts)
    }
    return found | {match_id: (0, 0, *rest, 0, 0) for match_id, rest in held.items()}


def was_due(on: date, ended_on: Any) -> tuple[ColumnElement[bool], ...]:
    """Contacts whose day is over or that were held: those a share of the timely is taken of.

    What was still open when the match ended, and due later, does not count.
    """
    settled = or_(CheckIn.held_on.is_not(None), CheckIn.missed_on.is_not(None))
    return (
        CheckIn.due_on <= on,
        or_(settled, CheckIn.due_on < on),
        or_(settled, ended_on.is_(None), CheckIn.due_on <= ended_on),
    )


def days_after(session: Session, column: Any, days: int) -> Any:
    """A date so many days later, in the words of this database."""
    if dialect_name(session) == "sqlite":
        return func.date(column, f"+{days} days")
    return column + days


def days_between(session: Session, first: Any, last: Any) -> Any:
    """How many days after the first date the last one is, in the words of this database."""
    if dialect_name(session) == "sqlite":
        return cast(func.julianday(last) - func.julianday(first), Integer)
    return cast(last - first, Integer)
