"""The charts of a report; each stands beside a table with the same figures."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import format_percent, gettext

from mentorship.figures import drawings
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.pages import Line
from mentorship.figures.words import said
from mentorship.reports.report import Frame
from mentorship.retention import why_words
from mentorship.retention.study import Group
from mentorship.retention.survival import HORIZONS
from mentorship.retention.why import Why
from mentorship.web import plots
from mentorship.web.periods import period_words


@dataclass(frozen=True)
class Chart:
    """A drawing, and the macro of charts.html that shows it."""

    macro: str
    drawn: Any
    title: str
    about: str
    note: str = ""


def curve(group: Group) -> Chart | None:
    """The share of matches still together, month by month."""
    points = group.points
    if len(points) < 2:
        return None
    line = plots.Line(
        "",
        [(float(point.months), point.share) for point in points],
        [point.low for point in points],
        [point.high for point in points],
    )
    months = [(float(month), str(month)) for month in (0, *HORIZONS)]
    shares = [(share, str(format_percent(share))) for share in (0.0, 0.25, 0.5, 0.75, 1.0)]
    drawn = plots.lines([line], x_ticks=months, y_ticks=shares, x_max=HORIZONS[-1], y_max=1.0)
    return Chart(
        "lines",
        drawn,
        gettext("Share of matches still together, by months since the start"),
        gettext(
            "A line that falls from the left to the right. The table beside it has the same "
            "figures."
        ),
        gettext("Shaded: the plausible range."),
    )


def before_endings(found: Why) -> Chart | None:
    """What differs between matches that ended early and those that lasted."""
    rows = [
        plots.Difference(
            str(why_words.TRAITS[each.trait]),
            *each.interval.in_spreads,
            why_words.whole_difference(each),
        )
        for each in found.drawn
        if each.interval and each.interval.in_spreads
    ]
    if not rows:
        return None
    return Chart(
        "differences",
        plots.differences(rows),
        gettext("Ended early, compared with lasted a year"),
        gettext(
            "A dot for each difference and a stroke for its plausible range. The vertical line is "
            "no difference at all. The table has the same figures."
        ),
        gettext("Drawn in standard deviations, so that all fit on one scale."),
    )


def over_time(frame: Frame, code: str, title: str) -> Chart | None:
    """A measure by quarter."""
    reading = frame.reading(code)
    rows = [
        Line(period_words(period), reading.at(period), None, period.code)
        for period in frame.quarters()
    ]
    drawn = drawings.over_time(MEASURES[code].unit, rows)
    about = gettext(
        "A line from the oldest quarter on the left to the newest on the right. The table beside "
        "it has the newest figures."
    )
    return Chart("lines", drawn, title, about) if drawn else None


def map_of(frame: Frame, code: str, title: str) -> Chart | None:
    """A measure by region at the end of the period, where the whole country is told."""
    values = [(kato, frame.in_region(code, kato)) for kato in frame.country.seen]
    most = max((value.amount for _, value in values if value.amount is not None), default=0.0)
    if not frame.country.is_whole or not most:
        return None
    unit = MEASURES[code].unit
    tiles = [
        plots.Tile(
            kato,
            said(unit, value) if value.is_shown else "–",
            None if value.amount is None else value.amount / most,
            opens(frame, code, kato),
        )
        for kato, value in values
    ]
    about = gettext(
        "The regions as squares, each roughly at its place on the map. The table beside it has "
        "the same figures."
    )
    return Chart("tiles", plots.tiles(tiles), title, about)


def opens(frame: Frame, code: str, region: str | None = None) -> str:
    """The page of a figure in this period."""
    return url_for("figures.show", measure=code, region=region, period=frame.period.code)
