"""Charts of supply and demand: rows of a report in, geometry of web/plots out."""

from collections.abc import Mapping, Sequence
from datetime import date
from math import ceil
from typing import Any

from flask import url_for
from flask_babel import format_decimal, format_percent, gettext

from mentorship.authorities.queries import Norm
from mentorship.children.models import PlacementForm
from mentorship.moves.words import FORMS
from mentorship.places.words import region_name
from mentorship.supply.care import CareReport
from mentorship.supply.facts import OrganisationReport
from mentorship.supply.report import SupplyReport
from mentorship.web.plots import (
    Bar,
    BarChart,
    Stack,
    StackChart,
    Tile,
    TileMap,
    bars,
    stacked,
    tiles,
)
from mentorship.web.words import CENTRE_KINDS


def coverage_map(report: SupplyReport) -> TileMap:
    """The regions by the share of their children who have a mentor; the largest is darkest."""
    most = max((line.coverage or 0 for line in report.regions), default=0) or 1
    return tiles(
        [
            Tile(
                line.code,
                "–" if line.coverage is None else str(format_percent(line.coverage)),
                None if line.coverage is None else line.coverage / most,
                url_for("supply.index", region=line.code),
            )
            for line in report.regions
        ]
    )


def norm_bars(norms: Sequence[Norm], per: int) -> BarChart:
    """Specialists for so many children in each region, against the norm of one."""
    rows = []
    for norm in norms:
        share = rate(norm, per)
        text = gettext("not recorded") if share is None else format_decimal(share, "0.00")
        rows.append(Bar(region_name(norm.region), share, str(text), target=1.0))
    return bars(rows, most=max([1.2, *(row.value or 0 for row in rows)]))


def rate(norm: Norm, per: int) -> float | None:
    """Specialists for so many children; None where nobody counted the children."""
    if norm.population is None or not norm.population.children:
        return None
    return norm.specialists * per / norm.population.children


def care_areas(report: CareReport) -> StackChart:
    """Children in organisations and elsewhere over the years that may be shown."""
    years = report.drawable
    inside = PlacementForm.INSTITUTION
    rows = {
        inside: [year.forms[inside].value or 0 for year in years],
        "elsewhere": [year.elsewhere or 0 for year in years],
    }
    names = {inside: FORMS[inside], "elsewhere": gettext("With a family, or on their own")}
    return _areas([year.day for year in years], rows, names)


def kind_areas(report: OrganisationReport) -> StackChart | None:
    """Organisations by kind over the years; None where there is none."""
    return _areas(report.days, report.kinds, CENTRE_KINDS) if report.kinds else None


def _areas(
    days: Sequence[date], rows: Mapping[Any, Sequence[int]], names: Mapping[str, Any]
) -> StackChart:
    at = [(day - days[0]).days / 365.25 for day in days]
    levels = ticks(max(sum(column) for column in zip(*rows.values(), strict=True)))
    return stacked(
        [
            Stack(str(names[code]), list(zip(at, map(float, numbers), strict=True)))
            for code, numbers in rows.items()
        ],
        x_ticks=[(x, str(day.year)) for x, day in zip(at, days, strict=True)],
        y_ticks=levels,
        x_max=at[-1],
        step=False,
    )


def ticks(most: int) -> list[tuple[float, str]]:
    """Four level lines up to a round number at or above `most`."""
    unit = 10 ** max(len(str(max(most, 1))) - 2, 0)
    step = max(ceil(most / 4 / unit) * unit, 1)
    return [(float(at * step), str(format_decimal(at * step))) for at in range(5)]
