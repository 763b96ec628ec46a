from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import Leave, User
from mentorship.audit import AuditEntry
from mentorship.candidates.models import Candidate
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child
from mentorship.clock import ALMATY
from mentorship.concerns.models import Concern
from mentorship.matches.models import Match, Preparation, Proposal
from mentorship.meetings.models import Meeting
from mentorship.mentors.models import Mentor
from mentorship.permissions import Role
from mentorship.places.models import Centre
from mentorship.reviews.models import Review, Telling


def visible_leaves(user: User) -> Select[Leave]:
    """One's own leaves, those one covers, those of people one leads; an administrator: all."""
    query = select(Leave).options(joinedload(Leave.cover))
    if user.role == Role.ADMINISTRATOR:
        return query
    led = select(User.id).where(User.supervisor_id == user.id)
    own = or_(Leave.user_id == user.id, Leave.cover_id == user.id, Leave.user_id.in_(led))
    return query.where(own)


def find_leave(session: Session, user: User, leave_id: int) -> Leave | None:
    """One leave somebody may see."""
    return session.scalars(visible_leaves(user).where(Leave.id == leave_id)).first()


def standing_leaves(
    session: Session, user_ids: Collection[int], from_on: date, until_on: date
) -> Sequence[Leave]:
    """Leaves of these people, or covered by them, that have a day in a time."""
    query = select(Leave).where(
        or_(Leave.user_id.in_(user_ids), Leave.cover_id.in_(user_ids)),
        Leave.ended_on.is_(None),
        Leave.from_on <= until_on,
        Leave.until_on >= from_on,
    )
    return session.scalars(query.order_by(Leave.id)).all()


def just_back(session: Session, on: date, days: int = 7) -> Sequence[Leave]:
    """Leaves that were taken and have been over for at most some days."""
    over = or_(Leave.until_on < on, Leave.ended_on <= on)
    query = select(Leave).where(over, Leave.until_on >= on - timedelta(days=370))
    found = session.scalars(query.order_by(Leave.id)).all()
    first = on - timedelta(days=days)
    return [row for row in found if row.last_on >= max(first, row.from_on)]


def coordinators(session: Session) -> Sequence[User]:
    """Everybody who can be away or cover."""
    query = select(User).where(User.role == Role.COORDINATOR, User.active.is_(True))
    return session.scalars(query.order_by(User.name, User.id)).all()


def done_meanwhile(leave: Leave, actions: Collection[str]) -> Select[AuditEntry]:
    """The acts of others during a leave about people of the absent coordinator's regions."""
    first = datetime.combine(leave.from_on, time(), ALMATY)
    last = datetime.combine(leave.last_on + timedelta(days=1), time(), ALMATY)
    return select(AuditEntry).where(
        AuditEntry.at >= first,
        AuditEntry.at < last,
        AuditEntry.actor_id.is_not(None),
        AuditEntry.actor_id != leave.user_id,
        AuditEntry.action.in_(actions),
        _in_regions(leave.absent),
    )


def counts_meanwhile(
    session: Session, leave: Leave, actions: Collection[str]
) -> Sequence[tuple[int, str, int]]:
    """How often each colleague did what, as (colleague, action, how often)."""
    own = done_meanwhile(leave, actions).subquery()
    query = select(own.c.actor_id, own.c.action, func.count()).group_by(
        own.c.actor_id, own.c.action
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def names_of(session: Session, user_ids: Collection[int]) -> dict[int, str]:
    """Names of people who sign in, by number."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return {row.id: row.name for row in session.execute(query)}


def _in_regions(user: User) -> ColumnElement[bool]:
    """The entry is about a person of somebody's own regions, or about a match of theirs."""
    scope = user.own_scope
    children = scope.limit(select(Child.id).join(Child.centre), Centre.region)
    mentors = scope.limit(select(Mentor.id), Mentor.region)
    matches = select(Match.id).where(Match.child_id.in_(children))

    def about(name: str, ids: Any) -> ColumnElement[bool]:
        return (AuditEntry.subject_type == name) & AuditEntry.subject_id.in_(ids)

    def of(table: Any, column: Any, ids: Any) -> ColumnElement[bool]:
        return about(table.__tablename__, select(table.id).where(column.in_(ids)))

    return or_(
        about("child", children),
        about("mentor", mentors),
        about("match", matches),
        of(CheckIn, CheckIn.match_id, matches),
        of(Meeting, Meeting.match_id, matches),
        of(Concern, Concern.child_id, children),
        of(Review, Review.match_id, matches),
        of(Telling, Telling.match_id, matches),
        of(Proposal, Proposal.child_id, children),
        of(Preparation, Preparation.child_id, children),
        about("candidate", select(Candidate.mentor_id).where(Candidate.mentor_id.in_(mentors))),
    )
