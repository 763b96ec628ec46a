from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mentorship.database import Base


class JobRun(Base):
    """A slot of the timetable that was done, written in the transaction of its effect."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(String(40))
    finished_at: Mapped[datetime]
    result: Mapped[str]


class JobState(Base):
    """How a job's last run went, for people; no job depends on it.

    Started later than finished: it is at work, or its process was killed in the middle.
    """

    __tablename__ = "job_state"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    seconds: Mapped[float | None]
    result: Mapped[str | None]  # of the last run that succeeded
    failed: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str | None] = mapped_column(String(80))  # the class of what went wrong


class Scheduler(Base):
    """A process that keeps the timetable, or waits for its turn; it says so every few seconds."""

    __tablename__ = "scheduler"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)  # machine and process
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    works: Mapped[bool]
