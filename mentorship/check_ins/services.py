from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.agreements.services import start_match
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.schedule import due_dates
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.matches.models import Match, Preparation

PLANNED_AHEAD = timedelta(days=550)


def begin_match(
    session: Session,
    preparation: Preparation,
    *,
    number: str,
    agreed_on: date,
    by: int,
    on: date,
    at: datetime,
) -> Match:
    """Record the agreement, make the match and plan its check-ins; raises what starting raises."""
    match = start_match(
        session, preparation, number=number, agreed_on=agreed_on, by=by, on=on, at=at
    )
    plan_check_ins(session, match, on=on)
    return match


def plan_check_ins(session: Session, match: Match, *, on: date) -> int:
    """Add the check-ins still missing up to PLANNED_AHEAD from `on`; how many were added."""
    planned = session.scalar(select(func.max(CheckIn.number)).where(CheckIn.match_id == match.id))
    dates = due_dates(match.started_on, until=on + PLANNED_AHEAD)
    missing = list(enumerate(dates, start=1))[planned or 0 :]
    session.add_all(CheckIn(match_id=match.id, number=n, due_on=due) for n, due in missing)
    session.flush()
    return len(missing)


def extend_schedules(session: Session, *, on: date) -> int:
    """Plan ahead for every open match whose schedule is running out; how many were added."""
    last = select(CheckIn.match_id, func.max(CheckIn.due_on).label("due_on"))
    ends = last.group_by(CheckIn.match_id).subquery()
    soon = on + PLANNED_AHEAD / 2
    running_out = (
        select(Match)
        .outerjoin(ends, ends.c.match_id == Match.id)
        .where(Match.ended_on.is_(None), (ends.c.due_on.is_(None)) | (ends.c.due_on < soon))
        .order_by(Match.id)
    )
    return sum(plan_check_ins(session, match, on=on) for match in session.scalars(running_out))


def record_check_in(
    session: Session, check_in: CheckIn, data: dict[str, Any], *, by: int, at: datetime
) -> None:
    """Note that a check-in was held and what came of it; raises AlreadyDone or Invalid."""
    for_update(session, CheckIn, [check_in.id])
    if check_in.held_on is not None:
        raise AlreadyDone("already_recorded")
    if data["held_on"] < check_in.match.started_on:
        raise Invalid("before_start")
    check_in.held_on = data["held_on"]
    check_in.spoke_with = ",".join(data["spoke_with"])
    check_in.rating = data["rating"]
    check_in.next_step = data["next_step"]
    check_in.recorded_by, check_in.recorded_at = by, at
    audit.record("recorded_check_in", check_in, by=by, match=check_in.match_id)
