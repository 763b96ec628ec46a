"""What people are told about leave by message: days and counts, never a name."""

from datetime import datetime

from sqlalchemy.orm import Session

from mentorship.accounts.models import Leave
from mentorship.i18n import show_date
from mentorship.messages.services import enqueue


def tell_cover(session: Session, leave: Leave, *, base_url: str, at: datetime) -> None:
    """Tell a colleague from when until when they cover."""
    enqueue(
        session,
        key=f"cover_planned:{leave.id}",
        kind="cover_planned",
        user=leave.cover,
        at=at,
        day=show_date(leave.from_on),
        last=show_date(leave.until_on),
        link=f"{base_url}/leave",
    )


def tell_back(session: Session, leave: Leave, count: int, *, base_url: str, at: datetime) -> bool:
    """Tell somebody who is back, once, how much was done meanwhile."""
    message = enqueue(
        session,
        key=f"back_from_leave:{leave.id}",
        kind="back_from_leave",
        user=leave.absent,
        at=at,
        count=count,
        link=f"{base_url}/leave/{leave.id}",
    )
    return message is not None
