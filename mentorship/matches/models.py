from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import Base
from mentorship.mentors.models import Mentor

if TYPE_CHECKING:
    from mentorship.reviews.models import Hold, Review, Telling


class RoundStage(StrEnum):
    """A round waits, is computed, is a draft, and is then published or discarded."""

    QUEUED = "queued"
    COMPUTING = "computing"
    DRAFT = "draft"
    PUBLISHED = "published"
    DISCARDED = "discarded"
    CANCELLED = "cancelled"
    FAILED = "failed"


class ProposalOrigin(StrEnum):
    ROUND = "round"
    MANUAL = "manual"
    URGENT = "urgent"


class RulingKind(StrEnum):
    """What a person has decided before the engine is asked."""

    TOGETHER = "together"
    APART = "apart"
    HOLD_MENTOR = "hold_mentor"
    HOLD_CHILD = "hold_child"


class ProposalStatus(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    APPROVED = "approved"
    DECLINED = "declined"
    SUPERSEDED = "superseded"


class DeclineReason(StrEnum):
    MENTOR_NOT_READY = "mentor_not_ready"
    CHILD_DOES_NOT_WISH = "child_does_not_wish"
    KNOWN_CONFLICT = "known_conflict"
    TOO_FAR_IN_PRACTICE = "too_far_in_practice"
    GUARDIAN_DOES_NOT_AGREE = "guardian_does_not_agree"
    NO_LONGER_ALLOWED = "no_longer_allowed"
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
    """One run of the engine: what was asked for, how far it is, and the plan with its proof.

    `record` is the engine's own record (plan, problem, policy) as compressed JSON without names;
    it is there once the round is a draft.
    """

    __tablename__ = "round"
    __table_args__ = (
        CheckConstraint("stage not in ('draft', 'published') or record is not null", name="record"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    stage: Mapped[RoundStage] = mapped_column(String(12), index=True, default=RoundStage.QUEUED)
    start_on: Mapped[date]
    regions: Mapped[list[str]] = mapped_column(JSON)
    centres: Mapped[list[int]] = mapped_column(JSON, default=list)
    publish_when_ready: Mapped[bool] = mapped_column(default=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    policy: Mapped[dict[str, Any]] = mapped_column(JSON)
    policy_version: Mapped[str] = mapped_column(String(40))
    seed: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    failure: Mapped[str | None] = mapped_column(String(300))
    published_at: Mapped[datetime | None]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    versions: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    record: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    mentors: Mapped[int] = mapped_column(default=0)
    children: Mapped[int] = mapped_column(default=0)
    points: Mapped[int] = mapped_column(default=0)
    bound: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(20), default="")
    seconds: Mapped[float] = mapped_column(default=0.0)

    author: Mapped[User | None] = relationship(foreign_keys=[created_by])
    publisher: Mapped[User | None] = relationship(foreign_keys=[published_by])
    parent: Mapped["Round | None"] = relationship(remote_side=[id])
    proposals: Mapped[list["Proposal"]] = relationship(back_populates="round")
    waiting: Mapped[list["StillWaiting"]] = relationship(back_populates="round")

    @property
    def is_running(self) -> bool:
        return self.stage in (RoundStage.QUEUED, RoundStage.COMPUTING)


class Proposal(Base):
    """A pair to decide on; `reasons` are points per criterion. A person decides.

    The engine suggests pairs in rounds; a person may suggest one, which belongs to no round. A
    question sent back keeps the proposal open until it is answered and decided.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        Index("ix_proposal_round_status", "round_id", "status"),
        CheckConstraint("(status = 'declined') = (decline_reason is not null)", name="reason"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int | None] = mapped_column(ForeignKey("round.id"))
    origin: Mapped[ProposalOrigin] = mapped_column(String(10), default=ProposalOrigin.ROUND)
    start_on: Mapped[date]
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), index=True)
    points: Mapped[int]
    reasons: Mapped[dict[str, int]] = mapped_column(JSON)
    status: Mapped[ProposalStatus] = mapped_column(String(12), default=ProposalStatus.OPEN)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[DeclineReason | None] = mapped_column(String(30))
    decline_note: Mapped[str | None] = mapped_column(Text)
    declined_until: Mapped[date | None]
    """Last day on which the reason stands; none: for good."""
    question: Mapped[str | None] = mapped_column(Text)
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    asked_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    round: Mapped[Round | None] = relationship(back_populates="proposals")
    mentor: Mapped[Mentor] = relationship()
    child: Mapped[Child] = relationship()
    decider: Mapped[User | None] = relationship(foreign_keys=[decided_by])
    asker: Mapped[User | None] = relationship(foreign_keys=[asked_by])
    answerer: Mapped[User | None] = relationship(foreign_keys=[answered_by])
    preparations: Mapped[list["Preparation"]] = relationship(viewonly=True)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name and shape)

    @property
    def refused_on_the_way(self) -> bool:
        """Declined after approval, by the mentor's, the child's or somebody else's word."""
        kept = (None, EndReason.TAKEN_BACK)
        return self.status == ProposalStatus.DECLINED and any(
            row.end_reason not in kept for row in self.preparations
        )


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


class Ruling(Base):
    """What a person has decided before the engine is asked, with reason and last day.

    A pair that must be together or apart, or a mentor or a child held back from rounds. It
    stands until its last day, or for good, unless somebody lifts it.
    """

    __tablename__ = "ruling"
    __table_args__ = (
        CheckConstraint(
            "(kind in ('together', 'apart') and mentor_id is not null and child_id is not null)"
            " or (kind = 'hold_mentor' and mentor_id is not null and child_id is null)"
            " or (kind = 'hold_child' and mentor_id is null and child_id is not null)",
            name="whom",
        ),
        CheckConstraint("(lifted_at is null) = (lifted_by is null)", name="lifted_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[RulingKind] = mapped_column(String(12))
    mentor_id: Mapped[int | None] = mapped_column(ForeignKey("mentor.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    lifted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    lifted_at: Mapped[datetime | None]

    mentor: Mapped[Mentor | None] = relationship(back_populates="rulings")
    child: Mapped[Child | None] = relationship(back_populates="rulings")
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by])
    lifter: Mapped[User | None] = relationship(foreign_keys=[lifted_by])

    def stands(self, on: date) -> bool:
        """Whether nobody has lifted it and its last day has not passed."""
        return self.lifted_at is None and (self.until is None or self.until >= on)


class PreparationStatus(StrEnum):
    OPEN = "open"
    STARTED = "started"
    ENDED = "ended"


class MentorAnswer(StrEnum):
    ACCEPTED = "accepted"
    DECLINED = "declined"


class EndReason(StrEnum):
    """Why an approved pair did not become a match."""

    MENTOR_DECLINED = "mentor_declined"
    MENTOR_SILENT = "mentor_silent"
    CHILD_DECLINED = "child_declined"
    GUARDIAN_DECLINED = "guardian_declined"
    NO_LONGER_ALLOWED = "no_longer_allowed"
    TAKEN_BACK = "taken_back"


class Preparation(Base):
    """From approval to the start of a match: both sides' word, consents and the agreement.

    While it is open it takes the child and one place of the mentor.
    """

    __tablename__ = "preparation"
    __table_args__ = (
        CheckConstraint("(status = 'ended') = (end_reason is not null)", name="end"),
        CheckConstraint("(status = 'started') = (match_id is not null)", name="match"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    start_on: Mapped[date]
    status: Mapped[PreparationStatus] = mapped_column(
        String(10), index=True, default=PreparationStatus.OPEN
    )
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    mentor_due_on: Mapped[date]
    mentor_answer: Mapped[MentorAnswer | None] = mapped_column(String(10))
    mentor_answered_at: Mapped[datetime | None]
    mentor_answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    mentor_note: Mapped[str | None] = mapped_column(Text)
    child_consent_on: Mapped[date | None]
    child_consent_language: Mapped[str | None] = mapped_column(String(4))
    child_consent_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    guardian_consent_on: Mapped[date | None]
    guardian_consent_language: Mapped[str | None] = mapped_column(String(4))
    guardian_name: Mapped[str | None] = mapped_column(String(200))
    guardian_consent_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    agreement_number: Mapped[str | None] = mapped_column(String(60))
    agreement_on: Mapped[date | None]
    agreement_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    first_meeting_on: Mapped[date | None]
    first_meeting_with: Mapped[str | None] = mapped_column(String(200))
    first_meeting_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    end_reason: Mapped[EndReason | None] = mapped_column(String(30))
    end_note: Mapped[str | None] = mapped_column(Text)
    match_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), unique=True)
    version: Mapped[int] = mapped_column()

    proposal: Mapped[Proposal] = relationship()
    mentor: Mapped[Mentor] = relationship()
    child: Mapped[Child] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=[owner_id])
    match: Mapped["Match | None"] = relationship()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name and shape)

    @property
    def is_open(self) -> bool:
        return self.status == PreparationStatus.OPEN

    @property
    def has_a_word(self) -> bool:
        said = (self.mentor_answer, self.child_consent_on, self.guardian_consent_on)
        return any(word is not None for word in said)

    @property
    def has_every_word(self) -> bool:
        consents = (self.child_consent_on, self.guardian_consent_on)
        return self.mentor_answer == MentorAnswer.ACCEPTED and None not in consents


Index(
    "uq_preparation_open_child",
    Preparation.child_id,
    unique=True,
    sqlite_where=Preparation.status == PreparationStatus.OPEN,
    postgresql_where=Preparation.status == PreparationStatus.OPEN,
)


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
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("match.id"), unique=True)
    """The match of the same two people that ended before this one began."""
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
    previous: Mapped["Match | None"] = relationship(remote_side=[id], back_populates="following")
    following: Mapped["Match | None"] = relationship(back_populates="previous", uselist=False)
    holds: Mapped[list["Hold"]] = relationship(back_populates="match", order_by="Hold.id.desc()")
    reviews: Mapped[list["Review"]] = relationship(
        back_populates="match", order_by="Review.id.desc()"
    )
    tellings: Mapped[list["Telling"]] = relationship(
        back_populates="match", order_by="Telling.id.desc()"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 (SQLAlchemy's own name and shape)

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def on_hold(self) -> bool:
        """Whether no meetings may be held for now."""
        return self.is_open and any(hold.ended_at is None for hold in self.holds)


Index(
    "uq_match_open_child",
    Match.child_id,
    unique=True,
    sqlite_where=Match.ended_on.is_(None),
    postgresql_where=Match.ended_on.is_(None),
)
