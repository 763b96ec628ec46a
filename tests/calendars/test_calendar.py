"""A calendar at a secret address, read by a reader of its own: RFC 5545, line by line."""

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
import vobject

from mentorship import clock
from mentorship.calendars.services import hash_of
from mentorship.meetings.models import CalendarFeed
from tests import factories

DAY = timedelta(days=1)
INSTANT = re.compile(r"\d{8}T\d{6}Z")
WHOLE_DAY = re.compile(r"\d{8}")


def read(text):
    """The events of an iCalendar text, each a mapping; AssertionError for what breaks the RFC."""
    assert text.endswith(b"\r\n") and b"\n" not in text.replace(b"\r\n", b"")
    lines = text.split(b"\r\n")[:-1]
    assert all(0 < len(line) <= 75 for line in lines), "a line is longer than 75 octets"
    unfolded = []
    for line in lines:
        if line[:1] in (b" ", b"\t"):
            unfolded[-1] += line[1:]
        else:
            unfolded.append(line)
    parsed = [_line(line.decode("utf-8")) for line in unfolded]
    assert parsed[0][::2] == ("BEGIN", "VCALENDAR") and parsed[-1][::2] == ("END", "VCALENDAR")
    names = [name for name, _, _ in parsed]
    assert names.count("VERSION") == 1 and names.count("PRODID") == 1
    events, now = [], None
    for name, parameters, value in parsed[1:-1]:
        if (name, value) == ("BEGIN", "VEVENT"):
            assert now is None
            now = {}
        elif (name, value) == ("END", "VEVENT"):
            events.append(_event(now))
            now = None
        elif now is not None:
            assert name not in now, f"{name} twice"
            now[name] = (parameters, value)
    assert now is None
    uids = [event["UID"] for event in events]
    assert len(set(uids)) == len(uids)
    return events


def _line(line):
    found = re.fullmatch(r"([A-Z-]+)((?:;[A-Z-]+=(?:\"[^\"]*\"|[^\";:,]+))*):(.*)", line)
    assert found, line
    return found[1], found[2], found[3]


def _event(given):
    assert {"UID", "DTSTAMP", "DTSTART", "SUMMARY"} <= given.keys()
    assert INSTANT.fullmatch(given["DTSTAMP"][1])
    whole = given["DTSTART"][0] == ";VALUE=DATE"
    shape = WHOLE_DAY if whole else INSTANT
    for name in ("DTSTART", "DTEND"):
        assert shape.fullmatch(given[name][1]), given[name]
        assert (given[name][0] == ";VALUE=DATE") == whole
    assert given["DTSTART"][1] < given["DTEND"][1]
    return {name: value for name, (_, value) in given.items()}


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    begun = today - 60 * DAY
    adult = factories.eligible_mentor(store, on=begun, last_name="Ұстазов")
    young = factories.eligible_child(store, on=begun, first_name="Еркежан", last_name="Құпия")
    found = factories.match(store, mentor=adult, child=young, started_on=begun)
    factories.mentor_user(store, mentor=adult, language="en")
    factories.slot(
        store, match=found, from_on=begun, weekday=(today + DAY).weekday(), place="Құпия орталық"
    )
    return found


@pytest.fixture
def phone(sign_in, match):
    return sign_in(match.mentor.user)


@pytest.fixture
def address(phone):
    """The path of the mentor's calendar, as their page shows it once."""
    return made(phone)


def made(phone):
    page = phone.submit("/my-calendar", "/my-calendar/new").page
    full = page.find("input", id="feed").attrs["value"]
    return "/calendar/" + full.rsplit("/", 1)[1]


def events_at(client, address):
    answer = client.get(address)
    assert answer.status_code == 200 and answer.mimetype == "text/calendar"
    return read(answer.data)


def test_the_slots_of_eight_weeks_are_instants_in_utc(client, address, match, today):
    events = [e for e in events_at(client, address) if e["SUMMARY"] == "Meeting"]
    assert len(events) == 8
    begins = datetime.combine(today + DAY, time(15), clock.ALMATY).astimezone(UTC)
    assert events[0]["DTSTART"] == f"{begins:%Y%m%dT%H%M%SZ}"
    assert events[0]["DTEND"] == f"{begins + timedelta(minutes=90):%Y%m%dT%H%M%SZ}"


