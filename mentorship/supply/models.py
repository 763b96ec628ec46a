from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.database import Base
from mentorship.supply.vocabulary import Certainty, Exactness, Topic, Unit


class PublishedFigure(Base):
    """What a source published, as a value or as words; rows are never changed.

    A correction is a new row that names the one it corrects; the last of each chain is in force.
    `names` and `said` are words by language; `value_to`: the upper end where the source gives two;
    `as_of`: None where the source has no date; `withdrawn`: no longer shown.
    """

    __tablename__ = "published_figure"
    __table_args__ = (
        CheckConstraint("(value is null) <> (said is null)", name="value_or_words"),
        CheckConstraint("value_to is null or value_to > value", name="range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(String(30), index=True)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    value: Mapped[float | None] = mapped_column(Double)
    value_to: Mapped[float | None] = mapped_column(Double)
    said: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    unit: Mapped[Unit] = mapped_column(String(10))
    exactness: Mapped[Exactness] = mapped_column(String(10))
    as_of: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(300))
    certainty: Mapped[Certainty] = mapped_column(String(12))
    withdrawn: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None] = mapped_column(String(300))
    corrects_id: Mapped[int | None] = mapped_column(ForeignKey("published_figure.id"), unique=True)
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime]

    author: Mapped[User | None] = relationship()

    def name(self, language: str) -> str:
        """What is counted, in the language of the page."""
        return self.names.get(language) or self.names["en"]

    def words(self, language: str) -> str:
        """What the source says where it gives no number; empty where it does."""
        return (self.said.get(language) or self.said["en"]) if self.said else ""
