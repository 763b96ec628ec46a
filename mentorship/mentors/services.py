from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.errors import AlreadyDone, Invalid
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    Mentor,
    MentorStatus,
)
from mentorship.people.services import NAME_FIELDS, change_person, register_person
from mentorship.permissions import Role

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


def change_status(mentor: Mentor, status: MentorStatus, *, by: int) -> None:
    """Let a mentor take part in rounds, or not."""
    audit.record("changed_mentor_status", mentor, by=by, was=mentor.status, now=status)
    mentor.status = status


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
