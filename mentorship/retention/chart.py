"""Where the lines of a survival chart lie, in the units of its SVG. Numbers become words above.

The x axis runs from 0 to 24 months, the y axis always from 0 to 100 %: a chart that begins
elsewhere would make a small fall look great.
"""

from dataclasses import dataclass

import numpy as np

from mentorship.retention.survival import HORIZONS, Curve, Floats

WIDTH, HEIGHT = 420, 284
LEFT, RIGHT, TOP, BOTTOM = 52, 404, 14, 206
LAST_MONTH = HORIZONS[-1]
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
MOST_MARKS = 40  # more of them only make the line thick


@dataclass(frozen=True)
class Drawing:
    """Path data of the step line and its band, censored matches, and the places of the ticks."""

    line: str
    band: str
    censored: tuple[tuple[str, str], ...]
    months: tuple[tuple[str, int], ...]
    shares: tuple[tuple[str, float], ...]


def draw(curve: Curve, until: float) -> Drawing:
    """The curve from 0 to `until` months, at most to the end of the axis."""
    end = min(until, float(LAST_MONTH))
    inside = curve.months[(curve.months > 0) & (curve.months < end)]
    times = np.concatenate(([0.0], inside, [end]))
    points = [curve.at(float(month)) for month in times]
    share = np.array([point.share for point in points if point])
    low = np.array([point.low for point in points if point])
    high = np.array([point.high for point in points if point])
    band = _steps(times, high) + _steps(times, low)[::-1]
    return Drawing(
        line=_path(_steps(times, share)),
        band=_path(band) + "Z",
        censored=_censored(curve, end),
        months=tuple((_number(_x(month)), month) for month in (0, *HORIZONS)),
        shares=tuple((_number(_y(share)), share) for share in SHARES),
    )


def _x(months: float) -> float:
    return LEFT + (RIGHT - LEFT) * months / LAST_MONTH


def _y(share: float) -> float:
    return BOTTOM - (BOTTOM - TOP) * share


def _steps(times: Floats, values: Floats) -> list[tuple[float, float]]:
    """The corners of a step function: level until the next time, then straight down."""
    points = [(_x(float(times[0])), _y(float(values[0])))]
    for month, before, after in zip(times[1:], values, values[1:], strict=False):
        points.append((_x(float(month)), _y(float(before))))
        if after != before:
            points.append((_x(float(month)), _y(float(after))))
    return points


def _censored(curve: Curve, end: float) -> tuple[tuple[str, str], ...]:
    """Where matches were last seen still together; none where they would hide the line."""
    places = {round(_x(float(m))): float(m) for m in curve.lengths[~curve.ended] if m < end}
    if len(places) > MOST_MARKS:
        return ()
    points = [curve.at(month) for month in places.values()]
    return tuple((_number(_x(p.months)), _number(_y(p.share))) for p in points if p)


def _path(points: list[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{_number(x)} {_number(y)}" for x, y in points)


def _number(value: float) -> str:
    """SVG's own notation, whatever the language of the page: 12.5, never 12,5."""
    return f"{value:.1f}".removesuffix(".0")
