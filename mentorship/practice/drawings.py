"""How the work is done as drawings: by region, by kind, over time, and per step."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext

from mentorship.candidates.words import STEPS
from mentorship.figures import drawings, words
from mentorship.figures.catalogue import Unit
from mentorship.figures.pages import Line
from mentorship.figures.values import Value
from mentorship.places.words import region_name
from mentorship.practice.report import Desk, Pipeline, Practice
from mentorship.practice.words import days
from mentorship.web import plots
from mentorship.web.periods import period_words
from mentorship.web.words import CONTACT_KINDS


def of_practice(found: Practice, desk: Desk) -> dict[str, Any]:
    """The charts of the page; None for one that would have nothing in it."""
    times = [
        Line(period_words(period), value, None, period.code) for period, value in found.over_time
    ]
    kinds = [Line(str(CONTACT_KINDS[kind]), value) for kind, value in found.by_kind.items()]
    return {
        "line": drawings.over_time(Unit.SHARE, times),
        "bars": drawings.bars(Unit.SHARE, kinds),
        "tiles": _tiles(found, desk) if len(found.by_region) > 1 else None,
    }


def _tiles(found: Practice, desk: Desk) -> plots.TileMap | None:
    if not any(value.is_shown for value in found.by_region.values()):
        return None
    return plots.tiles(
        [
            plots.Tile(
                region,
                words.said(Unit.SHARE, value) if value.is_shown else "–",
                value.amount,
                url_for("practice.index", region=region, year=desk.year.code),
            )
            for region, value in found.by_region.items()
        ]
    )


def of_pipeline(found: Pipeline) -> dict[str, Any]:
    """Medians of the steps as bars, with the middle half; applications and certificates."""
    took = [line.took.spread for line in found.steps]
    most = max((spread.high for spread in took if spread), default=0.0)
    bars = [
        plots.Bar(
            str(STEPS[line.step]),
            spread.median if spread else None,
            days(spread.median) if spread else gettext("not shown"),
            spread.low if spread else None,
            spread.high if spread else None,
        )
        for line, spread in zip(found.steps, took, strict=True)
    ]
    return {"bars": plots.bars(bars, most=most) if most else None, "line": _two_lines(found)}


def _two_lines(found: Pipeline) -> plots.LineChart | None:
    named = (
        (gettext("Applications to become a mentor"), [line[1] for line in found.over_time]),
        (gettext("Certificates issued"), [line[2] for line in found.over_time]),
    )
    rows = [plots.Line(name, points) for name, values in named if len(points := _known(values)) > 1]
    if not rows:
        return None
    most, ticks = drawings.scale(Unit.COUNT, max(y for row in rows for _, y in row.points))
    years = [
        (float(n), str(line[0].first.year))
        for n, line in enumerate(found.over_time)
        if n == 0 or line[0].quarter == 1
    ]
    last = len(found.over_time) - 1
    return plots.lines(rows, x_ticks=years, y_ticks=ticks, x_max=last, y_max=most)


def _known(values: Sequence[Value]) -> list[tuple[float, float]]:
    """The points of a line; what is not shown is passed over."""
    return [(float(n), value.amount) for n, value in enumerate(values) if value.amount is not None]


def region_title(region: str | None, number: int) -> str:
    """What the figures are of."""
    if region:
        return region_name(region)
    return str(gettext("The whole country") if number > 19 else gettext("All your regions"))
