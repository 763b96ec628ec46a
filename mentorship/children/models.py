from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.database import Base
from mentorship.people.models import HeldInterest, Person, SpokenLanguage
from mentorship.places.models import Centre

if TYPE_CHECKING:
    from mentorship.matches.models import Match, Ruling


class ConsentKind(StrEnum):
    GUARDIAN = "guardian"
    OWN = "own"


class Child(Person, Base):
    """A child of the register. `left_on`: the day they left organisations for orphans."""

    __tablename__ = "child"
    __table_args__ = (Index("ix_child_centre_waiting", "centre_id", "waiting_since"),)

    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)
    first_language: Mapped[str] = mapped_column(String(4))
    waiting_since: Mapped[date] = mapped_column(index=True)
    left_on: Mapped[date | None]

    centre: Mapped[Centre] = relationship()
    languages: Mapped[list["ChildLanguage"]] = relationship(cascade="all, delete-orphan")
    interests: Mapped[list["ChildInterest"]] = relationship(cascade="all, delete-orphan")
    consents: Mapped[list["Consent"]] = relationship(
        back_populates="child",
        cascade="all, delete-orphan",
        order_by="Consent.given_on.desc(), Consent.id.desc()",
    )

    matches: Mapped[list["Match"]] = relationship(
        back_populates="child", order_by="Match.started_on.desc()"
    )
    rulings: Mapped[list["Ruling"]] = relationship(back_populates="child", order_by="Ruling.id")

    @property
    def match(self) -> "Match | None":
        """The open match, or None."""
        return next((match for match in self.matches if match.is_open), None)

    def consent(self, kind: ConsentKind) -> "Consent | None":
        """The consent of this kind that stands today, or None."""
        standing = (c for c in self.consents if c.kind == kind and c.withdrawn_on is None)
        return next(standing, None)


class ChildLanguage(SpokenLanguage, Base):
    """A language the child speaks, with its level."""

    __tablename__ = "child_language"
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)


class ChildInterest(HeldInterest, Base):
    """Something the child likes to do."""

    __tablename__ = "child_interest"
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"), primary_key=True)


class Consent(Base):
    """A yes to mentoring, by the legal representative or by the child; withdrawn, never removed."""

    __tablename__ = "consent"
    __table_args__ = (
        CheckConstraint("withdrawn_on is null or withdrawn_on >= given_on", name="dates"),
        Index("ix_consent_child_kind", "child_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    kind: Mapped[ConsentKind] = mapped_column(String(10))
    given_on: Mapped[date]
    given_by: Mapped[str]
    withdrawn_on: Mapped[date | None]
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]
    child: Mapped[Child] = relationship(back_populates="consents")
