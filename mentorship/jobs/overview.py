"""How each job stands: its last run, its result and its next one."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.clock import ALMATY
from mentorship.jobs.models import JobRun, JobState, Scheduler
from mentorship.jobs.state import ALIVE_FOR
from mentorship.jobs.timetable import TIMETABLE, When

ASKED_FOR = ("rounds", "recruitment")  # within seconds of somebody's asking


class Standing(StrEnum):
    NEVER = "never"
    DONE = "done"
    FAILED = "failed"
    WORKING = "working"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True)
class JobRow:
    """One job on the page; `next_at` is None for what runs when somebody asks for it."""

    name: str
    when: When | None
    state: JobState | None
    standing: Standing
    next_at: datetime | None
    is_due: bool


def schedulers_alive(session: Session, at: datetime) -> list[Scheduler]:
    """The processes that said within the last minute that they are there; the worker first."""
    seen = Scheduler.seen_at.between(at - ALIVE_FOR, at + ALIVE_FOR)
    query = select(Scheduler).where(seen).order_by(Scheduler.works.desc(), Scheduler.started_at)
    return list(session.scalars(query))


def job_rows(session: Session, at: datetime) -> list[JobRow]:
    """Every job of the timetable in its order, then those people ask for; what failed on top."""
    states = {row.job: row for row in session.scalars(select(JobState))}
    worker = next((row for row in schedulers_alive(session, at) if row.works), None)
    slots = {job.name: job.when.slot(at) for job in TIMETABLE}
    wanted = [slot for slot in slots.values() if slot is not None]
    runs = select(JobRun.job, JobRun.slot).where(JobRun.slot.in_(wanted))
    done = {(job, slot) for job, slot in session.execute(runs)}
    rows = []
    for job in TIMETABLE:
        state, slot = states.get(job.name), slots[job.name]
        rows.append(
            JobRow(
                name=job.name,
                when=job.when,
                state=state,
                standing=_standing(state, worker),
                next_at=job.when.trigger().get_next_fire_time(None, at.astimezone(ALMATY)),
                is_due=slot is not None and (job.name, slot) not in done,
            )
        )
    for name in ASKED_FOR:
        state = states.get(name)
        rows.append(JobRow(name, None, state, _standing(state, worker), None, False))
    return sorted(rows, key=lambda row: row.standing != Standing.FAILED)


def _standing(state: JobState | None, worker: Scheduler | None) -> Standing:
    if state is None:
        return Standing.NEVER
    if state.finished_at is not None and state.finished_at >= state.started_at:
        return Standing.FAILED if state.failed else Standing.DONE
    if state.failed:
        return Standing.FAILED
    if worker is not None and worker.started_at <= state.started_at:
        return Standing.WORKING
    return Standing.CUT_SHORT
