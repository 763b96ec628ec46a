"""The charts of the pages of retention, with the words of their axes."""

from collections.abc import Mapping
from typing import Any

from flask import request, url_for
from flask_babel import format_percent

from mentorship.retention.ends import Shares
from mentorship.retention.report import Report
from mentorship.retention.study import Group
from mentorship.retention.survival import HORIZONS
from mentorship.web.plots import (
    Line,
    LineChart,
    Stack,
    StackChart,
    Tile,
    TileMap,
    lines,
    stacked,
    tiles,
)

LAST = HORIZONS[-1]
MOST_LINES = 6
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MONTHS = (0, 3, 6, 12, 18, 24)


def curve(group: Group, label: str) -> LineChart | None:
    """The curve of one group with its range; None where there is nothing to draw."""
    if len(group.points) < 2:
        return None
    return lines([_line(group, label, band=True)], **_axes())


def groups(report: Report, names: Mapping[str, Any]) -> LineChart | None:
    """The curves of at most six groups: of years the latest, of others the largest."""
    drawn = [code for code, _ in report.drawn]
    kept = sorted(drawn)[-MOST_LINES:] if report.by == "year" else drawn[:MOST_LINES]
    rows = [
        _line(group, str(names[code]), band=False) for code, group in report.groups if code in kept
    ]
    return lines(rows, **_axes()) if len(rows) > 1 else None


def country(report: Report) -> TileMap | None:
    """The regions as tiles: the share that lasted a year; each opens its own figures."""
    rows = []
    for code, group in report.groups:
        found = group.year
        words = str(format_percent(found.share)) if found else "–"
        href = url_for(str(request.endpoint), region=code)
        rows.append(Tile(code, words, found.share if found else None, href))
    return tiles(rows) if any(row.share is not None for row in rows) else None


def ends(shares: Shares, ways: Mapping[int, Any]) -> StackChart | None:
    """How many had ended in each way, one on the other."""
    if len(shares.points) < 2:
        return None
    rows = [
        Stack(str(word), [(float(month), at[way - 1]) for month, at in shares.points])
        for way, word in ways.items()
    ]
    return stacked(rows, **_axes(y_max=False), step=False)


def _line(group: Group, label: str, *, band: bool) -> Line:
    points = group.points
    return Line(
        label,
        [(point.months, point.share) for point in points],
        low=[point.low for point in points] if band else None,
        high=[point.high for point in points] if band else None,
    )


def _axes(*, y_max: bool = True) -> dict[str, Any]:
    axes: dict[str, Any] = {
        "x_ticks": [(float(month), str(month)) for month in MONTHS],
        "y_ticks": [(share, str(format_percent(share))) for share in SHARES],
        "x_max": float(LAST),
    }
    return axes | ({"y_max": 1.0} if y_max else {})
