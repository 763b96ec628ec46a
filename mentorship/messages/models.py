from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.messages.policies import Channel, Topic


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"  # given up: somebody has to look at it
    UNWANTED = "unwanted"  # its reader chose not to get messages of this topic


class Message(Base):
    """One message to one person, in their language; `key` makes a second copy impossible.

    `address`: of somebody who does not sign in, such as a specialist of an authority.
    `claimed_until`: the process that is sending it has it to itself until then.
    `attempts`: those that were refused; a sender that was killed does not count.
    """

    __tablename__ = "message"
    __table_args__ = (
        CheckConstraint("(user_id is null) <> (address is null)", name="to_one"),
        Index("ix_message_status_send_after", "status", "send_after"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    address: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[MessageStatus] = mapped_column(String(10), default=MessageStatus.WAITING)
    created_at: Mapped[datetime]
    channel: Mapped[Channel] = mapped_column(String(5), default=Channel.EMAIL)
    urgent: Mapped[bool] = mapped_column(default=False)
    send_after: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    user: Mapped[User | None] = relationship()

    @property
    def recipient(self) -> str:
        """The address or number it goes to, as it is now; empty where there is none."""
        if self.user is None:
            return self.address or ""
        return (self.user.phone or "") if self.channel == Channel.SMS else self.user.email

    @property
    def masked(self) -> str:
        """The same, for a list that people may look over: enough to tell two of them apart."""
        name, at, domain = self.recipient.partition("@")
        if at:
            return f"{name[:1]}•••@{domain}"
        return f"{name[:5]} ••• {name[-2:]}" if name else ""


class MessageChoice(Base):
    """What somebody chose to get, where that differs from what everybody gets at first."""

    __tablename__ = "message_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(String(12), primary_key=True)
    channel: Mapped[Channel] = mapped_column(String(5), primary_key=True)
    wanted: Mapped[bool]
