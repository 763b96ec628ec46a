"""Figures about candidates: ways in, counts and medians that may be shown out. No database."""

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from mentorship.candidates.facts import Way
from mentorship.candidates.vocabulary import Step
from mentorship.web.suppression import LEAST, Count, protect


@dataclass(frozen=True)
class Cell:
    """Finished steps of one kind: how many, and their median length in days where it is shown."""

    finished: Count
    days: float | None


@dataclass(frozen=True)
class Figures:
    """Of each step, by region and, last, together: what was finished, who is in it now."""

    since: date
    until: date
    regions: list[str]
    cells: list[list[Cell]]
    now: list[list[Count]]

    @property
    def total(self) -> list[Cell]:
        """All regions together, by step."""
        return self.cells[-1][:-1]

    @property
    def total_now(self) -> list[Count]:
        return self.now[-1]


def a_year_before(day: date) -> date:
    """The first of the twelve months that end on a day."""
    last = calendar.monthrange(day.year - 1, day.month)[1]
    return date(day.year - 1, day.month, min(day.day, last)) + timedelta(days=1)


def figures(ways: Iterable[tuple[str, Way]], regions: Sequence[str], on: date) -> Figures:
    """Days of the steps that were finished in the twelve months up to a day, and who waits now.

    Every count has passed through `suppression`; a median rests on a count that is shown.
    """
    since, steps = a_year_before(on), list(Step)
    lengths: list[list[list[int]]] = [[[] for _ in steps] for _ in regions]
    now = [[0 for _ in steps] for _ in regions]
    for region, way in ways:
        i = list(regions).index(region)
        for j, state in enumerate(way.steps):
            if state.days is not None and state.done_on and since <= state.done_on <= on:
                lengths[i][j].append(state.days)
        if way.now is not None:
            now[i][steps.index(way.now.step)] += 1
    counts = _protected([[len(cell) for cell in row] for row in lengths])
    together = [[n for row in lengths for n in row[j]] for j in range(len(steps))]
    cells = [
        [_cell(count, found) for count, found in zip(line, [*row, []], strict=True)]
        for line, row in zip(counts, [*lengths, together], strict=True)
    ]
    return Figures(since, on, list(regions), cells, _protected(now))


def _protected(table: list[list[int]]) -> list[list[Count]]:
    """The table as it may be seen; of a reader without regions the line of nobody alone."""
    return protect(table or [[0 for _ in Step]])[-1 - len(table) :]


def _cell(count: Count, days: list[int]) -> Cell:
    enough = count.value is not None and count.value >= LEAST and bool(days)
    return Cell(count, float(median(days)) if enough else None)
