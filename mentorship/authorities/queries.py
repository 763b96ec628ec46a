from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import Session, selectinload

from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.i18n import like_patterns
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS


@dataclass(frozen=True)
class Norm:
    """Specialists of a region against the norm. Nothing is known where `population` is None.

    `needed` is the least whole number that gives one specialist to every so many children.
    """

    region: str
    population: ChildPopulation | None
    specialists: int
    needed: int | None

    @property
    def shortage(self) -> int | None:
        """How many are missing; 0 where the norm is met."""
        return None if self.needed is None else max(0, self.needed - self.specialists)


def works(on: date) -> ColumnElement[bool]:
    """Specialists who hold their post on a day."""
    not_over = or_(Specialist.until_on.is_(None), Specialist.until_on >= on)
    return and_(Specialist.from_on <= on, not_over)


def visible_authorities(scope: Scope) -> Select[Authority]:
    """The authorities of somebody's regions."""
    return scope.limit(select(Authority), Authority.region)


def search_authorities(scope: Scope, q: str, filters: dict[str, str], on: date) -> Select[Any]:
    """Authorities by name and region, each with how many specialists it has on a day."""
    staff = (
        select(func.count())
        .where(Specialist.authority_id == Authority.id, works(on))
        .scalar_subquery()
    )
    query = visible_authorities(scope).add_columns(staff.label("staff"))
    if "region" in filters:
        query = query.where(Authority.region == filters["region"])
    for pattern in like_patterns(q):
        found = select(Specialist.authority_id).where(
            Specialist.search_key.like(pattern, escape="\\")
        )
        named = Authority.search_key.like(pattern, escape="\\")
        query = query.where(named | Authority.id.in_(found))
    return query


def find_authority(session: Session, scope: Scope, authority_id: int) -> Authority | None:
    """One visible authority with its specialists."""
    query = visible_authorities(scope).where(Authority.id == authority_id)
    return session.scalars(query.options(selectinload(Authority.specialists))).first()


def find_specialist(session: Session, scope: Scope, specialist_id: int) -> Specialist | None:
    """One specialist of a visible authority."""
    query = select(Specialist).join(Specialist.authority).where(Specialist.id == specialist_id)
    return session.scalars(scope.limit(query, Authority.region)).first()


def specialist_names(session: Session, region: str, on: date) -> dict[str, str]:
    """Specialists at work in a region as options: id as text to name."""
    query = select(Specialist).join(Specialist.authority).where(Authority.region == region)
    working = query.where(works(on)).order_by(Specialist.sort_key)
    return {str(row.id): row.name for row in session.scalars(working)}


def norms(
    session: Session, scope: Scope, on: date, children_per_specialist: int
) -> dict[str, Norm]:
    """Every region in scope against the norm, by its code."""
    staff = (
        select(Authority.region, func.count())
        .join(Specialist.authority)
        .where(works(on))
        .group_by(Authority.region)
    )
    at_work = {row[0]: row[1] for row in session.execute(staff)}
    known = newest_populations(session)
    found = {}
    for region in REGIONS:
        if scope.covers(region):
            population = known.get(region)
            needed = -(-population.children // children_per_specialist) if population else None
            found[region] = Norm(region, population, at_work.get(region, 0), needed)
    return found


def newest_populations(session: Session) -> dict[str, ChildPopulation]:
    """The newest count of children of each region; of two of one day the one recorded last."""
    query = select(ChildPopulation).order_by(ChildPopulation.as_of, ChildPopulation.id)
    return {row.region: row for row in session.scalars(query)}


def populations_of(session: Session, region: str) -> list[ChildPopulation]:
    """Every count of a region, newest first."""
    query = select(ChildPopulation).where(ChildPopulation.region == region)
    newest = query.order_by(ChildPopulation.as_of.desc(), ChildPopulation.id.desc())
    return list(session.scalars(newest.limit(50)))
