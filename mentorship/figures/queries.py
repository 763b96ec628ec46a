"""Reads of the summary tables; a few small statements, remembered per build in the process."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import String, cast, func, select
from sqlalchemy.orm import Session

from mentorship.figures.catalogue import LESS, STOCKS, SUMS_OF
from mentorship.figures.models import Build, DailyCount, MatchFact, MonthlyCount, StockDay
from mentorship.permissions import Scope

Numbers = dict[tuple[str, ...], int]
REMEMBERED = 2_000
DAY = timedelta(days=1)
DAYS, TEXTS = "datetime64[D]", np.str_


@dataclass(frozen=True)
class Facts:
    """Matches as columns: `region`, `ending` and the like are arrays of text ("" where none).

    Days are `datetime64[D]`; `ended_on` is NaT while a match is open.
    """

    columns: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return len(self.columns["match_id"])

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.columns[name]

    def where(self, mask: NDArray[np.bool_]) -> "Facts":
        """Only the matches of a mask."""
        return Facts({name: column[mask] for name, column in self.columns.items()})

    @cached_property
    def is_open(self) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = np.isnat(self["ended_on"])
        return found


class _Memory:
    """What was read of a build; the oldest is forgotten. A build never changes."""

    def __init__(self, most: int) -> None:
        self._most, self._kept, self._lock = most, dict[Any, Any](), Lock()

    def get(self, key: Any) -> Any:
        return self._kept.get(key)

    def put(self, key: Any, value: Any) -> None:
        with self._lock:
            while len(self._kept) >= self._most:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = value


_facts, _counts = _Memory(2), _Memory(REMEMBERED)


def newest_build(session: Session) -> Build | None:
    """When the figures were computed last, and up to which day; None: never yet."""
    return session.scalars(select(Build).order_by(Build.id.desc()).limit(1)).first()


def _mark(session: Session) -> str | None:
    return session.scalar(select(Build.mark).order_by(Build.id.desc()).limit(1))


def match_facts(session: Session, scope: Scope) -> Facts:
    """Every match of the regions in scope, as of the newest build; not to be written to."""
    mark = _mark(session)
    found: Facts | None = _facts.get(mark) if mark else None
    if found is None:
        found = _read_facts(session)
        if mark:
            _facts.put(mark, found)
    if scope.regions is None:
        return found
    return found.where(np.isin(found["region"], sorted(scope.regions)))


def _read_facts(session: Session) -> Facts:
    table = MatchFact.__table__
    rows = session.execute(select(*table.columns).order_by(table.c.match_id)).all()
    columns = list(zip(*rows, strict=True)) or [()] * len(table.columns)
    made = {
        column.name: _column(column.type.python_type, values)
        for column, values in zip(table.columns, columns, strict=True)
    }
    for values in made.values():
        values.setflags(write=False)
    return Facts(made)


def _column(kind: type[Any], values: Sequence[Any]) -> NDArray[Any]:
    if issubclass(kind, date):
        return np.array(values, DAYS)
    if issubclass(kind, str):
        return np.array(["" if value is None else str(value) for value in values], TEXTS)
    return np.array(values, kind)


def counts(
    session: Session,
    scope: Scope,
    measure: str,
    first: date,
    last: date,
    by: Sequence[str] = ("region",),
) -> Numbers:
    """Numbers of a count in a span of days by any of "region", "part", "month", "day".

    A flow adds up; a stock is that of the last day it was taken in the span, or, when `by` has
    "month" (as "2026-10"), in each month. What is nought has no entry.
    """
    if measure in LESS:
        whole, part = (counts(session, scope, each, first, last, by) for each in LESS[measure])
        return {key: number - part.get(key, 0) for key, number in whole.items()}
    if measure in SUMS_OF:
        return _added(counts(session, scope, each, first, last, by) for each in SUMS_OF[measure])
    mark = _mark(session)
    key = (mark, scope.regions, measure, first, last, tuple(by))
    found: Numbers | None = _counts.get(key)
    if found is None:
        found = _read_counts(session, scope, measure, first, last, by)
        if mark:
            _counts.put(key, found)
    return dict(found)


def _read_counts(
    session: Session, scope: Scope, measure: str, first: date, last: date, by: Sequence[str]
) -> Numbers:
    day = DailyCount.day
    if "day" in by:
        return _summed(session, scope, DailyCount, measure, by, day.between(first, last))
    if measure in STOCKS:
        days = taken_on(session, measure, first, last, monthly="month" in by)
        return _summed(session, scope, DailyCount, measure, by, day.in_(days))
    begun, over = months_within(first, last)
    if begun >= over:
        return _summed(session, scope, DailyCount, measure, by, day.between(first, last))
    months = MonthlyCount.month.between(f"{begun:%Y-%m}", f"{over - DAY:%Y-%m}")
    found = [_summed(session, scope, MonthlyCount, measure, by, months)]
    if first < begun or over <= last:
        edges = day.between(first, begun - DAY) | day.between(over, last)
        found.append(_summed(session, scope, DailyCount, measure, by, edges))
    return _added(found)


def months_within(first: date, last: date) -> tuple[date, date]:
    """The first day of the first whole month of a span, and of the month after the last one."""
    begun = first if first.day == 1 else (first.replace(day=1) + 31 * DAY).replace(day=1)
    return begun, (last + DAY).replace(day=1)


def _summed(
    session: Session, scope: Scope, table: Any, measure: str, by: Sequence[str], when: Any
) -> Numbers:
    columns = [_COLUMNS[table, name] for name in by]
    total = func.coalesce(func.sum(table.number), 0)
    query: Any = select(*columns, total).where(table.measure == measure, when)
    if columns:
        query = query.group_by(*columns)
    rows = session.execute(scope.limit(query, table.region)).all()
    if not rows:
        return {}
    *keys, numbers = zip(*rows, strict=True)
    found = zip(zip(*keys, strict=True) if keys else [()], map(int, numbers), strict=True)
    return {key: number for key, number in found if number}


_COLUMNS: dict[tuple[Any, str], Any] = {
    (DailyCount, "region"): DailyCount.region,
    (DailyCount, "part"): DailyCount.part,
    (MonthlyCount, "region"): MonthlyCount.region,
    (MonthlyCount, "part"): MonthlyCount.part,
    (MonthlyCount, "month"): MonthlyCount.month,
    (DailyCount, "month"): func.substr(cast(DailyCount.day, String), 1, 7),
    (DailyCount, "day"): cast(DailyCount.day, String),
}


def taken_on(
    session: Session, measure: str, first: date, last: date, *, monthly: bool = False
) -> list[date]:
    """The last day of a span on which a stock was taken, or the last of each of its months."""
    query = select(StockDay.day).where(StockDay.measure == measure)
    days = session.scalars(query.where(StockDay.day.between(first, last)).order_by(StockDay.day))
    newest = {(day.year, day.month) if monthly else None: day for day in days}
    return list(newest.values())


def _added(found: Iterable[Numbers]) -> Numbers:
    total: Numbers = {}
    for numbers in found:
        for key, number in numbers.items():
            total[key] = total.get(key, 0) + number
    return total
