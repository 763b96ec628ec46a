"""What can be done with a session, by its state: every verb in every state."""

from datetime import timedelta

import pytest

from mentorship.errors import DomainError
from mentorship.mentors.models import MentorStatus
from mentorship.training import results, services
from mentorship.training.models import CorrectionReason, SessionState
from tests import factories
from tests.training.conftest import ABSENT, AT, ON, came, enrolled

DAY = timedelta(days=1)
STARTS = {
    "ahead": ON + 5 * DAY,
    "under_way": ON - DAY,
    "over": ON - 10 * DAY,
    "long_over": ON - 60 * DAY,
    "cancelled": ON + 5 * DAY,
}
FACTS = ("starts_on", "ends_on", "hours_of_day", "place", "link", "seats", "language", "trainer")


@pytest.fixture
def made(database, staff):
    def make(state):
        first = STARTS[state]
        training = factories.training(database, starts_on=first, ends_on=first + 2 * DAY, seats=3)
        row = enrolled(database, training, by=staff)
        if state == "cancelled":
            services.cancel_session(database, training, by=staff, on=ON, at=AT)
        return training, row

    return make


def change(database, training, row, staff):
    data = {name: getattr(training, name) for name in FACTS} | {"place": "Абай 7"}
    services.change_session(database, training, data, by=staff, on=ON)


def cancel(database, training, row, staff):
    services.cancel_session(database, training, by=staff, on=ON, at=AT)


def enrol(database, training, row, staff):
    other = factories.mentor(database, birth_date=ON.replace(year=1980))
    services.enrol(database, training, [other.id], by=staff, on=ON, at=AT)


def enrol_self(database, training, row, staff):
    other = factories.mentor(database, birth_date=ON.replace(year=1980))
    services.enrol_self(database, training, other, by=staff, on=ON, at=AT)


def leave(database, training, row, staff):
    services.leave(database, row, by=staff, on=ON, at=AT)


def record(database, training, row, staff):
    results.record_results(database, training, {row.id: came()}, by=staff, on=ON, at=AT)


def correct(database, training, row, staff):
    reason = CorrectionReason.MISTYPED
    results.correct_result(database, row, ABSENT, reason=reason, by=staff, on=ON, at=AT)


NO = "training_cancelled"
TABLE = {
    change: {
        "ahead": None, "under_way": None, "over": "training_over", "long_over": "training_over",
        "cancelled": NO,
    },
    cancel: {
        "ahead": None, "under_way": None, "over": "training_over", "long_over": "training_over",
        "cancelled": NO,
    },
    enrol: {
        "ahead": None, "under_way": None, "over": None, "long_over": "training_over",
        "cancelled": NO,
    },
    enrol_self: {
        "ahead": None, "under_way": "training_begun", "over": "training_begun",
        "long_over": "training_begun", "cancelled": NO,
    },
    leave: {
        "ahead": None, "under_way": "training_begun", "over": "training_begun",
        "long_over": "training_begun", "cancelled": NO,
    },
    record: {
        "ahead": "training_ahead", "under_way": None, "over": None, "long_over": None,
        "cancelled": NO,
    },
    correct: {
        "ahead": "training_ahead", "under_way": "result_missing", "over": "result_missing",
        "long_over": "result_missing", "cancelled": NO,
    },
}  # fmt: skip
CASES = [(verb, state, code) for verb, row in TABLE.items() for state, code in row.items()]


@pytest.mark.parametrize(
    ("verb", "state", "code"), CASES, ids=[f"{v.__name__}-{s}" for v, s, _ in CASES]
)
def test_each_verb_is_possible_in_its_states_and_refused_in_all_others(
    database, staff, made, verb, state, code
):
    training, row = made(state)
    if code is None:
        verb(database, training, row, staff)
        return
    with pytest.raises(DomainError) as refused:
        verb(database, training, row, staff)
    assert refused.value.code == code


def test_the_first_and_the_last_day_belong_to_the_session(database):
    training = factories.training(database, starts_on=ON, ends_on=ON + DAY)
    states = [training.state(ON + number * DAY) for number in (-1, 0, 1, 2)]
    assert states == [
        SessionState.AHEAD,
        SessionState.UNDER_WAY,
        SessionState.UNDER_WAY,
        SessionState.OVER,
    ]


@pytest.mark.parametrize("status", MentorStatus)
def test_who_was_refused_withdrew_or_retired_gets_no_seat(database, staff, status):
    training = factories.training(database, starts_on=ON + DAY)
    known = {"candidate", "active", "paused", "suspended"}
    if status in known:
        assert enrolled(database, training, by=staff, on=ON, status=status).id
        return
    with pytest.raises(DomainError, match="not_trainable"):
        enrolled(database, training, by=staff, on=ON, status=status)


def test_a_session_that_has_begun_keeps_its_first_day(database, staff, made):
    training, _ = made("under_way")
    data = {name: getattr(training, name) for name in FACTS} | {"starts_on": ON}
    with pytest.raises(DomainError, match="training_begun"):
        services.change_session(database, training, data, by=staff, on=ON)


def test_a_session_with_results_keeps_its_days_and_is_not_cancelled(database, staff, made):
    training, row = made("under_way")
    record(database, training, row, staff)
    data = {name: getattr(training, name) for name in FACTS} | {"ends_on": ON + 5 * DAY}
    with pytest.raises(DomainError, match="training_has_results"):
        services.change_session(database, training, data, by=staff, on=ON)
    with pytest.raises(DomainError, match="training_has_results"):
        cancel(database, training, row, staff)


def test_there_are_never_fewer_seats_than_people(database, staff, made):
    training, _ = made("ahead")
    enrolled(database, training, by=staff, on=ON)
    data = {name: getattr(training, name) for name in FACTS} | {"seats": 1}
    with pytest.raises(DomainError, match="training_seats_taken"):
        services.change_session(database, training, data, by=staff, on=ON)


def test_no_session_of_a_closed_course_is_planned(database, staff):
    course = factories.course(database, open=False)
    with pytest.raises(DomainError, match="course_closed"):
        services.add_session(database, course, {}, by=staff, at=AT)


def test_the_compulsory_course_has_a_test_and_a_course_with_results_keeps_what_they_rest_on(
    database, staff, made
):
    data = dict.fromkeys(services.COURSE_FIELDS)
    data |= {"kind": "compulsory", "has_test": False}
    with pytest.raises(DomainError, match="compulsory_needs_test"):
        services.add_course(database, data, by=staff)
    training, row = made("over")
    record(database, training, row, staff)
    course = training.course
    facts = {name: getattr(course, name) for name in services.COURSE_FIELDS}
    services.change_course(database, course, facts | {"hours": 20}, by=staff)
    with pytest.raises(DomainError, match="course_has_results"):
        services.change_course(database, course, facts | {"skills": ["grief"]}, by=staff)
