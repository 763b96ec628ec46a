from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.errors import AlreadyDone
from mentorship.mentors.models import ClearanceKind


def add_clearance_kind(session: Session, data: dict[str, Any], *, by: int) -> ClearanceKind:
    """Ask for one more kind of clearance; raises AlreadyDone when its code is known."""
    if session.get(ClearanceKind, data["code"]) is not None:
        raise AlreadyDone("code_in_use")
    last = session.scalar(select(func.max(ClearanceKind.position))) or 0
    kind = ClearanceKind(**data, position=last + 1)
    session.add(kind)
    audit.record("added_clearance_kind", kind, by=by, session=session, code=kind.code)
    return kind


def change_clearance_kind(
    session: Session, kind: ClearanceKind, data: dict[str, Any], *, by: int
) -> None:
    """Change what a kind is called, whether it is asked for, and how long it is good."""
    changed = audit.changed_fields(kind, data)
    for name, value in data.items():
        setattr(kind, name, value)
    audit.record("changed_clearance_kind", kind, by=by, code=kind.code, fields=changed)
