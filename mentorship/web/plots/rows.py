"""Where the rows of bars and of differences lie: words above, the stroke under them.

Words have the whole width, as Kazakh ones need; long ones go on in a second line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mentorship.web.plots.paper import EDGE, FONT, LINE, WIDTH, number, width_of, wrapped

THICK = 12  # a bar
AFTER = 14  # from a bar to the words of the next
LEFT, RIGHT = 1.0, WIDTH - 1.0


@dataclass(frozen=True)
class Bar:
    """One row: `value` None is not shown; `low`, `high` and `target` are on the same scale."""

    label: str
    value: float | None
    text: str
    low: float | None = None
    high: float | None = None
    target: float | None = None
    href: str | None = None


@dataclass(frozen=True)
class Difference:
    """One row of a comparison: the difference, its interval, and both in words."""

    label: str
    value: float
    low: float
    high: float
    text: str


@dataclass(frozen=True)
class Words:
    """The lines of a row's label from `y` downwards, and the words at its right end."""

    lines: tuple[tuple[str, str], ...]
    text: str
    text_y: str


@dataclass(frozen=True)
class DrawnBar:
    words: Words
    href: str | None
    y: str
    middle: str
    length: str | None
    low: str | None
    high: str | None
    target: str | None


@dataclass(frozen=True)
class BarChart:
    height: int
    rows: tuple[DrawnBar, ...]
    has_target: bool
    width: int = WIDTH


@dataclass(frozen=True)
class DrawnDifference:
    """`is_clear`: nought lies outside the interval."""

    words: Words
    y: str
    at: str
    low: str
    high: str
    is_clear: bool


@dataclass(frozen=True)
class DifferenceChart:
    height: int
    zero: str
    rows: tuple[DrawnDifference, ...]
    width: int = WIDTH


def _words(label: str, text: str, y: float) -> tuple[Words, float]:
    """A row's words, and where what is drawn under them begins."""
    # What stands at the right keeps its own place, on a line of its own where it is long.
    beside = width_of(text) + 2 * FONT if text else 0.0
    apart = beside > WIDTH / 2
    room = RIGHT - LEFT - (0.0 if apart else beside)
    lines = wrapped(label, room)
    placed = tuple((number(y + FONT + LINE * i), line) for i, line in enumerate(lines))
    at = y + FONT + LINE * (len(lines) if apart else 0)
    count = len(lines) + apart
    return Words(placed, text, number(at)), y + LINE * max(count, 1) + EDGE


def bars(rows: Sequence[Bar], *, most: float) -> BarChart:
    """A bar a row, from nought to `most`, with its interval and its target where it has them."""

    def x(value: float | None) -> str | None:
        if value is None:
            return None
        share = min(max(value / most, 0.0), 1.0) if most else 0.0
        return number(LEFT + (RIGHT - LEFT) * share)

    drawn, y = [], 0.0
    for row in rows:
        words, under = _words(row.label, row.text, y)
        length = None if row.value is None else number(float(x(row.value) or 0) - LEFT)
        drawn.append(
            DrawnBar(
                words=words,
                href=row.href,
                y=number(under),
                middle=number(under + THICK / 2),
                length=length,
                low=x(row.low),
                high=x(row.high),
                target=x(row.target),
            )
        )
        y = under + THICK + AFTER
    return BarChart(int(y), tuple(drawn), any(row.target is not None for row in rows))


def differences(rows: Sequence[Difference], *, shared: bool = True) -> DifferenceChart:
    """A forest plot around nought; without `shared` each row has a scale of its own unit."""
    zero = (LEFT + RIGHT) / 2
    half = (RIGHT - LEFT) / 2 - EDGE
    widest = max((_reach(row) for row in rows), default=1.0)
    drawn, y = [], 0.0
    for row in rows:
        words, under = _words(row.label, row.text, y)
        most = (widest if shared else _reach(row)) or 1.0
        at, low, high = (zero + half * v / most for v in (row.value, row.low, row.high))
        drawn.append(
            DrawnDifference(
                words=words,
                y=number(under + THICK / 2),
                at=number(at),
                low=number(low),
                high=number(high),
                is_clear=row.low > 0 or row.high < 0,
            )
        )
        y = under + THICK + AFTER
    return DifferenceChart(int(y), number(zero), tuple(drawn))


def _reach(row: Difference) -> float:
    return max(abs(row.low), abs(row.high), abs(row.value))
