import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.calendars.queries import current_feed
from mentorship.database import for_update
from mentorship.meetings.models import CalendarFeed
from mentorship.mentors.models import Mentor

NOTED_EVERY = timedelta(hours=1)


def new_feed(session: Session, mentor: Mentor, *, by: int, at: datetime) -> str:
    """Make a new address for a mentor's calendar; the one before it ends. Told only once."""
    end_feed(session, mentor, by=by, at=at)
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(mentor_id=mentor.id, token_hash=hash_of(token), made_at=at)
    session.add(feed)
    audit.record("made_calendar_feed", feed, by=by, session=session, mentor=mentor.id)
    return token


def end_feed(session: Session, mentor: Mentor, *, by: int, at: datetime) -> None:
    """From now on the address answers as if it had never been."""
    for_update(session, Mentor, [mentor.id])
    feed = current_feed(session, mentor.id)
    if feed is not None:
        feed.revoked_at = at
        session.flush()
        audit.record("ended_calendar_feed", feed, by=by, mentor=mentor.id)


def note_reading(feed: CalendarFeed, *, at: datetime) -> None:
    """Keep when a calendar was last asked for, to the hour."""
    if feed.last_read_at is None or at - feed.last_read_at >= NOTED_EVERY:
        feed.last_read_at = at


def hash_of(token: str) -> str:
    """What is kept of a token; it is long and random, so a plain hash tells nothing of it."""
    return hashlib.sha256(token.encode()).hexdigest()
