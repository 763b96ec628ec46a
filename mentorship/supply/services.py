from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.errors import AlreadyDone, Invalid
from mentorship.supply.models import PublishedFigure


def publish_figure(
    session: Session, data: dict[str, Any], *, by: int, at: datetime
) -> PublishedFigure:
    """Add a figure that a source published."""
    row = PublishedFigure(**data, withdrawn=False, recorded_by=by, recorded_at=at)
    session.add(row)
    audit.record("published_figure", row, by=by, session=session, topic=str(row.topic))
    return row


def correct_figure(
    session: Session, row: PublishedFigure, data: dict[str, Any], *, by: int, at: datetime
) -> PublishedFigure:
    """Put a figure right; what was recorded before stays as it was.

    Raises Invalid where nothing changes, AlreadyDone where somebody else corrected it meanwhile.
    """
    changed = audit.changed_fields(row, {k: v for k, v in data.items() if k != "reason"})
    if not changed:
        raise Invalid("figure_unchanged")
    newer = PublishedFigure(**data, corrects_id=row.id, recorded_by=by, recorded_at=at)
    session.add(newer)
    try:
        session.flush()
    except IntegrityError as error:
        raise AlreadyDone("figure_corrected") from error
    audit.record("corrected_published_figure", newer, by=by, was=row.id, fields=changed)
    return newer
