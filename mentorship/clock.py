"""The only reader of the clock. Instants are UTC; the day is the day in Kazakhstan."""

import calendar
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Kazakhstan."""
    return now().astimezone(ALMATY).date()


def months_after(day: date, months: int) -> date:
    """The same day some calendar months later; the month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
