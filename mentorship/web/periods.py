"""Months, quarters and years as they stand in addresses: 2026-10, 2026-Q4, 2026."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import format_date, gettext

from mentorship.clock import months_after


class Step(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


MONTHS = {Step.MONTH: 1, Step.QUARTER: 3, Step.YEAR: 12}
_CODE = re.compile(r"(20\d\d)(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?", re.ASCII)


@dataclass(frozen=True, order=True)
class Period:
    """A month, a quarter or a year, by its first day."""

    first: date
    step: Step

    @property
    def last(self) -> date:
        return months_after(self.first, MONTHS[self.step]) - timedelta(days=1)

    @property
    def code(self) -> str:
        """As addresses and tables name it."""
        if self.step == Step.YEAR:
            return f"{self.first.year}"
        if self.step == Step.QUARTER:
            return f"{self.first.year}-Q{self.quarter}"
        return f"{self.first:%Y-%m}"

    @property
    def quarter(self) -> int:
        return (self.first.month + 2) // 3

    @property
    def months(self) -> list[str]:
        """The codes of its months, as `figures.queries.counts` names them."""
        firsts = (months_after(self.first, n) for n in range(MONTHS[self.step]))
        return [f"{day:%Y-%m}" for day in firsts]

    def before(self, number: int = 1) -> "Period":
        """The period of the same length that many steps earlier."""
        return Period(months_after(self.first, -number * MONTHS[self.step]), self.step)


def period_of(day: date, step: Step) -> Period:
    """The period of this length in which a day lies."""
    month = day.month - (day.month - 1) % MONTHS[step]
    return Period(date(day.year, month, 1), step)


def read_period(code: str) -> Period | None:
    """The period of a code, None for what is none."""
    found = _CODE.fullmatch(code)
    if found is None:
        return None
    year, quarter, month = found.groups()
    if quarter:
        return Period(date(int(year), 3 * int(quarter) - 2, 1), Step.QUARTER)
    if month:
        return Period(date(int(year), int(month), 1), Step.MONTH)
    return Period(date(int(year), 1, 1), Step.YEAR)


def periods(first: date, last: date, step: Step) -> Iterator[Period]:
    """Every period of this length from the one of `first` to the one of `last`."""
    here, end = period_of(first, step), period_of(last, step)
    while here.first <= end.first:
        yield here
        here = period_of(here.last + timedelta(days=1), step)


def period_words(period: Period) -> str:
    """A period in the language of the page: October 2026; quarter 4 of 2026; 2026."""
    if period.step == Step.YEAR:
        return str(period.first.year)
    if period.step == Step.QUARTER:
        return str(
            gettext("quarter %(number)s of %(year)s", number=period.quarter, year=period.first.year)
        )
    return str(format_date(period.first, "LLLL yyyy", rebase=False))
