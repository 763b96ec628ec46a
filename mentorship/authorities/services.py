from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.errors import AlreadyDone, Invalid


def register_authority(session: Session, data: dict[str, Any], *, by: int | None) -> Authority:
    """Add a guardianship authority."""
    authority = Authority(**data)
    session.add(authority)
    audit.record("registered_authority", authority, by=by, session=session)
    return authority


def change_authority(session: Session, row: Authority, data: dict[str, Any], *, by: int) -> None:
    """Change an authority's facts."""
    _change(row, data)
    audit.record("changed_authority", row, by=by, session=session)


def add_specialist(
    session: Session, authority: Authority, data: dict[str, Any], *, by: int | None
) -> Specialist:
    """Add somebody who works for an authority from a day on."""
    specialist = Specialist(authority=authority, **data)
    session.add(specialist)
    audit.record("added_specialist", specialist, by=by, authority=authority.id)
    return specialist


def change_specialist(session: Session, row: Specialist, data: dict[str, Any], *, by: int) -> None:
    """Change a specialist's facts; raises Invalid where the last day is before the first."""
    if data.get("until_on") and data["until_on"] < data["from_on"]:
        raise Invalid("ends_before_start")
    _change(row, data)
    audit.record("changed_specialist", row, by=by, session=session)


def record_population(
    session: Session,
    region: str,
    *,
    children: int,
    as_of: date,
    source: str,
    by: int | None,
    at: datetime,
) -> ChildPopulation:
    """Record how many children live in a region on a day; raises AlreadyDone for the same again."""
    same = session.query(ChildPopulation).filter_by(region=region, as_of=as_of, source=source)
    if same.filter_by(children=children).first():
        raise AlreadyDone("population_known")
    row = ChildPopulation(
        region=region,
        children=children,
        as_of=as_of,
        source=source,
        recorded_by=by,
        recorded_at=at,
    )
    session.add(row)
    audit.record("recorded_population", row, by=by, session=session, region=region)
    return row


def _change(row: Any, data: dict[str, Any]) -> None:
    for name, value in data.items():
        setattr(row, name, value)
