from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from mentorship.accounts.models import Leave, User
from mentorship.database import db
from mentorship.permissions import Role


def coordinators_on_duty(session: Session, on: date) -> list[User]:
    """Every coordinator who works on a day; who covers an absent one has their regions too."""
    query = (
        select(User)
        .where(User.role == Role.COORDINATOR, User.active.is_(True))
        .options(selectinload(User.covers))
        .order_by(User.id)
    )
    away = stand_ins(session, on)
    return [user for user in session.scalars(query) if user.id not in away]


def on_duty(session: Session, users: Iterable[User], on: date) -> list[User]:
    """These people, each absent one replaced by who covers them; nobody twice."""
    away = stand_ins(session, on)
    found = {there.id: there for user in users for there in [away.get(user.id, user)]}
    return list(found.values())


def stand_ins(session: Session, on: date) -> dict[int, User]:
    """Who covers each coordinator who is away on a day."""
    return {leave.user_id: leave.cover for leave in leaves_on(session, on)}


def leaves_on(session: Session, on: date) -> Sequence[Leave]:
    """The leaves that hold on a day."""
    query = (
        select(Leave)
        .where(Leave.ended_on.is_(None), Leave.from_on <= on, Leave.until_on >= on)
        .options(joinedload(Leave.cover))
        .order_by(Leave.id)
    )
    found = session.scalars(query).all()
    return [leave for leave in found if leave.cover.active and leave.holds_on(on)]


def leaves_of(session: Session, user: User, on: date, back_for: int = 7) -> Sequence[Leave]:
    """Somebody's own leaves that hold on a day, or have been over for a few days."""
    recent = on - timedelta(days=back_for)
    query = select(Leave).where(
        Leave.user_id == user.id, Leave.from_on <= on, Leave.until_on >= recent
    )
    found = session.scalars(query.options(joinedload(Leave.cover)).order_by(Leave.id.desc())).all()
    return [row for row in found if row.last_on >= max(recent, row.from_on)]


def possible_supervisors() -> dict[str, str]:
    """Coordinators and managers who can sign in, as options: id as text to name."""
    query = select(User.id, User.name).where(
        User.role.in_((Role.COORDINATOR, Role.MANAGER)), User.active.is_(True)
    )
    return {str(row.id): row.name for row in db.session.execute(query.order_by(User.name, User.id))}


def supervised_by(session: Session, user: User) -> Sequence[User]:
    """The active people whose supervisor somebody is."""
    query = select(User).where(User.supervisor_id == user.id, User.active.is_(True))
    loaded = query.options(selectinload(User.covers)).order_by(User.name, User.id)
    return session.scalars(loaded).all()
