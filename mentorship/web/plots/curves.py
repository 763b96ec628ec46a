"""Where the lines and areas of a chart over time lie. Both axes always begin at nought.

An axis that begins elsewhere would make a small change look great.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from mentorship.web.plots.paper import (
    EDGE,
    FONT,
    LINE,
    WIDTH,
    Label,
    Point,
    Tick,
    across,
    number,
    path,
    width_of,
)

TOP, PLOT = 10, 190  # where the plot begins, and how high it is
MARKS = 7  # more of them only make a line thick


@dataclass(frozen=True)
class Line:
    """A line: its points from left to right; `low` and `high` are y values beside them.

    `step` keeps the value until the next point, as a survival curve does.
    """

    label: str
    points: Sequence[Point]
    low: Sequence[float] | None = None
    high: Sequence[float] | None = None
    step: bool = False


@dataclass(frozen=True)
class Stack:
    """An area that lies on those before it: its own height at each x, never their sum."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class Axes:
    """The frame of a chart: grid lines, words beside and under it, and how high it all is."""

    left: str
    right: str
    bottom: str
    height: int
    grid: tuple[str, ...]
    ticks: tuple[str, ...]
    labels: tuple[Label, ...]
    width: int = WIDTH


@dataclass(frozen=True)
class DrawnLine:
    """`look` is a number from 1: colour, dashes and mark of a series."""

    label: str
    look: int
    line: str
    band: str
    marks: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LineChart:
    axes: Axes
    rows: tuple[DrawnLine, ...]
    target: str | None


@dataclass(frozen=True)
class DrawnArea:
    label: str
    look: int
    area: str
    edge: str


@dataclass(frozen=True)
class StackChart:
    axes: Axes
    rows: tuple[DrawnArea, ...]

    @property
    def key(self) -> str:
        """Tells the patterns of this chart from those of another on the same page."""
        return f"{crc32(''.join(row.area + row.label for row in self.rows).encode()):08x}"


class _Plane:
    """Numbers to places: x from 0 to `x_max`, y from 0 to `y_max`."""

    def __init__(self, x_max: float, y_max: float, y_ticks: Sequence[Tick]) -> None:
        words = max((width_of(text) for _, text in y_ticks), default=0)
        self.left, self.right = words + 2 * EDGE, float(WIDTH - 2 * EDGE)
        self.bottom = TOP + PLOT
        self.x_max, self.y_max = x_max or 1, y_max or 1

    def x(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.x_max

    def y(self, value: float) -> float:
        return self.bottom - PLOT * min(max(value / self.y_max, 0.0), 1.0)

    def all(self, points: Sequence[Point]) -> list[Point]:
        return [(self.x(x), self.y(y)) for x, y in points]

    def axes(self, x_ticks: Sequence[Tick], y_ticks: Sequence[Tick]) -> Axes:
        places = [(self.x(value), text) for value, text in x_ticks]
        beside = tuple(
            Label(number(self.left - 6), number(self.y(value) + FONT * 0.35), text, "end")
            for value, text in y_ticks
        )
        return Axes(
            left=number(self.left),
            right=number(self.right),
            bottom=number(self.bottom),
            height=self.bottom + LINE + 2 * EDGE,
            grid=tuple(number(self.y(value)) for value, _ in y_ticks),
            ticks=tuple(number(x) for x, _ in places),
            labels=beside + across(places, self.bottom + LINE + 2, self.right),
        )


def lines(
    rows: Sequence[Line],
    *,
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    x_max: float,
    y_max: float,
    target: float | None = None,
) -> LineChart:
    """Lines over one pair of axes; the words of the ticks come with them."""
    plane = _Plane(x_max, y_max, y_ticks)
    return LineChart(
        axes=plane.axes(x_ticks, y_ticks),
        rows=tuple(_line(row, look, len(rows), plane) for look, row in enumerate(rows, 1)),
        target=None if target is None else number(plane.y(target)),
    )


def _line(row: Line, look: int, of: int, plane: _Plane) -> DrawnLine:
    drawn = plane.all(_corners(row.points) if row.step else row.points)
    band = ""
    if row.low is not None and row.high is not None:
        over = _edge(row, row.high)
        band = path(plane.all([*over, *reversed(_edge(row, row.low))]), closed=True)
    marks = tuple((number(x), number(y)) for x, y in plane.all(_marked(row.points, look, of)))
    return DrawnLine(row.label, look, path(drawn), band, marks)


def _edge(row: Line, values: Sequence[float]) -> list[Point]:
    points = [(x, y) for (x, _), y in zip(row.points, values, strict=True)]
    return _corners(points) if row.step else points


def _corners(points: Sequence[Point]) -> list[Point]:
    """A step function: level until the next point, then straight up or down."""
    corners = list(points[:1])
    for (_, before), (x, after) in pairwise(points):
        corners.append((x, before))
        if after != before:
            corners.append((x, after))
    return corners


def _marked(points: Sequence[Point], look: int, of: int) -> Sequence[Point]:
    """The points that carry a mark: every one of a few; of many, other ones on each line."""
    if len(points) <= 2 * MARKS:
        return points
    apart = len(points) / MARKS
    first = apart * (look - 0.5) / max(of, 1)
    return [points[min(int(first + apart * place), len(points) - 1)] for place in range(MARKS)]


def stacked(
    rows: Sequence[Stack],
    *,
    x_ticks: Sequence[Tick],
    y_ticks: Sequence[Tick],
    x_max: float,
    step: bool = True,
) -> StackChart:
    """Areas one on the other, the first lowest: `step` as cumulative incidence, else straight."""
    plane = _Plane(x_max, max((value for value, _ in y_ticks), default=1), y_ticks)
    xs = sorted({x for row in rows for x, _ in row.points})
    under = [0.0 for _ in xs]
    drawn = []
    for look, row in enumerate(rows, 1):
        over = [low + _height(row.points, x, step) for x, low in zip(xs, under, strict=True)]
        edges = [
            plane.all(_corners(each) if step else each)
            for each in (list(zip(xs, ys, strict=True)) for ys in (over, under))
        ]
        area = path([*edges[0], *reversed(edges[1])], closed=True)
        drawn.append(DrawnArea(row.label, look, area, path(edges[0])))
        under = over
    return StackChart(plane.axes(x_ticks, y_ticks), tuple(drawn))


def _height(points: Sequence[Point], x: float, step: bool) -> float:
    """The height at x: the last known one, or on the straight way to the next."""
    place = bisect_right(points, x, key=lambda point: point[0])
    if place == 0:
        return 0.0
    x0, y0 = points[place - 1]
    if step or place == len(points):
        return y0
    x1, y1 = points[place]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
