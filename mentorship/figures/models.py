from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from mentorship.database import Base
from mentorship.figures.vocabulary import Distance as Distance
from mentorship.figures.vocabulary import Ending as Ending
from mentorship.figures.vocabulary import Tongue as Tongue
from mentorship.figures.vocabulary import Training as Training
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.places.models import CentreKind


class MatchFact(Base):
    """One match as reports see it; made anew from the rows, so nothing refers to it.

    `region` and `centre_kind` are of the organisation in which the child lived when the match
    began, and stay so. `first_…`: what happened in its first ninety days. `is_again`: the same
    two people had a match before.
    """

    __tablename__ = "match_fact"
    __table_args__ = (Index("ix_match_fact_region", "region"),)

    match_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mentor_id: Mapped[int]
    child_id: Mapped[int]
    region: Mapped[str] = mapped_column(String(2))
    centre_kind: Mapped[CentreKind] = mapped_column(String(30))
    language: Mapped[Tongue] = mapped_column(String(5))
    training: Mapped[Training] = mapped_column(String(4))
    distance: Mapped[Distance] = mapped_column(String(6))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    ending: Mapped[Ending | None] = mapped_column(String(9))
    reason: Mapped[ClosureReason | None] = mapped_column(String(30))
    ended_by: Mapped[EndedBy | None] = mapped_column(String(12))
    is_again: Mapped[bool]
    training_hours: Mapped[float]
    first_due: Mapped[int]
    first_on_time: Mapped[int]
    first_meetings: Mapped[int]
    first_minutes: Mapped[int]
    first_rating_sum: Mapped[int]
    first_rating_count: Mapped[int]


class DailyCount(Base):
    """How many of a measure there were on a day in a region; a day without a row had none.

    `part`: what the catalogue says for the measure, or nothing.
    """

    __tablename__ = "daily_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    region: Mapped[str] = mapped_column(String(2), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[int]


class MonthlyCount(Base):
    """What happened in a month, added up from its days: years of them are read at once."""

    __tablename__ = "monthly_count"
    __table_args__ = ({"sqlite_with_rowid": False},)

    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    region: Mapped[str] = mapped_column(String(2), primary_key=True)
    part: Mapped[str] = mapped_column(String(30), primary_key=True)
    number: Mapped[int]


class StockDay(Base):
    """A day on which a stock was taken, so that none is told from not known.

    `noted`: taken on the day itself, not worked out later from rows that still tell.
    """

    __tablename__ = "stock_day"
    __table_args__ = ({"sqlite_with_rowid": False},)

    measure: Mapped[str] = mapped_column(String(30), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    noted: Mapped[bool]


class Build(Base):
    """The figures were computed at an instant, for everything up to a day.

    `mark`: no other build's, in any database, so that what a process remembers is of this one.
    """

    __tablename__ = "figure_build"
    __table_args__ = (CheckConstraint("seconds >= 0", name="seconds"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    built_at: Mapped[datetime]
    until: Mapped[date]
    whole: Mapped[bool]
    seconds: Mapped[float]
    mark: Mapped[str] = mapped_column(String(32))
