"""Certificates issued after the compulsory course: their number, their last day, their issue."""

import re
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.clock import months_after
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.mentors.models import Certificate, Mentor
from mentorship.mentors.services import add_certificate
from mentorship.settings.services import value
from mentorship.training.models import Course, CourseKind, Enrolment, Outcome
from mentorship.training.queries import TRAINABLE


def issue_certificate(
    session: Session,
    enrolment: Enrolment,
    *,
    issuer: str,
    issued_on: date,
    by: int,
    on: date,
    at: datetime,
) -> Certificate:
    """Issue the certificate of somebody who passed the compulsory course.

    Raises AlreadyDone where it was issued, Impossible where the course was not passed or gives
    none, Invalid for a day before the test or after today.
    """
    mentor: Mentor = for_update(session, Mentor, [enrolment.mentor_id])[0]
    session.refresh(enrolment)
    _may_issue(enrolment, mentor)
    if not (enrolment.earned_on or on) <= issued_on <= on:
        raise Invalid("issued_outside", first=enrolment.earned_on)
    months = value(session, "certificate.valid_months")
    facts = {
        "number": next_number(session, issued_on.year, mentor.region),
        "issuer": issuer,
        "issued_on": issued_on,
        "expires_on": months_after(issued_on, months),
    }
    certificate = add_certificate(session, mentor, facts, by=by, at=at)
    certificate.recorded_by = by
    enrolment.certificate = certificate
    audit.record("issued_certificate", certificate, by=by, enrolment=enrolment.id, months=months)
    return certificate


def _may_issue(enrolment: Enrolment, mentor: Mentor) -> None:
    if enrolment.session.course.kind != CourseKind.COMPULSORY:
        raise Impossible("course_without_certificate")
    if enrolment.certificate_id is not None:
        raise AlreadyDone("certificate_issued")
    if enrolment.cancelled_at is not None or enrolment.outcome is not Outcome.PASSED:
        raise Impossible("course_not_passed")
    if mentor.status not in TRAINABLE:
        raise Impossible("not_trainable")


def next_number(session: Session, year: int, region: str) -> str:
    """The next number of a year and region, such as 2026-35-0001.

    The rows of the compulsory courses are held, so that two who issue at the same moment take
    their numbers one after the other.
    """
    compulsory = select(Course.id).where(Course.kind == CourseKind.COMPULSORY).order_by(Course.id)
    for_update(session, Course, list(session.scalars(compulsory)))
    prefix = f"{year}-{region}-"
    known = select(Certificate.number).where(Certificate.number.startswith(prefix))
    ends = (number.removeprefix(prefix) for number in session.scalars(known))
    counted = [int(end) for end in ends if re.fullmatch(r"[0-9]{4,9}", end)]
    return f"{prefix}{max(counted, default=0) + 1:04}"
