from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from mentorship.figures.models import Build
from mentorship.figures.queries import newest_build
from mentorship.figures.store import rebuild

NIGHTLY = timedelta(days=35)
SUNDAY = 6


def rebuild_nightly(session: Session, on: date, at: datetime) -> Build | None:
    """Make the figures of the last weeks anew, on Sundays all of them; None: a day's are made."""
    last = newest_build(session)
    if last is not None and last.until == on:
        return None
    return rebuild(session, on, at, None if on.weekday() == SUNDAY else on - NIGHTLY)
