"""What the jobs write down about themselves, for the page that people look at."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from mentorship import clock
from mentorship.database import db
from mentorship.jobs.models import JobState, Scheduler

log = structlog.get_logger("jobs")
ALIVE_FOR = timedelta(seconds=60)  # a scheduler that is silent for longer is gone
FORGOTTEN_AFTER = timedelta(days=2)


def note(session: Session, job: str, **values: Any) -> None:
    """Write down how a job's run stands; the caller commits."""
    row = update(JobState).where(JobState.job == job).values(**values)
    if session.execute(row).rowcount:  # type: ignore[attr-defined]
        return
    given = {"started_at": clock.now(), "failed": False} | values
    try:
        with session.begin_nested():
            session.add(JobState(job=job, **given))
    except IntegrityError:  # another runner was faster
        session.execute(row)


def noted_work(app: Flask, job: str, work: Callable[[Flask], int]) -> int:
    """Do work that is asked for every second, and note it when there was any."""
    began = clock.now()
    try:
        done = work(app)
    except Exception as error:
        with _own_transaction(app) as session:
            note(session, job, started_at=began, failed=True, error=type(error).__name__)
        raise
    if done:
        ended = clock.now()
        took = max(0.0, (ended - began).total_seconds())
        told = {"result": f"{done} done", "seconds": took, "failed": False, "error": None}
        with _own_transaction(app) as session:
            note(session, job, started_at=began, finished_at=ended, **told)
    return done


class Heartbeat:
    """A scheduler's row: that it is there, and whether it works or waits for its turn."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._name = f"{socket.gethostname()[:60]}:{os.getpid()}"
        self._started_at = clock.now()

    def beat(self, *, works: bool) -> None:
        """Say that this process is there."""
        at = clock.now()
        with _own_transaction(self._app) as session:
            row = {"started_at": self._started_at, "seen_at": at, "works": works}
            session.merge(Scheduler(name=self._name, **row))
            old = _off(at, FORGOTTEN_AFTER)
            session.execute(delete(Scheduler).where(Scheduler.name != self._name, old))

    def stop(self) -> None:
        """Say goodbye."""
        with _own_transaction(self._app) as session:
            session.execute(delete(Scheduler).where(Scheduler.name == self._name))


def _off(at: datetime, by: timedelta) -> Any:
    """Seen too long ago, or by a clock that was far ahead."""
    return (Scheduler.seen_at < at - by) | (Scheduler.seen_at > at + by)


@contextmanager
def _own_transaction(app: Flask) -> Iterator[Session]:
    """What people read about the work must not stop the work: an error is only logged."""
    with app.app_context():
        try:
            yield db.session
            db.session.commit()
        except SQLAlchemyError as error:
            db.session.rollback()
            log.warning("not_noted", kind=type(error).__name__)
