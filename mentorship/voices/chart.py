"""Where the points of a voice's small chart lie, in the units of its SVG.

The upright axis always runs from 1 to 5 and every voice has the same days, so that three charts
beside each other can be compared by eye.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 300, 112
LEFT, RIGHT, TOP, BOTTOM = 18, 290, 10, 86
STEPS = (1, 2, 3, 4, 5)


@dataclass(frozen=True)
class Drawing:
    """Path data of the line, the points with their steps, the grid, and the days of both ends."""

    line: str
    points: tuple[tuple[str, str, int], ...]
    grid: tuple[tuple[int, str], ...]
    first: date
    last: date


def draw(ratings: Sequence[tuple[date, int]], first: date, last: date) -> Drawing:
    """The ratings from a day to another, in order; what lies before is left out."""
    days = max(1, (last - first).days)
    placed = tuple(
        (_number(LEFT + (RIGHT - LEFT) * (day - first).days / days), _number(_y(step)), step)
        for day, step in ratings
        if first <= day <= last
    )
    line = "M" + "L".join(f"{x} {y}" for x, y, _ in placed) if len(placed) > 1 else ""
    return Drawing(line, placed, tuple((step, _number(_y(step))) for step in STEPS), first, last)


def _y(step: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * (step - 1) / (STEPS[-1] - 1)


def _number(value: float) -> str:
    """SVG's own notation, whatever the language of the page: 12.5, never 12,5."""
    return f"{value:.1f}".removesuffix(".0")
