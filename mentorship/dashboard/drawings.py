"""The drawings of the overview: the regions as tiles, and the last three years."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from mentorship.dashboard.overview import OVER_TIME, Overview
from mentorship.figures import words
from mentorship.figures.catalogue import MEASURES, Kind, Unit
from mentorship.figures.drawings import scale
from mentorship.figures.values import State, Value
from mentorship.web import plots

SHORT = {State.FEW: "<5"}


@dataclass(frozen=True)
class Map:
    """The regions as tiles, and what each of the five tones stands for."""

    tiles: plots.TileMap
    steps: list[str]


def regions(found: Overview, code: str) -> Map | None:
    """One measure on the map, each tile opens its figure; None where nothing may be shown."""
    unit, rows = MEASURES[code].unit, found.by_region
    amounts = [each.value.amount for each in rows.values() if each.value.amount is not None]
    if not amounts or not found.country.is_whole:
        return None
    top, _ = scale(unit, max(amounts))
    tiles = [
        plots.Tile(
            kato,
            _short(unit, each.value),
            None if each.value.amount is None else each.value.amount / (top or 1),
            url_for("figures.show", measure=code, region=kato, period=each.period.code),
        )
        for kato, each in rows.items()
    ]
    return Map(plots.tiles(tiles), [_step(unit, top, place) for place in range(plots.TONES)])


def _short(unit: Unit, value: Value) -> str:
    return words.said(unit, value) if value.is_shown else SHORT.get(value.state, "–")


def _step(unit: Unit, top: float, place: int) -> str:
    low, high = (
        words.said(unit, Value(State.SHOWN, top * n / plots.TONES)) for n in (place, place + 1)
    )
    return str(gettext("%(low)s to %(high)s", low=low, high=high))


def over_time(found: Overview) -> dict[str, plots.LineChart]:
    """A small chart for each measure of which at least two quarters may be shown."""
    drawn = {code: _line(found, code) for code in OVER_TIME}
    return {code: chart for code, chart in drawn.items() if chart is not None}


def _line(found: Overview, code: str) -> plots.LineChart | None:
    quarters = list(found.over_time)
    values = [row[OVER_TIME.index(code)].value for row in found.over_time.values()]
    if MEASURES[code].kind == Kind.FLOW and quarters[-1].last > found.build.until:
        quarters.pop()  # a quarter that is not over would look like a fall
    amounts = [(float(n), value.amount) for n, value in enumerate(values[: len(quarters)])]
    points = [(n, amount) for n, amount in amounts if amount is not None]
    if len(points) < 2:
        return None
    most, ticks = scale(MEASURES[code].unit, max(amount for _, amount in points))
    years = [
        (float(n), str(quarter.first.year))
        for n, quarter in enumerate(quarters)
        if n == 0 or quarter.quarter == 1
    ]
    return plots.lines(
        [plots.Line(str(words.NAMES[code]), points)],
        x_ticks=years,
        y_ticks=ticks,
        x_max=len(quarters) - 1,
        y_max=most,
    )
