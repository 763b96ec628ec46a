from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.database import Base
from mentorship.i18n import normalise, search_key, sort_key


class CentreKind(StrEnum):
    FAMILY_SUPPORT = "family_support"
    CHILDRENS_HOME = "childrens_home"
    CHILDRENS_VILLAGE = "childrens_village"
    BOARDING = "boarding"
    MEDICAL_SOCIAL = "medical_social"
    SPECIALISED = "specialised"
    MOTHERS_HOUSE = "mothers_house"
    MENTORING_ORGANISATION = "mentoring_organisation"


# Organisations in which children live; the others support them from outside.
HOMES = (
    CentreKind.FAMILY_SUPPORT,
    CentreKind.CHILDRENS_HOME,
    CentreKind.CHILDRENS_VILLAGE,
    CentreKind.BOARDING,
    CentreKind.MEDICAL_SOCIAL,
    CentreKind.SPECIALISED,
)


class Centre(Base):
    """An organisation that supports children; in most of them children live.

    `languages`: those in which staff can receive somebody. `capacity`: places for children.
    """

    __tablename__ = "centre"
    __table_args__ = (
        UniqueConstraint("region", "name_kk"),
        CheckConstraint("name_kk <> ''", name="has_name"),
        CheckConstraint("capacity between 0 and 5000", name="capacity"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    kind: Mapped[CentreKind] = mapped_column(String(30))
    region: Mapped[str] = mapped_column(String(2), index=True)
    town: Mapped[str] = mapped_column(String(100))
    open: Mapped[bool] = mapped_column(default=True)
    address: Mapped[str | None] = mapped_column(String(300))
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    capacity: Mapped[int | None]
    director: Mapped[str | None]
    phone: Mapped[str | None] = mapped_column(String(16))
    email: Mapped[str | None] = mapped_column(String(254))
    search_key: Mapped[str] = mapped_column(String(500))
    sort_key: Mapped[str] = mapped_column(
        String(400).with_variant(String(400, "C"), "postgresql"), index=True
    )

    changes: Mapped[list["CentreChange"]] = relationship(
        back_populates="centre", order_by="CentreChange.changed_on.desc()"
    )

    def name(self, language: str) -> str:
        """The name in Russian for a page in Russian, else in Kazakh: names are not translated."""
        return self.name_ru if language == "ru" else self.name_kk

    def place(self, language: str) -> str:
        """The name with its town, where the name does not say it already."""
        name = self.name(language)
        return name if self.town in name else f"{name}, {self.town}"


class CentreChange(Base):
    """A centre that became one of another kind on a day, as the reform turns them over."""

    __tablename__ = "centre_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    centre_id: Mapped[int] = mapped_column(ForeignKey("centre.id"), index=True)
    was: Mapped[CentreKind] = mapped_column(String(30))
    now: Mapped[CentreKind] = mapped_column(String(30))
    changed_on: Mapped[date]
    source: Mapped[str | None] = mapped_column(String(300))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    centre: Mapped[Centre] = relationship(back_populates="changes")


@event.listens_for(Centre, "before_insert")
@event.listens_for(Centre, "before_update")
def _make_keys(_mapper: Any, _connection: Any, centre: Centre) -> None:
    centre.name_kk = normalise(centre.name_kk)
    centre.name_ru = normalise(centre.name_ru)
    named = (centre.name_kk, centre.name_ru, centre.town, centre.director or "")
    centre.search_key = search_key(*named)[:500]
    centre.sort_key = sort_key(centre.name_kk)
