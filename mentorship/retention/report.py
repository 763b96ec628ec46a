"""The retention report: rows of matches in, figures that may be shown out. No database.

Every count here has passed through `suppression`, over the whole table of regions by start
years: what one filter hides cannot be had by taking other filters from each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.retention.queries import MatchRow
from mentorship.retention.survival import (
    HORIZONS,
    Curve,
    Estimate,
    kaplan_meier,
    months_between,
)
from mentorship.web.suppression import LEAST, Count, protect

YEAR = 12


@dataclass(frozen=True)
class Length:
    """How long one match was watched, and whether the watching ended in an early ending."""

    months: float
    ended_early: bool


def length_of(
    started_on: date, ended_on: date | None, ended_as_planned: bool | None, on: date
) -> Length | None:
    """A match as the report date `on` sees it; None when it had not begun by then."""
    if started_on > on:
        return None
    over = ended_on is not None and ended_on <= on
    days = [np.array([day], dtype="M8[D]") for day in (started_on, ended_on if over else on)]
    return Length(float(months_between(*days)[0]), over and not ended_as_planned)


def _curve(lengths: Iterable[Length]) -> Curve:
    rows = list(lengths)
    months = np.array([row.months for row in rows])
    return kaplan_meier(months, np.array([row.ended_early for row in rows], dtype=bool))


@dataclass(frozen=True)
class Horizon:
    """One month of the report: matches under observation then, and the share still together."""

    months: int
    at_risk: Count
    estimate: Estimate | None


@dataclass(frozen=True)
class Group:
    """Matches of one region, one start year, both or all; no figure where the count is hidden."""

    region: str | None
    start_year: str | None
    matches: Count
    curve: Curve | None

    @property
    def known_until(self) -> float:
        """The last month with enough matches under observation for a figure."""
        return self.curve.known_until(LEAST) if self.curve else 0.0

    def at(self, months: float) -> Estimate | None:
        """The share still together, where enough matches were under observation."""
        if self.curve is None or months > self.known_until:
            return None
        return self.curve.at(months)

    @property
    def year(self) -> Estimate | None:
        return self.at(YEAR)

    @property
    def median(self) -> float | None:
        reached = self.curve.median if self.curve else None
        return reached if reached is not None and reached <= self.known_until else None


@dataclass(frozen=True)
class Report:
    """What the page shows for one choice of region and start year."""

    chosen: Group
    horizons: list[Horizon]
    by_region: list[Group]
    by_year: list[Group]
    closures: "Closures"


@dataclass(frozen=True)
class Closures:
    """Ended matches by reason and by who ended them; the last of each row is its total."""

    rows: list[tuple[ClosureReason, list[Count]]]
    total: list[Count]


class Cohorts:
    """The matches of a report date as a table of regions by start years."""

    def __init__(self, rows: Iterable[MatchRow], regions: Sequence[str], on: date) -> None:
        self.regions = list(regions)
        seen = [
            (row.region, str(row.started_on.year), length)
            for row in rows
            if (length := length_of(row.started_on, row.ended_on, row.ended_as_planned, on))
        ]
        self.years = sorted({year for _, year, _ in seen})
        self.cells: list[list[list[Length]]] = [[[] for _ in self.years] for _ in self.regions]
        for region, year, length in seen:
            self.cells[self.regions.index(region)][self.years.index(year)].append(length)
        self.counts = self._counts(0)

    def group(self, region: str | None = None, year: str | None = None) -> Group:
        """The matches of a region and a start year; of all regions or all years without them."""
        i, j = self._place(region, year)
        count = self.counts[i][j]
        lengths = [length for row in self._part(region) for cell in row for length in cell]
        if year is not None:
            lengths = [length for row in self._part(region) for length in row[j]]
        enough = count.value is not None and count.value >= LEAST
        return Group(region, year, count, _curve(lengths) if enough else None)

    def horizons(self, region: str | None, year: str | None, group: Group) -> list[Horizon]:
        """The report's months, for a group that `group` has made."""
        i, j = self._place(region, year)
        found = []
        for months in (0, *HORIZONS):
            at_risk = self._counts(months)[i][j] if months else group.matches
            found.append(Horizon(months, at_risk, group.at(months)))
        return found

    def _part(self, region: str | None) -> list[list[list[Length]]]:
        return self.cells if region is None else [self.cells[self.regions.index(region)]]

    def _place(self, region: str | None, year: str | None) -> tuple[int, int]:
        i = len(self.regions) if region is None else self.regions.index(region)
        return i, len(self.years) if year is None else self.years.index(year)

    def _counts(self, months: int) -> list[list[Count]]:
        return protect(self._reached(months), self._reached(0) if months else None)

    def _reached(self, months: int) -> list[list[int]]:
        return [
            [sum(length.months >= months for length in cell) for cell in row] for row in self.cells
        ]


def retention_report(
    cohorts: Cohorts, rows: Iterable[MatchRow], on: date, region: str | None, year: str | None
) -> Report:
    """Everything the page shows; the comparisons are of the other filter's choice."""
    chosen = cohorts.group(region, year)
    return Report(
        chosen=chosen,
        horizons=cohorts.horizons(region, year, chosen),
        by_region=[cohorts.group(code, year) for code in cohorts.regions],
        by_year=[cohorts.group(region, each) for each in cohorts.years],
        closures=_closures(rows, on),
    )


def _closures(rows: Iterable[MatchRow], on: date) -> Closures:
    """Always of every region and year in scope: parts of it would give small counts away."""
    reasons, sides = list(ClosureReason), list(EndedBy)
    counts = [[0] * len(sides) for _ in reasons]
    for row in rows:
        if row.reason and row.ended_by and row.ended_on and row.ended_on <= on:
            counts[reasons.index(row.reason)][sides.index(row.ended_by)] += 1
    *body, total = protect(counts)
    kept = [(r, line) for r, line in zip(reasons, body, strict=True) if line[-1].value != 0]
    return Closures(kept, total)
