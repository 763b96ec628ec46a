"""A measure as drawings: over time as a line, by region as tiles or bars."""

import math
from collections.abc import Sequence

from flask_babel import format_decimal, format_percent

from mentorship.figures import words
from mentorship.figures.catalogue import Unit
from mentorship.figures.pages import Line, Shown
from mentorship.web import plots

STEPS = 4
TONES = ("0–20 %", "", "", "", "80–100 %")
"""What the palest and the darkest tile stand for when they are shares."""


def over_time(unit: Unit, rows: Sequence[Line]) -> plots.LineChart | None:
    """The line of a measure; None where fewer than two periods may be shown."""
    points = [
        (float(place), row.value.amount)
        for place, row in enumerate(rows)
        if row.value.amount is not None
    ]
    if len(points) < 2:
        return None
    most, ticks = scale(unit, max(amount for _, amount in points))
    years = [(float(n), row.code[:4]) for n, row in enumerate(rows) if _begins_year(rows, n)]
    return plots.lines(
        [plots.Line("", points)],
        x_ticks=years,
        y_ticks=ticks,
        x_max=len(rows) - 1,
        y_max=most,
    )


def _begins_year(rows: Sequence[Line], place: int) -> bool:
    """Whether the first period of a year stands there, or the line begins."""
    return place == 0 or rows[place].code[:4] != rows[place - 1].code[:4]


def scale(unit: Unit, most: float) -> tuple[float, list[tuple[float, str]]]:
    """A round upper end above `most`, and the grid lines to it with their words."""
    if unit == Unit.SHARE and most > 0.5:
        top, step = max(1.0, most), 0.25
    else:
        step = _round_step((most or 1) / STEPS)
        if unit == Unit.COUNT:
            step = max(step, 1.0)
        top = step * math.ceil((most or 1) / step - 1e-9)
    places = [n * step for n in range(int(top / step + 1e-9) + 1)]
    return top, [(place, _tick(unit, place)) for place in places]


def _round_step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below `rough`."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(power * n for n in (1, 2, 5, 10) if power * n >= rough * (1 - 1e-9))


def _tick(unit: Unit, place: float) -> str:
    if unit == Unit.SHARE:
        return str(format_percent(place))
    return str(format_decimal(round(place, 3)))


def tiles(shown: Shown) -> plots.TileMap | None:
    """The regions as tiles, where the reader sees the whole country."""
    most = _most(shown.unit, shown.by_region)
    if not shown.country.is_whole or not most:
        return None
    return plots.tiles(
        [
            plots.Tile(
                row.code,
                words.said(shown.unit, row.value) if row.value.is_shown else "–",
                None if row.value.amount is None else row.value.amount / most,
                row.href,
            )
            for row in shown.by_region
        ]
    )


def bars(unit: Unit, rows: Sequence[Line]) -> plots.BarChart | None:
    """A bar for each row; None where none of them may be shown."""
    most = _most(unit, rows)
    if not most:
        return None
    made = [
        plots.Bar(row.name, row.value.amount, words.said(unit, row.value), href=row.href)
        for row in rows
    ]
    return plots.bars(made, most=most)


def _most(unit: Unit, rows: Sequence[Line]) -> float:
    """What the darkest tile and the longest bar stand for; of shares always the whole."""
    amounts = [row.value.amount for row in rows if row.value.amount is not None]
    most = max(amounts, default=0.0)
    return max(most, 1.0) if most and unit == Unit.SHARE else most
