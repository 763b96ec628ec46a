from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.authorities.models import Authority, Specialist
from mentorship.children.models import Child, ChildLanguage, Consent, ConsentKind, Placement
from mentorship.i18n import like_patterns
from mentorship.permissions import Scope
from mentorship.places.models import Centre
from mentorship.web.numbers import row_id

YOUNGEST, OLDEST = 10, 17


def visible_children(user: User) -> Select[Child]:
    """The children somebody may see: those whose centre is in their regions."""
    return user.scope.limit(select(Child).join(Child.centre), Centre.region)


def find_child(session: Session, user: User, child_id: int) -> Child | None:
    """One visible child with everything their page shows."""
    query = visible_children(user).where(Child.id == child_id)
    parts = (Child.languages, Child.interests, Child.consents, Child.matches)
    loaded = query.options(joinedload(Child.centre), *(selectinload(part) for part in parts))
    return session.scalars(loaded).first()


def region_now(session: Session, user: User, child_id: int) -> str | None:
    """The region a child belongs to, for those in whose regions the child has lived; else None."""
    lived = select(Placement.child_id).join(Placement.centre).where(Placement.child_id == child_id)
    query = select(Centre.region).join(Child, Child.centre_id == Centre.id)
    return session.scalar(query.where(Child.id.in_(user.scope.limit(lived, Centre.region))))


def of_mentoring_age(on: date) -> ColumnElement[bool]:
    """Children of 10 to 17 completed years on a day, who live in an organisation for orphans."""
    return and_(
        Child.birth_date <= _years_before(on, YOUNGEST),
        Child.birth_date > _years_before(on, OLDEST + 1),
        Child.left_on.is_(None),
    )


def of_age(on: date) -> ColumnElement[bool]:
    """People who have completed 18 years on a day."""
    return Child.birth_date <= _years_before(on, OLDEST + 1)


def _years_before(day: date, years: int) -> date:
    """The latest birth date of somebody who has completed so many years on that day."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def has_consent(kind: ConsentKind) -> ColumnElement[bool]:
    """Children whose consent of this kind stands."""
    standing = select(Consent.child_id).where(Consent.kind == kind, Consent.withdrawn_on.is_(None))
    return Child.id.in_(standing)


def search_children(user: User, q: str, filters: dict[str, str]) -> Select[Any]:
    """Visible children by name and filters: region, centre, language, consent."""
    query = visible_children(user)
    for pattern in like_patterns(q):
        query = query.where(Child.search_key.like(pattern, escape="\\"))
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    if centre_id := row_id(filters.get("centre", "")):
        query = query.where(Child.centre_id == centre_id)
    if "language" in filters:
        spoken = select(ChildLanguage.child_id).where(ChildLanguage.language == filters["language"])
        query = query.where(Child.id.in_(spoken))
    if "consent" in filters:
        both = and_(*(has_consent(kind) for kind in ConsentKind))
        query = query.where(both if filters["consent"] == "both" else ~both)
    return query


def specialist_names(session: Session, regions: Scope, on: date) -> dict[str, str]:
    """Specialists who work for authorities of some regions as options: id as text to the name."""
    query = (
        select(Specialist)
        .join(Specialist.authority)
        .options(contains_eager(Specialist.authority))
        .where(Specialist.from_on <= on)
        .where(Specialist.until_on.is_(None) | (Specialist.until_on >= on))
        .order_by(Specialist.sort_key)
    )
    found = session.scalars(regions.limit(query, Authority.region))
    return {str(one.id): one.name for one in found}
