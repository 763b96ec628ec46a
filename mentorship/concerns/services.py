from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.concerns.models import Concern
from mentorship.database import for_update
from mentorship.errors import AlreadyDone
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting
from mentorship.meetings.services import log_meeting

# A setting of the programme: no law seen names a time for the first review.
FIRST_REVIEW = timedelta(hours=24)


def log_meeting_with_worry(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> Meeting:
    """Log a meeting and, where something worried the mentor, raise it in the same transaction."""
    facts = {name: value for name, value in data.items() if name != "worry"}
    meeting = log_meeting(session, match, facts, by=by, at=at)
    if data["worry"]:
        session.flush()
        raise_concern(session, match, data["worry"], meeting=meeting, by=by, at=at)
    return meeting


def raise_concern(
    session: Session, match: Match, text: str, *, meeting: Meeting | None, by: int, at: datetime
) -> Concern:
    """Open a concern about the child of a match; staff review it within FIRST_REVIEW."""
    concern = Concern(
        child_id=match.child_id,
        origin="meeting",
        severity="worry",
        match_id=match.id,
        meeting_id=meeting.id if meeting else None,
        text=text,
        raised_by=by,
        raised_at=at,
        review_by=at + FIRST_REVIEW,
    )
    session.add(concern)
    audit.record("raised_concern", concern, by=by, session=session, match=match.id)
    return concern


def review_concern(
    session: Session, concern: Concern, *, steps: str, by: int, at: datetime
) -> None:
    """Record what staff did about a concern; raises AlreadyDone when a colleague was first."""
    for_update(session, Concern, [concern.id])
    if concern.reviewed_at is not None:
        raise AlreadyDone("already_reviewed")
    concern.reviewed_by, concern.reviewed_at = by, at
    audit.record("reviewed_concern", concern, by=by)
