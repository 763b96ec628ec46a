"""A scheduler whose clock the test moves: `python -m tests.simulation.scheduler`.

The first process imports and warms everything and then, asked on its standard input, forks
schedulers: what a restart costs is a fork. Each works as `flask run-jobs` does: it takes the
right to work or waits for it, and runs what is due by the clock. Only the waiting is other:
for the next instant that the test names, not for the next second.
"""

import gc
import mmap
import os
import signal
import struct
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

import time_machine
from flask import Flask

from mentorship import clock, create_app
from mentorship.database import db
from mentorship.jobs import runner
from mentorship.jobs.leader import leader_for
from mentorship.jobs.timetable import TIMETABLE, Job

NEEDED, ALL, ONLY_SENDING = range(3)
# What a day without anything new to plan for still needs; Mondays everything runs.
DAILY = ("plan_check_ins", "climb_ladder", "check_in_reminders")


class Board:
    """A page of memory that the test and the schedulers share."""

    FIELDS: ClassVar[dict[str, str]] = {
        "instant": "d",  # what the clock shows
        "step": "q",  # the number of the instant
        "done": "q",  # the number of the last instant that a scheduler has dealt with
        "jobs": "q",  # which jobs run: see `jobs_of`
        "working": "q",  # the process that has the right to work
        "failed": "q",  # how many jobs went wrong
    }

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(8 * len(self.FIELDS)))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 0)

    def __getattr__(self, name: str) -> int | float:
        place = list(self.FIELDS).index(name)
        found: int | float = struct.unpack_from(self.FIELDS[name], self._memory, 8 * place)[0]
        return found

    def put(self, **values: int | float) -> None:
        for name, value in values.items():
            place = list(self.FIELDS).index(name)
            struct.pack_into(self.FIELDS[name], self._memory, 8 * place, value)


def jobs_of(board: Board) -> tuple[Job, ...]:
    if board.jobs == ALL:
        return TIMETABLE
    daily = DAILY if board.jobs == NEEDED else ()
    return tuple(job for job in TIMETABLE if job.name in daily or job.when.at is None)


def work(app: Flask, board: Board) -> None:
    """Be one of the schedulers, until killed."""
    leader, leads = leader_for(app.config["SETTINGS"]), False
    with time_machine.travel(datetime.fromtimestamp(board.instant, UTC), tick=False) as clock:
        while os.getppid() != 1:
            if board.done == board.step:
                time.sleep(0.001)
                continue
            leads = (leads and leader.holds()) or leader.take()
            if not leads:
                time.sleep(0.002)
                continue
            step = int(board.step)
            clock.move_to(datetime.fromtimestamp(board.instant, UTC))
            board.put(working=os.getpid())
            failed = sum(outcome.failed for outcome in runner.run_due(app, jobs_of(board)))
            board.put(failed=board.failed + failed, done=step)


def warm(app: Flask, board: Board) -> None:
    """Do everything once and undo it: the processes forked later find each statement compiled."""
    with time_machine.travel(datetime.fromtimestamp(board.instant, UTC), tick=False):
        on, at, settings = clock.today(), clock.now(), app.config["SETTINGS"]
        with app.app_context():
            for job in TIMETABLE:
                if job.name != "send_outbox":  # what has left cannot be undone
                    job.run(db.session, settings, on, at)
                db.session.rollback()
            db.session.remove()
            db.engine.dispose()
    gc.collect()
    gc.freeze()


def main() -> None:
    board = Board(Path(sys.argv[1]))
    app = create_app()
    warm(app, board)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who were killed
    print("ready", flush=True)
    for line in sys.stdin:
        if line == "warm\n":
            warm(app, board)
            print("warm", flush=True)
            continue
        child = os.fork()
        if not child:
            sys.stdin.close()
            work(app, board)
            os._exit(0)
        print(child, flush=True)


if __name__ == "__main__":
    main()
