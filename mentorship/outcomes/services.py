"""Goals of a match: agreed, rated, ended; and what ends with the match."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid, NotEligible
from mentorship.matches.models import Match
from mentorship.outcomes.facts import LEVELS
from mentorship.outcomes.models import Goal, GoalRating, Survey
from mentorship.outcomes.vocabulary import GoalEnd, SkipReason
from mentorship.settings.services import value


def add_goal(
    session: Session, match: Match, data: dict[str, Any], *, by: int, on: date, at: datetime
) -> Goal:
    """Write down what mentor and child agreed, and where they stand; `data["start"]`: the level.

    Raises AlreadyDone where the match is closed, NotEligible where enough goals are open, Invalid
    for days that cannot be.
    """
    _lock_open(session, match)
    most = value(session, "goals.most_open")
    count = select(func.count()).where(Goal.match_id == match.id, Goal.ended_on.is_(None))
    if (session.scalar(count) or 0) >= most:
        raise NotEligible("goals_full", most=most)
    if not match.started_on <= data["agreed_on"] <= on:
        raise Invalid("agreed_before_start")
    if data["review_on"] <= data["agreed_on"]:
        raise Invalid("review_before_agreed")
    start = _checked(data["start"])
    facts = {name: given for name, given in data.items() if name != "start"}
    goal = Goal(match_id=match.id, made_by=by, made_at=at, **facts)
    session.add(goal)
    session.flush()
    _rate(session, goal, start, None, by=by, on=goal.agreed_on, at=at)
    audit.record("agreed_goal", goal, by=by, match=match.id)
    return goal


def rate_goal(
    session: Session,
    goal: Goal,
    level: int,
    *,
    note: str | None = None,
    by: int,
    on: date,
    at: datetime,
) -> GoalRating:
    """Note where they stand with a goal today; a second tap on the same day corrects the first.

    Raises Invalid for a level that is not on the scale, AlreadyDone where goal or match has ended.
    """
    _checked(level)
    _lock_open(session, goal.match)
    for_update(session, Goal, [goal.id])
    if not goal.is_open:
        raise AlreadyDone("goal_ended")
    rating = _rate(session, goal, level, note, by=by, on=on, at=at)
    audit.record("rated_goal", rating, by=by, session=session, match=goal.match_id, level=level)
    return rating


def end_goal(session: Session, goal: Goal, reason: GoalEnd, *, by: int, on: date) -> None:
    """End a goal that was reached, changed, left or written by mistake; raises AlreadyDone."""
    for_update(session, Goal, [goal.id])
    if not goal.is_open:
        raise AlreadyDone("goal_ended")
    if reason == GoalEnd.MATCH_ENDED:
        raise Invalid("reason_unknown")
    _end(goal, reason, by=by, on=on)


def end_with_match(
    session: Session, match: Match, *, on: date, at: datetime, by: int | None = None
) -> None:
    """A match has ended: so do its open goals, and what was not asked is not asked any more."""
    goals = select(Goal).where(Goal.match_id == match.id, Goal.ended_on.is_(None))
    for goal in session.scalars(goals.order_by(Goal.id).with_for_update()):
        _end(goal, GoalEnd.MATCH_ENDED, by=by, on=max(on, goal.agreed_on))
    waiting = select(Survey).where(
        Survey.match_id == match.id, Survey.answered_on.is_(None), Survey.skipped_on.is_(None)
    )
    for survey in session.scalars(waiting.order_by(Survey.id).with_for_update()):
        survey.skipped_on, survey.skipped_reason = on, SkipReason.MATCH_ENDED
        survey.recorded_by, survey.recorded_at = by, at
    session.flush()


def _lock_open(session: Session, match: Match) -> None:
    """Lock a match, read it again, and raise AlreadyDone where it is closed."""
    for_update(session, Match, [match.id])
    if not match.is_open:
        raise AlreadyDone("match_closed")


def _checked(level: int) -> int:
    if level not in LEVELS:
        raise Invalid("level_unknown")
    return level


def _rate(
    session: Session,
    goal: Goal,
    level: int,
    note: str | None,
    *,
    by: int,
    on: date,
    at: datetime,
) -> GoalRating:
    today = select(GoalRating).where(GoalRating.goal_id == goal.id, GoalRating.rated_on == on)
    rating: GoalRating | None = session.scalars(today.with_for_update()).first()
    if rating is None:
        rating = GoalRating(goal_id=goal.id, rated_on=on, level=level, note=note)
        session.add(rating)
    rating.level, rating.note = level, note or rating.note
    rating.rated_by, rating.rated_at = by, at
    session.flush()
    session.expire(goal, ["ratings"])
    return rating


def _end(goal: Goal, reason: GoalEnd, *, by: int | None, on: date) -> None:
    goal.ended_on, goal.end_reason, goal.ended_by = on, reason, by
    audit.record("ended_goal", goal, by=by, match=goal.match_id, reason=reason)