def test_it_names_no_child_no_place_and_no_other_person(client, address, match):
    text = client.get(address).data.decode()
    secrets = ("Еркежан", "Құпия", "Ұстазов", match.child.centre.name_kk, "LOCATION", "ATTENDEE")
    assert [secret for secret in secrets if secret in text] == []
    assert {e["SUMMARY"] for e in read(text.encode())} <= {
        *("Meeting", "Talk with my coordinator", "My certificate ends", "A check of mine ends"),
    }


def test_agreed_days_talks_and_papers_are_whole_days(client, store, address, match, today):
    factories.meeting(store, match=match, held_on=today, next_on=today + 3 * DAY)
    factories.check_in(store, match=match, due_on=today + 5 * DAY, kind="mentor")
    factories.check_in(store, match=match, due_on=today + 6 * DAY, kind="child")
    match.mentor.certificates[0].expires_on = today + 30 * DAY
    store.commit()
    whole = {(e["SUMMARY"], e["DTSTART"]) for e in events_at(client, address)}
    assert ("Meeting", f"{today + 3 * DAY:%Y%m%d}") in whole
    assert ("Talk with my coordinator", f"{today + 5 * DAY:%Y%m%d}") in whole
    assert ("Talk with my coordinator", f"{today + 6 * DAY:%Y%m%d}") not in whole
    assert ("My certificate ends", f"{today + 30 * DAY:%Y%m%d}") in whole


def test_names_of_entries_stay_and_nothing_changes_where_nothing_has(client, address):
    first, second = client.get(address), client.get(address)
    assert first.data == second.data
    assert "no-store" in first.headers["Cache-Control"]
    head = client.head(address)
    assert head.status_code == 200 and head.data == b""


def test_unknown_revoked_and_renewed_addresses_answer_alike(client, phone, store, address):
    unknown = client.get("/calendar/nobody-has-this.ics")
    newer = made(phone)
    old = client.get(address)
    assert events_at(client, newer)
    phone.submit("/my-calendar", "/my-calendar/end")
    ended = client.get(newer)
    shapes = {(a.status_code, a.data, a.mimetype, len(a.headers)) for a in (unknown, old, ended)}
    assert shapes == {(404, b"", "text/plain", len(unknown.headers))}
    assert client.head(newer).status_code == 404


def test_only_a_hash_of_the_address_is_kept_and_it_is_shown_once(phone, store, address):
    token = address.removeprefix("/calendar/").removesuffix(".ics")
    [row] = store.query(CalendarFeed).all()
    assert row.token_hash == hash_of(token) and token not in row.token_hash
    assert token not in phone.page("/my-calendar").html


@pytest.mark.parametrize("status", ["suspended", "retired"])
def test_the_calendar_of_who_may_not_mentor_is_empty(client, store, address, match, status):
    match.mentor.status = status
    store.commit()
    assert events_at(client, address) == []


def test_whoever_may_no_longer_sign_in_has_an_empty_calendar(client, store, address, match):
    match.mentor.user.active = False
    store.commit()
    assert events_at(client, address) == []


def test_days_on_hold_away_or_with_a_substitute_are_not_there(client, store, address, match, today):
    other = factories.eligible_mentor(store, on=today - 60 * DAY)
    last = today + 15 * DAY
    factories.substitute(store, match=match, mentor=other, from_on=today, until_on=last)
    store.commit()
    days = [date.fromisoformat(e["DTSTART"][:8]) for e in events_at(client, address)]
    assert min(days) > last
    factories.hold(store, match=match)
    store.commit()
    assert [e for e in events_at(client, address) if e["SUMMARY"] == "Meeting"] == []


def test_the_substitutes_calendar_has_their_days_alone(client, store, sign_in, match, today):
    other = factories.eligible_mentor(store, on=today - 60 * DAY)
    factories.mentor_user(store, mentor=other, language="en")
    last = today + 15 * DAY
    factories.substitute(store, match=match, mentor=other, from_on=today, until_on=last)
    store.commit()
    address = made(sign_in(other.user))
    events = [e for e in events_at(client, address) if e["SUMMARY"] == "Meeting"]
    assert len(events) == 3


def test_another_library_reads_the_same_meetings(client, address, today):
    """The calendar is written by icalendar, and read here by somebody else."""
    text = client.get(address).data
    theirs = vobject.readOne(text.decode()).contents["vevent"]
    ours = read(text)
    assert [event.uid.value for event in theirs] == [event["UID"] for event in ours]
    begins = [e.dtstart.value for e in theirs if isinstance(e.dtstart.value, datetime)]
    assert begins[0] == datetime.combine(today + DAY, time(15), clock.ALMATY)
