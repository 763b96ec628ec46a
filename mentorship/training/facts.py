import calendar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Result:
    """What is recorded of one person: hours and test only of those who came."""

    attended: bool
    hours: Decimal | None = None
    score: int | None = None
    test_on: date | None = None


def months_after(day: date, months: int) -> date:
    """The same day so many calendar months later; the month's last day where it has no such."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
