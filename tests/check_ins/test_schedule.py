"""The pure schedule, against a plain oracle that walks from day to day."""

from datetime import date, timedelta
from functools import cache
from itertools import pairwise

import holidays
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.check_ins.schedule import (
    Due,
    Pause,
    Plan,
    Stage,
    Version,
    due_dates,
    is_working_day,
    merged,
    wanted,
)

DAY = timedelta(days=1)
KAZAKHSTAN = holidays.country_holidays("KZ")
works = cache(KAZAKHSTAN.is_working_day)
MENTOR = Plan(2, (14, 28), (Stage(1, 12), Stage(3, None)))
CARER = Plan(None, (28,), (Stage(3, None),))
REVIEW = Plan(None, (), (Stage(3, 6), Stage(6, 12), Stage(12, None)))


def days(plan, began, until, pauses=()):
    return [due.on for due in due_dates(plan, began, until, pauses)]


def test_the_mentors_contacts_of_a_first_year_fall_on_working_days():
    # Began on a Monday. 8 March is a holiday on a Sunday, given back on Monday the 9th.
    assert days(MENTOR, date(2026, 1, 12), date(2027, 7, 30)) == [
        date(2026, 1, 14),
        date(2026, 1, 26),
        date(2026, 2, 9),
        date(2026, 3, 12),
        date(2026, 4, 13),  # the 12th is a Sunday
        date(2026, 5, 12),
        date(2026, 6, 12),
        date(2026, 7, 13),
        date(2026, 8, 12),
        date(2026, 9, 14),
        date(2026, 10, 12),
        date(2026, 11, 12),
        date(2026, 12, 14),
        date(2027, 1, 12),
        date(2027, 4, 12),
        date(2027, 7, 12),
    ]


def test_two_working_days_pass_over_a_weekend_and_a_holiday():
    assert days(MENTOR, date(2026, 3, 20), date(2026, 3, 31)) == [date(2026, 3, 27)]
    assert [is_working_day(date(2026, 3, 20) + n * DAY) for n in range(8)] == [
        True, False, False, False, False, False, True, True,
    ]  # fmt: skip


def test_carers_are_asked_each_quarter_and_reviews_grow_rarer():
    slots = [due.slot for due in due_dates(CARER, date(2026, 1, 12), date(2027, 1, 31))]
    assert slots == [28, 91, 183, 274, 365]
    slots = [due.slot for due in due_dates(REVIEW, date(2026, 1, 12), date(2029, 1, 31))]
    assert slots == [91, 183, 365, 730, 1096]


def test_days_on_hold_do_not_count_and_nothing_is_due_while_a_hold_lasts():
    began = date(2026, 1, 12)
    rested = Pause(date(2026, 1, 20), date(2026, 2, 10))  # 21 days
    found = days(MENTOR, began, date(2026, 4, 10), [rested])
    assert found == [
        date(2026, 1, 14),
        date(2026, 2, 16),  # 26 January and 21 days
        date(2026, 3, 2),
        date(2026, 4, 2),
    ]
    still = Pause(date(2026, 1, 20), None)
    assert days(MENTOR, began, date(2036, 1, 1), [still]) == [date(2026, 1, 14)]


def test_a_month_without_such_a_day_ends_on_its_last():
    found = days(Plan(None, (), (Stage(1, None),)), date(2025, 12, 31), date(2026, 5, 31))
    assert found == [date(2026, 3, 2), date(2026, 3, 31), date(2026, 4, 30)]


def test_each_version_plans_the_days_it_is_in_force():
    old = Version(1, date(2020, 1, 1), {"mentor": MENTOR})
    new = Version(2, date(2026, 5, 1), {"mentor": Plan(None, (), (Stage(3, None),)), "x": CARER})
    found = wanted([new, old], "mentor", date(2026, 1, 12), date(2026, 12, 31))
    assert [(due.slot, due.on.month, due.version) for due in found] == [
        (2, 1, 1), (14, 1, 1), (28, 2, 1), (61, 3, 1), (91, 4, 1),
        (183, 7, 2), (274, 10, 2),
    ]  # fmt: skip
    assert [due.slot for due in wanted([new, old], "x", date(2026, 1, 12), date(2026, 8, 1))] == [
        183
    ]
    assert wanted([new, old], "y", date(2026, 1, 12), date(2026, 8, 1)) == []


def test_of_two_versions_from_the_same_day_the_later_one_counts():
    first, second = (
        Version(number, date(2026, 1, 1), {"mentor": plan})
        for number, plan in ((1, MENTOR), (2, CARER))
    )
    found = wanted([second, first], "mentor", date(2026, 1, 12), date(2026, 6, 1))
    assert [due.slot for due in found] == [28, 91]


