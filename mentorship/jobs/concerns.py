"""Worries do not wait for somebody to look at a list: coordinators are told, and reminded once."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.concerns.notices import remind, tell_of_new
from mentorship.config import Config


def tell_of_worries(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell of every worry nobody was told of, and remind of those whose clock has run out."""
    told = tell_of_new(session, base_url=settings.base_url, at=at)
    reminded = remind(session, base_url=settings.base_url, at=at)
    return f"{told} told, {reminded} reminded"
