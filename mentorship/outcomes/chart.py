"""Where the lines of a small trend lie, in the units of its SVG. Numbers become words above.

The y axis always shows the whole scale: a chart of only the part in use would make a small step
look great. Charts here are decoration of a table that stands beside them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 360, 150
LEFT, RIGHT, TOP, BOTTOM = 30, 350, 10, 120

Point = tuple[date, float]


@dataclass(frozen=True)
class Line:
    """One line: its path, and the place, day and value of each dot."""

    path: str
    dots: tuple[tuple[str, str, date, float], ...]


@dataclass(frozen=True)
class Drawing:
    """The lines, the y places of the scale's steps, and the first and the last day."""

    lines: tuple[Line, ...]
    ticks: tuple[tuple[str, int], ...]
    first: date
    last: date


def draw(series: Sequence[Sequence[Point]], low: int, high: int) -> Drawing | None:
    """Trends over one time axis on a scale from `low` to `high`; None with nothing to draw."""
    days = [day for points in series for day, _ in points]
    if not days:
        return None
    first, last = min(days), max(days)
    lines = tuple(_line(points, first, last, low, high) for points in series)
    ticks = tuple((_number(_y(step, low, high)), step) for step in range(low, high + 1))
    return Drawing(lines, ticks, first, last)


def _line(points: Sequence[Point], first: date, last: date, low: int, high: int) -> Line:
    dots = tuple(
        (_number(_x(day, first, last)), _number(_y(value, low, high)), day, value)
        for day, value in sorted(points)
    )
    path = "M" + "L".join(f"{x} {y}" for x, y, _, _ in dots) if len(dots) > 1 else ""
    return Line(path, dots)


def _x(day: date, first: date, last: date) -> float:
    span = (last - first).days
    return LEFT + (RIGHT - LEFT) * ((day - first).days / span if span else 0.5)


def _y(value: float, low: int, high: int) -> float:
    return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)


def _number(value: float) -> str:
    """SVG's own notation, whatever the language of the page: 12.5, never 12,5."""
    return f"{value:.1f}".removesuffix(".0")
