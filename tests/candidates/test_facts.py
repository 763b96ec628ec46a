"""How far a candidate has come: tables of days, and properties beside a plain oracle."""

from datetime import date, timedelta
from itertools import pairwise
from statistics import median

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mentorship.candidates.facts import way_of
from mentorship.candidates.policies import (
    Asked,
    Held,
    Known,
    Paper,
    Place,
    Recorded,
    clearances_complete_on,
)
from mentorship.candidates.report import a_year_before, figures
from mentorship.candidates.vocabulary import Step
from mentorship.web.suppression import LEAST

DAY = timedelta(days=1)
APPLIED = date(2026, 3, 2)
KINDS = [Asked("criminal_record"), Asked("housing", endless=True)]


def on(number):
    """A day so many days after the application."""
    return APPLIED + number * DAY


def yes(number):
    return Recorded(done_on=on(number), outcome="positive")


def papers(number=6, until=400):
    return [
        Paper(1, "criminal_record", "clear", on(number), on(until)),
        Paper(2, "housing", "clear", on(number), None),
    ]


SAID = {"application": yes(1), "interview": yes(3), "housing": yes(5)}
PASSED = Place(1, 1, on(10), on(12), attended=True, passed=True, test_on=on(12))


def way(number=60, days=10, **facts):
    return way_of(Known(APPLIED, **facts), KINDS, on(number), days)


def codes(state):
    return [lack.code for lack in state.lacks]


def test_each_step_begins_when_the_one_before_it_ended():
    found = way(recorded=SAID, papers=papers(), places=[PASSED], certificates=[])
    assert [(s.started_on, s.done_on) for s in found.steps[:6]] == [
        (on(0), on(1)),
        (on(1), on(3)),
        (on(3), on(5)),
        (on(5), on(6)),
        (on(6), on(12)),
        (on(12), on(12)),
    ]
    assert found.now.step == Step.CERTIFICATE
    assert (found.now.started_on, found.now.due_on) == (on(12), on(22))
    assert found.days_overdue == 38


def test_papers_brought_early_wait_for_their_turn_and_take_no_days_then():
    early = way(recorded={"application": yes(1)}, papers=papers(2))
    assert [state.state for state in early.steps[:5]] == ["done", "now", "later", "ahead", "later"]
    assert early.now.step == Step.INTERVIEW
    later = way(recorded=SAID, papers=papers(2))
    clearances = later.steps[3]
    assert (clearances.on, clearances.done_on, clearances.days) == (on(2), on(5), 0)


@pytest.mark.parametrize(
    ("recorded", "code", "action"),
    [
        ({}, "not_read", "read"),
        ({"application": yes(1)}, "not_planned", "plan"),
        (
            {"application": yes(1), "interview": Recorded(planned_on=on(90))},
            "visit_ahead",
            "record",
        ),
        (
            {"application": yes(1), "interview": Recorded(planned_on=on(9))},
            "not_recorded",
            "record",
        ),
        (
            {
                "application": yes(1),
                "interview": Recorded(done_on=on(9), outcome="negative"),
            },
            "outcome_negative",
            "refuse",
        ),
    ],
)
def test_a_step_of_people_says_what_it_lacks_and_what_comes_next(recorded, code, action):
    found = way(recorded=recorded)
    assert (codes(found.now), found.next_action) == ([code], action)


@pytest.mark.parametrize(
    ("paper", "code", "since"),
    [
        (None, "clearance_missing", 5),
        (Paper(1, "criminal_record", "pending", on(8), on(400)), "clearance_pending", 8),
        (Paper(1, "criminal_record", "adverse", on(8), on(400)), "clearance_adverse", 8),
        (Paper(1, "criminal_record", "clear", on(8), on(59)), "clearance_expired", 60),
        (Paper(1, "criminal_record", "clear", on(8), on(60)), None, None),
        (Paper(1, "criminal_record", "clear", on(8), None), "clearance_endless", 8),
        (Paper(1, "criminal_record", "clear", on(61), on(400)), "clearance_missing", 5),
    ],
)
def test_a_clearance_lacks_until_its_last_day_and_since_the_day_after(paper, code, since):
    rest = papers()[1:]
    found = way(recorded=SAID, papers=[*rest, paper] if paper else rest)
    if code is None:
        assert found.now.step == Step.TRAINING
        return
    assert [(lack.code, lack.since) for lack in found.now.lacks] == [(code, on(since))]
    assert found.next_action == ("refuse" if code == "clearance_adverse" else "clearances")


