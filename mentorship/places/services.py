from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.errors import AlreadyDone, Invalid
from mentorship.i18n import normalise
from mentorship.places.models import Centre, CentreChange, CentreKind


def register_centre(session: Session, data: dict[str, Any], *, by: int | None) -> Centre:
    """Add an organisation where children live; raises AlreadyDone when its region has it."""
    _refuse_known(session, data, own=None)
    centre = Centre(**data)
    session.add(centre)
    audit.record("registered_centre", centre, by=by, session=session)
    return centre


def change_centre(session: Session, centre: Centre, data: dict[str, Any], *, by: int) -> None:
    """Change a centre's facts; raises AlreadyDone when its region has another of this name."""
    _refuse_known(session, data, own=centre.id)
    changed = audit.changed_fields(centre, data)
    for name, value in data.items():
        setattr(centre, name, value)
    audit.record("changed_centre", centre, by=by, fields=changed)


def transform_centre(
    session: Session,
    centre: Centre,
    kind: CentreKind | str,
    *,
    on: date,
    source: str | None,
    by: int,
    at: datetime,
) -> CentreChange:
    """Turn a centre into one of another kind from a day on; raises Invalid where it is one."""
    if kind == centre.kind:
        raise Invalid("same_kind")
    if any(row.changed_on > on for row in centre.changes):
        raise Invalid("changed_later")
    change = CentreChange(
        centre=centre,
        was=centre.kind,
        now=CentreKind(kind),
        changed_on=on,
        source=source,
        recorded_by=by,
        recorded_at=at,
    )
    centre.kind = CentreKind(kind)
    session.add(change)
    audit.record("transformed_centre", centre, by=by, was=change.was, now=change.now)
    return change


def _refuse_known(session: Session, data: dict[str, Any], own: int | None) -> None:
    named = select(Centre.id).where(
        Centre.region == data["region"], Centre.name_kk == normalise(data["name_kk"])
    )
    known = session.scalars(named).first()
    if known is not None and known != own:
        raise AlreadyDone("centre_exists")
