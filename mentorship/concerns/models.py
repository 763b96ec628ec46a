from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.matches.models import Match
from mentorship.meetings.models import Meeting


class Concern(Base):
    """What worried the mentor, and what staff did about it; open until reviewed."""

    __tablename__ = "concern"
    __table_args__ = (
        CheckConstraint("(reviewed_at is null) = (steps is null)", name="review_is_whole"),
        Index("ix_concern_reviewed", "reviewed_at", "review_by"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"), index=True)
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("meeting.id"), unique=True)
    text: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    raised_at: Mapped[datetime]
    review_by: Mapped[datetime]
    steps: Mapped[str | None] = mapped_column(Text)
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reviewed_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    meeting: Mapped[Meeting | None] = relationship()
    reviewer: Mapped[User | None] = relationship(foreign_keys=[reviewed_by])
