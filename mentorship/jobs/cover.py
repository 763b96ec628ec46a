"""Supervisors are told once a week how much waits; who is back from leave, what was done."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.accounts.queries import on_duty
from mentorship.config import Config
from mentorship.cover.notices import tell_back
from mentorship.cover.queries import just_back
from mentorship.cover.report import digest
from mentorship.dashboard.report import team, totals
from mentorship.messages.services import enqueue


def tell_who_is_back(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell everybody whose leave is over, once, how much colleagues did meanwhile."""
    written = 0
    for leave in just_back(session, on):
        if leave.absent.active:
            count = sum(row.total for row in digest(session, leave))
            written += tell_back(session, leave, count, base_url=settings.base_url, at=at)
    return f"{written} written"


def tell_supervisors(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell everybody who supervises, once a week, how much waits in their people's regions."""
    led = select(User.supervisor_id).where(User.supervisor_id.is_not(None), User.active.is_(True))
    leaders = select(User).where(User.id.in_(led), User.active.is_(True)).order_by(User.id)
    written = 0
    for user in session.scalars(leaders).all():
        lines = team(session, user, on, at)
        counts = totals(lines)
        if not any(counts.values()):
            continue
        reader = on_duty(session, [user], on)[0]
        key = f"team_week:{on:%G-W%V}:{user.id}"
        given = {"link": f"{settings.base_url}/team", "count": len(lines)} | counts
        message = enqueue(session, key=key, kind="team_week", user=reader, at=at, **given)
        written += message is not None
    return f"{written} written"
