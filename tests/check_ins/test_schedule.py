from datetime import date, timedelta
from itertools import pairwise

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from mentorship.check_ins.schedule import DEFAULT, Cadence, Stage, due_dates
from mentorship.clock import months_after

LONG = timedelta(days=4000)
DATES = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def test_the_first_year_has_two_contacts_in_the_first_month_and_then_one_a_month():
    start = date(2026, 1, 10)
    assert due_dates(start, date(2027, 1, 10)) == [
        date(2026, 1, 24),
        date(2026, 2, 9),
        *(date(2026, month, 10) for month in range(3, 13)),
        date(2027, 1, 10),
    ]


def test_after_twelve_months_a_contact_comes_every_quarter():
    found = due_dates(date(2026, 1, 10), date(2028, 1, 10))
    assert found[-5:] == [
        date(2027, 1, 10),
        date(2027, 4, 10),
        date(2027, 7, 10),
        date(2027, 10, 10),
        date(2028, 1, 10),
    ]


@pytest.mark.parametrize(
    ("until", "number"),
    [
        (date(2026, 1, 10), 0),
        (date(2026, 1, 23), 0),
        (date(2026, 1, 24), 1),
        (date(2026, 2, 8), 1),
        (date(2026, 2, 9), 2),
        (date(2026, 3, 9), 2),
        (date(2026, 3, 10), 3),
    ],
)
def test_the_last_day_asked_for_is_included(until, number):
    assert len(due_dates(date(2026, 1, 10), until)) == number


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 31), 3, date(2026, 4, 30)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
    ],
)
def test_a_month_without_that_day_gives_its_last_day(day, months, later):
    assert months_after(day, months) == later


def test_the_day_of_the_month_comes_back_after_a_short_month():
    found = due_dates(date(2025, 12, 31), date(2026, 6, 1))
    assert found[2:] == [date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)]


def test_a_match_that_began_on_a_leap_day_keeps_its_schedule():
    found = due_dates(date(2028, 2, 29), date(2029, 6, 1))
    assert date(2029, 2, 28) in found
    assert date(2028, 9, 29) in found


@settings(max_examples=60, deadline=None)
@given(start=DATES)
def test_due_dates_strictly_increase_after_the_start(start):
    found = due_dates(start, start + LONG)
    assert found[0] > start
    assert all(one < next_one for one, next_one in pairwise(found))


@settings(max_examples=60, deadline=None)
@given(start=DATES, days=st.integers(0, 1500), more=st.integers(0, 1500))
def test_asking_for_longer_only_adds_dates_at_the_end(start, days, more):
    short = due_dates(start, start + timedelta(days=days))
    long = due_dates(start, start + timedelta(days=days + more))
    assert long[: len(short)] == short
    assert all(due > start + timedelta(days=days) for due in long[len(short) :])


def test_another_cadence_is_data_and_may_end():
    cadence = Cadence("test", "a test", (7,), (Stage(2, 6),))
    found = due_dates(date(2026, 1, 1), date(2030, 1, 1), cadence)
    assert found == [date(2026, 1, 8), date(2026, 4, 1), date(2026, 6, 1)]


def test_the_cadence_of_the_programme_names_its_source():
    assert DEFAULT.version
    assert "MENTOR" in DEFAULT.source
