from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.endings import withdraw_open
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches.queries import locked_mentor, open_matches
from mentorship.matches.services import hold_decisions
from mentorship.mentors import services as mentors
from mentorship.mentors.models import (
    Certificate,
    ClearanceResult,
    Mentor,
    MentorStatus,
)
from mentorship.mentors.queries import clearance_kinds
from mentorship.papers.models import Paper
from mentorship.qualification import notices, queries
from mentorship.qualification.facts import last_good_day
from mentorship.qualification.models import BY_A_PERSON, Suspension, SuspensionCause
from mentorship.qualification.problem import Cause, refusing_papers, still_refused
from mentorship.reviews.models import ReviewCause
from mentorship.reviews.services import look_again


def record_clearances(
    session: Session,
    mentor: Mentor,
    data: dict[str, Any],
    *,
    by: int | None,
    at: datetime,
    base_url: str,
    by_kind: bool = False,
    paper_id: int | None = None,
) -> list[Suspension]:
    """Record one paper as clearances; one with an obstacle suspends a mentor at once.

    `by_kind`: without a last day, the kind says how long a clear result is good. A result of a
    kind that is not asked for suspends nobody. The answer: the suspensions that this opened.
    Raises Invalid where the scan is another person's.
    """
    _check_scan(session, mentor, paper_id)
    if data["result"] != ClearanceResult.ADVERSE:
        _add_clearances(session, mentor, data, by_kind, paper_id, by=by, at=at)
        return []
    _lock(session, mentor)
    _add_clearances(session, mentor, data, by_kind, paper_id, by=by, at=at)
    required = {kind.code for kind in clearance_kinds(session) if kind.required}
    fallen = [
        (SuspensionCause.CLEARANCE_ADVERSE, kind) for kind in data["kinds"] if kind in required
    ]
    return _fall(session, mentor, fallen, reason=None, by=by, at=at, base_url=base_url)


def _add_clearances(
    session: Session,
    mentor: Mentor,
    data: dict[str, Any],
    by_kind: bool,
    paper_id: int | None,
    *,
    by: int | None,
    at: datetime,
) -> None:
    facts = data if paper_id is None else {**data, "paper_id": paper_id}
    clear = data["result"] == ClearanceResult.CLEAR
    if not (by_kind and clear and data.get("valid_until") is None):
        mentors.add_clearances(session, mentor, facts, by=by, at=at)
        return
    months = {kind.code: kind.months for kind in clearance_kinds(session)}
    lasting: dict[date | None, list[str]] = {}
    for kind in data["kinds"]:
        lasting.setdefault(last_good_day(data["checked_on"], months[kind]), []).append(kind)
    for until, kinds in lasting.items():
        paper = {**facts, "kinds": kinds, "valid_until": until}
        mentors.add_clearances(session, mentor, paper, by=by, at=at)


def record_certificate(
    session: Session,
    mentor: Mentor,
    data: dict[str, Any],
    *,
    by: int | None,
    at: datetime,
    paper_id: int | None = None,
) -> Certificate:
    """Record a certificate; raises AlreadyDone for a known number, Invalid for another's scan."""
    _check_scan(session, mentor, paper_id)
    certificate = mentors.add_certificate(session, mentor, data, by=by, at=at)
    certificate.recorded_by, certificate.paper_id = by, paper_id
    return certificate


def revoke_certificate(
    session: Session,
    certificate: Certificate,
    *,
    revoked_on: date,
    reason: str,
    by: int,
    at: datetime,
    base_url: str,
) -> list[Suspension]:
    """Note that a certificate was revoked; the mentor is suspended at once.

    Raises AlreadyDone where it was, and Invalid for a day before its issue.
    """
    mentor = certificate.mentor
    _lock(session, mentor)
    for_update(session, Certificate, [certificate.id])
    if certificate.revoked_on is not None:
        raise AlreadyDone("certificate_revoked")
    if revoked_on < certificate.issued_on:
        raise Invalid("revoked_before_issue")
    certificate.revoked_on, certificate.revoked_reason = revoked_on, reason
    certificate.revoked_by = by
    audit.record("revoked_certificate", certificate, by=by, mentor=mentor.id)
    fallen: list[Cause] = [(SuspensionCause.CERTIFICATE_REVOKED, None)]
    return _fall(session, mentor, fallen, reason=reason, by=by, at=at, base_url=base_url)


