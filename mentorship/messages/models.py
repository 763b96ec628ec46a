from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base


class MessageStatus(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


class Message(Base):
    """One e-mail to one person, in their language; `key` makes a second copy impossible."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_status_send_after", "status", "send_after"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[str] = mapped_column(String(40))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    language: Mapped[str] = mapped_column(String(2))
    subject: Mapped[str]
    body: Mapped[str] = mapped_column(Text)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    status: Mapped[MessageStatus] = mapped_column(String(10), default=MessageStatus.WAITING)
    created_at: Mapped[datetime]
    send_after: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    user: Mapped[User] = relationship()
