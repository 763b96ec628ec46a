from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import Leave, User
from mentorship.cover import queries
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Impossible, Invalid
from mentorship.permissions import Role


def may_plan(by: User, user: User) -> bool:
    """Whether somebody may enter or end a leave of a person: their own, or as who leads them."""
    return by.role == Role.ADMINISTRATOR or by.id in (user.id, user.supervisor_id)


def plan_leave(
    session: Session,
    user: User,
    cover: User,
    *,
    from_on: date,
    until_on: date,
    by: User,
    on: date,
    at: datetime,
) -> Leave:
    """Enter that a coordinator is away and who covers them, both days included.

    Nobody covers while they are away, and nobody leaves while they cover: there are no chains.
    Raises Impossible, Invalid or AlreadyDone.
    """
    if not may_plan(by, user):
        raise Impossible("leave_not_yours")
    if user.id == cover.id:
        raise Invalid("cover_self")
    for_update(session, User, [user.id, cover.id])
    if any(row.role != Role.COORDINATOR or not row.active for row in (user, cover)):
        raise Invalid("cover_role")
    if until_on < from_on:
        raise Invalid("leave_days")
    if from_on < on:
        raise Invalid("leave_past")
    for leave in queries.standing_leaves(session, [user.id, cover.id], from_on, until_on):
        if leave.user_id == user.id:
            raise AlreadyDone("leave_overlaps")
        if leave.user_id == cover.id:
            raise Invalid("cover_away")
        if leave.cover_id == user.id:
            raise Invalid("covers_then")
    leave = Leave(
        absent=user, cover=cover, from_on=from_on, until_on=until_on, made_by=by.id, made_at=at
    )
    session.add(leave)
    days = {"from_on": str(from_on), "until_on": str(until_on)}
    audit.record("planned_leave", leave, by=by.id, session=session, cover=cover.id, **days)
    session.expire(cover, ["covers"])
    return leave


def end_leave(session: Session, leave: Leave, *, by: User, on: date) -> None:
    """End a leave at once, or take it back before it begins; raises AlreadyDone or Impossible."""
    if not may_plan(by, leave.absent):
        raise Impossible("leave_not_yours")
    for_update(session, Leave, [leave.id])
    if leave.ended_on is not None or leave.until_on < on:
        raise AlreadyDone("leave_over")
    leave.ended_on = on
    audit.record("ended_leave", leave, by=by.id)
    session.expire(leave.cover, ["covers"])
