"""Entries as an iCalendar text (RFC 5545): instants in UTC, words in the mentor's language."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from flask_babel import force_locale, gettext
from icalendar import Calendar, Event

from mentorship.calendars.queries import Entry


def as_ical(entries: Sequence[Entry], *, language: str, secret: str) -> bytes:
    """The calendar as text; it names no child, no place and no other person."""
    with force_locale(language):
        words = {
            "meeting": gettext("Meeting"),
            "check_in": gettext("Talk with my coordinator"),
            "certificate": gettext("My certificate ends"),
            "check": gettext("A check of mine ends"),
        }
        calendar = Calendar()
        calendar.add("prodid", "-//Mentorship//Calendar//EN")
        calendar.add("version", "2.0")
        calendar.add("calscale", "GREGORIAN")
        calendar.add("method", "PUBLISH")
        calendar.add("x-wr-calname", gettext("Mentorship"))
        calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, words[entry.kind], secret))
    return bytes(calendar.to_ical())


def _event(entry: Entry, word: str, secret: str) -> Event:
    event = Event()
    event.add("uid", _uid(entry, secret))
    event.add("dtstamp", _stamp(entry))
    event.add("summary", word)
    if entry.begins_at is not None and entry.ends_at is not None:
        event.add("dtstart", entry.begins_at.astimezone(UTC))
        event.add("dtend", entry.ends_at.astimezone(UTC))
    else:
        event.add("dtstart", entry.day)
        event.add("dtend", entry.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    return event


def _uid(entry: Entry, secret: str) -> str:
    """A name of the entry that stays, and from which nobody reads of whom it is."""
    about = f"{entry.kind}:{entry.about}:{entry.day}"
    named = hmac.new(secret.encode(), about.encode(), hashlib.sha256).hexdigest()
    return f"{named[:32]}@mentorship"


def _stamp(entry: Entry) -> datetime:
    """A stamp that is the same each time, so that a calendar sees no change where none is."""
    return datetime(entry.day.year, 1, 1, tzinfo=UTC)
