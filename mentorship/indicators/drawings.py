"""Plan against fact as bars: the fact of each year, with a stroke where its target is."""

from collections.abc import Sequence

from mentorship.indicators import words
from mentorship.indicators.plans import Year
from mentorship.web import plots


def bars(years: Sequence[Year]) -> plots.BarChart | None:
    """A bar a year; None where there is neither a fact nor a target."""
    known = [number for year in years for number in _numbers(year)]
    most = max(known, default=0.0)
    if not most:
        return None
    made = [
        plots.Bar(
            str(year.year),
            year.value.amount,
            words.fact(year),
            low=year.band[0] if year.band else None,
            high=year.band[1] if year.band else None,
            target=year.target.value if year.target else None,
        )
        for year in years
    ]
    return plots.bars(made, most=most)


def _numbers(year: Year) -> list[float]:
    planned = year.target.value if year.target else None
    given = [year.value.amount, planned, year.band[1] if year.band else None]
    return [number for number in given if number is not None]
