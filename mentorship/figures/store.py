"""The summary tables are made anew, whole or from a day on, in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from time import perf_counter
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn
from mentorship.database import dialect_name
from mentorship.figures.catalogue import STOCKS, TOLD_LATER
from mentorship.figures.flows import keep, refresh_flows
from mentorship.figures.matched import refresh_facts
from mentorship.figures.models import Build, DailyCount, StockDay
from mentorship.figures.offices import Taken
from mentorship.figures.past import tell
from mentorship.figures.stocks import take
from mentorship.meetings.models import Meeting

YEARS_TOLD = 10
NIGHTS_KEPT = timedelta(days=100)
"""Stocks of every night are kept so long; then only those of the last days of months."""
BUILDS_KEPT = 1_000
LATE = timedelta(days=3)
"""Entries are looked for that were written so long before the last build: none slips between."""


def rebuild(session: Session, on: date, at: datetime, since: date | None = None) -> Build:
    """Make the figures up to a day; with `since`, counts of earlier days stay as they are.

    Days since the last build, and earlier ones about which rows were written since, are made anew
    too, whatever `since` says.
    Readers see the old figures until the transaction ends.
    """
    began = perf_counter()
    _one_at_a_time(session)
    last = session.scalars(select(Build).order_by(Build.id.desc()).limit(1)).first()
    if last is None or last.until > on:
        since = None
    since = _refresh_facts(session, on, since, last)
    refresh_flows(session, on, since)
    _note_stocks(session, on)
    if since is None:
        _tell_past(session, on)
    _thin_out(session, on)
    build = Build(
        built_at=at,
        until=on,
        whole=since is None,
        seconds=perf_counter() - began,
        mark=uuid4().hex,
    )
    session.add(build)
    session.flush()
    session.execute(delete(Build).where(Build.id <= build.id - BUILDS_KEPT))
    return build


def _refresh_facts(
    session: Session, on: date, since: date | None, last: Build | None
) -> date | None:
    """Renew the facts; the day from which everything is to be counted anew."""
    if since is None or last is None:
        refresh_facts(session, on, None)
        return None
    late = _written_late(session, last.built_at - LATE)
    since = min(since, last.until, late or since)
    moved = refresh_facts(session, on, since)
    if moved is not None and moved < since:
        since = moved
        refresh_facts(session, on, since)
    return since


def _one_at_a_time(session: Session) -> None:
    """A second build waits for the first; who reads the figures does not."""
    if dialect_name(session) == "postgresql":
        session.execute(text("lock table figure_build in share row exclusive mode"))


def _written_late(session: Session, after: datetime) -> date | None:
    """The earliest day that somebody wrote about since an instant."""
    days = (
        session.scalar(select(func.min(Meeting.held_on)).where(Meeting.logged_at >= after)),
        session.scalar(select(func.min(CheckIn.due_on)).where(CheckIn.recorded_at >= after)),
        session.scalar(select(func.min(CheckIn.due_on)).where(CheckIn.missed_on >= after.date())),
    )
    return min(filter(None, days), default=None)


def _note_stocks(session: Session, on: date) -> None:
    """Take every stock of a day; days after it, of a clock that was set back, are forgotten."""
    for table in (DailyCount, StockDay):
        stale = delete(table).where(table.measure.in_(STOCKS), table.day >= on)
        session.execute(stale, execution_options={"synchronize_session": False})
    _keep(session, STOCKS, [on], take(session, on), noted=True)


def _tell_past(session: Session, on: date) -> None:
    """The last days of past months, where nobody took the stock on the day itself."""
    told = StockDay.measure.in_(TOLD_LATER) & StockDay.noted.is_(False)
    stale = select(StockDay.day).where(told).distinct()
    old = list(session.scalars(stale))
    for table in (DailyCount, StockDay):
        gone = delete(table).where(table.measure.in_(TOLD_LATER), table.day.in_(old))
        session.execute(gone, execution_options={"synchronize_session": False})
    noted = set(session.scalars(select(StockDay.day).where(StockDay.measure == TOLD_LATER[0])))
    days = [day for day in month_ends(on) if day not in noted]
    _keep(session, TOLD_LATER, days, tell(session, days), noted=False)


def _keep(
    session: Session, measures: Iterable[str], days: Sequence[date], found: Taken, *, noted: bool
) -> None:
    keep(session, ((key, number) for key, number in found.items() if number))
    rows = [
        {"measure": measure, "day": day, "noted": noted} for measure in measures for day in days
    ]
    table: Any = StockDay.__table__
    if rows:
        session.execute(insert(table), rows)


def month_ends(on: date) -> list[date]:
    """The last day of each month of the last ten years that is over, the oldest first."""
    first, found = date(on.year - YEARS_TOLD, on.month, 1), []
    while first <= on:
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        found.append(following - timedelta(days=1))
        first = following
    return [day for day in found if day < on]


def _thin_out(session: Session, on: date) -> None:
    """Of nights long ago only the last one of each month is kept."""
    old = select(StockDay.day).where(StockDay.day < on - NIGHTS_KEPT).distinct()
    days = [day for day in session.scalars(old) if (day + timedelta(days=1)).day != 1]
    if not days:
        return
    for table in (DailyCount, StockDay):
        gone = delete(table).where(table.measure.in_(STOCKS), table.day.in_(days))
        session.execute(gone, execution_options={"synchronize_session": False})
