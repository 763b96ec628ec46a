"""What a paper is worth on a day, and the last day it is good for; reads nothing."""

from datetime import date
from enum import StrEnum

from mentorship.clock import months_after

CERTIFICATE = "certificate"


class PaperState(StrEnum):
    """A paper as it is on a day; everything but the first asks for something to be done."""

    IN_FORCE = "in_force"
    SOON = "soon"
    EXPIRED = "expired"
    PENDING = "pending"
    ADVERSE = "adverse"
    MISSING = "missing"


class Soon(StrEnum):
    """How soon a paper of the due list ends."""

    EXPIRED = "expired"
    LAST = "last"
    SECOND = "second"
    FIRST = "first"
    MISSING = "missing"


def last_good_day(checked_on: date, months: int | None) -> date | None:
    """The last day a check is good for by its kind; None for a kind without an end."""
    return None if months is None else months_after(checked_on, months)
