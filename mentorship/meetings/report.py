"""A mentor's own history: what they did, month by month."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.meetings.models import Meeting


@dataclass(frozen=True)
class Month:
    """What somebody did in a month: how many meetings, minutes, and how many did not happen."""

    first: date
    meetings: int
    minutes: int
    cancelled: int


def months_of(session: Session, user: User) -> list[Month]:
    """Somebody's own entries by month, the newest first."""
    query = select(Meeting.held_on, Meeting.minutes, Meeting.cancelled_by).where(
        Meeting.logged_by == user.id
    )
    months: dict[date, list[int]] = {}
    for held_on, minutes, cancelled_by in session.execute(query):
        sums = months.setdefault(held_on.replace(day=1), [0, 0, 0])
        if cancelled_by is None:
            sums[0], sums[1] = sums[0] + 1, sums[1] + (minutes or 0)
        else:
            sums[2] += 1
    return [Month(first, *months[first]) for first in sorted(months, reverse=True)]
