"""Answers of children and carers that were left in the middle."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.voices.results import take_what_was_said


def finish_answers(session: Session, _settings: Config, _on: date, at: datetime) -> str:
    """Let what was said by a link count, also where its page was closed before the end."""
    return f"{take_what_was_said(session, at=at)} finished"
