"""How long a reason for declining stands, in months: the programme's own terms, in one place.

No law sets them. None is for good; 0 is the day of the decision only, because a hard rule goes
on refusing by itself for as long as it has to.
"""

from datetime import date

from mentorship.clock import months_after

STANDS_MONTHS: dict[str, int | None] = {
    "mentor_not_ready": 6,
    "child_does_not_wish": None,
    "known_conflict": None,
    "too_far_in_practice": 12,
    "guardian_does_not_agree": None,
    "no_longer_allowed": 0,
    "other": 12,
}


def stands_until(reason: str, on: date) -> date | None:
    """The last day on which a reason given on a day stands; None for good."""
    months = STANDS_MONTHS[reason]
    if months is None:
        return None
    return months_after(on, months)
