from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.check_ins.services import end_schedule
from mentorship.closing.models import (
    ClosingStep,
    Closure,
    ClosureKind,
    ClosureStep,
    Readiness,
    StepState,
)
from mentorship.decisions.queries import standing_ruling
from mentorship.decisions.services import rule
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.i18n import as_day
from mentorship.matches import services as matches
from mentorship.matches.models import Match, RulingKind
from mentorship.meetings import services as meetings
from mentorship.outcomes import services as outcomes
from mentorship.reviews import services as reviews
from mentorship.settings.services import value

_LAST = (ClosingStep.CHILD_AGAIN, ClosingStep.MENTOR_AGAIN)
_VIEWS = (ClosingStep.VIEW_CHILD, ClosingStep.VIEW_MENTOR, ClosingStep.VIEW_CARER)
_TOLD = (ClosingStep.TOLD_CHILD, ClosingStep.TOLD_MENTOR)
# MENTOR, Elements of Effective Practice, fourth edition, standard 6 (the fifth, of 2025, was read
# in summaries only): both are told, they say goodbye, agree on contact, and are asked how it was.
# What else an ending needs depends on its kind.
STEPS: dict[ClosureKind, tuple[ClosingStep, ...]] = {
    ClosureKind.PLANNED: (
        *_TOLD,
        ClosingStep.GOALS,
        ClosingStep.GOODBYE,
        ClosingStep.CONTACT,
        *_VIEWS,
        *_LAST,
    ),
    ClosureKind.EARLY: (
        *_TOLD,
        ClosingStep.GOODBYE,
        ClosingStep.CONTACT,
        ClosingStep.SUPPORT,
        ClosingStep.GOALS,
        *_VIEWS,
        *_LAST,
    ),
    ClosureKind.UNILATERAL: (
        *_TOLD,
        ClosingStep.OTHER_SIDE,
        ClosingStep.SUPPORT,
        ClosingStep.GOODBYE,
        ClosingStep.CONTACT,
        ClosingStep.GOALS,
        *_VIEWS,
        *_LAST,
    ),
}


def close_match(
    session: Session, match: Match, data: dict[str, Any], *, version: int, by: int, at: datetime
) -> Closure:
    """End a match with all that is open about it, and open the steps of a good ending.

    The only way to end a match, in one transaction: holds and reviews, contacts that were still to
    come, the standing slot, goals and surveys. Raises Stale, AlreadyDone or Invalid.
    """
    facts = {name: item for name, item in data.items() if name != "unwilling"}
    kind = kind_of(data["ended_as_planned"], bool(data.get("unwilling")))
    matches.close_match(session, match, facts, version=version, by=by, at=at)
    on = data["ended_on"]
    reviews.end_with_match(session, match, by=by, at=at)
    end_schedule(session, match, on=on, at=at)
    meetings.end_with_match(session, match, on=on, at=at)
    outcomes.end_with_match(session, match, on=on, at=at, by=by)
    days = timedelta(days=value(session, "closing.steps_days"))
    closure = Closure(match=match, kind=kind, due_on=as_day(at) + days, opened_by=by, opened_at=at)
    closure.steps = [ClosureStep(step=step, state=StepState.OPEN) for step in STEPS[kind]]
    session.add(closure)
    session.flush()
    return closure


def kind_of(as_planned: bool, unwilling: bool) -> ClosureKind:
    """Which ending it is; one that a side does not want is never as planned."""
    if unwilling:
        return ClosureKind.UNILATERAL
    return ClosureKind.PLANNED if as_planned else ClosureKind.EARLY


def record_step(
    session: Session,
    closure: Closure,
    code: ClosingStep | str,
    data: dict[str, Any],
    *,
    reason: str = "",
    by: int,
    at: datetime,
) -> None:
    """Note that a step was done, on which day, by whom and how; raises Impossible, AlreadyDone.

    Where somebody is not ready for another match, they are held back from rounds, with `reason`.
    """
    step = _locked_step(session, closure, code)
    done_on = data.get("done_on") or as_day(at)
    if done_on > as_day(at):
        raise Invalid("closing_step_ahead")
    if done_on < closure.match.started_on:
        raise Invalid("before_start")
    if step.step in _LAST:
        _hold_back(session, closure.match, step.step, data, reason, by=by, at=at)
    step.state, step.done_on = StepState.DONE, done_on
    for name in ("who", "answer", "until_on", "note"):
        setattr(step, name, data.get(name))
    _recorded(session, closure, step, by=by, at=at)


def leave_out(
    session: Session,
    closure: Closure,
    code: ClosingStep | str,
    *,
    because: str,
    by: int,
    at: datetime,
) -> None:
    """Say why a step cannot be done; it may still be done later. Raises as `record_step`."""
    step = _locked_step(session, closure, code)
    step.state, step.note = StepState.CANNOT, because
    _recorded(session, closure, step, by=by, at=at)


def _locked_step(session: Session, closure: Closure, code: ClosingStep | str) -> ClosureStep:
    """The step, read again behind a lock on the whole closure: two people may be at it."""
    session.refresh(closure, with_for_update=True)
    rows = select(ClosureStep).where(ClosureStep.match_id == closure.match_id)
    fresh = session.scalars(rows.execution_options(populate_existing=True)).all()
    step = next((row for row in fresh if row.step == code), None)
    if step is None:
        raise Impossible("closing_step_unknown")
    if step.state == StepState.DONE:
        raise AlreadyDone("closing_step_done")
    return step


def _recorded(
    session: Session, closure: Closure, step: ClosureStep, *, by: int, at: datetime
) -> None:
    step.recorded_by, step.recorded_at = by, at
    closure.done_at = None if closure.open_steps else at
    about: dict[str, Any] = {
        "match": closure.match_id,
        "step": str(step.step),
        "state": str(step.state),
    }
    audit.record("recorded_closing_step", step, by=by, **about)


def _hold_back(
    session: Session,
    match: Match,
    step: ClosingStep | str,
    data: dict[str, Any],
    reason: str,
    *,
    by: int,
    at: datetime,
) -> None:
    """Keep who is not ready from rounds: until the day they named, or until somebody lifts it."""
    on, ready_on = as_day(at), data.get("until_on")
    if data["answer"] == Readiness.NOW:
        return
    if data["answer"] == Readiness.LATER and (ready_on is None or ready_on <= on):
        raise Invalid("ready_later_when")
    later = data["answer"] == Readiness.LATER  # a plain no has no day, whatever was typed
    until: date | None = ready_on - timedelta(days=1) if later and ready_on else None
    child = match.child if step == ClosingStep.CHILD_AGAIN else None
    mentor = match.mentor if child is None else None
    kind = RulingKind.HOLD_CHILD if child else RulingKind.HOLD_MENTOR
    child_id, mentor_id = child.id if child else None, mentor.id if mentor else None
    if standing_ruling(session, kind, mentor_id, child_id, on) is None:
        people: dict[str, Any] = {"mentor": mentor, "child": child}
        rule(session, kind, **people, reason=reason, until=until, by=by, on=on, at=at)
