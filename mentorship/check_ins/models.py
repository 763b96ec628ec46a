from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.matches.models import Match


class SpokeWith(StrEnum):
    MENTOR = "mentor"
    CHILD = "child"
    CARER = "carer"


class CheckIn(Base):
    """A planned support contact of a match; open until it is held."""

    __tablename__ = "check_in"
    __table_args__ = (
        UniqueConstraint("match_id", "number"),
        CheckConstraint("rating is null or rating between 1 and 5", name="rating"),
        CheckConstraint("(held_on is null) = (spoke_with is null)", name="outcome_is_whole"),
        Index("ix_check_in_held_due", "held_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    number: Mapped[int]
    due_on: Mapped[date]
    held_on: Mapped[date | None]
    spoke_with: Mapped[str | None] = mapped_column(String(40))
    rating: Mapped[int | None]
    next_step: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    recorder: Mapped[User | None] = relationship()

    @property
    def voices(self) -> list[SpokeWith]:
        """Whom staff spoke with."""
        return [SpokeWith(code) for code in (self.spoke_with or "").split(",") if code]