@pytest.mark.parametrize(
    ("pauses", "apart"),
    [
        ([], []),
        ([(1, 5), (3, 9)], [(3, 9)]),
        ([(1, 2)], []),
        ([(4, 4)], []),
        ([(20, 30), (5, 8), (8, 10)], [(5, 10), (20, 30)]),
        ([(5, None), (7, 9)], [(5, None)]),
        ([(5, 6), (6, None)], [(5, None)]),
        ([(5, 20), (6, 9)], [(5, 20)]),
    ],
)
def test_pauses_are_put_together(pauses, apart):
    def read(pairs):
        return [Pause(date(2026, 1, a), date(2026, 1, b) if b else None) for a, b in pairs]

    assert merged(read(pauses), date(2026, 1, 3)) == read(apart)


starts = st.dates(date(2024, 1, 1), date(2027, 12, 31))
plans = st.builds(
    Plan,
    st.none() | st.integers(0, 5),
    st.lists(st.integers(10, 30), max_size=3, unique=True).map(lambda days: tuple(sorted(days))),
    st.lists(st.integers(1, 6), max_size=3).map(
        lambda everies: tuple(
            Stage(every, None if n == len(everies) - 1 else 6 * (n + 1))
            for n, every in enumerate(everies)
        )
    ),
)


@st.composite
def lives(draw):
    """A start, some pauses in the two years after it (one may last), and a last day."""
    began = draw(starts)
    pauses = []
    for _ in range(draw(st.integers(0, 4))):
        first = began + timedelta(days=draw(st.integers(-20, 500)))
        length = draw(st.none() | st.integers(0, 120))
        pauses.append(Pause(first, None if length is None else first + timedelta(days=length)))
    return began, pauses, began + timedelta(days=draw(st.integers(0, 900)))


def counts(day, pauses):
    return not any(p.from_on <= day and (p.until is None or day < p.until) for p in pauses)


def plain(plan, began, until, pauses):
    """The same by walking: days that count are numbered from 0 on."""
    counted = [
        day for n in range((until - began).days + 1) if counts(day := began + n * DAY, pauses)
    ]
    working = [day for day in counted if works(day)]
    offsets = list(plan.days)
    month, stages = 0, list(plan.stages)
    while stages:
        stage = stages[0]
        if stage.until_month is not None and month + stage.every_months > stage.until_month:
            stages.pop(0)
            continue
        month += stage.every_months
        if month > 60:
            break
        if month > 1:
            year, index = divmod(began.month - 1 + month, 12)
            last = (date(began.year + year + (index == 11), (index + 1) % 12 + 1, 1) - DAY).day
            there = date(began.year + year, index + 1, min(began.day, last))
            offsets.append((there - began).days)
    wished = []
    if plan.within is not None:
        after = [day for day in working if day > began]
        number = plan.within
        wished.append(began if number == 0 else after[number - 1] if number <= len(after) else None)
    wished += [counted[n] if n < len(counted) else None for n in offsets]
    found = []
    for wish in wished:
        before = found[-1] if found else began
        days = [day for day in working if wish and day >= wish and day > before]
        if not days:
            break
        found.append(days[0])
    return found


@given(plans, lives())
@settings(max_examples=100)
def test_the_schedule_agrees_with_walking_from_day_to_day(plan, life):
    began, pauses, until = life
    assert days(plan, began, until, pauses) == plain(plan, began, until, pauses)


@given(plans, lives(), st.integers(0, 300))
@settings(max_examples=60)
def test_due_days_grow_work_and_do_not_depend_on_how_far_one_looks(plan, life, more):
    began, pauses, until = life
    found = days(plan, began, until, pauses)
    assert all(a < b for a, b in pairwise([began, *found]))
    assert all(is_working_day(day) and counts(day, pauses) for day in found)
    longer = days(plan, began, until + more * DAY, pauses)
    assert longer[: len(found)] == found


@given(plans, lives())
@settings(max_examples=60)
def test_slots_stay_what_they_are_whatever_moves_their_days(plan, life):
    began, pauses, until = life
    paused = [due.slot for due in due_dates(plan, began, until, pauses)]
    unpaused = [due.slot for due in due_dates(plan, began, until)]
    assert paused == unpaused[: len(paused)]
    assert all(a < b for a, b in pairwise(unpaused))


@given(plans, plans, lives(), st.integers(0, 600))
@settings(max_examples=60)
def test_a_new_version_never_touches_what_was_due_before_it(old, new, life, after):
    began, pauses, until = life
    change = began + timedelta(days=after)
    first = Version(1, date(2020, 1, 1), {"x": old})
    both = [first, Version(2, change, {"x": new})]
    alone, now = (wanted(policy, "x", began, until, pauses) for policy in ([first], both))
    assert [due for due in now if due.on < change] == [due for due in alone if due.on < change]
    assert [Due(d.slot, d.on) for d in now if d.on >= change] == [
        due for due in due_dates(new, began, until, pauses) if due.on >= change
    ]
