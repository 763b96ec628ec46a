from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.mentors.models import Mentor
from mentorship.training.models import (
    Course,
    CourseKind,
    Enrolment,
    SessionState,
    TrainingSession,
)
from mentorship.training.queries import TRAINABLE, locked, taken

# Lists on paper are typed in later: so long may a forgotten person be added after the last day.
ENTERED_WITHIN = timedelta(days=30)
COURSE_FIELDS = ("kind", "name_kk", "name_ru", "name_en", "hours", "has_test", "skills")
RESULTS_REST_ON = ("kind", "has_test", "skills")


def add_course(session: Session, data: dict[str, Any], *, by: int) -> Course:
    """Add a course to the programme; raises Invalid where the compulsory one has no test."""
    _check_course(data)
    course = Course(code=f"own-{uuid4().hex[:12]}", **data)
    session.add(course)
    audit.record("added_course", course, by=by)
    return course


def change_course(session: Session, course: Course, data: dict[str, Any], *, by: int) -> None:
    """Change a course; what recorded results rest on stays: raises Impossible or Invalid."""
    _check_course(data)
    (course,) = for_update(session, Course, [course.id])
    changed = audit.changed_fields(course, data)
    if set(changed) & set(RESULTS_REST_ON) and _has_results(session, course_id=course.id):
        raise Impossible("course_has_results")
    for name, value in data.items():
        setattr(course, name, value)
    audit.record("changed_course", course, by=by, fields=changed)


def _check_course(data: dict[str, Any]) -> None:
    if data["kind"] == CourseKind.COMPULSORY and not data["has_test"]:
        raise Invalid("compulsory_needs_test")


def _has_results(session: Session, **which: int) -> bool:
    recorded = exists().where(
        Enrolment.session_id == TrainingSession.id,
        Enrolment.attended.is_not(None),
        *(getattr(TrainingSession, name) == value for name, value in which.items()),
    )
    return bool(session.scalar(select(recorded)))


def add_session(
    session: Session, course: Course, data: dict[str, Any], *, by: int, at: datetime
) -> TrainingSession:
    """Plan a session of a course; raises Impossible where the course is closed."""
    if not course.open:
        raise Impossible("course_closed")
    training = TrainingSession(course=course, created_by=by, created_at=at, **data)
    session.add(training)
    audit.record("added_training", training, by=by)
    return training


def change_session(
    session: Session, training: TrainingSession, data: dict[str, Any], *, by: int, on: date
) -> list[str]:
    """Change a session that is not over; the names of what changed.

    Raises Impossible for a session that was cancelled, is over, or whose dates results rest on.
    """
    training = locked(session, training.id)
    state = training.state(on)
    _must_stand(state)
    if state is SessionState.OVER:
        raise Impossible("training_over")
    changed = audit.changed_fields(training, data)
    if state is SessionState.UNDER_WAY and "starts_on" in changed:
        raise Impossible("training_begun")
    if {"starts_on", "ends_on"} & set(changed) and _has_results(session, id=training.id):
        raise Impossible("training_has_results")
    held = taken(session, [training.id]).get(training.id, 0)
    if data["seats"] < held:
        raise Impossible("training_seats_taken", taken=held)
    for name, value in data.items():
        setattr(training, name, value)
    audit.record("changed_training", training, by=by, fields=changed)
    return changed


def cancel_session(
    session: Session, training: TrainingSession, *, by: int, on: date, at: datetime
) -> None:
    """Call a session off; raises AlreadyDone, or Impossible once it is over or has results."""
    training = locked(session, training.id)
    state = training.state(on)
    if state is SessionState.CANCELLED:
        raise AlreadyDone("training_cancelled")
    if state is SessionState.OVER:
        raise Impossible("training_over")
    if _has_results(session, id=training.id):
        raise Impossible("training_has_results")
    training.cancelled_at, training.cancelled_by = at, by
    audit.record("cancelled_training", training, by=by)


def enrol(
    session: Session,
    training: TrainingSession,
    mentor_ids: Sequence[int],
    *,
    by: int,
    on: date,
    at: datetime,
) -> list[Enrolment]:
    """Give people seats, all of them or nobody; who has one already keeps it.

    Raises Impossible where the session is cancelled, over or full or somebody is no longer
    of the programme, AlreadyDone where all of them have seats, Invalid for nobody.
    """
    mentors: list[Mentor] = for_update(session, Mentor, sorted(set(mentor_ids)))
    if not mentors:
        raise Invalid("nobody_to_enrol")
    training = locked(session, training.id)
    _must_stand(training.state(on))
    if on > training.ends_on + ENTERED_WITHIN:
        raise Impossible("training_over")
    if any(mentor.status not in TRAINABLE for mentor in mentors):
        raise Impossible("not_trainable")
    earlier = _earlier(session, training, mentors)
    new = [m for m in mentors if m.id not in earlier or earlier[m.id].cancelled_at is not None]
    if not new:
        raise AlreadyDone("already_enrolled")
    free = training.seats - taken(session, [training.id]).get(training.id, 0)
    if len(new) > free:
        raise Impossible("training_full", free=max(0, free))
    return [_seat(session, training, m, earlier.get(m.id), by=by, at=at) for m in new]


def _earlier(
    session: Session, training: TrainingSession, mentors: list[Mentor]
) -> dict[int, Enrolment]:
    ids = [mentor.id for mentor in mentors]
    query = select(Enrolment).where(
        Enrolment.session_id == training.id, Enrolment.mentor_id.in_(ids)
    )
    fresh = query.execution_options(populate_existing=True)
    return {row.mentor_id: row for row in session.scalars(fresh)}


def _seat(
    session: Session,
    training: TrainingSession,
    mentor: Mentor,
    earlier: Enrolment | None,
    *,
    by: int,
    at: datetime,
) -> Enrolment:
    row = earlier or Enrolment(session=training, mentor=mentor)
    row.cancelled_at, row.enrolled_by, row.enrolled_at = None, by, at
    session.add(row)
    audit.record("enrolled_in_training", row, by=by, training=training.id, mentor=mentor.id)
    return row


def enrol_self(
    session: Session, training: TrainingSession, mentor: Mentor, *, by: int, on: date, at: datetime
) -> Enrolment:
    """Take a seat oneself, before the session begins; raises what `enrol` does."""
    if training.state(on) is not SessionState.AHEAD:
        _must_stand(training.state(on))
        raise Impossible("training_begun")
    return enrol(session, training, [mentor.id], by=by, on=on, at=at)[0]


def leave(session: Session, enrolment: Enrolment, *, by: int, on: date, at: datetime) -> None:
    """Give a seat back before the session begins; raises AlreadyDone or Impossible."""
    training = locked(session, enrolment.session_id)
    session.refresh(enrolment)
    if enrolment.cancelled_at is not None:
        raise AlreadyDone("not_enrolled")
    state = training.state(on)
    _must_stand(state)
    if state is not SessionState.AHEAD:
        raise Impossible("training_begun")
    enrolment.cancelled_at = at
    audit.record("left_training", enrolment, by=by, training=training.id)


def _must_stand(state: SessionState) -> None:
    if state is SessionState.CANCELLED:
        raise Impossible("training_cancelled")
