from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.people.models import HeldInterest, Person, SpokenLanguage

if TYPE_CHECKING:
    from mentorship.matches.models import Match, Ruling


class MentorStatus(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class ClearanceKind(StrEnum):
    CRIMINAL_RECORD = "criminal_record"
    PROSECUTION = "prosecution"
    PSYCHIATRIC = "psychiatric"
    NARCOLOGICAL = "narcological"
    HEALTH = "health"


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

    matches: Mapped[list["Match"]] = relationship(
        back_populates="mentor", order_by="Match.started_on.desc()"
    )
    rulings: Mapped[list["Ruling"]] = relationship(back_populates="mentor", order_by="Ruling.id")

    @property
    def certificate(self) -> "Certificate | None":
        """The certificate that lasts longest; the one a rule asks about."""
        held = [c for c in self.certificates if c.expires_on]
        return max(held, key=lambda c: c.expires_on or date.min, default=None)

    @property
    def latest_clearances(self) -> dict[ClearanceKind, "Clearance | None"]:
        """The newest clearance of each kind, or None where there is none yet."""
        found: dict[ClearanceKind, Clearance | None] = dict.fromkeys(ClearanceKind)
        for clearance in sorted(self.clearances, key=lambda c: (c.checked_on, c.id or 0)):
            found[ClearanceKind(clearance.kind)] = clearance
        return found


class MentorLanguage(SpokenLanguage, Base):
    """A language the mentor speaks, with its level."""

    __tablename__ = "mentor_language"
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)


class MentorInterest(HeldInterest, Base):
    """Something the mentor likes to do."""

    __tablename__ = "mentor_interest"
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), primary_key=True)


class Certificate(Base):
    """The mentor's certificate; compulsory since 2025. Its validity is a fact of the paper."""

    __tablename__ = "certificate"
    __table_args__ = (
        CheckConstraint("expires_on is null or expires_on >= issued_on", name="dates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"), index=True)
    number: Mapped[str] = mapped_column(String(60), unique=True)
    issuer: Mapped[str]
    issued_on: Mapped[date]
    expires_on: Mapped[date | None] = mapped_column(index=True)
    recorded_at: Mapped[datetime]
    mentor: Mapped[Mentor] = relationship(back_populates="certificates")


class Clearance(Base):
    """A background check: result, dates, issuer. Never a diagnosis, never the finding itself."""

    __tablename__ = "clearance"
    __table_args__ = (
        CheckConstraint("valid_until is null or valid_until >= checked_on", name="dates"),
        Index("ix_clearance_mentor_kind", "mentor_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    mentor_id: Mapped[int] = mapped_column(ForeignKey("mentor.id"))
    kind: Mapped[ClearanceKind] = mapped_column(String(30))
    result: Mapped[ClearanceResult] = mapped_column(String(10))
    issuer: Mapped[str | None]
    number: Mapped[str | None] = mapped_column(String(60))
    checked_on: Mapped[date]
    valid_until: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    mentor: Mapped[Mentor] = relationship(back_populates="clearances")
