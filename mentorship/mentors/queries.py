from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload

from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.i18n import like_patterns
from mentorship.mentors.models import (
    NOT_YET_MENTORS,
    Certificate,
    ClearanceKind,
    Mentor,
    MentorLanguage,
)
from mentorship.people.vocabulary import Level


def clearance_kinds(session: Session) -> list[ClearanceKind]:
    """Every kind of clearance, in the order in which they are asked for."""
    return list(session.scalars(select(ClearanceKind).order_by(ClearanceKind.position)))


def visible_mentors(user: User) -> Select[Mentor]:
    """The mentors somebody may see: those of their regions."""
    return user.scope.limit(select(Mentor), Mentor.region)


def find_mentor(session: Session, user: User, mentor_id: int) -> Mentor | None:
    """One visible mentor with everything their page shows."""
    query = visible_mentors(user).where(Mentor.id == mentor_id)
    parts = (
        Mentor.languages,
        Mentor.interests,
        Mentor.certificates,
        Mentor.clearances,
        Mentor.matches,
        Mentor.pauses,
    )
    return session.scalars(query.options(*(selectinload(part) for part in parts))).first()


def mentor_of_user(session: Session, user: User) -> Mentor | None:
    """The register's record of a mentor who is signed in."""
    return session.scalars(select(Mentor).where(Mentor.user_id == user.id)).first()


def search_mentors(user: User, q: str, filters: dict[str, str], on: date) -> Select[Any]:
    """Visible mentors by name and filters: region, status, language, certificate."""
    query = visible_mentors(user)
    for pattern in like_patterns(q):
        query = query.where(Mentor.search_key.like(pattern, escape="\\"))
    for name, column in (("region", Mentor.region), ("status", Mentor.status)):
        if name in filters:
            query = query.where(column == filters[name])
    if "status" not in filters:
        query = query.where(Mentor.status.not_in(NOT_YET_MENTORS))
    if "language" in filters:
        spoken = select(MentorLanguage.mentor_id).where(
            MentorLanguage.language == filters["language"], MentorLanguage.level == Level.FLUENT
        )
        query = query.where(Mentor.id.in_(spoken))
    if "certificate" in filters:
        current = select(Certificate.mentor_id).where(
            Certificate.expires_on >= on, Certificate.revoked_on.is_(None)
        )
        held = Mentor.id.in_(current)
        query = query.where(held if filters["certificate"] == "current" else ~held)
    return query


def with_certificates(query: Select[Any]) -> Select[Any]:
    """The query, with what a list shows: certificates and days away, a statement each."""
    return query.options(selectinload(Mentor.certificates), selectinload(Mentor.pauses))


def last_change(session: Session, mentor: Mentor) -> tuple[str, datetime] | None:
    """Who changed a mentor's facts or availability last, and when."""
    actions = ("changed_mentor", "changed_availability", "added_pause", "ended_pause")
    query = (
        select(User.name, AuditEntry.at)
        .join(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_type == "mentor", AuditEntry.subject_id == mentor.id)
        .where(AuditEntry.action.in_(actions))
        .order_by(AuditEntry.id.desc())
    )
    row = session.execute(query.limit(1)).first()
    return None if row is None else (row[0], row[1])


def names_of(session: Session, ids: Collection[int | None]) -> dict[int, str]:
    """Users' names by their id."""
    query = select(User.id, User.name).where(User.id.in_({one for one in ids if one}))
    return {row[0]: row[1] for row in session.execute(query)}
