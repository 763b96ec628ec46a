"""Runs the timetable: each slot exactly once, whatever dies in the middle."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as time_of_day

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.interval import IntervalTrigger
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from mentorship import clock
from mentorship.clock import ALMATY
from mentorship.config import Config
from mentorship.database import begin_reading, db
from mentorship.jobs import recruitment, rounds
from mentorship.jobs.leader import Leader, leader_for
from mentorship.jobs.models import JobRun
from mentorship.jobs.state import Heartbeat, note, noted_work
from mentorship.jobs.timetable import TIMETABLE, Job

log = structlog.get_logger("jobs")
LATE_S = 6 * 3600  # a slot missed while the machine slept is still worth doing
ASK_AGAIN_S = 10
ROUNDS_EVERY_S = 1  # somebody waits for them in front of a page
BRIEFS_EVERY_S = 5
CATCH_UP_EVERY_S = 300  # a job that failed, or whose time was slept through, is tried again
# The clock was set by hand or by a time server; a plan made before that waits for nothing.
CLOCK_CHANGED_S = 45


@dataclass(frozen=True)
class Outcome:
    """What became of one job: a line for people, and whether it went wrong."""

    job: str
    slot: str | None
    line: str
    failed: bool = False


def run_due(app: Flask, timetable: tuple[Job, ...] = TIMETABLE) -> Iterator[Outcome]:
    """Run every job that is due and not yet done, one after another."""
    forget_runs_ahead(app)
    for job in timetable:
        if job.when.at is None or job.when.slot(clock.now()):
            yield run(app, job)


def catch_up(app: Flask, timetable: tuple[Job, ...] = TIMETABLE) -> int:
    """Run what a clock, a long sleep or an error kept from running in its slot; how many."""
    slotted = tuple(job for job in timetable if job.when.at is not None)
    return sum(outcome.line != DONE for outcome in run_due(app, slotted))


def forget_runs_ahead(app: Flask) -> None:
    """Take back what was done on days that have not come, while the clock was wrong.

    Should it be the clock of now that is wrong, a slot is run twice, which no job minds.
    """
    tomorrow = datetime.combine(clock.today() + timedelta(days=1), time_of_day(), ALMATY)
    with app.app_context():
        session, ahead = db.session, JobRun.finished_at >= tomorrow
        begin_reading(session)
        found = session.scalars(select(JobRun.id).where(ahead)).all()
        session.rollback()
        if found:
            session.execute(delete(JobRun).where(JobRun.id.in_(found)))
            session.commit()
            log.warning("runs_ahead_forgotten", number=len(found))


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


DONE = "already done"


def run(app: Flask, job: Job) -> Outcome:
    """Run one job for the slot that is due now; an error is logged and told, not raised."""
    with app.app_context():
        session, began = db.session, clock.now()
        slot = job.when.slot(began)
        try:
            if slot is not None and _is_done(job, slot):
                return Outcome(job.name, slot, DONE)
            note(session, job.name, started_at=began)
            session.commit()
            line = _work(job, slot, app.config["SETTINGS"], began)
        except Exception as error:  # the next job must still run, and this one is tried again
            session.rollback()
            return _failed(job, slot, error)
        if line is None:
            return Outcome(job.name, slot, DONE)
        log.info("job_done", job=job.name, slot=slot, result=line)
        return Outcome(job.name, slot, line)


def _failed(job: Job, slot: str | None, error: Exception) -> Outcome:
    kind = type(error).__name__
    log.error("job_failed", job=job.name, slot=slot, kind=kind)
    try:
        note(db.session, job.name, failed=True, error=kind[:80])
        db.session.commit()
    except Exception:  # where nothing can be written down, the log has it
        db.session.rollback()
    return Outcome(job.name, slot, f"failed: {kind}", failed=True)


def _is_done(job: Job, slot: str) -> bool:
    """Whether the slot was done before; looking never makes a writer wait."""
    begin_reading(db.session)
    made = select(JobRun.id).where(JobRun.job == job.name, JobRun.slot == slot)
    found = db.session.scalar(made)
    db.session.rollback()
    return found is not None


def _work(job: Job, slot: str | None, settings: Config, at: datetime) -> str | None:
    """Do the job and commit; None when the slot was done before.

    The slot's row comes first, in the transaction of the effect: a second runner waits for
    its unique key and then finds the work done, and a killed one leaves neither behind.
    """
    session, began = db.session, time.monotonic()
    run = JobRun(job=job.name, slot=slot or "", finished_at=at, result="")
    if slot is not None:
        session.add(run)
        try:
            session.flush()
        except IntegrityError:
            session.rollback()
            return None
    run.result = job.run(session, settings, at.astimezone(ALMATY).date(), at)[:200]
    run.finished_at = clock.now()
    note(
        session,
        job.name,
        finished_at=run.finished_at,
        seconds=round(time.monotonic() - began, 3),
        result=run.result,
        failed=False,
        error=None,
    )
    session.commit()
    return run.result


def run_forever(app: Flask, say: Callable[[str], None]) -> bool:
    """Be the scheduler until a signal comes; False when the right to work was lost."""
    leader, stop = leader_for(app.config["SETTINGS"]), threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    heart = Heartbeat(app)
    try:
        if not _wait_for_turn(leader, heart, stop, say):
            return True
        heart.beat(works=True)
        for outcome in run_due(app):  # daily slots of today that nobody ran
            say(f"{outcome.job}: {outcome.line}")
            if stop.is_set():
                return True
        return _schedule(app, leader, heart, stop, say)
    finally:
        leader.leave()
        heart.stop()


def _wait_for_turn(
    leader: Leader, heart: Heartbeat, stop: threading.Event, say: Callable[[str], None]
) -> bool:
    if leader.take():
        return True
    say("Another process runs the jobs; this one waits for its turn.")
    heart.beat(works=False)
    while not stop.wait(ASK_AGAIN_S):
        if leader.take():
            return True
        heart.beat(works=False)
    return False


def _schedule(
    app: Flask,
    leader: Leader,
    heart: Heartbeat,
    stop: threading.Event,
    say: Callable[[str], None],
) -> bool:
    """Keep the timetable while this thread waits for a signal, watches the lock and the clock."""
    names = ("default", "outbox", "rounds", "recruitment")
    scheduler = BackgroundScheduler(
        timezone=ALMATY,
        executors={name: ThreadPoolExecutor(1) for name in names},
        job_defaults={"coalesce": True, "misfire_grace_time": LATE_S, "max_instances": 1},
    )
    rounds.take_up_again(app)
    _plan(app, scheduler)
    scheduler.start()
    say("The scheduler works.")
    drift = _drift()
    try:
        while not stop.wait(ASK_AGAIN_S):
            if not leader.holds():
                log.error("lock_lost")
                return False
            heart.beat(works=True)
            if abs(_drift() - drift) > CLOCK_CHANGED_S:
                log.warning("clock_changed", seconds=round(_drift() - drift))
                drift = _drift()
                _plan(app, scheduler)
        return True
    finally:
        scheduler.shutdown(wait=True)  # a job in the middle is finished, not cut


def _drift() -> float:
    """How far the clock on the wall is from one that nobody can set."""
    return clock.now().timestamp() - time.monotonic()


def _plan(app: Flask, scheduler: BackgroundScheduler) -> None:
    """Put the timetable into the scheduler, in place of what was planned before."""
    for job in TIMETABLE:
        scheduler.add_job(
            run,
            job.when.trigger(),
            args=(app, job),
            id=job.name,
            executor="outbox" if job.name == "send_outbox" else "default",
            replace_existing=True,
        )
    often: dict[str, tuple[Callable[..., int], tuple[object, ...], int, str]] = {
        "catch_up": (catch_up, (app,), CATCH_UP_EVERY_S, "default"),
        "rounds": (noted_work, (app, "rounds", rounds.work), ROUNDS_EVERY_S, "rounds"),
        "recruitment": (
            noted_work,
            (app, "recruitment", recruitment.work),
            BRIEFS_EVERY_S,
            "recruitment",
        ),
    }
    for name, (work, given, seconds, executor) in often.items():
        every = IntervalTrigger(seconds=seconds)
        scheduler.add_job(
            work, every, args=given, id=name, executor=executor, replace_existing=True
        )
