"""Instruments: new sets of questions are added as a version, and put to use by a decision."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.outcomes.models import Instrument


def add_instrument(session: Session, facts: dict[str, Any], *, by: int, at: datetime) -> Instrument:
    """Keep a set of questions that nobody is asked yet.

    `facts`: code, version, side, content, source, licence, already checked by the schema. Raises
    AlreadyDone where the version is known, Invalid where an earlier one is of the other side.
    """
    of_code = select(Instrument).where(Instrument.code == facts["code"]).with_for_update()
    before = session.scalars(of_code).all()
    if any(row.version == facts["version"] for row in before):
        raise AlreadyDone("instrument_known")
    if any(row.side != facts["side"] for row in before):
        raise Invalid("instrument_of_other_side")
    row = Instrument(**facts, active=False, added_by=by, added_at=at)
    session.add(row)
    audit.record(
        "added_instrument", row, by=by, session=session, code=row.code, version=row.version
    )
    return row


def activate_instrument(session: Session, chosen: Instrument, *, by: int, at: datetime) -> None:
    """From now on this side is asked these questions; answers given before keep theirs.

    Raises AlreadyDone where it is in use.
    """
    of_side = select(Instrument.id).where(Instrument.side == chosen.side)
    rows = for_update(session, Instrument, list(session.scalars(of_side)))
    if chosen.active:
        raise AlreadyDone("instrument_in_use")
    for row in rows:
        row.active = False
    session.flush()  # before the other one, for the index that lets one be active
    chosen.active, chosen.activated_by, chosen.activated_at = True, by, at
    audit.record("activated_instrument", chosen, by=by, code=chosen.code, version=chosen.version)
