"""The charts of the pages of retention, with the words of their axes."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_percent, gettext

from mentorship.retention.ends import Shares
from mentorship.retention.report import Report
from mentorship.retention.study import Group
from mentorship.retention.survival import HORIZONS
from mentorship.web.plots import (
    Bar,
    BarChart,
    Line,
    LineChart,
    Stack,
    StackChart,
    bars,
    lines,
    stacked,
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


def years(report: Report, names: Mapping[str, Any]) -> BarChart | None:
    """A bar a group: the share that lasted a year, with its range."""
    rows = []
    for code, group in report.groups:
        found = group.year
        if found is None:
            rows.append(Bar(str(names[code]), None, _instead(group)))
        else:
            text = str(format_percent(found.share))
            rows.append(Bar(str(names[code]), found.share, text, found.low, found.high))
    return bars(rows, most=1.0) if any(row.value is not None for row in rows) else None


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


def _instead(group: Group) -> str:
    """The words where a share cannot be shown."""
    if not group.count.is_shown or group.is_withheld(12):
        return str(gettext("not shown"))
    return str(gettext("too early to say")) if group.count.value else "–"
