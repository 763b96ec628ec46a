from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.errors import AlreadyDone, Invalid
from mentorship.matches.models import Match
from mentorship.matches.services import refuse_meetings_on_hold
from mentorship.meetings.models import Meeting


def log_meeting(
    session: Session, match: Match, data: dict[str, Any], *, by: int, at: datetime
) -> Meeting:
    """Add a meeting to an open match; raises AlreadyDone when it is closed, or Invalid.

    NotEligible while it is on hold, also where that began after the page was opened.
    """
    refuse_meetings_on_hold(session, match)
    if not match.is_open:
        raise AlreadyDone("match_closed")
    if data["held_on"] < match.started_on:
        raise Invalid("before_start")
    meeting = Meeting(match_id=match.id, logged_by=by, logged_at=at, **data)
    session.add(meeting)
    audit.record("logged_meeting", meeting, by=by, session=session, match=match.id)
    return meeting
