from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import SignInAttempt, User
from mentorship.accounts.services import TooManyAttempts, keyed_hash
from mentorship.candidates import problem, queries, store
from mentorship.candidates.models import Candidate
from mentorship.candidates.vocabulary import (
    BY_PEOPLE,
    VISITS,
    CandidateEnd,
    CandidateSource,
    Step,
    StepOutcome,
)
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches.queries import locked_mentor
from mentorship.mentors import services as mentors
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.mentors.policies import REASONS
from mentorship.permissions import Role
from mentorship.settings.services import value

HOUR = timedelta(hours=1)
ENDS = {
    CandidateEnd.REFUSED: MentorStatus.REFUSED,
    CandidateEnd.WITHDRAWN: MentorStatus.WITHDRAWN,
}


def apply_publicly(
    session: Session,
    data: dict[str, Any],
    *,
    consent_version: str,
    language: str,
    address: str,
    secret: str,
    at: datetime,
) -> Candidate:
    """Take an application from somebody without an account; raises TooManyAttempts.

    Somebody whose phone number is known applies like everybody else: staff see that they did.
    """
    _count_application(session, address, secret=secret, at=at)
    source = CandidateSource.PUBLIC
    return store.register(session, data, source, consent_version, language, by=None, at=at)


def register_candidate(
    session: Session,
    data: dict[str, Any],
    *,
    consent_version: str,
    language: str,
    by: int,
    at: datetime,
) -> Candidate:
    """Enter somebody who applied in person; whoever enters them has read their application."""
    source = CandidateSource.STAFF
    candidate = store.register(session, data, source, consent_version, language, by=by, at=at)
    candidate.owner_id = by
    row = store.row_of(session, candidate, Step.APPLICATION)
    row.outcome, row.done_on = StepOutcome.POSITIVE, as_day(at)
    row.recorded_by, row.recorded_at = by, at
    return candidate


def _count_application(session: Session, address: str, *, secret: str, at: datetime) -> None:
    """Raise TooManyAttempts when this address, or everybody together, applied too often."""
    limits = {
        f"apply {address}": value(session, "candidate.applications_per_hour"),
        "apply": value(session, "candidate.applications_in_all"),
    }
    for subject, most in limits.items():
        subject_hash = keyed_hash(subject, secret)
        counted = select(func.count()).where(
            SignInAttempt.kind == "address",
            SignInAttempt.subject_hash == subject_hash,
            SignInAttempt.at > at - HOUR,
        )
        if (session.scalar(counted) or 0) >= most:
            raise TooManyAttempts("too_many_applications")
        session.add(SignInAttempt(kind="address", subject_hash=subject_hash, at=at))


def _after_application(session: Session, candidate: Candidate, step: Step) -> None:
    read = queries.step_row(session, candidate, Step.APPLICATION)
    positive = read is not None and read.outcome == StepOutcome.POSITIVE
    if step != Step.APPLICATION and not positive:
        raise Impossible("application_first")


def take_over(session: Session, candidate: Candidate, *, by: int, on: date) -> None:
    """See to a candidate oneself from now on: to all that nobody else sees to."""
    store.hold(session, candidate)
    was, candidate.owner_id = candidate.owner_id, by
    now = queries.way_of_candidate(session, candidate, on).now
    if now is not None and now.row.owner_id is not None:
        store.row_of(session, candidate, now.step).owner_id = by
    audit.record("took_over_candidate", candidate.mentor, by=by, was=was)


def assign_step(
    session: Session,
    candidate: Candidate,
    step: Step,
    *,
    owner: User | None,
    due_on: date | None,
    by: int,
    on: date,
) -> None:
    """Say who sees to a step and by when; raises Invalid, AlreadyDone or Impossible."""
    mentor = store.hold(session, candidate)
    way = queries.way_of_candidate(session, candidate, on)
    if any(state.step == step and state.is_done for state in way.steps):
        raise AlreadyDone("step_done")
    if owner is not None and not _may_own(owner, mentor):
        raise Invalid("owner_outside")
    row = store.row_of(session, candidate, step)
    if due_on is not None and due_on != row.due_on and due_on < on:
        raise Invalid("due_in_past")
    row.owner_id, row.due_on = owner.id if owner else None, due_on
    audit.record(
        "assigned_candidate_step", mentor, by=by, step=step, owner=row.owner_id, due=str(due_on)
    )


def _may_own(user: User, mentor: Mentor) -> bool:
    return user.active and user.role == Role.COORDINATOR and user.scope.covers(mentor.region)


