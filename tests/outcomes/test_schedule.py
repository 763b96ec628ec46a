from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mentorship.outcomes.schedule import Cadence, Pause, delayed, waves

START = date(2026, 1, 31)
DAYS = st.dates(date(2026, 1, 1), date(2030, 1, 1))


def test_one_month_six_months_then_every_year():
    found = waves(START, date(2029, 2, 1))
    assert found == [
        (1, date(2026, 2, 28)),
        (6, date(2026, 7, 31)),
        (12, date(2027, 1, 31)),
        (24, date(2028, 1, 31)),
        (36, date(2029, 1, 31)),
    ]


def test_another_cadence_never_asks_the_same_month_twice():
    months = [month for month, _ in waves(START, date(2030, 1, 31), (), Cadence(3, 12, 12))]
    assert months == [3, 12, 24, 36, 48]


def test_days_on_hold_do_not_count():
    pause = Pause(date(2026, 2, 10), date(2026, 2, 20))
    assert waves(START, date(2026, 8, 31), [pause]) == [
        (1, date(2026, 3, 10)),
        (6, date(2026, 8, 10)),
    ]


def test_nothing_comes_due_while_a_match_is_on_hold():
    assert waves(START, date(2027, 1, 1), [Pause(date(2026, 2, 10), None)]) == []


def test_two_holds_of_the_same_days_count_once():
    both = [
        Pause(date(2026, 2, 1), date(2026, 2, 11)),
        Pause(date(2026, 2, 5), date(2026, 2, 15)),
    ]
    assert delayed(date(2026, 2, 28), both) == date(2026, 3, 14)


def test_a_pause_after_the_due_day_changes_nothing():
    assert delayed(date(2026, 2, 28), [Pause(date(2026, 3, 1), None)]) == date(2026, 2, 28)


@given(DAYS, DAYS, DAYS)
def test_what_was_due_by_a_day_is_due_by_every_later_day(start, one, other):
    first, second = sorted((one, other))
    assert set(waves(start, first)) <= set(waves(start, second))


@given(DAYS, st.lists(st.tuples(DAYS, st.integers(0, 90)), max_size=4))
def test_pauses_only_ever_put_a_wave_off(start, holds):
    pauses = [Pause(since, since + timedelta(days=days)) for since, days in holds]
    until = date(2031, 1, 1)
    plain = dict(waves(start, until))
    for wave, due in waves(start, until, pauses):
        assert due >= plain[wave]
        assert due <= plain[wave] + sum((p.until - p.since for p in pauses), timedelta(0))
