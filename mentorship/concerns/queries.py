from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager, defer, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.concerns.models import Concern, ConcernEvent, ConcernReader
from mentorship.i18n import as_day
from mentorship.matches.models import Match
from mentorship.permissions import Role
from mentorship.places.models import Centre

OPEN = Concern.closed_at.is_(None)
WAITING = and_(OPEN, Concern.asked_at.is_(None), Concern.reviewed_at.is_(None))
ASKED = and_(OPEN, Concern.asked_at.is_not(None))
STATES: dict[str, ColumnElement[bool]] = {
    "waiting": WAITING,
    "under_way": and_(OPEN, Concern.asked_at.is_(None), Concern.reviewed_at.is_not(None)),
    "asked": ASKED,
    "closed": Concern.closed_at.is_not(None),
}


def readable(user: User) -> ColumnElement[bool]:
    """Restricted ones are read by their owner, named readers and the owner's supervisor alone."""
    named = select(ConcernReader.concern_id).where(ConcernReader.user_id == user.id)
    supervised = select(User.id).where(User.supervisor_id == user.id)
    return or_(
        Concern.restricted.is_(False),
        Concern.owner_id == user.id,
        Concern.id.in_(named),
        Concern.owner_id.in_(supervised),
    )


def visible_concerns(user: User) -> Select[Concern]:
    """Concerns about children in somebody's regions, also those they may not read.

    Without what they say: no list shows it, and what no key opens breaks no list.
    """
    match = contains_eager(Concern.match)
    query = (
        select(Concern)
        .join(Concern.child)
        .join(Child.centre)
        .outerjoin(Concern.match)
        .outerjoin(Match.mentor)
        .options(
            contains_eager(Concern.child).contains_eager(Child.centre),
            match.contains_eager(Match.mentor),
            joinedload(Concern.owner),
            defer(Concern.text),
        )
    )
    return user.scope.limit(query, Centre.region)


def open_concerns(user: User) -> Select[Concern]:
    """Those nobody has looked at yet and this person may read."""
    return visible_concerns(user).where(WAITING, readable(user)).order_by(Concern.review_by)


def to_sign(user: User) -> Select[Concern]:
    """Those a colleague asks to close: a second signature is needed, which may be this person's."""
    return visible_concerns(user).where(ASKED, readable(user), Concern.asked_by != user.id)


def listed(user: User, filters: dict[str, str], at: datetime) -> Select[Any]:
    """Visible concerns by state, severity, owner and region, each with whether one may read it.

    What one may not read is not found by what it says.
    """
    own = readable(user)
    query: Select[Any] = visible_concerns(user).add_columns(own.label("readable"))
    state = filters.get("state", "")
    if state == "open":
        query = query.where(OPEN)
    elif state == "overdue":
        query = query.where(WAITING, Concern.review_by < at)
    elif state in STATES:
        query = query.where(STATES[state])
    if "severity" in filters:
        query = query.where(Concern.severity == filters["severity"], own)
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    if filters.get("owner") == "me":
        query = query.where(Concern.owner_id.in_(user.stands_for(as_day(at))))
    elif filters.get("owner") == "nobody":
        query = query.where(Concern.owner_id.is_(None))
    return query


def find_concern(session: Session, user: User, concern_id: int) -> Concern | None:
    """One concern that somebody may read, with its timeline."""
    query = visible_concerns(user).where(Concern.id == concern_id, readable(user))
    loaded = query.options(
        joinedload(Concern.meeting),
        joinedload(Concern.raiser),
        joinedload(Concern.asker),
        selectinload(Concern.readers).joinedload(ConcernReader.user),
        selectinload(Concern.events).joinedload(ConcernEvent.author),
        selectinload(Concern.events).joinedload(ConcernEvent.user),
    )
    return session.scalars(loaded).unique().first()


def concerns_of_match(session: Session, user: User, match: Match) -> Sequence[Any]:
    """The concerns of a match, and of its child alone, newest first, with whether one may read."""
    about = or_(
        Concern.match_id == match.id,
        and_(Concern.match_id.is_(None), Concern.child_id == match.child_id),
    )
    query = listed(user, {}, match.approved_at).where(about)
    return session.execute(query.order_by(Concern.raised_at.desc(), Concern.id)).all()


def raised_by(session: Session, user: User) -> Sequence[Concern]:
    """What somebody said themselves, newest first: never what staff wrote about it."""
    query = (
        select(Concern)
        .where(Concern.raised_by == user.id)
        .options(joinedload(Concern.child), joinedload(Concern.owner))
        .order_by(Concern.raised_at.desc(), Concern.id)
    )
    return session.scalars(query).all()


def staff_of(session: Session, user: User, region: str) -> list[User]:
    """The coordinators who may own or read a concern of a region, this person among them."""
    query = select(User).where(User.role == Role.COORDINATOR, User.active.is_(True))
    found = session.scalars(query.order_by(User.name, User.id)).all()
    return [row for row in found if row.id == user.id or row.own_scope.covers(region)]


def in_numbers(session: Session, user: User, at: datetime) -> dict[str, int]:
    """How many open concerns each state has, and how many are overdue."""
    counted = {**STATES, "overdue": and_(WAITING, Concern.review_by < at)}
    columns = [func.count().filter(test).label(name) for name, test in counted.items()]
    query = select(*columns).select_from(Concern).join(Concern.child).join(Child.centre)
    row = session.execute(user.scope.limit(query, Centre.region)).one()
    return dict(row._mapping)
