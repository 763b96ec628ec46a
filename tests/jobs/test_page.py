from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from flask_babel import force_locale
from sqlalchemy import select

from mentorship.jobs import words
from mentorship.jobs.models import JobState, Scheduler
from mentorship.jobs.overview import ASKED_FOR, Standing, job_rows
from mentorship.jobs.runner import run
from mentorship.jobs.state import Heartbeat
from mentorship.jobs.timetable import TIMETABLE, Job, When
from tests import factories
from tests.jobs.test_runner import DAWN, NINE_IN_ALMATY, write_one


@pytest.fixture
def desk(sign_in, store):
    return sign_in(factories.administrator(store))


def row_of(store, name, at=NINE_IN_ALMATY):
    store.expire_all()
    found = next(row for row in job_rows(store, at) if row.name == name)
    store.commit()  # nobody waits for a test that only looks
    return found


def test_every_job_has_words_for_people():
    names = {job.name for job in TIMETABLE} | set(ASKED_FOR)
    assert names <= set(words.JOBS), names - set(words.JOBS)
    assert set(words.JOBS) <= names, set(words.JOBS) - names


def test_every_standing_has_words():
    assert set(words.STANDINGS) == set(Standing)


def test_results_are_told_in_words(app):
    with app.test_request_context(), force_locale("en"):
        assert words.result("3 written") == "messages written: 3"
        assert words.result("2 sent, 0 put_off, 1 failed").startswith("sent: 2, to be tried")
        assert words.result("something new") == "something new"


def test_when_a_job_runs_is_told_in_words(app):
    with app.test_request_context(), force_locale("en"):
        assert words.when(When()) == "every minute"
        assert words.when(When(time(8))) == "every day at 08:00"
        assert words.when(When(time(8), weekday=0)) == "Mondays at 08:00"


def test_without_a_scheduler_the_page_says_what_to_do(desk):
    page = desk.page("/jobs").text
    assert "No scheduler is at work" in page and "Not run yet" in page


def test_a_scheduler_at_work_and_one_in_waiting_are_told(desk, store):
    now = datetime.now(UTC)
    given = {"started_at": now, "seen_at": now}
    store.add_all(Scheduler(name=f"here:{n}", works=n == 1, **given) for n in (1, 2))
    page = desk.page("/jobs").text
    assert "A scheduler is at work since" in page and "1 more is ready to take over" in page


def test_one_that_has_been_silent_is_gone(desk, store):
    old = datetime.now(UTC) - timedelta(minutes=3)
    store.add(Scheduler(name="here:1", works=True, started_at=old, seen_at=old))
    assert "No scheduler is at work" in desk.page("/jobs").text


def test_a_heartbeat_forgets_the_dead_and_says_goodbye(app, store):
    old = datetime.now(UTC) - timedelta(days=3)
    store.add(Scheduler(name="here:1", works=True, started_at=old, seen_at=old))
    store.commit()
    heart = Heartbeat(app)
    heart.beat(works=True)
    assert [row.works for row in store.scalars(select(Scheduler))] == [True]
    store.commit()
    heart.stop()
    assert store.scalars(select(Scheduler)).all() == []


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_the_page_shows_what_a_job_did_and_when_it_runs_next(app, store):
    job = next(job for job in TIMETABLE if job.name == "check_in_reminders")
    assert row_of(store, job.name).is_due
    run(app, job)
    row = row_of(store, job.name)
    assert (row.standing, row.is_due, row.state.result) == (Standing.DONE, False, "0 written")
    assert row.next_at == datetime(2026, 3, 3, 3, 0, tzinfo=UTC)


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_a_job_that_failed_shows_the_kind_of_error_and_then_how_it_went(app, store):
    def fails(*_):
        raise ZeroDivisionError("with a secret in it")

    run(app, Job("check_in_reminders", DAWN, fails))
    row = row_of(store, "check_in_reminders")
    assert (row.standing, row.state.error) == (Standing.FAILED, "ZeroDivisionError")
    assert row.is_due
    run(app, Job("check_in_reminders", DAWN, write_one))
    row = row_of(store, "check_in_reminders")
    assert (row.standing, row.state.error) == (Standing.DONE, None)


def test_a_job_whose_process_was_killed_is_cut_short_until_it_is_done_again(app, store):
    at = NINE_IN_ALMATY
    store.add(JobState(job="turned_18", started_at=at, failed=False))
    store.commit()
    assert row_of(store, "turned_18").standing == Standing.CUT_SHORT
    worker = {"started_at": at - timedelta(hours=1), "seen_at": at, "works": True}
    store.add(Scheduler(name="here:1", **worker))
    store.commit()
    assert row_of(store, "turned_18").standing == Standing.WORKING


def test_the_page_asks_the_same_few_questions_whatever_there_is(desk, statements, store):
    desk.page("/jobs")
    one = len(statements)
    at = datetime.now(UTC)
    store.add_all(JobState(job=job.name, started_at=at, failed=False) for job in TIMETABLE)
    del statements[:]
    desk.page("/jobs")
    assert len(statements) <= one
