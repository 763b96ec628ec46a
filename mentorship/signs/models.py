from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.matches.models import Match
from mentorship.signs.vocabulary import NextAction, SignKind


class Sign(Base):
    """A warning sign of a match: why, since when, what to do next, and who has seen it.

    `facts` are numbers and days, never words of people. It ends when what it says is over.
    """

    __tablename__ = "sign"
    __table_args__ = (
        CheckConstraint("(noted_at is null) = (note is null)", name="note_is_whole"),
        Index("ix_sign_ended_match", "ended_on", "match_id"),
        Index("ix_sign_match", "match_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    kind: Mapped[SignKind] = mapped_column(String(20))
    since_on: Mapped[date]
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    next_action: Mapped[NextAction] = mapped_column(String(30))
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime | None]
    note: Mapped[str | None] = mapped_column(Text)
    snoozed_until: Mapped[date | None]
    ended_on: Mapped[date | None]

    match: Mapped[Match] = relationship()
    noter: Mapped[User | None] = relationship(foreign_keys=[noted_by])

    def rests_on(self, on: date) -> bool:
        """Whether somebody put it aside until a later day."""
        return self.snoozed_until is not None and self.snoozed_until > on


Index(
    "uq_sign_open_kind",
    Sign.match_id,
    Sign.kind,
    unique=True,
    sqlite_where=Sign.ended_on.is_(None),
    postgresql_where=Sign.ended_on.is_(None),
)
