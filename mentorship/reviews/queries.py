from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from mentorship.accounts.models import User
from mentorship.children.models import Child, Placement
from mentorship.matches.queries import about_visible_matches, by_either_name
from mentorship.places.models import Centre
from mentorship.reviews.models import Review, Telling


def open_reviews(user: User) -> Select[Review]:
    """The reviews that somebody still has to decide."""
    return about_visible_matches(user, Review).where(Review.decided_at.is_(None))


def open_tellings(user: User) -> Select[Telling]:
    """The children of somebody's regions who are still to be told."""
    return about_visible_matches(user, Telling).where(Telling.done_at.is_(None))


def find_review(session: Session, user: User, review_id: int) -> Review | None:
    """One visible review."""
    query = about_visible_matches(user, Review).where(Review.id == review_id)
    found: Review | None = session.scalars(query.options(joinedload(Review.decider))).first()
    return found


def find_telling(session: Session, user: User, telling_id: int) -> Telling | None:
    """One visible task of telling a child."""
    query = about_visible_matches(user, Telling).where(Telling.id == telling_id)
    found: Telling | None = session.scalars(query).first()
    return found


def search(query: Select[Any], table: type[Any], q: str, filters: dict[str, str]) -> Select[Any]:
    """The same by either name and filters: region, cause."""
    query = by_either_name(query, q)
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    if "cause" in filters:
        query = query.where(table.cause == filters["cause"])
    return query


@dataclass(frozen=True)
class Counts:
    """How many reviews and tellings are open, and how many of them are overdue."""

    reviews: int
    reviews_overdue: int
    tellings: int
    tellings_overdue: int


def counts(session: Session, user: User, on: date, at: datetime) -> Counts:
    """How much somebody's regions have to look at."""

    def number(query: Select[Any]) -> int:
        return session.scalar(select(func.count()).select_from(query.subquery())) or 0

    reviews, tellings = open_reviews(user), open_tellings(user)
    return Counts(
        number(reviews),
        number(reviews.where(Review.due_on < on)),
        number(tellings),
        number(tellings.where(Telling.due_at < at)),
    )


def centre_before(session: Session, child: Child) -> Centre | None:
    """The centre a child lived in before the present one."""
    query = (
        select(Centre)
        .join(Placement, Placement.centre_id == Centre.id)
        .where(Placement.child_id == child.id, Placement.centre_id != child.centre_id)
        .order_by(Placement.id.desc())
    )
    return session.scalars(query.limit(1)).first()
