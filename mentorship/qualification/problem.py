"""What the matching rules say about a mentor alone, whoever the child may be."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

import matching
from mentorship.matches.problem import engine_mentor, rules_of_today
from mentorship.mentors.models import Mentor

ABOUT_THE_MENTOR = ("mentor_under_age", "certificate_not_current", "clearance_not_current")


def still_refused(session: Session, mentor: Mentor, on: date) -> list[str]:
    """The rules that refuse the mentor on a day, were they active and free; none: all is well."""
    adult = replace(engine_mentor(mentor, 0, on), active=True, capacity=1)
    codes = matching.refusals(adult, _somebody(adult, on), on, rules_of_today(session))
    return [code for code in codes if code in ABOUT_THE_MENTOR]


def _somebody(adult: matching.Mentor, on: date) -> matching.Child:
    """A child who is nobody: the engine asks about pairs only."""
    return matching.Child(
        id="nobody",
        birth_date=on.replace(year=on.year - 13, day=1),
        sex="female",
        region=adult.region,
        centre="nowhere",
        lat=adult.lat,
        lon=adult.lon,
        in_organisation=True,
        languages={},
        first_language=None,
        interests=frozenset(),
        waiting_since=on,
        guardian_consent=True,
        own_consent=True,
    )
