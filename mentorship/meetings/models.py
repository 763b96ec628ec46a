from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.database import Base
from mentorship.matches.models import Match


class MeetingKind(StrEnum):
    IN_PERSON = "in_person"
    ONLINE = "online"
    PHONE = "phone"


class Meeting(Base):
    """A meeting of mentor and child, as the mentor logged it. `went`: 1 (badly) to 5 (well)."""

    __tablename__ = "meeting"
    __table_args__ = (
        CheckConstraint("minutes between 5 and 1440", name="minutes"),
        CheckConstraint("went between 1 and 5", name="went"),
        Index("ix_meeting_match_held", "match_id", "held_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    held_on: Mapped[date]
    kind: Mapped[MeetingKind] = mapped_column(String(12))
    minutes: Mapped[int]
    activity: Mapped[str] = mapped_column(Text)
    went: Mapped[int]
    notes: Mapped[str | None] = mapped_column(Text)
    next_on: Mapped[date | None]
    logged_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    logged_at: Mapped[datetime]

    match: Mapped[Match] = relationship()
