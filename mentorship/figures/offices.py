"""Organisations, specialists and the children of each region: told of any day alike."""

from collections import Counter
from collections.abc import Callable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.figures.homes import centres
from mentorship.places.models import Centre

Key = tuple[str, date, str, str]
"""A measure, a day, a region and a part."""
Taken = Counter[Key]
Teller = Callable[[date], Taken]


def offices(session: Session) -> list[Teller]:
    """What each of the three tells of a day."""
    return [_of_centres(session), _of_specialists(session), _of_population(session)]


def _of_centres(session: Session) -> Teller:
    """Organisations that are open now, by what they were then."""
    known = centres(session)
    open_ones = session.scalars(select(Centre.id).where(Centre.open)).all()

    def told(day: date) -> Taken:
        return Counter(
            ("organisations", day, known.regions[key], known.kind_on(key, day)) for key in open_ones
        )

    return told


def _of_specialists(session: Session) -> Teller:
    query = select(Authority.region, Specialist.from_on, Specialist.until_on)
    rows = session.execute(query.join(Specialist.authority).where(Authority.open)).all()

    def told(day: date) -> Taken:
        return Counter(
            ("specialists", day, region, "")
            for region, first, last in rows
            if first <= day and (last is None or last >= day)
        )

    return told


def _of_population(session: Session) -> Teller:
    columns = (ChildPopulation.as_of, ChildPopulation.region, ChildPopulation.children)
    rows = session.execute(select(*columns).order_by(ChildPopulation.as_of, ChildPopulation.id))
    newest = rows.all()

    def told(day: date) -> Taken:
        known = {region: number for as_of, region, number in newest if as_of <= day}
        return Counter({("child_population", day, r, ""): n for r, n in known.items()})

    return told
