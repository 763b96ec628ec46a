"""Relationship surveys: written down ahead of their day, and mentors told when theirs has come."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from mentorship.config import Config
from mentorship.messages.services import enqueue
from mentorship.outcomes.queries import told_of_surveys
from mentorship.outcomes.surveys import plan_surveys as plan


def plan_surveys(session: Session, _settings: Config, on: date, _at: datetime) -> str:
    """Write down every wave that comes due soon."""
    return f"{plan(session, on=on)} planned"


def tell_of_surveys(session: Session, settings: Config, on: date, at: datetime) -> str:
    """Tell mentors, once for each survey, that a few questions wait for them."""
    kind, written = "survey_waits", 0
    for survey_id, match_id, user in told_of_surveys(session, on):
        link = f"{settings.base_url}/my-matches/{match_id}/survey"
        told = enqueue(session, key=f"{kind}:{survey_id}", kind=kind, user=user, at=at, link=link)
        written += told is not None
    return f"{written} written"
