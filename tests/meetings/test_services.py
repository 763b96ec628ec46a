"""What a mentor may write, once, and what staff make of it: the services as a table."""

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from sqlalchemy import select

from mentorship.errors import AlreadyDone, Impossible, Invalid, NotEligible
from mentorship.meetings import services
from mentorship.meetings.models import Meeting, Slot
from mentorship.meetings.schedule import Weekly, passed_days
from tests import factories

DAY = timedelta(days=1)
NAME = str(uuid.UUID(int=7))
HELD = {"kind": "in_person", "minutes": 60, "activity": "Шахмат", "went": 4}


@pytest.fixture
def at(today):
    return datetime.combine(today, time(18), UTC)


@pytest.fixture
def by(match):
    return match.mentor.user_id


@pytest.fixture
def slot(store, match, begun, today):
    """Every week on yesterday's weekday."""
    weekday = (today - DAY).weekday()
    return factories.slot(store, match=match, from_on=begun, weekday=weekday)


def rows(store):
    store.expire_all()
    return store.scalars(select(Meeting).order_by(Meeting.id)).all()


def test_one_tap_records_the_length_of_the_slot(store, match, slot, by, at, today):
    row = services.log_as_planned(store, match, today - DAY, by=by, at=at)
    assert (row.minutes, row.held_on, row.as_planned) == (90, today - DAY, True)
    assert row.went is None and row.activity is None


REFUSED = {
    "twice": (lambda today: today - DAY, AlreadyDone, "slot_answered"),
    "another weekday": (lambda today: today - 2 * DAY, Invalid, "no_slot_that_day"),
    "not over": (lambda today: today + 6 * DAY, Invalid, "no_slot_that_day"),
    "too long ago": (lambda today: today - 36 * DAY, Invalid, "no_slot_that_day"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_tap_that_means_no_meeting_is_refused(store, match, slot, by, at, today, case):
    day, error, code = REFUSED[case]
    services.log_as_planned(store, match, today - DAY, by=by, at=at)
    store.commit()
    with pytest.raises(error) as raised:
        services.log_as_planned(store, match, day(today), by=by, at=at)
    assert raised.value.code == code


def test_a_tap_is_taken_back_within_a_minute_and_not_after(store, match, slot, by, at, today):
    row = services.log_as_planned(store, match, today - DAY, by=by, at=at)
    store.flush()
    with pytest.raises(Impossible):
        services.take_back(store, row, by=by, at=at + timedelta(seconds=61))
    with pytest.raises(Impossible):
        services.take_back(store, row, by=by + 1, at=at)
    services.take_back(store, row, by=by, at=at + timedelta(seconds=59))
    store.flush()
    assert rows(store) == []


def test_what_staff_have_read_is_not_taken_back(store, match, slot, by, at, today):
    row = services.log_as_planned(store, match, today - DAY, by=by, at=at)
    row.read_at, row.read_by = at, by
    with pytest.raises(Impossible):
        services.take_back(store, row, by=by, at=at)


def test_an_entry_sent_twice_by_a_phone_is_there_once(store, match, by, at, today):
    data = {**HELD, "held_on": today, "client_id": NAME}
    first, new = services.log_once(store, match, data, by=by, at=at)
    store.commit()
    again, anew = services.log_once(store, match, data, by=by, at=at)
    assert (new, anew) == (True, False) and first.id == again.id
    assert len(rows(store)) == 1


def test_an_entry_sent_again_after_the_match_has_closed_is_still_found(store, match, by, at, today):
    data = {**HELD, "held_on": today, "client_id": NAME}
    services.log_once(store, match, data, by=by, at=at)
    match.ended_on, match.closure_reason = today, "other"
    match.ended_as_planned, match.ended_by = True, "mentor"
    store.commit()
    assert services.log_once(store, match, data, by=by, at=at)[1] is False
    with pytest.raises(AlreadyDone):
        services.log_once(store, match, data | {"client_id": None}, by=by, at=at)


def test_the_name_of_somebody_elses_entry_finds_nothing_and_takes_nothing(
    store, match, by, at, today
):
    other = factories.coordinator(store)
    data = {**HELD, "held_on": today, "client_id": NAME}
    services.log_once(store, match, data, by=by, at=at)
    row, new = services.log_once(store, match, data | {"notes": "x"}, by=other.id, at=at)
    store.commit()
    assert new and row.notes == "x" and len(rows(store)) == 2


def test_one_name_is_not_used_for_two_matches(store, match, by, at, today, begun):
    other = factories.eligible_match(store, started_on=begun)
    data = {**HELD, "held_on": today, "client_id": NAME}
    services.log_once(store, match, data, by=by, at=at)
    with pytest.raises(AlreadyDone):
        services.log_once(store, other, data, by=by, at=at)


@pytest.mark.parametrize("held", [True, False])
def test_nothing_is_written_while_a_match_is_on_hold(store, match, by, at, today, held):
    factories.hold(store, match=match)
    what = HELD if held else {"cancelled_by": "weather"}
    with pytest.raises(NotEligible):
        services.log_meeting(store, match, {"held_on": today, **what}, by=by, at=at)


def test_a_new_slot_ends_the_one_before(store, match, slot, by, at, today):
    data = {"weekday": 2, "at_time": time(17), "minutes": 60, "place": "Орталықта"}
    services.set_slot(store, match, data, by=by, at=at)
    store.commit()
    old, new = store.scalars(select(Slot).order_by(Slot.id)).all()
    assert old.until_on == today - DAY and (new.weekday, new.until_on) == (2, None)
    services.set_slot(store, match, data | {"weekday": 3}, by=by, at=at)
    store.commit()
    assert [row.weekday for row in store.scalars(select(Slot).order_by(Slot.id))] == [
        old.weekday,
        3,
    ]


def test_with_the_match_its_slot_and_its_substitutes_end(store, match, slot, helper, at, today):
    now = factories.substitute(
        store, match=match, mentor=helper, from_on=today, until_on=today + 9 * DAY
    )
    asked = factories.substitute(store, match=match, from_on=today, until_on=None)
    over = factories.substitute(
        store, match=match, mentor=helper, from_on=today - 9 * DAY, until_on=today - 2 * DAY
    )
    services.end_with_match(store, match, on=today, at=at)
    store.commit()
    store.expire_all()
    assert (now.status, asked.status, over.status) == ("ended", "declined", "appointed")
    assert slot.until_on == today


def test_days_of_a_slot_are_asked_about_for_four_weeks_once_they_are_over():
    friday = datetime(2026, 3, 6, 12, tzinfo=UTC)  # 17:00 in Kazakhstan
    slot = Weekly(4, time(16), 60, friday.date() - 90 * DAY, None)
    days = passed_days(slot, friday)
    assert [f"{day:%d.%m}" for day in days] == ["06.02", "13.02", "20.02", "27.02", "06.03"]
    assert passed_days(slot, friday - timedelta(minutes=1))[-1] == friday.date() - 7 * DAY
    away = [(friday.date() - 10 * DAY, friday.date() - 6 * DAY)]
    assert friday.date() - 7 * DAY not in passed_days(slot, friday, without=away)
