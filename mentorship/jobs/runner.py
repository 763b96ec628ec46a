"""Runs the timetable: each slot exactly once, whatever dies in the middle."""

import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from mentorship import clock
from mentorship.clock import ALMATY
from mentorship.config import Config
from mentorship.database import db
from mentorship.jobs import recruitment, rounds
from mentorship.jobs.leader import Leader, leader_for
from mentorship.jobs.models import JobRun
from mentorship.jobs.timetable import TIMETABLE, Job

log = structlog.get_logger("jobs")
LATE_S = 6 * 3600  # a slot missed while the machine slept is still worth doing
ASK_AGAIN_S = 10
ROUNDS_EVERY_S = 1  # somebody waits for them in front of a page
BRIEFS_EVERY_S = 5


@dataclass(frozen=True)
class Outcome:
    """What became of one job: a line for people, and whether it went wrong."""

    job: str
    slot: str | None
    line: str
    failed: bool = False


def run_due(app: Flask, timetable: tuple[Job, ...] = TIMETABLE) -> Iterator[Outcome]:
    """Run every job that is due and not yet done, one after another."""
    for job in timetable:
        if job.when.at is None or job.when.slot(clock.now()):
            yield run(app, job)


def work_that_waits(app: Flask) -> Iterator[Outcome]:
    """Compute the rounds that people asked for, then the recruitment briefs of published ones.

    While no scheduler works, a round that a killed process left half done is taken up again.
    """
    leader = leader_for(app.config["SETTINGS"])
    try:
        if leader.take():
            rounds.take_up_again(app)
        yield Outcome("rounds", None, f"{rounds.work(app)} computed")
        yield Outcome("recruitment", None, f"{recruitment.work(app)} made")
    finally:
        leader.leave()


def run(app: Flask, job: Job) -> Outcome:
    """Run one job for the slot that is due now; an error is logged and told, not raised."""
    with app.app_context():
        slot = job.when.slot(clock.now())
        try:
            line = _work(job, slot, app.config["SETTINGS"])
        except Exception as error:  # the next job must still run, and this one is tried again
            db.session.rollback()
            log.error("job_failed", job=job.name, slot=slot, kind=type(error).__name__)
            return Outcome(job.name, slot, f"failed: {type(error).__name__}", failed=True)
        if line is None:
            return Outcome(job.name, slot, "already done")
        log.info("job_done", job=job.name, slot=slot, result=line)
        return Outcome(job.name, slot, line)


def _work(job: Job, slot: str | None, settings: Config) -> str | None:
    """Do the job and commit; None when the slot was done before.

    The slot's row comes first, in the transaction of the effect: a second runner waits for
    its unique key and then finds the work done, and a killed one leaves neither behind.
    """
    session, at = db.session, clock.now()
    run = JobRun(job=job.name, slot=slot or "", finished_at=at, result="")
    if slot is not None:
        if session.scalar(select(JobRun.id).where(JobRun.job == job.name, JobRun.slot == slot)):
            session.rollback()
            return None
        session.add(run)
        try:
            session.flush()
        except IntegrityError:
            session.rollback()
            return None
    run.result = job.run(session, settings, at.astimezone(ALMATY).date(), at)
    run.finished_at = clock.now()
    session.commit()
    return run.result


def run_forever(app: Flask, say: Callable[[str], None]) -> bool:
    """Be the scheduler until a signal comes; False when the right to work was lost."""
    leader, stop = leader_for(app.config["SETTINGS"]), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    if not _wait_for_turn(leader, stop, say):
        return True
    try:
        for outcome in run_due(app):  # daily slots of today that nobody ran
            say(f"{outcome.job}: {outcome.line}")
            if stop.is_set():
                return True
        return _schedule(app, leader, stop, say)
    finally:
        leader.leave()


def _wait_for_turn(leader: Leader, stop: threading.Event, say: Callable[[str], None]) -> bool:
    if leader.take():
        return True
    say("Another process runs the jobs; this one waits for its turn.")
    while not stop.wait(ASK_AGAIN_S):
        if leader.take():
            return True
    return False


def _schedule(
    app: Flask, leader: Leader, stop: threading.Event, say: Callable[[str], None]
) -> bool:
    """Keep the timetable while this thread waits for a signal and watches the lock."""
    scheduler = BackgroundScheduler(
        timezone=ALMATY,
        executors={name: ThreadPoolExecutor(1) for name in ("default", "rounds", "recruitment")},
        job_defaults={"coalesce": True, "misfire_grace_time": LATE_S, "max_instances": 1},
    )
    for job in TIMETABLE:
        scheduler.add_job(run, job.when.trigger(), args=(app, job), id=job.name)
    rounds.take_up_again(app)
    every = IntervalTrigger(seconds=ROUNDS_EVERY_S)
    scheduler.add_job(rounds.work, every, args=(app,), id="rounds", executor="rounds")
    every = IntervalTrigger(seconds=BRIEFS_EVERY_S)
    scheduler.add_job(
        recruitment.work, every, args=(app,), id="recruitment", executor="recruitment"
    )
    scheduler.start()
    say("The scheduler works.")
    try:
        while not stop.wait(ASK_AGAIN_S):
            if not leader.holds():
                log.error("lock_lost")
                return False
        return True
    finally:
        scheduler.shutdown(wait=True)  # a job in the middle is finished, not cut
