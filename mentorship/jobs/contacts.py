"""Contacts with matches: planned ahead, marked when missed, climbing when overdue."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.check_ins import ladder, services
from mentorship.check_ins.models import RungStep
from mentorship.config import Config


def plan_check_ins(session: Session, _settings: Config, on: date, _at: datetime) -> str:
    """Plan the contacts of every open match ahead; then mark those that were missed."""
    planned = services.plan_all(session, on=on)
    return f"{planned} planned, {services.mark_missed(session, on=on)} missed"


def climb_ladder(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Let overdue contacts climb; their days are counted without the days on hold."""
    done = ladder.climb(session, on=on, at=at, base_url=settings.base_url)
    return ", ".join(f"{done[step]} {step}" for step in RungStep)
