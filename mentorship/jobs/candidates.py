"""Owners of candidates' steps are told once that a step is theirs, and once that it is overdue."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.candidates.notices import tell_owners
from mentorship.candidates.queries import candidates_now
from mentorship.config import Config
from mentorship.permissions import Scope


def tell_step_owners(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Write to the owners of the steps that are under way today."""
    rows = candidates_now(session, Scope(None), on)
    told = tell_owners(session, rows, base_url=settings.base_url, on=on, at=at)
    return f"{told} written"
