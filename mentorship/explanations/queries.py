from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from matching import distance_km
from mentorship.accounts.models import User
from mentorship.children.models import Child, ChildLanguage, ConsentKind
from mentorship.children.queries import has_consent, of_mentoring_age
from mentorship.matches.models import (
    Match,
    Preparation,
    PreparationStatus,
    Proposal,
    ProposalStatus,
    Round,
    RoundStage,
    StillWaiting,
)
from mentorship.matches.queries import MENTOR_PARTS, is_free
from mentorship.mentors.models import NEVER_PROPOSED, Mentor, MentorStatus
from mentorship.mentors.queries import search_mentors
from mentorship.people.vocabulary import Level
from mentorship.places.models import Centre
from mentorship.places.regions import locate

FEW = 10  # so many found by name are shown; a longer list asks for more of the name


@dataclass(frozen=True)
class Names:
    """People behind the engine's ids: only those whom the reader may see."""

    mentors: dict[int, Mentor]
    children: dict[int, Child]


def names(
    session: Session, user: User, mentor_ids: Iterable[Any], child_ids: Iterable[Any]
) -> Names:
    """The people of these ids in the reader's regions."""
    mentors = select(Mentor).where(Mentor.id.in_({id for id in mentor_ids if id is not None}))
    children = select(Child).join(Child.centre).where(Child.id.in_(set(child_ids)))
    return Names(
        {row.id: row for row in session.scalars(user.scope.limit(mentors, Mentor.region))},
        {row.id: row for row in session.scalars(user.scope.limit(children, Centre.region))},
    )


def rounds_with(session: Session, child_id: int, most: int = 5) -> Sequence[Round]:
    """The newest published rounds that a child was in."""
    proposed = select(Proposal.round_id).where(
        Proposal.child_id == child_id, Proposal.round_id.is_not(None)
    )
    waited = select(StillWaiting.round_id).where(StillWaiting.child_id == child_id)
    query = (
        select(Round)
        .where(Round.stage == RoundStage.PUBLISHED)
        .where(Round.id.in_(proposed) | Round.id.in_(waited))
        .order_by(Round.id.desc())
        .limit(most)
    )
    return session.scalars(query).all()


def mentors_named(session: Session, user: User, q: str, on: date) -> Sequence[Mentor]:
    """The first mentors in scope whom a name finds."""
    query = search_mentors(user, q, {}, on).order_by(Mentor.sort_key, Mentor.id)
    found: Sequence[Mentor] = session.scalars(query.limit(FEW)).all()
    return found


def open_proposal(session: Session, child_id: int) -> Proposal | None:
    """The child's proposal that awaits a decision."""
    query = select(Proposal).where(
        Proposal.child_id == child_id, Proposal.status == ProposalStatus.OPEN
    )
    return session.scalars(query).first()


def _places(round_id: int) -> Any:
    """The queue of a round: who has waited longest comes first."""
    order = func.row_number().over(order_by=(Child.waiting_since, Child.id))
    return (
        select(StillWaiting.child_id, order.label("place"))
        .join(StillWaiting.child)
        .where(StillWaiting.round_id == round_id)
        .subquery()
    )


def waiting_with_places(user: User, round_id: int, filters: dict[str, str]) -> Select[Any]:
    """Children a round left without a mentor, each with their place in the whole queue."""
    places = _places(round_id)
    query = (
        select(StillWaiting, places.c.place)
        .join(places, places.c.child_id == StillWaiting.child_id)
        .join(StillWaiting.child)
        .join(Child.centre)
        .where(StillWaiting.round_id == round_id)
        .options(contains_eager(StillWaiting.child).contains_eager(Child.centre))
        .options(contains_eager(StillWaiting.child).selectinload(Child.relatives))
    )
    if "code" in filters:
        query = query.where(StillWaiting.code == filters["code"])
    return user.scope.limit(query, Centre.region)


@dataclass(frozen=True)
class Place:
    """A child's place in the queue of the newest round that left them waiting."""

    row: StillWaiting
    place: int
    of: int


def place_in_queue(session: Session, child_id: int) -> Place | None:
    """Where a child stands among the children whom the newest published round left waiting."""
    newest = (
        select(StillWaiting)
        .join(StillWaiting.round)
        .where(StillWaiting.child_id == child_id, Round.stage == RoundStage.PUBLISHED)
        .order_by(StillWaiting.round_id.desc())
        .options(joinedload(StillWaiting.round))
    )
    row = session.scalars(newest.limit(1)).first()
    if row is None:
        return None
    places = _places(row.round_id)
    place = select(places.c.place).where(places.c.child_id == child_id).scalar_subquery()
    counted = session.execute(select(place, func.count()).select_from(places)).one()
    return Place(row, counted[0], counted[1])


def free_mentors(user: User, q: str, filters: dict[str, str], on: date) -> Select[Any]:
    """Mentors in scope with a place that nobody has taken, not retired; how many are taken."""
    taken: Any = 0
    for table, is_open in (
        (Match, Match.ended_on.is_(None)),
        (Preparation, Preparation.status == PreparationStatus.OPEN),
    ):
        count = select(func.count()).where(table.mentor_id == Mentor.id, is_open)
        taken = taken + count.scalar_subquery()
    return (
        search_mentors(user, q, filters, on)
        .add_columns(taken.label("taken"))
        .where(Mentor.status.not_in(NEVER_PROPOSED), Mentor.capacity > taken)
        .options(*(selectinload(part) for part in MENTOR_PARTS))
    )


def proposals_of(session: Session, mentor_ids: Collection[int]) -> dict[int, int]:
    """How many proposals of each mentor await a decision."""
    query = select(Proposal.mentor_id, func.count()).where(
        Proposal.mentor_id.in_(mentor_ids), Proposal.status == ProposalStatus.OPEN
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Proposal.mentor_id))}


def waiting_places(session: Session, user: User, on: date) -> dict[tuple[str, str], list[set[str]]]:
    """Children in scope who could have a mentor today, by region and town: their languages."""
    query = (
        select(Child.id, Centre.region, Centre.town, ChildLanguage.language)
        .join(Child.centre)
        .join(Child.languages)
        .where(of_mentoring_age(on), Centre.open, ChildLanguage.level == Level.FLUENT)
        .where(*(has_consent(kind) for kind in ConsentKind))
        .where(is_free())
    )
    spoken: dict[tuple[str, str], dict[int, set[str]]] = {}
    for child_id, region, town, language in session.execute(user.scope.limit(query, Centre.region)):
        spoken.setdefault((region, town), {}).setdefault(child_id, set()).add(language)
    return {spot: list(children.values()) for spot, children in spoken.items()}


def regions_in_reach(session: Session, user: User, centre: Centre) -> set[str]:
    """The centre's region, and those in scope where a mentor lives who could reach the centre."""
    there = locate(centre.region, centre.town)
    query = (
        select(Mentor.region, Mentor.town, func.max(Mentor.reach_km))
        .where(Mentor.status == MentorStatus.ACTIVE)
        .group_by(Mentor.region, Mentor.town)
    )
    found = {centre.region}
    for region, town, reach_km in session.execute(user.scope.limit(query, Mentor.region)):
        home = locate(region, town)
        if distance_km(home.lat, home.lon, there.lat, there.lon) <= reach_km:
            found.add(region)
    return found
