"""What the figures count, said once: endings, bands, the first ninety days, on time."""

from datetime import date

from mentorship.figures.vocabulary import Age, Distance, Ending, Tongue, Training
from mentorship.matches.models import ClosureReason, EndedBy

PLANNED_REASONS = (
    ClosureReason.CHILD_PLACED_IN_FAMILY,
    ClosureReason.CHILD_TURNED_18,
    ClosureReason.CHILD_MOVED,
)
"""A family, a transfer and turning 18 are planned ends, whatever the form said."""
FIRST_DAYS = 90
FULL_HOURS = 36
"""Hours of the mentors' compulsory course."""
TOWN_KM, NEAR_KM, FAR_KM = 10, 50, 200
"""The last kilometre of each band; beyond the last one it is remote."""
WEEK, MONTH, QUARTER = 7, 30, 91
"""The last day of each band of age."""


def ending_of(
    ended_as_planned: bool | None, reason: str | None, ended_by: str | None
) -> Ending | None:
    """How a match ended; None while it is open."""
    if ended_as_planned is None:
        return None
    if ended_as_planned or reason in PLANNED_REASONS:
        return Ending.PLANNED
    if ended_by in (EndedBy.MENTOR, EndedBy.CHILD):
        return Ending(str(ended_by))
    return Ending.PROGRAMME


def training_band(hours: float) -> Training:
    """Attended hours before the start, as a band."""
    if hours <= 0:
        return Training.NONE
    return Training.FULL if hours >= FULL_HOURS else Training.SOME


def distance_band(km: float) -> Distance:
    """Kilometres in a straight line, as a band."""
    if km <= TOWN_KM:
        return Distance.TOWN
    if km <= NEAR_KM:
        return Distance.NEAR
    return Distance.FAR if km <= FAR_KM else Distance.REMOTE


def tongue_of(language: str) -> Tongue:
    """Kazakh, Russian, or another language."""
    return Tongue(language) if language in ("kk", "ru") else Tongue.OTHER


def age_band(days: int) -> Age:
    """How long something has been open, as a band."""
    if days <= WEEK:
        return Age.WEEK
    if days <= MONTH:
        return Age.MONTH
    return Age.QUARTER if days <= QUARTER else Age.LONGER


def is_on_time(due_on: date, held_on: date | None) -> bool:
    """A contact is on time when it was held on its day or before."""
    return held_on is not None and held_on <= due_on
