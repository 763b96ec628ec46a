from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.web.periods import Step

LONGEST_NAME, LONGEST_ADDRESS = 80, 600


class SavedView(Base):
    """A page of figures with its filters, under a name of one's own."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("user_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    address: Mapped[str] = mapped_column(String(LONGEST_ADDRESS))
    saved_at: Mapped[datetime]


class ReportSubscription(Base):
    """Somebody is told of each new report by month or by quarter, until they stop it.

    `told_of`: the last period they were told of, or the last one that was over when they asked.
    """

    __tablename__ = "report_subscription"
    __table_args__ = (
        UniqueConstraint("user_id", "step"),
        CheckConstraint("step in ('month', 'quarter')", name="step"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    step: Mapped[Step] = mapped_column(String(7))
    language: Mapped[str] = mapped_column(String(2))
    told_of: Mapped[str] = mapped_column(String(7))
    made_at: Mapped[datetime]

    user: Mapped[User] = relationship(lazy="joined", innerjoin=True)
