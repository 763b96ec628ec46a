"""Reminders to mentors around their weekly meeting: once each, and only where they help."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship.jobs.meetings import remind_of_entries, remind_of_slots
from mentorship.messages.models import Message
from mentorship.settings.services import change_setting
from tests import factories

DAY = timedelta(days=1)
SATURDAY = date(2026, 3, 7)
MONDAY = SATURDAY + 2 * DAY


@pytest.fixture
def match(store):
    begun = SATURDAY - 60 * DAY
    found = factories.eligible_match(store, started_on=begun)
    factories.mentor_user(store, mentor=found.mentor)
    factories.slot(store, match=found, from_on=begun, weekday=SATURDAY.weekday())
    return found


def at(day):
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def told(store, config, job, day):
    job(store, config, day, at(day))
    store.commit()
    return store.scalars(select(Message.key).order_by(Message.id)).all()


def test_a_missing_entry_is_asked_for_once_two_days_later(store, config, match):
    key = f"entry_missing:{match.id}:"
    assert told(store, config, remind_of_entries, SATURDAY + DAY) == [f"{key}{SATURDAY - 7 * DAY}"]
    both = [f"{key}{SATURDAY - 7 * DAY}", f"{key}{SATURDAY}"]
    assert told(store, config, remind_of_entries, MONDAY) == both
    assert told(store, config, remind_of_entries, MONDAY) == both
    assert told(store, config, remind_of_entries, MONDAY + 3 * DAY) == both


def test_a_day_on_which_the_scheduler_was_down_costs_no_reminder(store, config, match):
    assert len(told(store, config, remind_of_entries, MONDAY + 3 * DAY)) == 1


def spare(name, store, match):
    """Why nobody is asked."""
    if name == "an entry is there":
        factories.meeting(store, match=match, held_on=SATURDAY)
    elif name == "it did not take place":
        gone = {"kind": None, "minutes": None, "activity": None, "went": None}
        factories.meeting(
            store,
            match=match,
            held_on=SATURDAY - DAY,
            slot_on=SATURDAY,
            cancelled_by="child",
            **gone,
        )
    elif name == "on hold":
        factories.hold(store, match=match)
    elif name == "away":
        factories.pause(store, mentor=match.mentor, from_on=SATURDAY, until_on=None)
    elif name == "suspended":
        match.mentor.status = "suspended"
    elif name == "somebody stands in":
        other = factories.eligible_mentor(store, on=match.started_on)
        factories.substitute(
            store, match=match, mentor=other, from_on=SATURDAY, until_on=SATURDAY + DAY
        )
    elif name == "no account":
        match.mentor.user.active = False


@pytest.mark.parametrize(
    "name",
    [
        *("an entry is there", "it did not take place", "on hold", "away", "suspended"),
        *("somebody stands in", "no account"),
    ],
)
def test_nobody_is_asked_in_vain(store, config, match, name):
    spare(name, store, match)
    store.commit()
    assert told(store, config, remind_of_entries, MONDAY) == []


def test_the_reminder_ahead_is_off_until_it_is_switched_on(store, config, match):
    friday = SATURDAY - DAY
    assert told(store, config, remind_of_slots, friday) == []
    decided = {"source": "x", "owner": "x", "decided_on": friday, "by": None, "at": at(friday)}
    change_setting(store, "meeting.slot_reminder_days", 1, **decided)
    store.commit()
    for _ in range(2):
        assert told(store, config, remind_of_slots, friday) == [
            f"slot_tomorrow:{match.id}:{SATURDAY}"
        ]
    assert len(told(store, config, remind_of_slots, friday - DAY)) == 1


def test_no_reminder_names_a_child(store, config, match):
    told(store, config, remind_of_entries, MONDAY)
    body = store.scalars(select(Message.body)).one()
    assert match.child.first_name not in body and match.child.last_name not in body
