"""Who came, for how many hours, how the test went; and the skills that follow from it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.mentors.models import Mentor, MentorSkill
from mentorship.settings.services import value
from mentorship.training.facts import Result
from mentorship.training.models import (
    CorrectionReason,
    Enrolment,
    Outcome,
    SessionState,
    TrainingSession,
)
from mentorship.training.queries import locked


def record_results(
    session: Session,
    training: TrainingSession,
    results: Mapping[int, Result],
    *,
    by: int,
    on: date,
    at: datetime,
) -> int:
    """Record what came of these places, all or none; how many were recorded.

    Raises AlreadyDone where somebody recorded one meanwhile, Impossible before the first day
    or for a place that was given up, Invalid for hours or dates that cannot be.
    """
    training = _held(session, training.id, results)
    _may_record(training, on)
    rows = _fresh(session, results)
    for row in rows:
        result = results[row.id]
        _check(training, row, result, on)
        if not row.is_open:
            raise AlreadyDone("result_recorded")
        _write(session, row, result, by=by, at=at)
        percent = value(session, "training.passing_percent") if row.score is not None else None
        facts = _facts(row)
        audit.record("recorded_training_result", row, by=by, passing_percent=percent, now=facts)
    return len(rows)


def correct_result(
    session: Session,
    enrolment: Enrolment,
    result: Result,
    *,
    reason: CorrectionReason,
    by: int,
    on: date,
    at: datetime,
) -> None:
    """Put a wrong entry right; who, when, why and what it was stays in the audit.

    Raises Impossible where nothing was recorded, or where a certificate in force rests on it.
    """
    training = _held(session, enrolment.session_id, [enrolment.id])
    _may_record(training, on)
    (row,) = _fresh(session, [enrolment.id])
    if row.attended is None:
        raise Impossible("result_missing")
    _check(training, row, result, on)
    was = _facts(row)
    _write(session, row, result, by=by, at=at)
    if row.outcome is not Outcome.PASSED and _has_standing_certificate(row):
        raise Impossible("certificate_rests_on_result")
    percent = value(session, "training.passing_percent") if row.score is not None else None
    now = _facts(row)
    audit.record(
        "corrected_training_result",
        row,
        by=by,
        reason=reason,
        passing_percent=percent,
        was=was,
        now=now,
    )


def _held(session: Session, training_id: int, enrolment_ids: Any) -> TrainingSession:
    """The session, locked after the people whose skills may change: everybody's order."""
    whose = select(Enrolment.mentor_id).where(Enrolment.id.in_(list(enrolment_ids)))
    for_update(session, Mentor, sorted(session.scalars(whose)))
    return locked(session, training_id)


def _fresh(session: Session, enrolment_ids: Any) -> list[Enrolment]:
    query = (
        select(Enrolment)
        .where(Enrolment.id.in_(list(enrolment_ids)))
        .order_by(Enrolment.id)
        .options(joinedload(Enrolment.certificate))
        .execution_options(populate_existing=True)
    )
    return list(session.scalars(query))


def _may_record(training: TrainingSession, on: date) -> None:
    state = training.state(on)
    if state is SessionState.CANCELLED:
        raise Impossible("training_cancelled")
    if state is SessionState.AHEAD:
        raise Impossible("training_ahead")


def _check(training: TrainingSession, row: Enrolment, result: Result, on: date) -> None:
    course = training.course
    if row.session_id != training.id or row.cancelled_at is not None:
        raise Impossible("not_enrolled")
    if not result.attended:
        if result.hours is not None or result.score is not None:
            raise Invalid("result_of_absent")
        return
    if result.hours is None or not 0 < result.hours <= course.hours:
        raise Invalid("hours_outside", most=course.hours)
    if result.score is None:
        return
    if not course.has_test:
        raise Invalid("course_without_test")
    if not 0 <= result.score <= 100:
        raise Invalid("score_outside")
    if result.test_on is None or not training.starts_on <= result.test_on <= on:
        raise Invalid("test_date_outside")


def _write(session: Session, row: Enrolment, result: Result, *, by: int, at: datetime) -> None:
    """Write a result and let the mentor's skills follow it."""
    before = row.earned_on
    passing = value(session, "training.passing_percent")
    row.attended, row.hours = result.attended, result.hours
    row.score = result.score
    row.passed = None if result.score is None else result.score >= passing
    row.test_on = None if result.score is None else result.test_on
    row.recorded_by, row.recorded_at = by, at
    session.flush()
    _settle_skills(session, row, before, by)


def _settle_skills(session: Session, row: Enrolment, before: date | None, by: int) -> None:
    """Give what all passed courses of the mentor give; take what only this one had given."""
    days = _earned(session, row.mentor_id)
    held = {
        skill.skill: skill
        for skill in session.scalars(
            select(MentorSkill).where(MentorSkill.mentor_id == row.mentor_id)
        )
    }
    for skill in row.session.course.skills:
        day, known = days.get(skill), held.get(skill)
        if day is not None and known is None:
            session.add(MentorSkill(mentor_id=row.mentor_id, skill=skill, earned_on=day))
            audit.record("gave_skill", row, by=by, mentor=row.mentor_id, skill=skill)
        elif known is not None and day is not None:
            # A day that no course explains came with the register: the earlier one stays.
            known.earned_on = day if known.earned_on == before else min(known.earned_on, day)
        elif known is not None and known.earned_on == before:
            session.delete(known)
            audit.record("took_skill", row, by=by, mentor=row.mentor_id, skill=skill)
    session.flush()
    mentor = session.get(Mentor, row.mentor_id)
    session.expire(mentor, ["skills"])


def _earned(session: Session, mentor_id: int) -> dict[str, date]:
    """The first day on which each skill was earned, over all courses the mentor passed."""
    query = (
        select(Enrolment)
        .join(Enrolment.session)
        .join(TrainingSession.course)
        .where(
            Enrolment.mentor_id == mentor_id,
            Enrolment.attended.is_(True),
            Enrolment.cancelled_at.is_(None),
        )
        .options(joinedload(Enrolment.session).joinedload(TrainingSession.course))
    )
    days: dict[str, date] = {}
    for row in session.scalars(query):
        day = row.earned_on
        for skill in row.session.course.skills if day else ():
            days[skill] = min(day or date.max, days.get(skill, date.max))
    return days


def _has_standing_certificate(row: Enrolment) -> bool:
    return row.certificate is not None and row.certificate.revoked_on is None


def _facts(row: Enrolment) -> dict[str, Any]:
    return {
        "attended": row.attended,
        "hours": None if row.hours is None else str(row.hours),
        "score": row.score,
        "passed": row.passed,
        "test_on": None if row.test_on is None else row.test_on.isoformat(),
    }
