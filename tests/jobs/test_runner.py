import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from mentorship.check_ins.queries import check_ins_of_match
from mentorship.check_ins.services import replan
from mentorship.database import db
from mentorship.jobs import runner
from mentorship.jobs.leader import leader_for
from mentorship.jobs.models import JobRun
from mentorship.jobs.timetable import EVERY_MINUTE, TIMETABLE, Job, When
from mentorship.messages.models import Message
from mentorship.messages.services import enqueue
from tests import factories

ROOT = Path(__file__).parents[2]
DAWN = When(time(0))
NINE_IN_ALMATY = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # a Monday


def write_one(session, settings, on, at):
    """A job with an effect that must never come twice."""
    user = factories.coordinator(session)
    kind = {"count": 1, "day": f"{on}", "link": "x"}
    enqueue(session, key=f"{user.id}", kind="matches_refused", user=user, at=at, **kind)
    return "1 written"


def count(store, table):
    return store.scalar(select(func.count()).select_from(table))


@pytest.fixture
def coordinator_with_check_ins(store):
    """A coordinator of Karaganda; contacts of 2 February overdue, of 5 March due; one elsewhere.

    Mentor and child were to be spoken with on both days.
    """
    user = factories.coordinator(store)
    match = factories.eligible_match(store, started_on=date(2026, 1, 5))
    replan(store, match, on=match.started_on)
    for row in check_ins_of_match(store, match.id):
        if row.due_on < date(2026, 2, 2) or row.kind == "carer":
            row.held_on, row.way = min(row.due_on, date(2026, 2, 3)), "phone"
    factories.eligible_match(store, started_on=date(2026, 1, 10), region="39")
    store.commit()
    return user


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_a_coordinator_is_reminded_once_a_day_with_counts(app, store, coordinator_with_check_ins):
    job = next(job for job in TIMETABLE if job.name == "check_in_reminders")
    for _ in range(2):
        assert not any(outcome.failed for outcome in runner.run_due(app, (job,)))
    message = store.scalars(select(Message).where(Message.kind == "check_in_reminder")).one()
    assert message.user_id == coordinator_with_check_ins.id
    assert message.subject == "Check-ins: overdue 2, due soon 2"


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_no_reminder_names_a_person(app, store, coordinator_with_check_ins):
    match = factories.eligible_match(store, started_on=date(2025, 1, 10))
    store.commit()
    list(runner.run_due(app))
    for message in store.scalars(select(Message)):
        for person in (match.mentor, match.child):
            assert person.last_name not in message.subject + message.body


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_matches_a_rule_now_refuses_are_counted_for_their_coordinator(app, store):
    factories.coordinator(store)
    lapsed = factories.eligible_match(store, started_on=date(2025, 1, 10))
    factories.eligible_match(store, started_on=date(2026, 2, 20))
    assert lapsed.mentor.certificate.expires_on < date(2026, 3, 2)
    store.commit()
    list(runner.run_due(app))
    message = store.scalars(select(Message).where(Message.kind == "matches_refused")).one()
    assert message.subject == "Matches that no longer meet the requirements: 1"


@time_machine.travel(NINE_IN_ALMATY, tick=False)
def test_nothing_to_tell_writes_nothing(app, store):
    factories.coordinator(store)
    store.commit()
    list(runner.run_due(app))
    assert count(store, Message) == 0


def test_a_slot_is_due_from_its_time_in_kazakhstan():
    eight = When(time(8))
    assert eight.slot(datetime(2026, 3, 2, 2, 59, tzinfo=UTC)) is None
    assert eight.slot(datetime(2026, 3, 2, 3, 0, tzinfo=UTC)) == "2026-03-02"
    assert eight.slot(datetime(2026, 3, 2, 18, 59, tzinfo=UTC)) == "2026-03-02"
    tuesday = When(time(8), weekday=1)
    assert tuesday.slot(NINE_IN_ALMATY) is None
    assert tuesday.slot(NINE_IN_ALMATY + timedelta(days=3)) == "2026-W10"
    assert EVERY_MINUTE.slot(NINE_IN_ALMATY) is None


