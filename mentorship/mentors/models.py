from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.people.models import HeldInterest, Person, SpokenLanguage
from mentorship.people.vocabulary import Sex

if TYPE_CHECKING:
    from mentorship.candidates.models import Candidate
    from mentorship.matches.models import Match, Ruling
    from mentorship.papers.models import Paper
    from mentorship.qualification.models import Suspension


class MentorStatus(StrEnum):
    """A candidate becomes active, or is refused, or withdraws; only who is active is proposed."""

    CANDIDATE = "candidate"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    RETIRED = "retired"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


NOT_YET_MENTORS = (MentorStatus.CANDIDATE, MentorStatus.REFUSED, MentorStatus.WITHDRAWN)
NEVER_PROPOSED = (*NOT_YET_MENTORS, MentorStatus.RETIRED)


class PauseReason(StrEnum):
    LEAVE = "leave"
    ILLNESS = "illness"
    FAMILY = "family"
    WORK = "work"
    OTHER = "other"


class ConflictKind(StrEnum):
    """Why a mentor must not mentor a child, or any child of a centre."""

    WORKS_IN_CENTRE = "works_in_centre"
    RELATIVE = "relative"
    DISPUTE = "dispute"
    OTHER = "other"


class ClearanceResult(StrEnum):
    CLEAR = "clear"
    ADVERSE = "adverse"
    PENDING = "pending"


class Mentor(Person, Base):
    """An adult of the register of mentors. `capacity`: children at one time; reach in km."""

    __tablename__ = "mentor"
    __table_args__ = (
        CheckConstraint("capacity between 0 and 20", name="capacity"),
        CheckConstraint("reach_km between 0 and 3000", name="reach"),
        CheckConstraint("child_age_from <= child_age_to", name="age_wish"),
        Index("ix_mentor_region_status", "region", "status"),
    )

    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    region: Mapped[str] = mapped_column(String(2))
    town: Mapped[str] = mapped_column(String(100))
    reach_km: Mapped[int]
    capacity: Mapped[int]
    status: Mapped[MentorStatus] = mapped_column(String(20), default=MentorStatus.ACTIVE)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    weekdays: Mapped[list[int]] = mapped_column(JSON, default=list)
    """Free days, 0 (Monday) to 6; empty when not known."""
    child_sex_wish: Mapped[Sex | None] = mapped_column(String(10))
    child_age_from: Mapped[int | None]
    child_age_to: Mapped[int | None]

    user: Mapped[User | None] = relationship()
    languages: Mapped[list["MentorLanguage"]] = relationship(cascade="all, delete-orphan")
    interests: Mapped[list["MentorInterest"]] = relationship(cascade="all, delete-orphan")
    certificates: Mapped[list["Certificate"]] = relationship(
        back_populates="mentor",
        cascade="all, delete-orphan",
        order_by="Certificate.issued_on.desc(), Certificate.id.desc()",
    )
    clearances: Mapped[list["Clearance"]] = relationship(
        back_populates="mentor",
        cascade="all, delete-orphan",
        order_by="Clearance.checked_on.desc(), Clearance.id.desc()",
    )

    skills: Mapped[list["MentorSkill"]] = relationship(cascade="all, delete-orphan")
    pauses: Mapped[list["MentorPause"]] = relationship(
        cascade="all, delete-orphan", order_by="MentorPause.from_on.desc()"
    )
    changes: Mapped[list["StatusChange"]] = relationship(order_by="StatusChange.id.desc()")
    conflicts: Mapped[list["Conflict"]] = relationship(
        back_populates="mentor", order_by="Conflict.id"
    )

    matches: Mapped[list["Match"]] = relationship(
        back_populates="mentor", order_by="Match.started_on.desc()"
    )
    rulings: Mapped[list["Ruling"]] = relationship(back_populates="mentor", order_by="Ruling.id")
    suspensions: Mapped[list["Suspension"]] = relationship(
        back_populates="mentor", order_by="Suspension.id.desc()"
    )
    candidate: Mapped["Candidate | None"] = relationship(back_populates="mentor")

    @property
    def certificate(self) -> "Certificate | None":
        """The certificate that lasts longest and was not revoked; the one a rule asks about."""
        held = [c for c in self.certificates if c.expires_on and c.revoked_on is None]
        return max(held, key=lambda c: c.expires_on or date.min, default=None)

    @property
    def latest_clearances(self) -> dict[str, "Clearance"]:
        """The newest clearance of each kind there is one of, by the kind's code."""
        ordered = sorted(self.clearances, key=lambda c: (c.checked_on, c.id or 0))
        return {str(clearance.kind): clearance for clearance in ordered}

    def pause_on(self, day: date) -> "MentorPause | None":
        """The pause they have taken for a day, or None."""
        return next((pause for pause in self.pauses if pause.covers(day)), None)


