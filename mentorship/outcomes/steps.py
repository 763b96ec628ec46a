"""A child's steps towards independent life: ticked with the mentor, confirmed by staff."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.children.models import Child
from mentorship.database import for_update
from mentorship.errors import AlreadyDone, Invalid
from mentorship.outcomes.models import ChildStep, LifeStep
from mentorship.outcomes.vocabulary import StepState


def note_step(
    session: Session,
    child: Child,
    code: str,
    state: StepState,
    *,
    note: str | None,
    staff: bool,
    by: int,
    on: date,
    at: datetime,
) -> ChildStep:
    """Add how far a child is with a step; the same again adds nothing. What staff note counts.

    Raises Invalid for a step that is not in the catalogue.
    """
    step = session.get(LifeStep, code)
    if step is None or not step.active:
        raise Invalid("step_unknown")
    for_update(session, Child, [child.id])
    before = newest(session, child.id, code)
    if before is not None and before.state == state and not note:
        if staff and before.confirmed_at is None:
            _confirm(before, by=by, at=at)
        return before
    row = ChildStep(
        child_id=child.id, code=code, state=state, note=note, noted_on=on, noted_by=by, noted_at=at
    )
    session.add(row)
    audit.record("noted_step", row, by=by, session=session, child=child.id, step=code, state=state)
    if staff:
        _confirm(row, by=by, at=at)
    return row


def confirm_step(session: Session, row: ChildStep, *, by: int, at: datetime) -> None:
    """Staff have seen that it is so; raises AlreadyDone where it was confirmed or has changed."""
    for_update(session, Child, [row.child_id])
    session.refresh(row)
    latest = newest(session, row.child_id, row.code)
    if row.confirmed_at is not None or latest is None or latest.id != row.id:
        raise AlreadyDone("step_confirmed")
    _confirm(row, by=by, at=at)


def newest(session: Session, child_id: int, code: str) -> ChildStep | None:
    """How far a child is with a step now, as it was noted last."""
    query = select(ChildStep).where(ChildStep.child_id == child_id, ChildStep.code == code)
    return session.scalars(query.order_by(ChildStep.id.desc()).limit(1)).first()


def _confirm(row: ChildStep, *, by: int, at: datetime) -> None:
    row.confirmed_by, row.confirmed_at = by, at
    audit.record("confirmed_step", row, by=by, child=row.child_id, step=row.code)