def suspend(
    session: Session,
    mentor: Mentor,
    *,
    cause: SuspensionCause,
    reason: str,
    by: int,
    at: datetime,
    base_url: str,
) -> Suspension:
    """Suspend a mentor for a reason that is no paper.

    Raises Impossible where nobody mentors here, AlreadyDone where they are suspended for it.
    """
    _lock(session, mentor)
    if mentor.status not in queries.MENTORING or cause not in BY_A_PERSON:
        raise Impossible("status_impossible")
    fallen: list[Cause] = [(cause, None)]
    opened = _fall(session, mentor, fallen, reason=reason, by=by, at=at, base_url=base_url)
    if not opened:
        raise AlreadyDone("already_suspended")
    return opened[0]


def suspend_expired(
    session: Session, mentor_id: int, day: date, *, at: datetime, base_url: str
) -> list[Suspension]:
    """Suspend a working mentor whose paper ended before a day, or says no; none if all is well."""
    hold_decisions(session, shared=True)
    mentor = locked_mentor(session, mentor_id)
    if mentor.status not in queries.WORKING:
        return []
    fallen = refusing_papers(session, mentor, day)
    return _fall(session, mentor, fallen, reason=None, by=None, at=at, base_url=base_url)


def _fall(
    session: Session,
    mentor: Mentor,
    causes: Sequence[Cause],
    *,
    reason: str | None,
    by: int | None,
    at: datetime,
    base_url: str,
) -> list[Suspension]:
    """Everything that follows at once, for a mentor whose row is locked.

    Suspended, open proposals and pairs on the way ended, matches on hold, the task of telling
    each child, and messages to those who must know.
    """
    if not causes or mentor.status not in queries.MENTORING:
        return []
    opened = _open(session, mentor, causes, reason=reason, by=by, at=at)
    if mentor.status != MentorStatus.SUSPENDED:
        now, why = MentorStatus.SUSPENDED, str(causes[0][0])
        mentors.change_status(session, mentor, now, reason=why, note=reason, by=by, at=at)
    withdrawn = withdraw_open(session, mentor_id=mentor.id, by=by, on=as_day(at), at=at)
    matches = open_matches(session, mentor_id=mentor.id)
    for match in matches:
        cause = ReviewCause.MENTOR_SUSPENDED
        look_again(session, match, cause, hold=True, tell_child=True, by=by, at=at)
    if opened:
        opened[0].withdrawn = withdrawn
        held = [match.id for match in matches]
        audit.record("suspended_mentor", mentor, by=by, withdrawn=withdrawn, matches=held)
        notices.tell_of_suspension(session, opened[0], matches, base_url=base_url, at=at)
    return opened


def _open(
    session: Session,
    mentor: Mentor,
    causes: Sequence[Cause],
    *,
    reason: str | None,
    by: int | None,
    at: datetime,
) -> list[Suspension]:
    """A row for each cause that is not open yet; for one that is, a wish to lift it is void."""
    standing = queries.open_suspensions(session, mentor.id)
    was = standing[0].was if standing else MentorStatus(mentor.status)
    if was == MentorStatus.SUSPENDED:  # by an older version, which kept no reason
        was = MentorStatus.PAUSED
    opened = []
    for cause, kind in causes:
        same = next((row for row in standing if (row.cause, row.kind) == (cause, kind)), None)
        if same is not None:
            _forget_wish(same)
            continue
        row = Suspension(mentor_id=mentor.id, cause=cause, kind=kind, reason=reason, was=was)
        row.opened_at, row.opened_by = at, by
        opened.append(row)
    session.add_all(opened)
    session.flush()
    return opened


