from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.accounts.services import create_user
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    Mentor,
    MentorPause,
    MentorStatus,
    StatusChange,
)
from mentorship.people.services import (
    NAME_FIELDS,
    change_person,
    register_person,
    replace_languages,
    take_version,
)
from mentorship.permissions import Role
from mentorship.settings.services import value

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

WISHES = ("weekdays", "child_sex_wish", "child_age_from", "child_age_to")
FIELDS = (
    *NAME_FIELDS,
    *("iin", "phone", "email", "region", "town", "reach_km", "capacity"),
    *WISHES,
)


def register_mentor(
    session: Session, data: dict[str, Any], *, by: int | None, at: datetime
) -> Mentor:
    """Add a mentor to the register, with their certificate where it is given.

    Raises AlreadyDone when the IIN or the certificate's number is known, and Invalid for more
    places than a mentor may have.
    """
    data = {"weekdays": [], **data}
    _refuse_too_many(session, data["capacity"], before=0)
    mentor: Mentor = register_person(session, Mentor, FIELDS, data, by=by, at=at)
    if data.get("certificate_number"):
        prefix = "certificate_"
        paper = {k.removeprefix(prefix): v for k, v in data.items() if k.startswith(prefix)}
        add_certificate(session, mentor, paper, by=by, at=at)
    return mentor


def change_mentor(
    session: Session, mentor: Mentor, data: dict[str, Any], *, version: int, by: int
) -> None:
    """Change a mentor's facts; raises Stale, AlreadyDone, or Invalid for too many places."""
    _refuse_too_many(session, data["capacity"], before=mentor.capacity)
    change_person(session, mentor, FIELDS, data, version=version, by=by)


def _refuse_too_many(session: Session, capacity: int, *, before: int) -> None:
    """A mentor who had more places before the limit was set keeps them, but gets no more."""
    most = value(session, "mentor.most_children")
    if capacity > max(most, before):
        raise Invalid("too_many_children", most=most)


def change_availability(
    session: Session, mentor: Mentor, data: dict[str, Any], *, version: int, by: int
) -> None:
    """Change when a mentor is free and whom they are ready for; raises Stale."""
    take_version(mentor, version)
    values = {name: data[name] for name in WISHES}
    changed = audit.changed_fields(mentor, values)
    for name, now in values.items():
        setattr(mentor, name, now)
    if {row.language: row.level for row in mentor.languages} != data["languages"]:
        replace_languages(mentor, data["languages"])
        changed.append("languages")
    audit.record("changed_availability", mentor, by=by, session=session, fields=changed)


def add_pause(
    session: Session, mentor: Mentor, data: dict[str, Any], *, by: int, at: datetime
) -> MentorPause:
    """Note from when to when a mentor is away; raises AlreadyDone where two would overlap."""
    for_update(session, Mentor, [mentor.id])
    session.refresh(mentor, ["pauses"])
    pause = MentorPause(mentor_id=mentor.id, **data, recorded_by=by, recorded_at=at)
    if any(_overlap(pause, other) for other in mentor.pauses):
        raise AlreadyDone("pauses_overlap")
    mentor.pauses.append(pause)
    audit.record("added_pause", mentor, by=by, session=session, reason=data["reason"])
    return pause


def _overlap(one: MentorPause, other: MentorPause) -> bool:
    ends, other_ends = one.until_on or date.max, other.until_on or date.max
    return one.from_on <= other_ends and other.from_on <= ends


def end_pause(session: Session, mentor: Mentor, pause_id: int, *, on: date, by: int) -> None:
    """A mentor is back on a day: yesterday was the last day away; what has not begun is dropped.

    Raises AlreadyDone where it is over, or was dropped.
    """
    for_update(session, Mentor, [mentor.id])
    session.refresh(mentor, ["pauses"])
    pause = next((row for row in mentor.pauses if row.id == pause_id), None)
    if pause is None or (pause.until_on is not None and pause.until_on < on):
        raise AlreadyDone("pause_over")
    was = {"since": f"{pause.from_on}", "until": f"{pause.until_on}", "reason": pause.reason}
    if pause.from_on >= on:
        mentor.pauses.remove(pause)
    else:
        pause.until_on = on - timedelta(days=1)
    audit.record("ended_pause", mentor, by=by, session=session, **was)


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
        raise Impossible("status_impossible", was=was, wanted=status)
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
