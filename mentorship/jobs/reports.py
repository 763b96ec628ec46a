"""People who asked for it are told of each month's and each quarter's report."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.reports import notices


def tell_of_reports(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell everybody who asked for it of the period that has just ended, once."""
    written = notices.tell_of_reports(session, base_url=settings.base_url, on=on, at=at)
    return f"{written} written"
