from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.encryption import SealedText
from mentorship.matches.models import Match


class ClosureKind(StrEnum):
    """Planned, earlier than planned, or one of the two does not want it to end."""

    PLANNED = "planned"
    EARLY = "early"
    UNILATERAL = "unilateral"


class ClosingStep(StrEnum):
    """What belongs to a good ending, in the order in which it is usually done."""

    TOLD_CHILD = "told_child"
    TOLD_MENTOR = "told_mentor"
    OTHER_SIDE = "other_side"
    GOALS = "goals"
    GOODBYE = "goodbye"
    CONTACT = "contact"
    VIEW_CHILD = "view_child"
    VIEW_MENTOR = "view_mentor"
    VIEW_CARER = "view_carer"
    SUPPORT = "support"
    CHILD_AGAIN = "child_again"
    MENTOR_AGAIN = "mentor_again"


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"
    CANNOT = "cannot"


class ContactRule(StrEnum):
    """Whether the two may be in touch afterwards."""

    NONE = "none"
    THROUGH_CENTRE = "through_centre"
    AS_THEY_WISH = "as_they_wish"


class Goodbye(StrEnum):
    MEETING = "meeting"
    CALL = "call"
    LETTER = "letter"


class Readiness(StrEnum):
    """Whether somebody is ready for another match."""

    NOW = "now"
    LATER = "later"
    NO = "no"


class Closure(Base):
    """How a match was ended, with the steps that belong to it; open until none of them is."""

    __tablename__ = "closure"
    __table_args__ = (Index("ix_closure_done_due", "done_at", "due_on"),)

    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), primary_key=True)
    kind: Mapped[ClosureKind] = mapped_column(String(12))
    due_on: Mapped[date]
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opened_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    steps: Mapped[list["ClosureStep"]] = relationship(
        back_populates="closure", order_by="ClosureStep.id"
    )

    def step(self, code: str) -> "ClosureStep | None":
        """The step of this code, where this kind of ending has it."""
        return next((row for row in self.steps if row.step == code), None)

    @property
    def open_steps(self) -> list["ClosureStep"]:
        return [row for row in self.steps if row.state == StepState.OPEN]


class ClosureStep(Base):
    """One step of an ending: done on a day, or why it cannot be done.

    `answer` is the code that the step asks for (how they said goodbye, the contact rule, the
    picture a child chose, readiness); `until_on` the last day of a rule, or the first of readiness.
    """

    __tablename__ = "closure_step"
    __table_args__ = (
        UniqueConstraint("match_id", "step"),
        CheckConstraint("(state = 'done') = (done_on is not null)", name="done"),
        CheckConstraint("(state = 'open') = (recorded_at is null)", name="recorded"),
        CheckConstraint("state <> 'cannot' or note is not null", name="because"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("closure.match_id"))
    step: Mapped[ClosingStep] = mapped_column(String(12))
    state: Mapped[StepState] = mapped_column(String(6), default=StepState.OPEN)
    done_on: Mapped[date | None]
    who: Mapped[str | None]
    answer: Mapped[str | None] = mapped_column(String(20))
    until_on: Mapped[date | None]
    note: Mapped[str | None] = mapped_column(SealedText())
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]

    closure: Mapped[Closure] = relationship(back_populates="steps")
    recorder: Mapped[User | None] = relationship(foreign_keys=[recorded_by])
