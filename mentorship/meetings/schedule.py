"""When a standing slot has passed: the days on which a mentor is asked how it went."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from mentorship.clock import ALMATY

ASKED_FOR = timedelta(days=28)
Span = tuple[date, date | None]


@dataclass(frozen=True)
class Weekly:
    """A weekday, a time and a length, from one day to another."""

    weekday: int
    at_time: time
    minutes: int
    from_on: date
    until_on: date | None

    def days(self, first: date, last: date) -> list[date]:
        """Its days from one day to another, both included."""
        first = max(first, self.from_on)
        last = last if self.until_on is None else min(last, self.until_on)
        first += timedelta(days=(self.weekday - first.weekday()) % 7)
        return [first + timedelta(days=days) for days in range(0, (last - first).days + 1, 7)]

    def ends_at(self, day: date) -> datetime:
        """The instant at which the meeting of a day is over."""
        return self.begins_at(day) + timedelta(minutes=self.minutes)

    def begins_at(self, day: date) -> datetime:
        """The instant at which the meeting of a day begins."""
        return datetime.combine(day, self.at_time, ALMATY)


def passed_days(slot: Weekly, at: datetime, *, without: Iterable[Span] = ()) -> list[date]:
    """The slot's days of the last four weeks that are over, but those within a span of days."""
    today = at.astimezone(ALMATY).date()
    kept = list(without)
    days = slot.days(today - ASKED_FOR, today)
    return [day for day in days if slot.ends_at(day) <= at and not within(day, kept)]


def within(day: date, spans: Iterable[Span]) -> bool:
    """Whether a day lies in one of the spans, their first and last day included."""
    return any(first <= day and (last is None or day <= last) for first, last in spans)
