"""What follows from a child's age alone."""

from datetime import date

CONSENTS_FROM = 10


def years_on(birth_date: date, day: date) -> int:
    """Completed years on a day; who was born on 29 February has a birthday on 1 March."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def too_young_to_consent(birth_date: date, day: date) -> bool:
    """Whether a child could not give their own consent on a day."""
    return years_on(birth_date, day) < CONSENTS_FROM
