"""What the matching rules say of a mentor alone, whoever the child would be."""

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

import matching
from matching.rules import ALL_RULES
from mentorship.i18n import search_key
from mentorship.matches.problem import engine_mentor, rules_of_today
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.qualification.models import Suspension

ABOUT_MENTORS = tuple(rule.code for rule in ALL_RULES if rule.reads == "mentor")


def refusals_of(session: Session, mentor: Mentor, on: date) -> list[str]:
    """Codes of the rules about mentors that refuse this one on a day, but that they are active."""
    asked = engine_mentor(mentor, 0, on)
    codes = matching.refusals(asked, _stand_in(asked, on), on, rules_of_today(session))
    return [code for code in codes if code in ABOUT_MENTORS and code != "mentor_not_active"]


def is_suspended(session: Session, mentor: Mentor) -> bool:
    """Whether a suspension of this mentor stands, or of somebody of their name and birth date.

    An application asks for no IIN: who is suspended could apply anew, as somebody not known yet.
    Two different IINs are two people, whatever their names.
    """
    standing = select(Suspension.mentor_id).where(Suspension.lifted_at.is_(None))
    name = search_key(mentor.last_name, mentor.first_name)
    alike = or_(
        Mentor.search_key == name, Mentor.search_key.startswith(f"{name} ", autoescape=True)
    )
    twins = select(Mentor.id).where(
        Mentor.id != mentor.id,
        Mentor.birth_date == mentor.birth_date,
        alike,
        or_(Mentor.status == MentorStatus.SUSPENDED, Mentor.id.in_(standing)),
    )
    if mentor.iin_hash is not None:
        twins = twins.where(Mentor.iin_hash.is_(None))
    own = standing.where(Suspension.mentor_id == mentor.id)
    return any(session.scalar(query.limit(1)) is not None for query in (own, twins))


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
