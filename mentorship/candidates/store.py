"""Candidates as rows: registered, found again under a lock, with the row of each step."""

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.candidates import queries
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.candidates.vocabulary import CandidateSource, Step
from mentorship.errors import Impossible
from mentorship.matches.queries import locked_mentor
from mentorship.mentors import services as mentors
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.people.services import register_person

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
FIELDS = tuple(dict.fromkeys((*mentors.FIELDS, "status", "weekdays")))
# Confirmed when somebody becomes active; the columns ask for something before.
BEFORE_ACTIVE = {"reach_km": 50, "capacity": 1}


def register(
    session: Session,
    data: dict[str, Any],
    source: CandidateSource,
    consent_version: str,
    language: str,
    *,
    by: int | None,
    at: datetime,
) -> Candidate:
    """Add somebody to the register of mentors, as a candidate."""
    facts = {**data, **BEFORE_ACTIVE, "status": MentorStatus.CANDIDATE}
    mentor: Mentor = register_person(session, Mentor, FIELDS, facts, by=by, at=at)
    candidate = Candidate(
        mentor=mentor,
        reference=new_reference(session),
        source=source,
        applied_at=at,
        language=language,
        is_citizen=data["is_citizen"],
        motivation=data.get("motivation"),
        consent_version=consent_version,
        attempt=1,
    )
    session.add(candidate)
    audit.record("applied", mentor, by=by, source=source, consent=consent_version)
    return candidate


def new_reference(session: Session) -> str:
    """A number that an applicant can read out on the phone, and nobody can guess."""
    while True:
        text = "".join(secrets.choice(LETTERS) for _ in range(8))
        reference = f"{text[:4]}-{text[4:]}"
        known = select(Candidate.mentor_id).where(Candidate.reference == reference)
        if session.scalar(known) is None:
            return reference


def hold(session: Session, candidate: Candidate) -> Mentor:
    """Lock the mentor's row; raises Impossible when the way has ended."""
    mentor = locked_mentor(session, candidate.mentor_id)
    session.refresh(candidate)
    if mentor.status != MentorStatus.CANDIDATE or candidate.ended_as is not None:
        raise Impossible("not_a_candidate")
    return mentor


def row_of(session: Session, candidate: Candidate, step: Step) -> CandidateStep:
    """The row of a step of the present try, made when nobody wrote about it yet."""
    row = queries.step_row(session, candidate, step)
    if row is None:
        row = CandidateStep(candidate=candidate, attempt=candidate.attempt, step=step)
        session.add(row)
    return row