def test_an_adverse_clearance_leads_to_a_refusal_at_whatever_step():
    adverse = Paper(9, "housing", "adverse", on(1), None)
    assert way(recorded={}, papers=[adverse]).next_action == "refuse"
    newer = Paper(10, "housing", "clear", on(2), None)
    assert way(recorded={}, papers=[adverse, newer]).next_action == "read"


@pytest.mark.parametrize(
    ("place", "step", "code", "action"),
    [
        (None, "training", "not_enrolled", "training"),
        (Place(1, 1, on(70), on(71)), "training", "course_ahead", "course"),
        (Place(1, 1, on(50), on(59)), "training", "not_attended", "course"),
        (Place(1, 1, on(50), on(59), attended=False), "training", "not_enrolled", "training"),
        (Place(1, 1, on(50), on(59), attended=True), "test", "not_tested", "test"),
        (
            Place(1, 1, on(50), on(59), attended=True, passed=False, test_on=on(59)),
            "test",
            "test_failed",
            "training",
        ),
        (
            Place(1, 1, on(50), on(59), has_test=False, attended=True),
            "certificate",
            "no_certificate",
            "certificate",
        ),
    ],
)
def test_training_and_test_follow_the_place_in_the_course(place, step, code, action):
    found = way(recorded=SAID, papers=papers(), places=[place] if place else [])
    assert (found.now.step, codes(found.now), found.next_action) == (step, [code], action)


@pytest.mark.parametrize(
    ("held", "step", "code"),
    [
        (Held(1, on(20), on(60)), "active", "not_activated"),
        (Held(1, on(20), on(59)), "training", "not_enrolled"),
        (Held(1, on(20), on(400), revoked_on=on(60)), "training", "not_enrolled"),
        (Held(1, on(20), on(400), revoked_on=on(61)), "active", "not_activated"),
        (Held(1, on(20), None), "training", "not_enrolled"),
    ],
)
def test_a_certificate_in_force_proves_the_training_and_the_test(held, step, code):
    found = way(recorded=SAID, papers=papers(), certificates=[held])
    assert (found.now.step, codes(found.now)) == (step, [code])


def test_training_that_led_to_a_certificate_that_has_ended_counts_no_longer():
    used = Place(1, 1, on(10), on(12), True, True, True, on(12), certificate_id=7)
    facts = {"recorded": SAID, "papers": papers(), "places": [used]}
    assert way(**facts, certificates=[Held(7, on(20), on(60))]).now.step == Step.ACTIVE
    assert way(**facts, certificates=[Held(7, on(20), on(59))]).now.step == Step.TRAINING


def test_a_way_that_ended_stays_as_it_was_on_its_last_day():
    whole = {
        "recorded": SAID,
        "papers": papers(until=40),
        "places": [PASSED],
        "certificates": [Held(1, on(20), on(40))],
        "ended_as": "activated",
        "ended_on": on(30),
    }
    early, late = way(31, **whole), way(900, **whole)
    assert early.steps == late.steps
    assert all(state.is_done for state in late.steps)
    assert late.steps[-1].days == 10
    assert (late.now, late.next_action) == (None, "")


def test_a_kind_that_is_asked_for_later_does_not_undo_a_way_that_led_to_its_end():
    known = Known(APPLIED, recorded=SAID, ended_as="activated", ended_on=on(30))
    found = way_of(known, [Asked("income")], on(60), 10)
    assert all(state.is_done for state in found.steps)
    assert found.steps[3].days is None


RESULTS = st.sampled_from(["clear", "clear", "clear", "pending", "adverse"])
DAYS = st.integers(0, 30)


@st.composite
def some_papers(draw):
    found = []
    for number in range(draw(st.integers(0, 8))):
        kind, first = draw(st.sampled_from(["criminal_record", "housing"])), draw(DAYS)
        last = draw(st.none() | st.integers(first, first + 30))
        until = None if last is None else on(last)
        found.append(Paper(number, kind, draw(RESULTS), on(first), until))
    return found


