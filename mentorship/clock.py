"""The only reader of the clock. Instants are UTC; the day is the day in Kazakhstan."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ALMATY = ZoneInfo("Asia/Almaty")


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """Today's date in Kazakhstan."""
    return now().astimezone(ALMATY).date()
