from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from mentorship.i18n import like_patterns
from mentorship.permissions import Scope
from mentorship.places.models import Centre


def visible_centres(scope: Scope) -> Select[Centre]:
    """The centres of somebody's regions."""
    return scope.limit(select(Centre), Centre.region)


def centre_names(session: Session, scope: Scope, language: str) -> dict[str, str]:
    """Open centres in scope as options: id as text to "name, town"."""
    query = visible_centres(scope).where(Centre.open).order_by(Centre.sort_key)
    return {str(c.id): c.place(language) for c in session.scalars(query)}


def search_centres(scope: Scope, q: str, filters: dict[str, str]) -> Select[Any]:
    """Centres by name and filters: region, kind."""
    query = visible_centres(scope)
    for pattern in like_patterns(q):
        query = query.where(Centre.search_key.like(pattern, escape="\\"))
    for name, column in (("region", Centre.region), ("kind", Centre.kind)):
        if name in filters:
            query = query.where(column == filters[name])
    return query
