"""Spells of the whole country by region and one further dimension, as a reader may see them.

What may be shown is decided for the country at once and then cut to the reader's regions, so
that no two choices, and no two readers, can be taken from each other. Counts at the start are
exact where they are shown; counts of later months are rounded to fives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorship.retention.spells import Spells
from mentorship.retention.survival import HORIZONS, Bools, Curve, Estimate, kaplan_meier
from mentorship.retention.withheld import Numbers, alone, covered, lines_of
from mentorship.web.suppression import LEAST, Count, Mark, for_rows, protect_linked

YEAR = 12
MOST_IMPORTANT = (12, 24, 6, 3, 18)
NOTHING = Count(Mark.SHOWN, 0)
Table = list[list[Count]]


@dataclass(frozen=True)
class Point:
    """A point of a drawn curve."""

    months: float
    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Group:
    """Some spells: how many began, and what may be said of how long they last."""

    count: Count
    curve: Curve | None = None
    shown: Mapping[int, bool] = field(default_factory=dict)

    @property
    def known_until(self) -> float:
        """The last month with enough under observation for a figure."""
        return self.curve.known_until(LEAST) if self.curve else 0.0

    def is_withheld(self, months: int) -> bool:
        """Whether there is a figure at a month that is not shown."""
        if self.curve is None:
            return not self.count.is_shown
        return months <= self.known_until and not self.shown[months]

    def at(self, months: int) -> Estimate | None:
        """The share still there, where enough were under observation and it may be shown."""
        if self.curve is None or months > self.known_until or not self.shown[months]:
            return None
        return self.curve.at(months)

    def at_risk(self, months: int) -> Count:
        """How many were under observation at a month, rounded to fives."""
        if self.curve is None:
            return self.count
        return rounded(self.curve.at_risk(months))

    @property
    def year(self) -> Estimate | None:
        return self.at(YEAR)

    @property
    def median(self) -> float | None:
        """The first month at which at most half are left, where five or more had ended."""
        found = self.curve.median if self.curve else None
        if self.curve is None or found is None or found > self.known_until:
            return None
        return found if self.curve.events(found) >= LEAST else None

    @cached_property
    def points(self) -> list[Point]:
        """A curve of which no piece stands for 1 to 4 endings; straight between its points."""
        if self.curve is None:
            return []
        reached = [month for month in sorted(self.shown) if month <= self.known_until]
        months: list[int] = [0]
        stops = [0, *(month for month in reached if self.shown[month])]
        for start, end in pairwise(stops):
            if not any(start < month < end for month in reached):
                months += self._between(months[-1], end)
            months.append(end)
        if stops[-1] == ([0, *reached])[-1]:
            months += self._between(stops[-1], None)
        points = [(month, self.curve.at(month)) for month in months[1:]]
        return [
            Point(0, 1.0, 1.0, 1.0),  # before the first ending, also one on the first day
            *(Point(month, at.share, at.low, at.high) for month, at in points if at),
        ]

    def _between(self, start: int, end: int | None) -> list[int]:
        """Months between two points, or up to the end, with 0 or at least 5 endings a step."""
        curve = self.curve
        if curve is None:
            return []
        last = min(int(self.known_until), max(self.shown, default=0)) if end is None else end - 1
        found: list[int] = []
        ended = curve.events(start) if start else 0
        for month in range(start + 1, last + 1):
            steps = [curve.events(month) - (curve.events(found[-1]) if found else ended)]
            steps += [curve.events(end) - curve.events(month)] if end is not None else []
            if not any(0 < step < LEAST for step in steps):
                found.append(month)
        return found


def rounded(number: int) -> Count:
    """A number as the nearest five; 1 to 4 are few."""
    if 0 < number < LEAST:
        return Count(Mark.FEW)
    return Count(Mark.SHOWN, LEAST * round(number / LEAST))


class Study:
    """Spells of the country, `regions` as rows and each dimension's codes as columns."""

    def __init__(
        self,
        spells: Spells,
        regions: Sequence[str],
        dimensions: Mapping[str, Sequence[str]],
        horizons: Sequence[int] = HORIZONS,
    ) -> None:
        self.spells, self.regions, self.horizons = spells, list(regions), tuple(horizons)
        self.codes = {name: list(codes) for name, codes in dimensions.items()}
        self.rows = _places(spells.region, self.regions)
        self._column = {name: _places(spells.groups[name], self.codes[name]) for name in self.codes}
        self._first = [self.horizons.index(m) for m in MOST_IMPORTANT if m in self.horizons]

    @cached_property
    def counts(self) -> dict[str, Table]:
        """How many began, by dimension: a table of regions by its codes, with totals."""
        tables = {name: self.begun(name).tolist() for name in self.codes}
        first = next(iter(tables))  # marked as figures mark their years; the others below it
        found = protect_linked({first: tables.pop(first)})
        totals = [[row[-1] for row in found[first]]]
        return found | (protect_linked(tables, totals=totals) if tables else {})

    def begun(self, name: str) -> Numbers:
        """How many began, by region and code, without totals."""
        columns = len(self.codes[name])
        found = np.bincount(
            self.rows * columns + self._column[name], minlength=len(self.regions) * columns
        )
        return found.reshape(len(self.regions), columns)

    def group(
        self, regions: Sequence[str], dimension: str | None = None, code: str | None = None
    ) -> Group:
        """Those of a region or several, and of one code of a dimension or all."""
        name = dimension or next(iter(self.codes))
        column = len(self.codes[name]) if code is None else self.codes[name].index(code)
        rows = [self.regions.index(region) for region in regions]
        if not rows or not self.regions:
            return Group(NOTHING)
        count = for_rows(self.counts[name], rows)[-1][column]
        if count.value is None or count.value < LEAST:
            return Group(count)
        mask = np.isin(self.rows, rows)
        if code is not None:
            mask &= self._column[name] == column
        curve = kaplan_meier(self.spells.months[mask], self.spells.ended[mask])
        hidden = self._hidden(rows, dimension if code is not None else None, column)
        shown = {month: not hidden[place] for place, month in enumerate(self.horizons)}
        return Group(count, curve, shown)

    def mask(self, regions: Sequence[str]) -> Bools:
        """The spells of some regions."""
        found: Bools = np.isin(self.rows, [self.regions.index(region) for region in regions])
        return found

    def places(self, dimension: str) -> NDArray[np.int64]:
        """Which code of a dimension each spell has, by place."""
        return self._column[dimension]

    def _hidden(self, rows: Sequence[int], dimension: str | None, column: int) -> Bools:
        """By month: withheld for these rows together. A part of the country shows no more than
        its regions do."""
        table = self.withheld_of_regions if dimension is None else self._withheld(dimension)
        line = table[:, column] if dimension is not None else table
        if len(rows) == len(self.regions):
            return np.asarray(line[-1])
        return np.asarray(line[list(rows)].any(axis=0))

    @cached_property
    def withheld_of_regions(self) -> Bools:
        """Regions and, last, the country, by month."""
        name = next(iter(self.codes))
        begun, ended = (summed(each)[:, -1] for each in (self.begun(name), self._ended(name)))
        not_counted = [not row[-1].is_shown for row in self.counts[name]]
        found = alone(begun, ended, self._first) | np.array(not_counted)[:, None]
        line = [np.arange(len(begun))]
        months = [covered(found[:, m], begun, line) for m in range(len(self.horizons))]
        return np.stack(months, axis=-1)

    def _withheld(self, name: str) -> Bools:
        """Regions by codes with totals, by month; the totals of regions as everywhere else."""
        if name not in self._known:
            self._known[name] = self._judge(name)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, Bools]:
        return {}

    def _judge(self, name: str) -> Bools:
        begun, ended = summed(self.begun(name)), summed(self._ended(name))
        found = alone(begun, ended, self._first)
        found |= np.array([[not c.is_shown for c in row] for row in self.counts[name]])[..., None]
        found[:, -1] = self.withheld_of_regions
        fixed = np.zeros(begun.shape, dtype=bool)
        fixed[:, -1] = True
        rows, columns = begun.shape
        for month in range(len(self.horizons)):
            flat = covered(
                found[..., month].ravel(), begun.ravel(), lines_of(rows, columns), fixed.ravel()
            )
            found[..., month] = flat.reshape(rows, columns)
        return found

    def _ended(self, name: str) -> Numbers:
        """How many had ended by each month, by region and code."""
        rows, columns, months = len(self.regions), len(self.codes[name]), len(self.horizons)
        ended = self.spells.ended
        by = np.searchsorted(self.horizons, self.spells.months[ended], side="left")
        cell = (self.rows[ended] * columns + self._column[name][ended]) * (months + 1) + by
        found = np.bincount(cell, minlength=rows * columns * (months + 1))
        return found.reshape(rows, columns, months + 1).cumsum(axis=-1)[..., :-1]


def summed(table: Numbers) -> Numbers:
    """The table with totals at the ends of its first two axes."""
    wide = np.concatenate([table, table.sum(axis=1, keepdims=True)], axis=1)
    return np.concatenate([wide, wide.sum(axis=0, keepdims=True)], axis=0)


def _places(values: NDArray[Any], codes: Sequence[str]) -> NDArray[np.int64]:
    """The place of each value among the codes; every value has one."""
    order = np.argsort(np.array(codes, np.str_), kind="stable")
    if not len(values):
        return np.zeros(0, np.int64)
    found = np.searchsorted(np.array(codes, np.str_), values, sorter=order)
    return np.asarray(order[found], np.int64)
