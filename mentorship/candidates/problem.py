"""What the matching rules say of a mentor alone, whoever the child would be."""

from datetime import date

from sqlalchemy.orm import Session

import matching
from matching.rules import ALL_RULES
from mentorship.matches.problem import engine_mentor, rules_of_today
from mentorship.mentors.models import Mentor

ABOUT_MENTORS = tuple(rule.code for rule in ALL_RULES if rule.reads == "mentor")


def refusals_of(session: Session, mentor: Mentor, on: date) -> list[str]:
    """Codes of the rules about mentors that refuse this one on a day, but that they are active."""
    asked = engine_mentor(mentor, 0, on)
    codes = matching.refusals(asked, _stand_in(asked, on), on, rules_of_today(session))
    return [code for code in codes if code in ABOUT_MENTORS and code != "mentor_not_active"]


def _stand_in(mentor: matching.Mentor, on: date) -> matching.Child:
    """Nobody: a child is asked for, and no rule about mentors looks at it."""
    return matching.Child(
        id=0,
        birth_date=date(on.year - 14, 1, 1),
        sex=mentor.sex,
        region=mentor.region,
        centre=0,
        lat=mentor.lat,
        lon=mentor.lon,
        in_organisation=True,
        languages={"kk": "fluent"},
        first_language="kk",
        interests=frozenset(),
        waiting_since=on,
        guardian_consent=True,
        own_consent=True,
    )
