from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.i18n import as_day
from mentorship.matches import services as matches
from mentorship.matches.models import Match
from mentorship.matches.queries import locked_child, locked_mentor
from mentorship.mentors.models import MentorStatus
from mentorship.reviews.models import Hold, Review, ReviewCause, ReviewDecision, Telling
from mentorship.settings.services import value


def look_again(
    session: Session,
    match: Match,
    cause: ReviewCause,
    *,
    hold: bool,
    tell_child: bool = False,
    by: int | None,
    at: datetime,
) -> Review:
    """Open a review of a match for a cause; with `hold`, no meetings until somebody resumes it.

    `tell_child`: also open the task of telling the child. What is open already stays one.
    """
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if hold and not _open(session, Hold, match, cause):
        session.add(Hold(match=match, cause=cause, opened_at=at, opened_by=by))
        audit.record("held_match", match, by=by, cause=cause)
    if tell_child and not _open(session, Telling, match, cause):
        due_at = at + timedelta(hours=value(session, "suspension.telling_hours"))
        session.add(Telling(match=match, cause=cause, opened_at=at, due_at=due_at))
    review = _open(session, Review, match, cause)
    if review is None:
        due_on = as_day(at) + timedelta(days=value(session, "review.due_days"))
        review = Review(match=match, cause=cause, opened_at=at, opened_by=by, due_on=due_on)
        session.add(review)
        audit.record("opened_review", review, by=by, session=session, match=match.id, cause=cause)
    session.flush()
    found: Review = review
    return found


def decide_review(
    session: Session,
    review: Review,
    decision: ReviewDecision,
    *,
    note: str | None,
    by: int,
    at: datetime,
) -> None:
    """Let a match go on as it is, or adapted (saying how); a hold of the same cause ends.

    Closing the match (closing.services) ends the review with it. Raises AlreadyDone; Invalid
    where adapting is not described; NotEligible while a hard rule refuses the match.
    """
    _lock_pair(session, review.match)
    for_update(session, Review, [review.id])
    if review.decided_at is not None:
        raise AlreadyDone("review_decided")
    if decision == ReviewDecision.CLOSE:
        raise Impossible("close_the_match")
    if decision == ReviewDecision.ADAPT and not note:
        raise Invalid("adapting_unsaid")
    rules = refusals_now(session, review.match, as_day(at))
    if decision not in possible_decisions(rules):
        raise NotEligible("review_refused", rules=rules)
    _resume(session, review.match, ReviewCause(review.cause), by=by, at=at)
    review.decision, review.note = decision, note
    review.decided_by, review.decided_at = by, at
    audit.record("decided_review", review, by=by, decision=decision, match=review.match_id)


def _lock_pair(session: Session, match: Match) -> None:
    """Lock the mentor, the child and the match, and read again what the rules ask about."""
    matches.hold_decisions(session, shared=True)
    locked_mentor(session, match.mentor_id)
    locked_child(session, match.child_id)
    for_update(session, Match, [match.id])


def refusals_now(session: Session, match: Match, on: date) -> list[str]:
    """The hard rules that refuse an open match on a day.

    Neither its own place counts, nor an earlier no to the pair, nor a mentor's pause.
    """
    found = matches.pair_refusals(session, match.mentor, match.child, on, own_places=1)
    passed = {"no_capacity", "pair_declined_before"}
    if match.mentor.status in (MentorStatus.ACTIVE, MentorStatus.PAUSED):
        passed.add("mentor_not_active")
    return [code for code in found if code not in passed]


def possible_decisions(rules: Sequence[str]) -> list[ReviewDecision]:
    """What may be decided while these rules refuse a match; how far the two live can be adapted."""
    decisions = [ReviewDecision.CLOSE]
    if set(rules) <= {"out_of_reach"}:
        decisions.insert(0, ReviewDecision.ADAPT)
    return decisions if rules else [ReviewDecision.CONTINUE, *decisions]


def plan_telling(
    session: Session,
    telling: Telling,
    *,
    teller: str,
    beside: str | None,
    planned_on: date,
    by: int,
) -> None:
    """Note who tells the child, when, and who is beside them; raises AlreadyDone."""
    for_update(session, Telling, [telling.id])
    if telling.done_at is not None:
        raise AlreadyDone("telling_done")
    telling.teller, telling.beside, telling.planned_on = teller, beside, planned_on
    telling.planned_by = by
    audit.record("planned_telling", telling, by=by, match=telling.match_id)


def record_telling(
    session: Session,
    telling: Telling,
    *,
    told_on: date,
    teller: str,
    beside: str | None,
    note: str | None,
    by: int,
    at: datetime,
) -> None:
    """Note that the child was told, by whom and how they took it; raises AlreadyDone, Invalid."""
    for_update(session, Telling, [telling.id])
    if telling.done_at is not None:
        raise AlreadyDone("telling_done")
    if told_on < as_day(telling.opened_at):
        raise Invalid("told_before")
    telling.told_on, telling.teller, telling.beside = told_on, teller, beside
    telling.note, telling.done_by, telling.done_at = note, by, at
    audit.record("told_child", telling, by=by, match=telling.match_id)


def end_with_match(session: Session, match: Match, *, by: int | None, at: datetime) -> None:
    """Close what is still open about a match that has ended: holds and reviews, never tellings."""
    for hold in _all_open(session, Hold, match):
        hold.ended_at, hold.ended_by = at, by
    for review in _all_open(session, Review, match):
        review.decision, review.decided_at, review.decided_by = ReviewDecision.CLOSE, at, by
        audit.record("decided_review", review, by=by, decision="close", match=match.id)


def _resume(session: Session, match: Match, cause: ReviewCause, *, by: int, at: datetime) -> None:
    hold = _open(session, Hold, match, cause)
    if hold is None:
        return
    hold.ended_at, hold.ended_by = at, by
    audit.record("resumed_match", match, by=by, cause=cause)


def _open(session: Session, table: type[Any], match: Match, cause: ReviewCause) -> Any:
    return next((row for row in _all_open(session, table, match) if row.cause == cause), None)


def _all_open(session: Session, table: type[Any], match: Match) -> Sequence[Any]:
    ended = {Hold: Hold.ended_at, Review: Review.decided_at, Telling: Telling.done_at}[table]
    query = select(table).where(table.match_id == match.id, ended.is_(None))
    found: Sequence[Any] = session.scalars(query.order_by(table.id).with_for_update()).all()
    return found
