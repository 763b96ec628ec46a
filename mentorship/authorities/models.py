from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.i18n import normalise, search_key, sort_key


class Authority(Base):
    """A guardianship authority of a region: a party to every mentoring agreement."""

    __tablename__ = "authority"

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(2), index=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    address: Mapped[str | None] = mapped_column(String(300))
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    open: Mapped[bool] = mapped_column(default=True)
    search_key: Mapped[str] = mapped_column(String(500))
    sort_key: Mapped[str] = mapped_column(String(400).with_variant(String(400, "C"), "postgresql"))

    specialists: Mapped[list["Specialist"]] = relationship(
        back_populates="authority", order_by="Specialist.sort_key"
    )

    def name(self, language: str) -> str:
        """The name in Russian for a page in Russian, else in Kazakh."""
        return self.name_ru if language == "ru" else self.name_kk


class Specialist(Base):
    """Somebody who works for a guardianship authority; the case manager of children.

    `language`: the one messages are written in. `user_id`: where they can also sign in.
    """

    __tablename__ = "specialist"
    __table_args__ = (
        CheckConstraint("until_on is null or until_on >= from_on", name="dates"),
        Index("ix_specialist_authority_until", "authority_id", "until_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    authority_id: Mapped[int] = mapped_column(ForeignKey("authority.id"))
    name: Mapped[str]
    post: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(2), default="kk")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), unique=True)
    from_on: Mapped[date]
    until_on: Mapped[date | None]
    search_key: Mapped[str] = mapped_column(String(250))
    sort_key: Mapped[str] = mapped_column(String(400).with_variant(String(400, "C"), "postgresql"))

    authority: Mapped[Authority] = relationship(back_populates="specialists")
    user: Mapped[User | None] = relationship()

    def works_on(self, day: date) -> bool:
        """Whether they hold the post on a day; on its last day they still do."""
        return self.from_on <= day and (self.until_on is None or self.until_on >= day)


class ChildPopulation(Base):
    """How many children live in a region on a day, and who says so; the newest day counts."""

    __tablename__ = "child_population"
    __table_args__ = (
        CheckConstraint("children >= 0", name="children"),
        Index("ix_child_population_region_as_of", "region", "as_of"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(2))
    children: Mapped[int]
    as_of: Mapped[date]
    source: Mapped[str] = mapped_column(String(300))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]


@event.listens_for(Authority, "before_insert")
@event.listens_for(Authority, "before_update")
def _make_authority_keys(_mapper: Any, _connection: Any, row: Authority) -> None:
    row.name_kk, row.name_ru = normalise(row.name_kk), normalise(row.name_ru)
    row.search_key = search_key(row.name_kk, row.name_ru)
    row.sort_key = sort_key(row.name_kk)


@event.listens_for(Specialist, "before_insert")
@event.listens_for(Specialist, "before_update")
def _make_specialist_keys(_mapper: Any, _connection: Any, row: Specialist) -> None:
    row.name = normalise(row.name)
    row.search_key, row.sort_key = search_key(row.name), sort_key(row.name)
