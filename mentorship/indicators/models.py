from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.indicators.vocabulary import Direction, Formula

FORMULA = (
    *("formula", "measure", "part", "base", "base_part", "factor", "months", "region"),
    "direction",  # or years that are over would be judged anew
)


class Indicator(Base):
    """What the programme wants to reach. What it is called and how it is counted: its editions.

    `is_example`: a made-up one that shows how it works; never an indicator of the Concept.
    """

    __tablename__ = "indicator"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_example: Mapped[bool] = mapped_column(default=False)
    ended_on: Mapped[date | None]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    editions: Mapped[list["IndicatorEdition"]] = relationship(
        back_populates="indicator", order_by="IndicatorEdition.id"
    )
    targets: Mapped[list["IndicatorTarget"]] = relationship(
        back_populates="indicator", order_by="IndicatorTarget.id"
    )

    @property
    def now(self) -> "IndicatorEdition":
        """The edition in force: the newest."""
        return self.editions[-1]

    def name(self, language: str) -> str:
        return str(getattr(self.now, f"name_{language}"))

    def edition_of(self, year: int) -> "IndicatorEdition":
        """The edition by which a year is counted; later ones never reach back."""
        newest = [row for row in self.editions if row.from_year <= year]
        return newest[-1] if newest else self.editions[0]

    def target(self, year: int) -> "IndicatorTarget | None":
        """The newest target of a year; none where it was withdrawn."""
        rows = [row for row in self.targets if row.year == year]
        return rows[-1] if rows and rows[-1].value is not None else None


class IndicatorEdition(Base):
    """One wording of an indicator; rows are never changed.

    `version` grows only when the formula changes, and such an edition counts from `from_year`.
    """

    __tablename__ = "indicator_edition"
    __table_args__ = (
        CheckConstraint(
            "(formula = 'lasting') = (measure is null) and "
            "(formula = 'lasting') = (months is not null)",
            name="formula_is_whole",
        ),
        CheckConstraint(
            "(formula = 'ratio') = (base is not null) and "
            "(formula = 'ratio') = (factor is not null)",
            name="ratio_is_whole",
        ),
        CheckConstraint("direction in ('more', 'less')", name="direction"),
        Index("ix_indicator_edition_indicator", "indicator_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    version: Mapped[int]
    from_year: Mapped[int]
    name_kk: Mapped[str] = mapped_column(String(300))
    name_ru: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))
    formula: Mapped[Formula] = mapped_column(String(7))
    measure: Mapped[str | None] = mapped_column(String(40))
    part: Mapped[str | None] = mapped_column(String(30))
    base: Mapped[str | None] = mapped_column(String(40))
    base_part: Mapped[str | None] = mapped_column(String(30))
    factor: Mapped[int | None]
    months: Mapped[int | None]
    region: Mapped[str | None] = mapped_column(String(2))
    direction: Mapped[Direction] = mapped_column(String(4))
    source: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str]
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    indicator: Mapped[Indicator] = relationship(back_populates="editions")
    facts: Mapped[list["IndicatorFact"]] = relationship(
        back_populates="edition", order_by="IndicatorFact.year"
    )
    author: Mapped[User | None] = relationship()

    def counts_like(self, other: dict[str, object]) -> bool:
        """Whether these values ask for the same formula."""
        return all(getattr(self, name) == other[name] for name in FORMULA)


class IndicatorTarget(Base):
    """What is planned for a year; the newest row of a year holds, none of them is changed."""

    __tablename__ = "indicator_target"
    __table_args__ = (
        CheckConstraint("year between 2026 and 2030", name="year"),
        Index("ix_indicator_target_indicator", "indicator_id", "year", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_id: Mapped[int] = mapped_column(ForeignKey("indicator.id"))
    year: Mapped[int]
    value: Mapped[float | None]
    source: Mapped[str] = mapped_column(String(300))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]

    indicator: Mapped[Indicator] = relationship(back_populates="targets")
    author: Mapped[User | None] = relationship()


class IndicatorFact(Base):
    """What an edition said about a year when a new formula replaced it, as readers saw it.

    `value` is empty where the count was not shown or not known.
    """

    __tablename__ = "indicator_fact"
    __table_args__ = (UniqueConstraint("edition_id", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey("indicator_edition.id"))
    year: Mapped[int]
    value: Mapped[float | None]
    until: Mapped[date]

    edition: Mapped[IndicatorEdition] = relationship(back_populates="facts")
