from datetime import datetime, timedelta

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.check_ins.models import CheckIn
from mentorship.database import Base
from mentorship.matches.models import Match
from mentorship.voices.facts import Voice, overall

# "I want to talk to someone" still works on a page that was open when its link ended.
TALK_GRACE = timedelta(hours=24)


class VoiceLink(Base):
    """An address at which a child, or a carer, answers once and without signing in.

    Neither the address nor the code to type is kept: both are made of `nonce` and the secret
    key of the service, and the code is found again by its keyed hash.
    """

    __tablename__ = "voice_link"
    __table_args__ = (
        CheckConstraint("voice in ('child', 'carer')", name="voice"),
        CheckConstraint("expires_at > made_at", name="times"),
        Index("ix_voice_link_match_voice", "match_id", "voice"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    check_in_id: Mapped[int | None] = mapped_column(
        ForeignKey("check_in.id", ondelete="SET NULL"),  # a plan that changes removes what is ahead
        index=True,
    )
    voice: Mapped[Voice] = mapped_column(String(10))
    nonce: Mapped[str] = mapped_column(String(32), unique=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    revoked_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime | None]
    """When it was sent to the centre by e-mail."""

    match: Mapped[Match] = relationship()
    check_in: Mapped[CheckIn | None] = relationship()
    answer: Mapped["VoiceAnswer | None"] = relationship(back_populates="link")

    def works(self, at: datetime) -> bool:
        """Whether somebody may still answer by it."""
        ended = (self.used_at, self.revoked_at)
        return ended == (None, None) and at < self.expires_at and self.match.is_open

    def hears(self, at: datetime) -> bool:
        """Whether a wish to talk is heard: a day longer, and also of a used or revoked link."""
        return at < self.expires_at + TALK_GRACE


class VoiceAnswer(Base):
    """What a child or a carer said of a match: by a link, or to staff who wrote it down.

    `answers`: a step from 1 to 5 for each question that was not skipped. `finished_at` is null
    while the page is still being answered: what was said until then counts all the same.
    """

    __tablename__ = "voice_answer"
    __table_args__ = (
        CheckConstraint("voice in ('child', 'carer')", name="voice"),
        CheckConstraint("link_id is null or recorded_by is null", name="one_way"),
        Index("ix_voice_answer_match_answered", "match_id", "voice", "answered_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    voice: Mapped[Voice] = mapped_column(String(10))
    check_in_id: Mapped[int | None] = mapped_column(
        ForeignKey("check_in.id", ondelete="SET NULL"),  # a plan that changes removes what is ahead
        index=True,
    )
    link_id: Mapped[int | None] = mapped_column(ForeignKey("voice_link.id"), unique=True)
    language: Mapped[str] = mapped_column(String(2))
    answered_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    answers: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    wants_to_talk: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    match: Mapped[Match] = relationship()
    link: Mapped[VoiceLink | None] = relationship(back_populates="answer")
    recorder: Mapped[User | None] = relationship()

    @property
    def rating(self) -> int | None:
        """One step for all of it."""
        return overall(self.answers)

    @property
    def safe(self) -> int | None:
        """How safe the child feels."""
        return self.answers.get("safe")
