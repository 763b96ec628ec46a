"""The folder of the papers and their rows, made to agree every night."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.papers.services import tidy
from mentorship.papers.store import store_in


def tidy_papers(session: Session, settings: Config, _on: date, at: datetime) -> str:
    """Remove files that belong to no paper; tell of papers whose file is not there."""
    done = tidy(session, store_in(settings), at=at)
    left = f"{done.removed} files without a paper removed"
    return f"{left}, {len(done.missing)} papers without their file"