def plan_visit(
    session: Session, candidate: Candidate, step: Step, planned_on: date, *, by: int, on: date
) -> None:
    """Set the day of the interview or of the visit to the home, today or later."""
    mentor = store.hold(session, candidate)
    if step not in VISITS:
        raise Impossible("step_by_itself")
    _after_application(session, candidate, step)
    row = store.row_of(session, candidate, step)
    if row.outcome is not None:
        raise AlreadyDone("step_recorded")
    if planned_on < on:
        raise Invalid("visit_in_past")
    row.planned_on = planned_on
    audit.record("planned_candidate_step", mentor, by=by, step=step, planned=str(planned_on))


def record_outcome(
    session: Session,
    candidate: Candidate,
    step: Step,
    outcome: StepOutcome,
    *,
    held_on: date,
    note: str | None,
    by: int,
    on: date,
    at: datetime,
    correcting: bool = False,
) -> None:
    """Close a step that a person closes; raises Impossible, Invalid or AlreadyDone.

    `correcting`: what was recorded before is known, and replaced.
    """
    mentor = store.hold(session, candidate)
    if step not in BY_PEOPLE:
        raise Impossible("step_by_itself")
    _after_application(session, candidate, step)
    row = store.row_of(session, candidate, step)
    if row.outcome is not None and not correcting:
        raise AlreadyDone("step_recorded")
    if held_on > on:
        raise Invalid("step_ahead")
    if held_on < as_day(candidate.applied_at):
        raise Invalid("before_application")
    was, row.outcome = row.outcome, outcome
    row.done_on, row.note, row.recorded_by, row.recorded_at = held_on, note, by, at
    if candidate.owner_id is None:
        candidate.owner_id = by  # who began goes on, until somebody says otherwise
    audit.record("recorded_candidate_step", mentor, by=by, step=step, was=was, now=outcome)


def refuse(
    session: Session, candidate: Candidate, reason: str, note: str | None, *, by: int, at: datetime
) -> None:
    """End a way because somebody may not become a mentor."""
    _end(session, candidate, CandidateEnd.REFUSED, reason, note, by=by, at=at)


def withdraw(
    session: Session, candidate: Candidate, reason: str, note: str | None, *, by: int, at: datetime
) -> None:
    """End a way because the candidate wishes so."""
    _end(session, candidate, CandidateEnd.WITHDRAWN, reason, note, by=by, at=at)


def _end(
    session: Session,
    candidate: Candidate,
    end: CandidateEnd,
    reason: str,
    note: str | None,
    *,
    by: int,
    at: datetime,
) -> None:
    mentor = store.hold(session, candidate)
    if reason not in REASONS[ENDS[end]]:
        raise Invalid("reason_unknown")
    mentors.change_status(session, mentor, ENDS[end], reason=reason, note=note, by=by, at=at)
    candidate.ended_as, candidate.ended_at, candidate.ended_by = end, at, by
    candidate.end_reason, candidate.end_note = reason, note


def apply_again(
    session: Session, mentor: Mentor, *, language: str, by: int, at: datetime
) -> Candidate:
    """Let somebody who was refused, withdrew or retired try again; earlier tries are kept."""
    mentor = locked_mentor(session, mentor.id)
    status = MentorStatus.CANDIDATE
    mentors.change_status(session, mentor, status, reason="applied_again", by=by, at=at)
    candidate = mentor.candidate
    if candidate is None:  # they became a mentor before candidates were kept
        candidate = Candidate(
            mentor=mentor,
            reference=store.new_reference(session),
            source=CandidateSource.STAFF,
            language=language,
            attempt=1,
        )
        session.add(candidate)
    else:
        candidate.attempt += 1
    candidate.applied_at, candidate.owner_id = at, by
    candidate.ended_as = candidate.ended_at = candidate.ended_by = None
    candidate.end_reason = candidate.end_note = None
    return candidate


def activate(
    session: Session,
    candidate: Candidate,
    *,
    capacity: int,
    reach_km: int,
    by: int,
    on: date,
    at: datetime,
) -> None:
    """Make a candidate an active mentor, once every step is complete and every rule allows it.

    Raises NotEligible with what is missing, an IIN too (only it shows whether somebody is known
    under another name), Invalid for too many children.
    """
    mentor = store.hold(session, candidate)
    most = value(session, "mentor.most_children")
    if capacity > most:
        raise Invalid("too_many_children", most=most)
    if queries.way_of_candidate(session, candidate, on).lacking:
        raise NotEligible("steps_missing")
    mentor.capacity, mentor.reach_km = capacity, reach_km
    if rules := problem.refusals_of(session, mentor, on):
        raise NotEligible("mentor_not_ready", rules=rules)
    if problem.is_suspended(session, mentor):
        raise NotEligible("mentor_suspended")
    if mentor.iin_hash is None:
        raise NotEligible("iin_missing")
    status = MentorStatus.ACTIVE
    mentors.change_status(session, mentor, status, reason="activated", by=by, at=at)
    candidate.ended_as, candidate.ended_at = CandidateEnd.ACTIVATED, at
    candidate.ended_by, candidate.end_reason = by, "activated"
