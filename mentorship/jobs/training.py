"""People who train are reminded of their session."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.i18n import as_day
from mentorship.training.notices import tell
from mentorship.training.queries import seats_to_tell

TOLD_AHEAD = timedelta(days=2)


def remind_of_sessions(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Two days before a session, once; not to somebody whose seat was given today.

    After days without this still on the day itself: late is better than never.
    """
    seats = seats_to_tell(session, on, on + TOLD_AHEAD)
    earlier = [row for row in seats if as_day(row.enrolled_at) < on]
    told = tell(session, earlier, "training_soon", base_url=settings.base_url, at=at)
    return f"{told} written"
