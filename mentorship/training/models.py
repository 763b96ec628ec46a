from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    Numeric,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.i18n import as_day
from mentorship.mentors.models import Certificate, Mentor


class CourseKind(StrEnum):
    """The compulsory course leads to the certificate; a topic gives a skill."""

    COMPULSORY = "compulsory"
    TOPIC = "topic"
    REFRESHER = "refresher"


class SessionState(StrEnum):
    """Where a session stands on a day."""

    AHEAD = "ahead"
    UNDER_WAY = "under_way"
    OVER = "over"
    CANCELLED = "cancelled"


class Outcome(StrEnum):
    """What came of a place in a session."""

    ENROLLED = "enrolled"
    TEST_AHEAD = "test_ahead"
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    DID_NOT_COME = "did_not_come"


class CorrectionReason(StrEnum):
    """Why a result that was recorded is changed."""

    MISTYPED = "mistyped"
    OTHER_PERSON = "other_person"
    LATER_PAPER = "later_paper"
    TEST_AGAIN = "test_again"


class Course(Base):
    """A course of the programme. `skills`: what a mentor who passed is trained for."""

    __tablename__ = "course"
    __table_args__ = (CheckConstraint("hours between 1 and 500", name="hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[CourseKind] = mapped_column(String(12))
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]
    hours: Mapped[int]
    has_test: Mapped[bool] = mapped_column(default=False)
    skills: Mapped[list[str]] = mapped_column(JSON, default=list)
    source: Mapped[str] = mapped_column(String(300))
    open: Mapped[bool] = mapped_column(default=True)

    sessions: Mapped[list["TrainingSession"]] = relationship(back_populates="course")

    def name(self, language: str) -> str:
        """The course's name in the language of a page."""
        return {"ru": self.name_ru, "en": self.name_en}.get(language, self.name_kk)


class TrainingSession(Base):
    """A course held once: when, where or by which link, in which language, for how many."""

    __tablename__ = "training_session"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("seats between 1 and 1000", name="seats"),
        Index("ix_training_session_region_starts", "region", "starts_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("course.id"), index=True)
    region: Mapped[str] = mapped_column(String(2))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    hours_of_day: Mapped[str | None] = mapped_column(String(60))
    place: Mapped[str | None] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(300))
    seats: Mapped[int]
    trainer: Mapped[str | None]
    language: Mapped[str] = mapped_column(String(4))
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]

    course: Mapped[Course] = relationship(back_populates="sessions")
    enrolments: Mapped[list["Enrolment"]] = relationship(back_populates="session")

    def state(self, on: date) -> SessionState:
        """Where the session stands on a day."""
        if self.cancelled_at is not None:
            return SessionState.CANCELLED
        if on < self.starts_on:
            return SessionState.AHEAD
        return SessionState.UNDER_WAY if on <= self.ends_on else SessionState.OVER


class Enrolment(Base):
    """A mentor's place in a session; then whether they came, for how many hours, and the test."""

    __tablename__ = "enrolment"
    __table_args__ = (
        UniqueConstraint("session_id", "mentor_id"),
        CheckConstraint("score is null or score between 0 and 100", name="score"),
        CheckConstraint("passed is null or attended is not null", name="test_after_attendance"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("training_session.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    enrolled_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    enrolled_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    attended: Mapped[bool | None]
    hours: Mapped[Decimal | None] = mapped_column(Numeric(5, 1))
    score: Mapped[int | None]
    passed: Mapped[bool | None]
    test_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]
    certificate_id: Mapped[int | None] = mapped_column(ForeignKey("certificate.id"), unique=True)

    session: Mapped[TrainingSession] = relationship(back_populates="enrolments")
    mentor: Mapped[Mentor] = relationship()
    certificate: Mapped[Certificate | None] = relationship()
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by])

    @property
    def outcome(self) -> Outcome:
        """What came of it; a course without a test is passed by attending."""
        if self.attended is None:
            return Outcome.ENROLLED
        if not self.attended:
            return Outcome.DID_NOT_COME
        if not self.session.course.has_test:
            return Outcome.PASSED
        if self.passed is None:
            return Outcome.TEST_AHEAD
        return Outcome.PASSED if self.passed else Outcome.NOT_PASSED

    @property
    def is_open(self) -> bool:
        """Whether something of its result is still to be recorded."""
        return self.outcome in (Outcome.ENROLLED, Outcome.TEST_AHEAD)

    @property
    def earned_on(self) -> date | None:
        """The day on which the course was passed, or None."""
        if self.cancelled_at is not None or self.outcome is not Outcome.PASSED:
            return None
        if self.test_on is not None:
            return self.test_on
        return min(self.session.ends_on, as_day(self.recorded_at or self.enrolled_at))
