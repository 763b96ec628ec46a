from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base


class Setting(Base):
    """A value somebody decided; rows are never changed: the newest of a key is in force.

    A key without a row has the value of the catalogue.
    """

    __tablename__ = "setting"
    __table_args__ = (Index("ix_setting_key", "key", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    value: Mapped[Any] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str]
    decided_on: Mapped[date]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    changed_at: Mapped[datetime]

    author: Mapped[User | None] = relationship()
