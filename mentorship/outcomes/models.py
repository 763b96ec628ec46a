from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Float,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.database import Base
from mentorship.matches.models import Match
from mentorship.outcomes.content import Questions
from mentorship.outcomes.vocabulary import (
    GoalArea,
    GoalEnd,
    SkipReason,
    StepState,
    SurveySide,
    SurveyWay,
)


class Goal(Base):
    """What mentor and child want to reach, in their words, with what five levels look like.

    `levels`: "-2" to "2" to words; the two between the ends and the middle may be missing.
    """

    __tablename__ = "goal"
    __table_args__ = (
        CheckConstraint("importance between 1 and 3", name="importance"),
        CheckConstraint("(ended_on is null) = (end_reason is null)", name="end_is_whole"),
        CheckConstraint("ended_on is null or ended_on >= agreed_on", name="dates"),
        Index("ix_goal_match_ended", "match_id", "ended_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    area: Mapped[GoalArea] = mapped_column(String(14))
    text: Mapped[str] = mapped_column(Text)
    levels: Mapped[dict[str, str]] = mapped_column(JSON)
    importance: Mapped[int]
    agreed_on: Mapped[date]
    review_on: Mapped[date]
    ended_on: Mapped[date | None]
    end_reason: Mapped[GoalEnd | None] = mapped_column(String(12))
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    match: Mapped[Match] = relationship()
    ratings: Mapped[list["GoalRating"]] = relationship(
        back_populates="goal", order_by="GoalRating.rated_on"
    )

    @property
    def is_open(self) -> bool:
        return self.ended_on is None

    @property
    def level(self) -> int | None:
        """Where they stand, by the newest rating."""
        return self.ratings[-1].level if self.ratings else None

    def describe(self, level: int) -> str | None:
        """What a level looks like, in their words, where they wrote it down."""
        return self.levels.get(str(level))


class GoalRating(Base):
    """Where mentor and child stood on a day: -2 (much less than expected) to 2 (much more)."""

    __tablename__ = "goal_rating"
    __table_args__ = (
        UniqueConstraint("goal_id", "rated_on"),
        CheckConstraint("level between -2 and 2", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"))
    rated_on: Mapped[date]
    level: Mapped[int]
    note: Mapped[str | None] = mapped_column(Text)
    rated_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    rated_at: Mapped[datetime]

    goal: Mapped[Goal] = relationship(back_populates="ratings")


class Instrument(Base):
    """A set of questions for one side, as data: its content never changes, a new one is a version.

    `content`: title, introduction, five scale labels, items and the scoring, in three languages.
    """

    __tablename__ = "instrument"
    __table_args__ = (UniqueConstraint("code", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    side: Mapped[SurveySide] = mapped_column(String(6))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    source: Mapped[str] = mapped_column(String(300))
    licence: Mapped[str] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]
    activated_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    activated_at: Mapped[datetime | None]

    adder: Mapped[User | None] = relationship(foreign_keys=[added_by])

    @property
    def questions(self) -> Questions:
        """Its content, to be read in a language."""
        return Questions.of(self.content)


Index(
    "uq_instrument_active_side",
    Instrument.side,
    unique=True,
    sqlite_where=Instrument.active.is_(True),
    postgresql_where=Instrument.active.is_(True),
)


class Survey(Base):
    """The questions about a match that one side is asked some months after it began.

    `wave`: those months. `answers`: item code to 1..5; `score`: 1 to 5, or none where fewer
    items were answered than the instrument's scoring asks for.
    """

    __tablename__ = "survey"
    __table_args__ = (
        UniqueConstraint("match_id", "side", "wave"),
        CheckConstraint("answered_on is null or skipped_on is null", name="one_end"),
        CheckConstraint(
            "(answered_on is null) = (instrument_id is null)"
            " and (answered_on is null) = (way is null)"
            " and (skipped_on is null) = (skipped_reason is null)",
            name="end_is_whole",
        ),
        CheckConstraint("score is null or score between 1 and 5", name="score"),
        Index("ix_survey_answered_due", "answered_on", "due_on"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(ForeignKey("match.id"))
    side: Mapped[SurveySide] = mapped_column(String(6))
    wave: Mapped[int]
    due_on: Mapped[date]
    answered_on: Mapped[date | None]
    instrument_id: Mapped[int | None] = mapped_column(ForeignKey("instrument.id"))
    language: Mapped[str | None] = mapped_column(String(2))
    way: Mapped[SurveyWay | None] = mapped_column(String(10))
    answers: Mapped[dict[str, int] | None] = mapped_column(JSON(none_as_null=True))
    score: Mapped[float | None] = mapped_column(Float)
    skipped_on: Mapped[date | None]
    skipped_reason: Mapped[SkipReason | None] = mapped_column(String(12))
    recorded_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    recorded_at: Mapped[datetime | None]

    match: Mapped[Match] = relationship()
    instrument: Mapped[Instrument | None] = relationship()

    @property
    def is_open(self) -> bool:
        return self.answered_on is None and self.skipped_on is None


class LifeStep(Base):
    """A step towards an independent life, in three languages, and the age it makes sense from."""

    __tablename__ = "life_step"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    from_age: Mapped[int]
    source: Mapped[str] = mapped_column(String(300))
    active: Mapped[bool] = mapped_column(default=True)


class ChildStep(Base):
    """How far a child was with a step on a day; rows are added, the newest is how it is now.

    What a mentor ticked is confirmed by staff; what staff write is confirmed at once.
    """

    __tablename__ = "child_step"
    __table_args__ = (
        CheckConstraint("(confirmed_at is null) = (confirmed_by is null)", name="confirmed_whole"),
        Index("ix_child_step_child_code", "child_id", "code", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    child_id: Mapped[int] = mapped_column(ForeignKey("child.id"))
    code: Mapped[str] = mapped_column(ForeignKey("life_step.code"))
    state: Mapped[StepState] = mapped_column(String(8))
    noted_on: Mapped[date]
    note: Mapped[str | None] = mapped_column(Text)
    noted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    confirmed_at: Mapped[datetime | None]

    child: Mapped[Child] = relationship()
    step: Mapped[LifeStep] = relationship()
    author: Mapped[User | None] = relationship(foreign_keys=[noted_by])
