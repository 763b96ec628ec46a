"""What rules and papers say about a mentor alone, whoever the child may be."""

from dataclasses import replace
from datetime import date

from sqlalchemy.orm import Session

import matching
from mentorship.matches.problem import engine_mentor, rules_of_today
from mentorship.mentors.models import ClearanceResult, Mentor
from mentorship.mentors.queries import clearance_kinds
from mentorship.qualification.models import SuspensionCause

Cause = tuple[SuspensionCause, str | None]  # with the kind of the clearance, where it is one
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


def refusing_papers(session: Session, mentor: Mentor, day: date) -> list[Cause]:
    """The papers of a mentor that ended before a day, or whose newest answer is an obstacle."""
    found: list[Cause] = []
    certificate = mentor.certificate
    if certificate and certificate.expires_on and certificate.expires_on < day:
        found.append((SuspensionCause.CERTIFICATE_EXPIRED, None))
    answers = [row for row in mentor.clearances if row.result != ClearanceResult.PENDING]
    newest = {row.kind: row for row in sorted(answers, key=lambda c: (c.checked_on, c.id))}
    for kind in clearance_kinds(session):
        paper = newest.get(kind.code) if kind.required else None
        if paper is None:
            continue
        if paper.result == ClearanceResult.ADVERSE:
            found.append((SuspensionCause.CLEARANCE_ADVERSE, kind.code))
        elif paper.valid_until and paper.valid_until < day:
            found.append((SuspensionCause.CLEARANCE_EXPIRED, kind.code))
    return found
