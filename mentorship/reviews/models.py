from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.matches.models import Match


class ReviewCause(StrEnum):
    """What has changed, so that people look at the match again."""

    MENTOR_SUSPENDED = "mentor_suspended"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    MOVED_CENTRE = "moved_centre"
    MOVED_REGION = "moved_region"
    PLACED_IN_FAMILY = "placed_in_family"
    TURNED_18 = "turned_18"
    CONFLICT = "conflict"
    OVERDUE_CONTACTS = "overdue_contacts"
    CONCERN = "concern"


class ReviewDecision(StrEnum):
    CONTINUE = "continue"
    ADAPT = "adapt"
    CLOSE = "close"


class Hold(Base):
    """A match on hold: no meetings until somebody resumes it."""

    __tablename__ = "hold"
    __table_args__ = (
        CheckConstraint("(ended_at is null) or (ended_at >= opened_at)", name="times"),
        Index("ix_hold_match_ended", "match_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    cause: Mapped[ReviewCause] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    end_note: Mapped[str | None] = mapped_column(Text)

    match: Mapped[Match] = relationship(back_populates="holds")


class Review(Base):
    """A match to look at again by a day: continue, adapt with a note, or close well."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("(decision is null) = (decided_at is null)", name="decided_whole"),
        Index("ix_review_match_decided", "match_id", "decided_at"),
        Index("ix_review_decided_due", "decided_at", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    cause: Mapped[ReviewCause] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    due_on: Mapped[date]
    decision: Mapped[ReviewDecision | None] = mapped_column(String(10))
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(Text)

    match: Mapped[Match] = relationship(back_populates="reviews")
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])


class Telling(Base):
    """The child of a match on hold is told: by whom, when, and with whom beside them."""

    __tablename__ = "telling"
    __table_args__ = (
        CheckConstraint("(done_at is null) = (done_by is null)", name="done_whole"),
        Index("ix_telling_done_due", "done_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    cause: Mapped[ReviewCause] = mapped_column(String(20))
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    teller: Mapped[str | None]
    beside: Mapped[str | None]
    planned_on: Mapped[date | None]
    planned_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    told_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(Text)
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    match: Mapped[Match] = relationship(back_populates="tellings")