@time_machine.travel(datetime(2026, 3, 2, 2, 0, tzinfo=UTC), tick=False)
def test_before_its_time_a_job_is_left_for_later(app):
    ran = {outcome.job for outcome in runner.run_due(app)}
    assert "check_in_reminders" not in ran and "watch_matches" in ran


def test_every_job_has_its_own_name():
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)


def test_a_job_that_fails_leaves_nothing_and_the_others_run(app, store):
    def half(session, settings, on, at):
        write_one(session, settings, on, at)
        raise RuntimeError("in the middle")

    outcomes = list(runner.run_due(app, (Job("half", DAWN, half), Job("whole", DAWN, write_one))))
    assert [outcome.failed for outcome in outcomes] == [True, False]
    assert outcomes[0].line == "failed: RuntimeError"
    assert count(store, Message) == 1
    assert store.scalars(select(JobRun.job)).all() == ["whole"]


def test_two_runners_at_once_have_one_effect(app, store):
    meeting_point = threading.Barrier(2, timeout=20)
    outcomes = []

    def work():
        meeting_point.wait()
        outcomes.append(runner.run(app, Job("same", DAWN, write_one)))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcome.line for outcome in outcomes) == ["1 written", "already done"]
    assert count(store, Message) == count(store, JobRun) == 1


KILLED = """
import sys, time
from mentorship import create_app
from mentorship.jobs import runner
from mentorship.jobs.timetable import Job
from tests.jobs.test_runner import DAWN, write_one

def hangs(session, settings, on, at):
    write_one(session, settings, on, at)
    session.flush()
    print("in the middle", flush=True)
    time.sleep(60)

runner.run(create_app(), Job("killed", DAWN, hangs))
"""


def child_environment(config):
    return os.environ | {
        "DATABASE_URL": config.database_url,
        "VAR_DIR": str(config.var),
        "PII_KEYS": config.pii_keys[0],
        "MENTORSHIP_ENV": "demo",
    }


def test_a_job_killed_in_the_middle_leaves_nothing_and_is_done_again(app, config, store):
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED],
        cwd=ROOT,
        env=child_environment(config),
        stdout=subprocess.PIPE,
    )
    try:
        lines = iter(child.stdout.readline, b"")
        assert any(b"in the middle" in line for line in lines)
        child.send_signal(signal.SIGKILL)
    finally:
        child.kill()
        child.wait(10)
        child.stdout.close()
    assert count(store, Message) == count(store, JobRun) == 0
    store.commit()
    assert runner.run(app, Job("killed", DAWN, write_one)).line == "1 written"
    assert runner.run(app, Job("killed", DAWN, write_one)).line == "already done"
    assert count(store, Message) == 1


def test_only_one_process_holds_the_right_to_work(config):
    one, other = leader_for(config), leader_for(config)
    assert one.take() and one.holds()
    assert not other.take() and not other.holds()
    one.leave()
    assert other.take()
    other.leave()


def test_the_scheduler_runs_what_was_missed_and_stops_when_told(config, store):
    child = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "app", "run-jobs"],
        cwd=ROOT,
        env=child_environment(config),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        lines = iter(child.stdout.readline, b"")
        assert any(b"The scheduler works." in line for line in lines)
        child.send_signal(signal.SIGTERM)
        assert child.wait(20) == 0
    finally:
        child.kill()
        child.wait(10)
        child.stdout.close()
    assert count(store, JobRun) >= 1


def test_old_rows_are_forgotten(app, store):
    job = next(job for job in TIMETABLE if job.name == "forget_old_rows")
    old = datetime.now(UTC) - timedelta(days=500)
    store.add(JobRun(job="x", slot="y", finished_at=old, result=""))
    store.commit()
    runner.run(app, Job(job.name, DAWN, job.run))
    assert store.scalars(select(JobRun.job)).all() == ["forget_old_rows"]


def test_the_outbox_waits_without_a_mail_server(app, store):
    factories.message(store, user=factories.coordinator(store))
    store.commit()
    job = next(job for job in TIMETABLE if job.name == "send_outbox")
    assert runner.run(app, job).line == "no mail server is set, 1 waiting"
    with app.app_context():
        assert db.session.scalars(select(Message)).one().status == "waiting"
