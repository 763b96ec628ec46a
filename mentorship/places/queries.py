from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from mentorship.i18n import like_patterns
from mentorship.permissions import Scope
from mentorship.places.models import HOMES, Centre


def visible_centres(scope: Scope) -> Select[Centre]:
    """The centres of somebody's regions."""
    return scope.limit(select(Centre), Centre.region)


def centre_names(session: Session, scope: Scope, language: str) -> dict[str, str]:
    """Open centres in scope where children live, as options: id as text to "name, town"."""
    homes = visible_centres(scope).where(Centre.open, Centre.kind.in_(HOMES))
    query = homes.order_by(Centre.sort_key)
    return {str(c.id): c.place(language) for c in session.scalars(query)}


def find_centre(session: Session, scope: Scope, centre_id: int) -> Centre | None:
    """One visible centre with what it was before."""
    query = visible_centres(scope).where(Centre.id == centre_id)
    return session.scalars(query.options(selectinload(Centre.changes))).first()


def counts_by_kind(session: Session, scope: Scope) -> dict[str, int]:
    """How many open organisations there are of each kind."""
    query = select(Centre.kind, func.count()).where(Centre.open).group_by(Centre.kind)
    return {
        str(kind): number for kind, number in session.execute(scope.limit(query, Centre.region))
    }


def search_centres(scope: Scope, q: str, filters: dict[str, str]) -> Select[Any]:
    """Centres by name, town or director, and filters: region, kind, open."""
    query = visible_centres(scope)
    for pattern in like_patterns(q):
        query = query.where(Centre.search_key.like(pattern, escape="\\"))
    if "state" in filters:
        query = query.where(Centre.open.is_(filters["state"] == "open"))
    for name, column in (("region", Centre.region), ("kind", Centre.kind)):
        if name in filters:
            query = query.where(column == filters[name])
    return query
