"""Warning signs are looked for every night, of every open match."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.signs.services import look


def look_for_signs(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Open the signs that hold today and end those that no longer do."""
    done = look(session, on, at)
    return f"{done.matches} matches, {done.opened} opened, {done.ended} ended"
