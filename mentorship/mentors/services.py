from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    Mentor,
    MentorStatus,
    StatusChange,
)
from mentorship.people.services import NAME_FIELDS, change_person, register_person
from mentorship.permissions import Role

_S = MentorStatus
# The ways from each status. Suspending is always possible for somebody who mentors; who was
# refused, withdrew or retired begins again as a candidate.
WAYS: dict[MentorStatus, frozenset[MentorStatus]] = {
    _S.CANDIDATE: frozenset({_S.ACTIVE, _S.REFUSED, _S.WITHDRAWN}),
    _S.ACTIVE: frozenset({_S.PAUSED, _S.SUSPENDED, _S.RETIRED}),
    _S.PAUSED: frozenset({_S.ACTIVE, _S.SUSPENDED, _S.RETIRED}),
    _S.SUSPENDED: frozenset({_S.ACTIVE, _S.PAUSED, _S.RETIRED}),
    _S.RETIRED: frozenset({_S.CANDIDATE}),
    _S.REFUSED: frozenset({_S.CANDIDATE}),
    _S.WITHDRAWN: frozenset({_S.CANDIDATE}),
}

FIELDS = (*NAME_FIELDS, "iin", "phone", "email", "region", "town", "reach_km", "capacity")


def register_mentor(
    session: Session, data: dict[str, Any], *, by: int | None, at: datetime
) -> Mentor:
    """Add a mentor to the register, with their certificate where it is given.

    Raises AlreadyDone when the IIN or the certificate's number is known.
    """
    mentor: Mentor = register_person(session, Mentor, FIELDS, data, by=by, at=at)
    if data.get("certificate_number"):
        prefix = "certificate_"
        paper = {k.removeprefix(prefix): v for k, v in data.items() if k.startswith(prefix)}
        add_certificate(session, mentor, paper, by=by, at=at)
    return mentor


def change_mentor(
    session: Session, mentor: Mentor, data: dict[str, Any], *, version: int, by: int
) -> None:
    """Change a mentor's facts; raises Stale or AlreadyDone."""
    change_person(session, mentor, FIELDS, data, version=version, by=by)


def add_certificate(
    session: Session, mentor: Mentor, data: dict[str, Any], *, by: int | None, at: datetime
) -> Certificate:
    """Record a certificate; raises AlreadyDone when its number is known."""
    number = data["number"]
    if session.scalars(select(Certificate).where(Certificate.number == number)).first():
        raise AlreadyDone("certificate_number_in_use")
    certificate = Certificate(mentor=mentor, recorded_at=at, **data)
    session.add(certificate)
    audit.record("recorded_certificate", certificate, by=by, mentor=mentor.id)
    return certificate


def add_clearances(
    session: Session, mentor: Mentor, data: dict[str, Any], *, by: int | None, at: datetime
) -> list[Clearance]:
    """Record one paper as a clearance of each kind it answers."""
    facts = {name: value for name, value in data.items() if name != "kinds"}
    added = [
        Clearance(mentor=mentor, kind=kind, recorded_by=by, recorded_at=at, **facts)
        for kind in data["kinds"]
    ]
    session.add_all(added)
    audit.record("recorded_clearances", mentor, by=by, kinds=data["kinds"])
    return added


def change_status(
    session: Session,
    mentor: Mentor,
    status: MentorStatus,
    *,
    reason: str,
    note: str | None = None,
    by: int | None,
    at: datetime,
) -> None:
    """Give a mentor another status and keep who did it, when and why.

    Raises Impossible where no way leads from the one to the other.
    """
    was = MentorStatus(mentor.status)
    if status not in WAYS[was]:
        raise Impossible("status_impossible", was=was, now=status)
    mentor.status = status
    session.add(
        StatusChange(
            mentor_id=mentor.id,
            was=was,
            now=status,
            reason=reason,
            note=note,
            changed_by=by,
            changed_at=at,
        )
    )
    audit.record("changed_mentor_status", mentor, by=by, was=was, now=status, reason=reason)


def give_access(session: Session, mentor: Mentor, *, language: str, by: int, at: datetime) -> User:
    """Make the account with which a mentor signs in; raises Invalid or AlreadyDone."""
    if mentor.user_id is not None:
        raise AlreadyDone("has_access")
    if not mentor.email:
        raise Invalid("no_email")
    user = create_user(
        session,
        email=mentor.email,
        name=f"{mentor.first_name} {mentor.last_name}",
        role=Role.MENTOR,
        language=language,
        by=by,
        at=at,
    )
    session.flush()
    mentor.user = user
    audit.record("gave_mentor_access", mentor, by=by)
    return user
