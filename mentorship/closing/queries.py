from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.closing.models import Closure, ClosureStep
from mentorship.matches.models import Match
from mentorship.matches.queries import about_visible_matches, by_either_name
from mentorship.places.models import Centre


def visible_closures(user: User) -> Select[Closure]:
    """Closings of matches of children in somebody's regions, with both people and the steps."""
    return about_visible_matches(user, Closure).options(selectinload(Closure.steps))


def open_closures(user: User) -> Select[Closure]:
    """Those with a step that is neither done nor said to be impossible."""
    return visible_closures(user).where(Closure.done_at.is_(None))


def find_closure(session: Session, user: User, match_id: int) -> Closure | None:
    """The closing of one visible match, with who recorded each step."""
    query = visible_closures(user).where(Closure.match_id == match_id)
    recorded = selectinload(Closure.steps).joinedload(ClosureStep.recorder)
    return session.scalars(query.options(recorded)).first()


def listed(user: User, q: str, filters: dict[str, str], on: date) -> Select[Any]:
    """Closings by either name, state, kind and region."""
    query: Select[Any] = visible_closures(user)
    state = filters.get("state")
    if state == "done":
        query = query.where(Closure.done_at.is_not(None))
    elif state in ("open", "overdue"):
        query = query.where(Closure.done_at.is_(None))
    if state == "overdue":
        query = query.where(Closure.due_on < on)
    query = by_either_name(query, q)
    if "kind" in filters:
        query = query.where(Closure.kind == filters["kind"])
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    return query


def overdue(session: Session, user: User, on: date) -> int:
    """How many open closings are past their day."""
    query = open_closures(user).where(Closure.due_on < on)
    return session.scalar(select(func.count()).select_from(query.subquery())) or 0


def with_past(session: Session, match_id: int) -> Match | None:
    """A match with the one of the same two people before it, and the one after."""
    query = select(Match).where(Match.id == match_id)
    return session.scalars(
        query.options(joinedload(Match.previous), joinedload(Match.following))
    ).first()
