"""Who leads whom, a leave next week with its cover, and the warning signs of the register."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.accounts.models import Leave, User
from mentorship.demo.users import COLLEAGUE
from mentorship.permissions import Role
from mentorship.signs.services import look


def store_cover(session: Session, users: dict[Role, User], on: date, at: datetime) -> None:
    """The manager leads both coordinators; the colleague is away next week, and one covers."""
    colleague = session.scalars(select(User).where(User.email == COLLEAGUE)).one()
    coordinator, leader = users[Role.COORDINATOR], users[Role.MANAGER]
    session.flush()
    coordinator.supervisor_id = colleague.supervisor_id = leader.id
    monday = on + timedelta(days=7 - on.weekday())
    session.add(
        Leave(
            absent=colleague,
            cover=coordinator,
            from_on=monday,
            until_on=monday + timedelta(days=6),
            made_by=colleague.id,
            made_at=at,
        )
    )


def store_signs(session: Session, on: date, at: datetime) -> None:
    """What the nightly look finds."""
    look(session, on, at)