def ask_to_lift(
    session: Session, suspension: Suspension, *, reason: str, by: int, at: datetime, base_url: str
) -> None:
    """Say why a suspension should end; a second person decides.

    Raises AlreadyDone where it is lifted or somebody has asked, Impossible where nobody is
    suspended any more.
    """
    _lock_suspension(session, suspension)
    if suspension.lift_asked_by is not None:
        raise AlreadyDone("lift_asked_already")
    suspension.lift_asked_by, suspension.lift_asked_at = by, at
    suspension.lift_reason = reason
    audit.record("asked_to_lift", suspension, by=by, mentor=suspension.mentor_id)
    notices.tell_of_wish(session, suspension, base_url=base_url, at=at)


def keep_suspended(session: Session, suspension: Suspension, *, by: int, at: datetime) -> None:
    """Say no to the wish to lift, or take one's own back; raises as asking does."""
    _lock_suspension(session, suspension)
    if suspension.lift_asked_by is None:
        raise AlreadyDone("lift_not_asked")
    asked_by = suspension.lift_asked_by
    _forget_wish(suspension)
    audit.record("kept_suspension", suspension, by=by, asked_by=asked_by)


def lift(session: Session, suspension: Suspension, *, by: int, at: datetime) -> bool:
    """End a suspension that somebody else asked to end; whether the mentor may mentor again.

    Matches stay on hold until people decide on each. Raises NotEligible for the person who asked
    and while a rule about the mentor refuses; otherwise as asking does.
    """
    mentor = _lock_suspension(session, suspension)
    if suspension.lift_asked_by is None:
        raise Impossible("lift_not_asked")
    if suspension.lift_asked_by == by:
        raise NotEligible("lift_needs_second")
    if rules := still_refused(session, mentor, as_day(at)):
        raise NotEligible("lift_refused", rules=rules)
    suspension.lifted_by, suspension.lifted_at = by, at
    session.flush()
    audit.record("lifted_suspension", suspension, by=by, mentor=mentor.id)
    if queries.open_suspensions(session, mentor.id):
        return False
    was, why = MentorStatus(suspension.was), "suspension_lifted"
    note = suspension.lift_reason
    mentors.change_status(session, mentor, was, reason=why, note=note, by=by, at=at)
    return True


def change_status(
    session: Session,
    mentor: Mentor,
    status: MentorStatus,
    *,
    reason: str,
    note: str | None,
    by: int,
    at: datetime,
) -> None:
    """Pause a mentor, end the pause, or retire them; retiring ends what is open.

    Raises Impossible for every other way: suspending and candidates have their own verbs.
    NotEligible where somebody retires who still has a child.
    """
    _lock(session, mentor)
    by_hand = (MentorStatus.ACTIVE, MentorStatus.PAUSED, MentorStatus.RETIRED)
    leaves = mentor.status == MentorStatus.SUSPENDED and status != MentorStatus.RETIRED
    if status not in by_hand or mentor.status not in queries.MENTORING or leaves:
        raise Impossible("status_impossible")
    if status == MentorStatus.RETIRED:
        if open_matches(session, mentor_id=mentor.id):
            raise NotEligible("has_open_matches")
        withdraw_open(session, mentor_id=mentor.id, by=by, on=as_day(at), at=at)
    mentors.change_status(session, mentor, status, reason=reason, note=note, by=by, at=at)


def _lock(session: Session, mentor: Mentor) -> None:
    """Lock a mentor and read them again, in the order of everybody who decides about pairs."""
    hold_decisions(session, shared=True)
    session.flush()
    locked_mentor(session, mentor.id)


def _lock_suspension(session: Session, suspension: Suspension) -> Mentor:
    """Lock a mentor, then the suspension; raises where there is nothing to lift any more."""
    hold_decisions(session, shared=True)
    mentor = locked_mentor(session, suspension.mentor_id)
    for_update(session, Suspension, [suspension.id])
    if suspension.lifted_at is not None:
        raise AlreadyDone("already_lifted")
    if mentor.status != MentorStatus.SUSPENDED:
        raise Impossible("status_impossible")
    return mentor


def _forget_wish(suspension: Suspension) -> None:
    suspension.lift_asked_by = suspension.lift_asked_at = suspension.lift_reason = None


def _check_scan(session: Session, mentor: Mentor, paper_id: int | None) -> None:
    if paper_id is None:
        return
    scan = session.get(Paper, paper_id)
    if scan is None or scan.mentor_id != mentor.id:
        raise Invalid("scan_of_another")