def complete_by_looking(held, day):
    """The oracle: what counts on one day, kind by kind."""
    for kind in KINDS:
        ours = [paper for paper in held if paper.kind == kind.code and paper.checked_on <= day]
        newest = max(ours, key=lambda paper: (paper.checked_on, paper.id), default=None)
        if newest is None or newest.result != "clear":
            return False
        if newest.valid_until is None and not kind.endless:
            return False
        if newest.valid_until is not None and newest.valid_until < day:
            return False
    return True


@given(some_papers(), st.integers(0, 70))
@settings(max_examples=300, deadline=None)
def test_the_first_complete_day_is_the_one_that_looking_at_every_day_finds(held, number):
    looked = [on(n) for n in range(number + 1) if complete_by_looking(held, on(n))]
    assert clearances_complete_on(held, KINDS, on(number)) == next(iter(looked), None)
    done = way(number, recorded=SAID, papers=held).steps[3].on is not None
    assert done == complete_by_looking(held, on(number))


@st.composite
def some_way(draw):
    recorded = {}
    for step in ("application", "interview", "housing"):
        if draw(st.booleans()) or step == "application":
            outcome = draw(st.sampled_from(["positive", "positive", "negative"]))
            recorded[step] = Recorded(done_on=on(draw(DAYS)), outcome=outcome)
    places = []
    for number in range(draw(st.integers(0, 2))):
        first = draw(DAYS)
        attended = draw(st.none() | st.booleans())
        passed = draw(st.none() | st.booleans()) if attended else None
        ends = on(first + draw(st.integers(0, 5)))
        places.append(Place(number, 1, on(first), ends, True, attended, passed))
    held = []
    for number in range(draw(st.integers(0, 2))):
        first = draw(DAYS)
        held.append(Held(number, on(first), on(first + draw(st.integers(0, 60)))))
    ended_on = draw(st.none() | st.builds(on, st.integers(20, 60)))
    ended = draw(st.sampled_from(["activated", "refused"])) if ended_on else None
    return Known(APPLIED, None, ended, ended_on, recorded, draw(some_papers()), places, held)


@given(some_way(), st.integers(0, 80))
@settings(max_examples=300, deadline=None)
def test_the_days_of_the_steps_never_go_back(known, number):
    found = way_of(known, KINDS, on(number), 10)
    days = [day for s in found.steps if s.done_on for day in (s.started_on, s.done_on)]
    assert all(one <= next_one for one, next_one in pairwise(days))
    assert all(day >= APPLIED for day in days)
    states = [state.state for state in found.steps]
    assert states.count("now") <= 1
    if "now" in states:
        assert set(states[: states.index("now")]) <= {"done"}
        assert "done" not in states[states.index("now") :]


@given(st.lists(st.tuples(st.sampled_from(["35", "39", "75"]), some_way()), max_size=40))
@settings(max_examples=60, deadline=None)
def test_medians_and_counts_agree_with_counting_by_hand(given_ways):
    today = on(80)
    regions = ["35", "39", "75"]
    ways = [(region, way_of(known, KINDS, today, 10)) for region, known in given_ways]
    found = figures(ways, regions, today)
    for j, _step in enumerate(Step):
        lengths = {kato: [] for kato in regions}
        for kato, each in ways:
            state = each.steps[j]
            if state.done_on and state.started_on and a_year_before(today) <= state.done_on:
                lengths[kato].append((state.done_on - state.started_on).days)
        together = [days for each in lengths.values() for days in each]
        for cell, days in [
            *((found.cells[i][j], lengths[kato]) for i, kato in enumerate(regions)),
            (found.total[j], together),
        ]:
            if cell.finished.is_shown:
                assert cell.finished.value == len(days)
            if cell.days is not None:
                assert len(days) >= LEAST
                assert cell.days == median(days)
            if 0 < len(days) < LEAST:
                assert not cell.finished.is_shown
                assert cell.days is None


def test_the_period_is_twelve_months_that_end_today():
    assert a_year_before(date(2026, 11, 22)) == date(2025, 11, 23)
    assert a_year_before(date(2024, 2, 29)) == date(2023, 3, 1)
    assert a_year_before(date(2025, 2, 28)) == date(2024, 2, 29)
