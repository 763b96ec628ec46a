from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, String, UniqueConstraint, event
from sqlalchemy.orm import Mapped, mapped_column

from mentorship.database import Base
from mentorship.i18n import normalise, search_key, sort_key


class CentreKind(StrEnum):
    FAMILY_SUPPORT = "family_support"
    CHILDRENS_HOME = "childrens_home"
    CHILDRENS_VILLAGE = "childrens_village"
    BOARDING = "boarding"
    MEDICAL_SOCIAL = "medical_social"


class Centre(Base):
    """An organisation for orphans and children without parental care, where children live."""

    __tablename__ = "centre"
    __table_args__ = (
        UniqueConstraint("region", "name_kk"),
        CheckConstraint("name_kk <> ''", name="has_name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name_kk: Mapped[str]
    name_ru: Mapped[str]
    kind: Mapped[CentreKind] = mapped_column(String(30))
    region: Mapped[str] = mapped_column(String(2), index=True)
    town: Mapped[str] = mapped_column(String(100))
    open: Mapped[bool] = mapped_column(default=True)
    search_key: Mapped[str] = mapped_column(String(500))
    sort_key: Mapped[str] = mapped_column(
        String(400).with_variant(String(400, "C"), "postgresql"), index=True
    )

    def name(self, language: str) -> str:
        """The name in Russian for a page in Russian, else in Kazakh: names are not translated."""
        return self.name_ru if language == "ru" else self.name_kk

    def place(self, language: str) -> str:
        """The name with its town, where the name does not say it already."""
        name = self.name(language)
        return name if self.town in name else f"{name}, {self.town}"


@event.listens_for(Centre, "before_insert")
@event.listens_for(Centre, "before_update")
def _make_keys(_mapper: Any, _connection: Any, centre: Centre) -> None:
    centre.name_kk = normalise(centre.name_kk)
    centre.name_ru = normalise(centre.name_ru)
    centre.search_key = search_key(centre.name_kk, centre.name_ru)
    centre.sort_key = sort_key(centre.name_kk)
