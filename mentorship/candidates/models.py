from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.candidates.vocabulary import CandidateEnd, CandidateSource, Step, StepOutcome
from mentorship.database import Base
from mentorship.mentors.models import Mentor


class Candidate(Base):
    """Somebody on the way to becoming a mentor; their facts are in the register of mentors.

    `reference` is what an applicant is told; `consent_version` the text they agreed to. `attempt`
    counts from 1: who was refused, withdrew or retired may try again, and earlier tries are kept.
    """

    __tablename__ = "candidate"
    __table_args__ = (
        CheckConstraint("(ended_at is null) = (ended_as is null)", name="end_is_whole"),
        Index("ix_candidate_ended_applied", "ended_as", "applied_at"),
    )

    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    attempt: Mapped[int] = mapped_column(default=1)
    source: Mapped[CandidateSource] = mapped_column(String(10))
    applied_at: Mapped[datetime]
    language: Mapped[str] = mapped_column(String(2))
    is_citizen: Mapped[bool | None]
    motivation: Mapped[str | None] = mapped_column(Text)
    consent_version: Mapped[str | None] = mapped_column(String(20))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    ended_as: Mapped[CandidateEnd | None] = mapped_column(String(10))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    end_reason: Mapped[str | None] = mapped_column(String(30))
    end_note: Mapped[str | None] = mapped_column(Text)

    mentor: Mapped[Mentor] = relationship(back_populates="candidate")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    ender: Mapped[User | None] = relationship(foreign_keys=[ended_by])
    steps: Mapped[list["CandidateStep"]] = relationship(
        back_populates="candidate", order_by="CandidateStep.id"
    )


class CandidateStep(Base):
    """A step that somebody owns: by when, planned for when, and how it ended.

    The steps from clearances on end by themselves, when the papers are there; their rows only
    say who sees to it and by when.
    """

    __tablename__ = "candidate_step"
    __table_args__ = (
        UniqueConstraint("mentor_id", "attempt", "step"),
        CheckConstraint("(done_on is null) = (outcome is null)", name="outcome"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("candidate.mentor_id"))
    attempt: Mapped[int] = mapped_column(default=1)
    step: Mapped[Step] = mapped_column(String(12))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date | None]
    planned_on: Mapped[date | None]
    done_on: Mapped[date | None]
    outcome: Mapped[StepOutcome | None] = mapped_column(String(10))
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]

    candidate: Mapped[Candidate] = relationship(back_populates="steps")
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by])
