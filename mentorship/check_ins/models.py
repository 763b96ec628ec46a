from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.check_ins.schedule import Plan, Version
from mentorship.database import Base
from mentorship.matches.models import Match

SOON_DAYS = 7


class ContactKind(StrEnum):
    """Whom a contact is with; a review is the formal one of the whole match."""

    MENTOR = "mentor"
    CHILD = "child"
    CARER = "carer"
    REVIEW = "review"


class Way(StrEnum):
    VISIT = "visit"
    PHONE = "phone"
    ONLINE = "online"
    LINK = "link"
    LETTER = "letter"


class ContactState(StrEnum):
    PLANNED = "planned"
    DUE = "due"
    OVERDUE = "overdue"
    HELD = "held"
    MISSED = "missed"


class RungStep(StrEnum):
    """What happens when a contact stays overdue, in this order."""

    REMIND = "remind"
    CALL = "call"
    SUPERVISOR = "supervisor"
    REVIEW = "review"


class ContactPolicy(Base):
    """How often staff speak with whom: a version that is never changed, in force from a day."""

    __tablename__ = "contact_policy"

    id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[str] = mapped_column(String(20), unique=True)
    stages: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(Text)
    owner: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    in_force_from: Mapped[date]

    maker: Mapped[User | None] = relationship()

    @property
    def plans(self) -> Version:
        """The same for the schedule."""
        plans = {kind: Plan.read(given) for kind, given in self.stages.items()}
        return Version(self.id, self.in_force_from, plans)


class CheckIn(Base):
    """A planned contact of staff with one side of a match; open until it is held or missed.

    `slot` names it in the plan of its kind whatever moves its day: see `schedule`.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("match_id", "kind", "number"),
        UniqueConstraint("match_id", "kind", "slot"),
        CheckConstraint("rating is null or rating between 1 and 5", name="rating"),
        CheckConstraint(
            "held_on is not null or (way is null and rating is null and next_step is null)",
            name="outcome",
        ),
        CheckConstraint("held_on is null or missed_on is null", name="held_or_missed"),
        Index("ix_check_in_missed_on", "missed_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    kind: Mapped[ContactKind] = mapped_column(String(10))
    number: Mapped[int]
    slot: Mapped[int]
    policy_id: Mapped[int | None] = mapped_column(ForeignKey("contact_policy.id"))
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    missed_on: Mapped[date | None]
    way: Mapped[Way | None] = mapped_column(String(10))
    rating: Mapped[int | None]
    next_step: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    recorder: Mapped[User | None] = relationship()
    rungs: Mapped[list["Rung"]] = relationship(back_populates="check_in", order_by="Rung.id")

    def state(self, on: date) -> ContactState:
        """How it stands on a day."""
        if self.held_on is not None:
            return ContactState.HELD
        if self.missed_on is not None:
            return ContactState.MISSED
        if self.due_on < on:
            return ContactState.OVERDUE
        return ContactState.DUE if (self.due_on - on).days <= SOON_DAYS else ContactState.PLANNED

    @property
    def days_late(self) -> int:
        """By how many days it was held after its day; below 0: before it."""
        return 0 if self.held_on is None else (self.held_on - self.due_on).days


Index(
    "ix_check_in_open_due",
    CheckIn.due_on,
    sqlite_where=CheckIn.held_on.is_(None) & CheckIn.missed_on.is_(None),
    postgresql_where=CheckIn.held_on.is_(None) & CheckIn.missed_on.is_(None),
)


class Rung(Base):
    """A step of the ladder that an overdue contact has reached, and who has done it."""

    __tablename__ = "rung"
    __table_args__ = (
        UniqueConstraint("check_in_id", "step"),
        Index("ix_rung_step_done", "step", "done_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    check_in_id: Mapped[int] = mapped_column(ForeignKey("check_in.id"))
    step: Mapped[RungStep] = mapped_column(String(10))
    reached_on: Mapped[date]
    done_on: Mapped[date | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None] = mapped_column(Text)

    check_in: Mapped[CheckIn] = relationship(back_populates="rungs")
    doer: Mapped[User | None] = relationship()
