"""What holds for every line of the timetable, whoever added it."""

import random
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy import event, select

from mentorship import clock
from mentorship.clock import ALMATY
from mentorship.database import Base, db
from mentorship.jobs import runner
from mentorship.jobs.models import JobRun
from mentorship.jobs.timetable import TIMETABLE, Job, When
from mentorship.messages.models import Message
from tests.jobs.test_runner import DAWN, NINE_IN_ALMATY, count, write_one

OF_THE_JOBS = {"job_run", "job_state", "scheduler"}
JOBS = {job.name: job for job in TIMETABLE}


class Killed(BaseException):
    """Not an Exception: nothing in a job may catch it."""


@pytest.fixture
def database_url(world_template, copy_database):
    return copy_database(world_template[0])


@pytest.fixture
def at():
    """Tomorrow at ten in Almaty: something in the small country is due by then."""
    tomorrow = clock.now().astimezone(ALMATY) + timedelta(days=1)
    return tomorrow.replace(hour=10, minute=0, second=0, microsecond=0).astimezone(UTC)


def rows(session):
    """Everything there is, without what jobs write about themselves."""
    tables = [table for table in Base.metadata.sorted_tables if table.name not in OF_THE_JOBS]
    found = {
        table.name: sorted(map(repr, session.execute(select(table)).all())) for table in tables
    }
    session.rollback()
    return found


def changes(before, after):
    return {name: set(after[name]) ^ set(before[name]) for name in after}


def work(app, job, at):
    job.run(db.session, app.config["SETTINGS"], at.astimezone(ALMATY).date(), at)
    db.session.commit()


@pytest.mark.parametrize("name", JOBS)
def test_a_job_run_twice_in_the_same_state_writes_nothing_new(app: Flask, name, at):
    with time_machine.travel(at, tick=False), app.app_context():
        work(app, JOBS[name], at)
        before = rows(db.session)
        work(app, JOBS[name], at)
        after = rows(db.session)
    assert {name: rows for name, rows in changes(before, after).items() if rows} == {}


@pytest.mark.parametrize("name", JOBS)
def test_a_job_cut_at_any_point_leaves_nothing_half_done(app: Flask, name, at):
    dice, job = random.Random(name), JOBS[name]
    with time_machine.travel(at, tick=False), app.app_context():
        before, engine = rows(db.session), db.engine
        seen = []

        def cut(*_):
            seen.append(1)
            if len(seen) == wanted:
                raise Killed

        event.listen(engine, "before_cursor_execute", cut)
        try:
            for wanted in sorted(dice.sample(range(1, 40), 6)):
                del seen[:]
                try:
                    job.run(db.session, app.config["SETTINGS"], at.astimezone(ALMATY).date(), at)
                except Killed:
                    pass
                else:
                    db.session.flush()
                db.session.rollback()
                wanted = 0
                assert rows(db.session) == before
        finally:
            event.remove(engine, "before_cursor_execute", cut)


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_a_clock_set_back_runs_no_slot_of_the_day_twice(app, store):
    job, before = Job("one", When(DAWN.at), write_one), count(store, Message)
    store.commit()
    assert runner.run(app, job).line == "1 written"
    with time_machine.travel(NINE_IN_ALMATY - timedelta(hours=2), tick=False):
        assert [outcome.line for outcome in runner.run_due(app, (job,))] == ["already done"]
    assert count(store, Message) == before + 1


def test_a_far_future_that_was_a_mistake_blocks_nothing(app, store):
    job = Job("one", When(DAWN.at), write_one)
    with time_machine.travel(NINE_IN_ALMATY + timedelta(days=400), tick=False):
        assert runner.run(app, job).line == "1 written"
    with time_machine.travel(NINE_IN_ALMATY, tick=False):
        assert [outcome.line for outcome in runner.run_due(app, (job,))] == ["1 written"]
    left = store.scalars(select(JobRun.slot)).all()
    assert left == ["2026-03-02"]


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_what_failed_is_tried_again_and_what_is_done_is_left(app, store):
    times, before = [], count(store, Message)
    store.commit()

    def fails_once(session, settings, on, at):
        times.append(at)
        if len(times) == 1:
            raise RuntimeError
        return write_one(session, settings, on, at)

    jobs = (Job("one", When(DAWN.at), fails_once), Job("often", When(), write_one))
    assert [runner.catch_up(app, jobs) for _ in range(3)] == [1, 1, 0]
    assert count(store, Message) == before + 1


def test_a_day_and_a_week_have_one_slot_each_whatever_the_hour():
    day, week = When(DAWN.at), When(DAWN.at, weekday=0)
    hours = [NINE_IN_ALMATY + timedelta(hours=n) for n in range(-8, 15)]
    assert {day.slot(hour) for hour in hours} == {"2026-03-02"}
    assert {week.slot(NINE_IN_ALMATY + timedelta(days=n)) for n in range(6)} == {"2026-W10"}


def test_a_message_of_every_job_is_written_under_a_key(app, at):
    with time_machine.travel(at, tick=False), app.app_context():
        for job in TIMETABLE:
            work(app, job, at)
        keys = db.session.scalars(select(Message.key)).all()
        db.session.rollback()
    assert len(keys) == len(set(keys)) and len(keys) > 2


def test_the_plan_is_made_anew_when_the_clock_was_set_back(app):
    scheduler = BackgroundScheduler(timezone=ALMATY)
    with time_machine.travel(datetime(2030, 1, 1, tzinfo=UTC), tick=False):
        runner._plan(app, scheduler)
        scheduler.start(paused=True)
    try:
        assert all(job.next_run_time.year >= 2030 for job in scheduler.get_jobs())
        with time_machine.travel(NINE_IN_ALMATY, tick=False):
            runner._plan(app, scheduler)
            soon = NINE_IN_ALMATY + timedelta(days=8)
            assert all(job.next_run_time < soon for job in scheduler.get_jobs())
    finally:
        scheduler.shutdown(wait=False)
