from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import Base
from mentorship.encryption import SealedText
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting


class ConcernOrigin(StrEnum):
    """Where somebody said that something worried them."""

    MEETING = "meeting"
    MENTOR = "mentor"
    CHECK_IN = "check_in"
    STAFF = "staff"
    CHILD = "child"


class Severity(StrEnum):
    WORRY = "worry"
    SERIOUS = "serious"
    DANGER = "danger"


class ConcernState(StrEnum):
    """Waiting for its first review, looked after, waiting for a second signature, or closed."""

    WAITING = "waiting"
    UNDER_WAY = "under_way"
    ASKED = "asked"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What a concern came to. `earlier`: closed with one signature, before two were asked for."""

    CLEARED_UP = "cleared_up"
    HELPED = "helped"
    HANDED_OVER = "handed_over"
    MATCH_ENDED = "match_ended"
    EARLIER = "earlier"


class ImmediateStep(StrEnum):
    """What somebody did at once."""

    CALLED_102 = "called_102"
    CALLED_111 = "called_111"
    CALLED_112 = "called_112"
    TOLD_DIRECTOR = "told_director"
    TOLD_AUTHORITY = "told_authority"
    CHILD_SAFE = "child_safe"


class EventKind(StrEnum):
    RAISED = "raised"
    NOTE = "note"
    STEP = "step"
    OWNER = "owner"
    PAUSED = "paused"
    RESTRICTED = "restricted"
    OPENED_UP = "opened_up"
    READER = "reader"
    REVIEWED = "reviewed"
    ASKED = "asked"
    SENT_BACK = "sent_back"
    CLOSED = "closed"
    REOPENED = "reopened"


class Concern(Base):
    """Something worried somebody about a child: what was seen, who owns it, how it ended.

    `text` is what was seen or heard. A restricted one is read by its owner, named readers and the
    owner's supervisor alone. Two people close it: one asks, another signs.
    """

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint("(asked_at is null) = (outcome is null)", name="asked_whole"),
        CheckConstraint("closed_at is null or asked_at is not null", name="closed_whole"),
        CheckConstraint(
            "closed_at is null or outcome = 'earlier'"
            " or (closed_by is not null and asked_by is not null and closed_by <> asked_by)",
            name="two_people",
        ),
        CheckConstraint("not restricted or owner_id is not null", name="restricted_owned"),
        Index("ix_concern_closed_review", "closed_at", "reviewed_at", "review_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), unique=True)
    origin: Mapped[ConcernOrigin] = mapped_column(String(10))
    severity: Mapped[Severity] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(SealedText())
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    raised_at: Mapped[datetime]
    told_at: Mapped[datetime | None] = mapped_column(index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    restricted: Mapped[bool] = mapped_column(default=False)
    review_by: Mapped[datetime]
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime | None]
    outcome: Mapped[Outcome | None] = mapped_column(String(12))
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]

    child: Mapped[Child] = relationship()
    match: Mapped[Match | None] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    raiser: Mapped[User | None] = relationship(foreign_keys=[raised_by])
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    asker: Mapped[User | None] = relationship(foreign_keys=[asked_by])
    events: Mapped[list["ConcernEvent"]] = relationship(
        back_populates="concern", order_by="ConcernEvent.id"
    )
    readers: Mapped[list["ConcernReader"]] = relationship(
        cascade="all, delete-orphan", order_by="ConcernReader.user_id"
    )

    @property
    def state(self) -> ConcernState:
        """How far it is."""
        if self.closed_at is not None:
            return ConcernState.CLOSED
        if self.asked_at is not None:
            return ConcernState.ASKED
        return ConcernState.UNDER_WAY if self.reviewed_at else ConcernState.WAITING

    def add(self, kind: EventKind, *, by: int | None, at: datetime, **more: Any) -> None:
        """Write a line of the timeline."""
        self.events.append(ConcernEvent(kind=kind, by=by, at=at, **more))

    def is_overdue(self, at: datetime) -> bool:
        """Whether nobody has looked at it although the time is up."""
        return self.state == ConcernState.WAITING and self.review_by < at


class ConcernEvent(Base):
    """One line of a concern's timeline; rows are never changed.

    `step` and `happened_at` are of a step taken; `user_id` is the new owner or reader.
    """

    __tablename__ = "concern_event"
    __table_args__ = (CheckConstraint("(kind = 'step') = (step is not null)", name="step"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), index=True)
    kind: Mapped[EventKind] = mapped_column(String(12))
    at: Mapped[datetime]
    by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    text: Mapped[str | None] = mapped_column(SealedText())
    step: Mapped[ImmediateStep | None] = mapped_column(String(20))
    happened_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    concern: Mapped[Concern] = relationship(back_populates="events")
    author: Mapped[User | None] = relationship(foreign_keys=[by])
    user: Mapped[User | None] = relationship(foreign_keys=[user_id])


class ConcernReader(Base):
    """Somebody who may read a restricted concern besides its owner."""

    __tablename__ = "concern_reader"

    concern_id: Mapped[int] = mapped_column(ForeignKey("concern.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True, index=True)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]

    user: Mapped[User] = relationship(foreign_keys=[user_id])
