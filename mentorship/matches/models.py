from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import Base
from mentorship.mentors.models import Mentor


class ProposalStatus(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


class DeclineReason(StrEnum):
    MENTOR_NOT_READY = "mentor_not_ready"
    CHILD_DOES_NOT_WISH = "child_does_not_wish"
    KNOWN_CONFLICT = "known_conflict"
    TOO_FAR_IN_PRACTICE = "too_far_in_practice"
    OTHER = "other"


class ClosureReason(StrEnum):
    GOALS_REACHED = "goals_reached"
    CHILD_PLACED_IN_FAMILY = "child_placed_in_family"
    CHILD_TURNED_18 = "child_turned_18"
    CHILD_MOVED = "child_moved"
    CHILD_WISH = "child_wish"
    MENTOR_MOVED = "mentor_moved"
    MENTOR_NO_TIME = "mentor_no_time"
    MENTOR_WISH = "mentor_wish"
    CLEARANCE_LOST = "clearance_lost"
    RULE_VIOLATION = "rule_violation"
    OTHER = "other"


class EndedBy(StrEnum):
    MENTOR = "mentor"
    CHILD = "child"
    PROGRAMME = "programme"
    AGREEMENT = "agreement"


class Round(Base):
    """One run of the engine: its policy, seed, versions, input snapshot, and what it proposed."""

    __tablename__ = "round"

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    start_on: Mapped[date]
    regions: Mapped[list[str]] = mapped_column(JSON)
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy_version: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    versions: Mapped[dict[str, str]] = mapped_column(JSON)
    snapshot: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    mentors: Mapped[int]
    children: Mapped[int]
    points: Mapped[int]
    bound: Mapped[int]
    status: Mapped[str] = mapped_column(String(20))
    seconds: Mapped[float]

    author: Mapped[User | None] = relationship()
    proposals: Mapped[list["Proposal"]] = relationship(back_populates="round")
    waiting: Mapped[list["StillWaiting"]] = relationship(back_populates="round")


class Proposal(Base):
    """A pair the engine suggests; `reasons` are points per criterion. A person decides."""

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_round_status", "round_id", "status"),
        CheckConstraint("(status = 'declined') = (decline_reason is not null)", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    points: Mapped[int]
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    status: Mapped[ProposalStatus] = mapped_column(String(12), default=ProposalStatus.OPEN)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(String(30))
    decline_note: Mapped[str | None] = mapped_column(Text)

    round: Mapped[Round] = relationship(back_populates="proposals")
    mentor: Mapped[Mentor] = relationship()
    child: Mapped[Child] = relationship()
    decider: Mapped[User | None] = relationship()


Index(
    "uq_proposal_open_child",
    Proposal.child_id,
    unique=True,
    sqlite_where=Proposal.status == ProposalStatus.OPEN,
    postgresql_where=Proposal.status == ProposalStatus.OPEN,
)


class StillWaiting(Base):
    """A child the round left without a mentor, and how many mentors each rule refused."""

    __tablename__ = "still_waiting"

    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True, index=True)
    code: Mapped[str] = mapped_column(String(30))
    refusals: Mapped[dict[str, int]] = mapped_column(JSON)

    round: Mapped[Round] = relationship(back_populates="waiting")
    child: Mapped[Child] = relationship()


class ForbiddenPair(Base):
    """A mentor and a child whom a person has ruled out for each other, with the reason."""

    __tablename__ = "forbidden_pair"

    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)
    reason: Mapped[str]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    mentor: Mapped[Mentor] = relationship()
    child: Mapped[Child] = relationship()


class Match(Base):
    """An approved relationship of a mentor and a child; open until it has an end date."""

    __tablename__ = "match"
    __table_args__ = (
        CheckConstraint("ended_on is null or ended_on >= started_on", name="dates"),
        CheckConstraint(
            "(ended_on is null) = (closure_reason is null)"
            " and (ended_on is null) = (ended_as_planned is null)"
            " and (ended_on is null) = (ended_by is null)",
            name="closure_is_whole",
        ),
        Index("ix_match_mentor_ended", "mentor_id", "ended_on"),
        Index("ix_match_ended_on", "ended_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"))
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), unique=True)
    started_on: Mapped[date] = mapped_column(index=True)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime]
    ended_on: Mapped[date | None]
    closure_reason: Mapped[ClosureReason | None] = mapped_column(String(30))
    ended_as_planned: Mapped[bool | None]
    ended_by: Mapped[EndedBy | None] = mapped_column(String(12))
    closure_note: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    mentor: Mapped[Mentor] = relationship(back_populates="matches")
    child: Mapped[Child] = relationship(back_populates="matches")
    proposal: Mapped[Proposal | None] = relationship()
    approver: Mapped[User | None] = relationship(foreign_keys=[approved_by])

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name and shape)

    @property
    def is_open(self) -> bool:
        return self.ended_on is None


Index(
    "uq_match_open_child",
    Match.child_id,
    unique=True,
    sqlite_where=Match.ended_on.is_(None),
    postgresql_where=Match.ended_on.is_(None),
)
