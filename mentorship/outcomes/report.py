"""What comes of matches, for people who may see figures: rows in, figures that may be shown out.

No database. Every count has passed through `suppression` over the whole table of regions, so
that no choice of a region gives a small count away; a mean is shown only where its count is, and
only of LEAST or more.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from mentorship.outcomes.facts import Weighed, average_of_goals, mean_and_half_width
from mentorship.outcomes.queries import GoalRow
from mentorship.outcomes.vocabulary import SurveySide
from mentorship.web.suppression import LEAST, Count, protect

Column = TypeVar("Column")
AGES = ((10, 11), (12, 13), (14, 15), (16, 17), (18, 99))
MOVES = ("better", "rest")  # three columns would leave hardly a number that may be shown


@dataclass(frozen=True)
class Figure:
    """How many, their mean and half its 95 % interval, as far as they may be shown."""

    count: Count
    mean: float | None
    half: float | None

    @property
    def low(self) -> float:
        return (self.mean or 0) - (self.half or 0)

    @property
    def high(self) -> float:
        return (self.mean or 0) + (self.half or 0)


class Table(Generic[Column]):
    """Values by region and column, with totals, small counts protected over the whole of it."""

    def __init__(
        self,
        rows: Iterable[tuple[str, Column, float]],
        regions: Sequence[str],
        columns: Sequence[Column],
    ) -> None:
        self.regions, self.columns = list(regions), list(columns)
        self.cells: list[list[list[float]]] = [[[] for _ in columns] for _ in regions]
        for region, column, value in rows:
            self.cells[self.regions.index(region)][self.columns.index(column)].append(value)
        self.counts = protect([[len(cell) for cell in row] for row in self.cells])

    def at(self, region: str | None, column: Column | None = None) -> Figure:
        """The figure of a region and a column; of all regions or all columns without them."""
        i = len(self.regions) if region is None else self.regions.index(region)
        j = len(self.columns) if column is None else self.columns.index(column)
        lines = self.cells if region is None else [self.cells[i]]
        found = [cell for line in lines for cell in (line if column is None else [line[j]])]
        count = self.counts[i][j] if self.regions else self.counts[0][0]
        return _figure(count, [value for cell in found for value in cell])


def _figure(count: Count, values: list[float]) -> Figure:
    if count.value is None or count.value < LEAST:
        return Figure(count, None, None)
    mean, half = mean_and_half_width(values) or (None, None)
    return Figure(count, mean, half)


@dataclass(frozen=True)
class RegionLine:
    """A region (None: all): matches with goals and their average, goals by how they moved."""

    region: str | None
    average: Figure
    moves: list[Count]


@dataclass(frozen=True)
class Report:
    """What the page shows for all regions or one."""

    by_region: list[RegionLine]
    waves: list[tuple[int, dict[SurveySide, Figure]]]
    ages: list[tuple[tuple[int, int], Figure]]


def outcomes_report(
    goals: Sequence[GoalRow],
    scores: Sequence[tuple[str, SurveySide, int, float]],
    steps: Sequence[tuple[str, date, int]],
    *,
    regions: Sequence[str],
    chosen: str | None,
    on: date,
) -> Report:
    """Goals of every region; surveys by wave and steps by age of the chosen one or of all."""
    return Report(
        by_region=_by_region(goals, regions),
        waves=_by_wave(scores, regions, chosen),
        ages=_by_age(steps, regions, chosen, on),
    )


def _by_region(goals: Sequence[GoalRow], regions: Sequence[str]) -> list[RegionLine]:
    averages = Table(_averages(goals), regions, ["all"])
    moved = [(goal.region, _move(goal), 1.0) for goal in goals if goal.ratings > 1]
    moves = Table(moved, regions, MOVES)
    return [
        RegionLine(
            region, averages.at(region), [moves.at(region, column).count for column in MOVES]
        )
        for region in [*regions, None]
    ]


def _averages(goals: Sequence[GoalRow]) -> list[tuple[str, str, float]]:
    """The average of goals of each match."""
    of_match: dict[tuple[str, int], list[Weighed]] = {}
    for goal in goals:
        key = (goal.region, goal.match_id)
        of_match.setdefault(key, []).append(Weighed(goal.last, goal.importance))
    found = ((region, average_of_goals(known)) for (region, _), known in of_match.items())
    return [(region, "all", score) for region, score in found if score is not None]


def _move(goal: GoalRow) -> str:
    return "better" if goal.last > goal.first else "rest"


def _by_wave(
    scores: Sequence[tuple[str, SurveySide, int, float]],
    regions: Sequence[str],
    chosen: str | None,
) -> list[tuple[int, dict[SurveySide, Figure]]]:
    waves = sorted({wave for _, _, wave, _ in scores})
    tables = {
        side: Table(
            [(region, wave, score) for region, of, wave, score in scores if of == side],
            regions,
            waves,
        )
        for side in SurveySide
    }
    return [
        (wave, {side: table.at(chosen, wave) for side, table in tables.items()}) for wave in waves
    ]


def _by_age(
    steps: Sequence[tuple[str, date, int]], regions: Sequence[str], chosen: str | None, on: date
) -> list[tuple[tuple[int, int], Figure]]:
    rows = [(region, _band(born, on), float(done)) for region, born, done in steps]
    table = Table(rows, regions, AGES)
    return [(band, table.at(chosen, band)) for band in AGES]


def _band(born: date, on: date) -> tuple[int, int]:
    age = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    return next((band for band in AGES if age <= band[1]), AGES[-1])