class MentorLanguage(SpokenLanguage, Base):
    """A language the mentor speaks, with its level."""

    __tablename__ = "mentor_language"
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)


class MentorInterest(HeldInterest, Base):
    """Something the mentor likes to do."""

    __tablename__ = "mentor_interest"
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)


class MentorSkill(Base):
    """What a mentor is trained for, and since when; named as the needs of children are."""

    __tablename__ = "mentor_skill"
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(20), primary_key=True)
    earned_on: Mapped[date]


class MentorPause(Base):
    """Days on which a mentor takes no new child: leave, illness; without an end until one is set.

    `ended_at`: taken back before its time.
    """

    __tablename__ = "mentor_pause"
    __table_args__ = (CheckConstraint("until_on is null or until_on >= from_on", name="dates"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    reason: Mapped[PauseReason] = mapped_column(String(10))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    def covers(self, day: date) -> bool:
        """Whether the pause lasts on a day, its first and last day included."""
        return self.from_on <= day and (self.until_on is None or self.until_on >= day)


class StatusChange(Base):
    """A mentor's status as it changed: who, when, why. Rows are only added."""

    __tablename__ = "status_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    was: Mapped[MentorStatus] = mapped_column(String(20))
    now: Mapped[MentorStatus] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(String(30))
    note: Mapped[str | None] = mapped_column(String(500))
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime]

    author: Mapped[User | None] = relationship()


class Conflict(Base):
    """A conflict of interest with one child, or with every child of a centre, until it ends."""

    __tablename__ = "conflict"
    __table_args__ = (
        CheckConstraint("(centre_id is null) <> (child_id is null)", name="with_whom"),
        CheckConstraint("ended_on is null or ended_on >= since_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    kind: Mapped[ConflictKind] = mapped_column(String(20))
    centre_id: Mapped[int | None] = mapped_column(ForeignKey("centre.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(ForeignKey("child.id"), index=True)
    note: Mapped[str | None] = mapped_column(String(500))
    since_on: Mapped[date]
    ended_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    mentor: Mapped[Mentor] = relationship(back_populates="conflicts")


class Certificate(Base):
    """The mentor's certificate; compulsory since 2025. Its validity is a fact of the paper."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("expires_on is null or expires_on >= issued_on", name="dates"),
        CheckConstraint("(revoked_on is null) = (revoked_reason is null)", name="revoked_whole"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    issuer: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_on: Mapped[date | None]
    revoked_reason: Mapped[str | None] = mapped_column(String(500))
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))

    mentor: Mapped[Mentor] = relationship(back_populates="certificates")
    paper: Mapped["Paper | None"] = relationship()


class ClearanceKind(Base):
    """What is checked about a mentor, as data: whether it is asked for, and how long it is good.

    `months`: how long a check is good where its paper names no last day; none: without an end.
    `source`, `owner`, `decided_on`: who says that it is asked for; `verified` only where a public
    text does. `caution`: the code of a warning shown beside it.
    """

    __tablename__ = "clearance_kind"
    __table_args__ = (CheckConstraint("months between 1 and 120", name="months"),)

    code: Mapped[str] = mapped_column(String(30), primary_key=True)
    position: Mapped[int]
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    name_en: Mapped[str]
    required: Mapped[bool]
    months: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str]
    decided_on: Mapped[date]
    verified: Mapped[bool] = mapped_column(default=False)
    caution: Mapped[str | None] = mapped_column(String(30))

    def name(self, language: str) -> str:
        """The kind's name in the language of a page."""
        return {"ru": self.name_ru, "en": self.name_en}.get(language, self.name_kk)


class Clearance(Base):
    """A background check: result, dates, issuer. Never a diagnosis, never the finding itself."""

    __tablename__ = "clearance"
    __table_args__ = (
        CheckConstraint("valid_until is null or valid_until >= checked_on", name="dates"),
        Index("ix_clearance_mentor_kind", "mentor_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"))
    kind: Mapped[str] = mapped_column(ForeignKey("clearance_kind.code"))
    result: Mapped[ClearanceResult] = mapped_column(String(10))
    issuer: Mapped[str | None]
    number: Mapped[str | None] = mapped_column(String(60))
    checked_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"))

    mentor: Mapped[Mentor] = relationship(back_populates="clearances")
    paper: Mapped["Paper | None"] = relationship()
    recorder: Mapped[User | None] = relationship()
