"""The figures of every report are made anew by night."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.figures.services import rebuild_nightly


def rebuild_figures(session: Session, _settings: Config, on: date, at: datetime) -> str:
    """Make the figures of the last weeks anew; on Sundays all of them."""
    build = rebuild_nightly(session, on, at)
    if build is None:
        return "made already"
    return f"{'all' if build.whole else 'the last weeks'}, {build.seconds:.1f} s"
