from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from mentorship.accounts.models import User
from mentorship.children.models import Child
from mentorship.matches.models import Match
from mentorship.matches.queries import about_visible_matches, by_either_name
from mentorship.mentors.models import Mentor
from mentorship.outcomes.facts import Weighed, average_of_goals
from mentorship.outcomes.models import (
    ChildStep,
    Goal,
    GoalRating,
    Instrument,
    LifeStep,
    Survey,
)
from mentorship.outcomes.vocabulary import GoalEnd, StepState, SurveySide
from mentorship.permissions import Scope
from mentorship.places.models import Centre
from mentorship.reviews.models import Hold

SOON = timedelta(days=14)


def goals_of_match(session: Session, match_id: int) -> Sequence[Goal]:
    """The goals of a match with their ratings, the open ones first, then the newest."""
    query = select(Goal).where(Goal.match_id == match_id).options(selectinload(Goal.ratings))
    order = (Goal.ended_on.is_not(None), Goal.importance.desc(), Goal.id.desc())
    return session.scalars(query.order_by(*order)).all()


def find_goal(session: Session, match: Match, goal_id: int) -> Goal | None:
    """One goal of a match that the reader was found to see."""
    query = select(Goal).where(Goal.id == goal_id, Goal.match_id == match.id)
    return session.scalars(query.options(selectinload(Goal.ratings))).first()


def weighed(goals: Iterable[Goal]) -> list[Weighed]:
    """What counts for the average: goals with a rating, without those written by mistake."""
    counted = (goal for goal in goals if goal.end_reason != GoalEnd.MISTAKE)
    return [Weighed(goal.level, goal.importance) for goal in counted if goal.level is not None]


def average(goals: Iterable[Goal]) -> float | None:
    """The average of these goals as they stand now."""
    return average_of_goals(weighed(goals))


def surveys_of_match(session: Session, match_id: int) -> Sequence[Survey]:
    """Both sides' surveys of a match, in the order of their waves."""
    query = select(Survey).where(Survey.match_id == match_id).options(joinedload(Survey.instrument))
    return session.scalars(query.order_by(Survey.wave, Survey.side.desc())).all()


def _is_open() -> Any:
    return Survey.answered_on.is_(None) & Survey.skipped_on.is_(None)


def visible_surveys(user: User) -> Select[Survey]:
    """Surveys about children in somebody's regions, with both people and the centre."""
    return about_visible_matches(user, Survey)


def open_surveys(user: User, until: date) -> Select[Survey]:
    """Surveys still to be asked, due up to a day; none of matches that are on hold."""
    held = exists().where(Hold.match_id == Survey.match_id, Hold.ended_at.is_(None))
    return visible_surveys(user).where(
        _is_open(), Survey.due_on <= until, Match.ended_on.is_(None), ~held
    )


def search_surveys(query: Select[Survey], q: str, filters: dict[str, str]) -> Select[Survey]:
    """The same by either name and filters: side, region."""
    query = by_either_name(query, q)
    if "side" in filters:
        query = query.where(Survey.side == filters["side"])
    if "region" in filters:
        query = query.where(Centre.region == filters["region"])
    return query


def find_survey(session: Session, user: User, survey_id: int) -> Survey | None:
    """One survey of a match that staff may see."""
    return session.scalars(visible_surveys(user).where(Survey.id == survey_id)).first()


def own_survey(session: Session, match: Match) -> Survey | None:
    """What a mentor is to answer about a match: the earliest of their surveys that is open."""
    query = select(Survey).where(
        Survey.match_id == match.id, Survey.side == SurveySide.MENTOR, _is_open()
    )
    return session.scalars(query.order_by(Survey.due_on, Survey.id).limit(1)).first()


ASKED_FOR = timedelta(days=60)
"""How long after its day a mentor is told of a survey: older ones are for a talk."""


def told_of_surveys(session: Session, on: date) -> list[tuple[int, int, User]]:
    """Surveys that wait for a mentor who signs in: survey, match and user; none while on hold."""
    held = exists().where(Hold.match_id == Survey.match_id, Hold.ended_at.is_(None))
    query = (
        select(Survey.id, Survey.match_id, User)
        .join(Survey.match)
        .join(Match.mentor)
        .join(User, User.id == Mentor.user_id)
        .where(Survey.side == SurveySide.MENTOR, _is_open(), Match.ended_on.is_(None), ~held)
        .where(Survey.due_on.between(on - ASKED_FOR, on), User.active.is_(True))
        .order_by(Survey.id)
    )
    return [(survey, match, user) for survey, match, user in session.execute(query)]


def active_instrument(session: Session, side: SurveySide) -> Instrument | None:
    """The questions that a side is asked now."""
    query = select(Instrument).where(Instrument.side == side, Instrument.active.is_(True))
    return session.scalars(query).first()


def all_instruments(session: Session) -> Sequence[Instrument]:
    """Every set of questions, those in use first."""
    order = (Instrument.side, Instrument.active.desc(), Instrument.code, Instrument.version.desc())
    query = select(Instrument).options(joinedload(Instrument.adder))
    return session.scalars(query.order_by(*order)).all()


def uses(session: Session) -> dict[int, int]:
    """How many surveys were answered with each instrument."""
    query = select(Survey.instrument_id, func.count()).where(Survey.instrument_id.is_not(None))
    rows = session.execute(query.group_by(Survey.instrument_id))
    return {key: number for key, number in rows if key is not None}


@dataclass(frozen=True)
class StepLine:
    """One step of the catalogue, how far a child is with it, and how they came there."""

    step: LifeStep
    history: Sequence[ChildStep]

    @property
    def now(self) -> ChildStep | None:
        return self.history[0] if self.history else None

    @property
    def state(self) -> StepState:
        return StepState(self.now.state) if self.now else StepState.NOT_YET

    @property
    def waits(self) -> bool:
        """Whether staff have not confirmed what somebody ticked as done."""
        return bool(self.now and self.now.state == StepState.DONE and not self.now.confirmed_at)


def steps_of_child(session: Session, child_id: int) -> list[StepLine]:
    """The catalogue with what is known of a child, in its order; two statements."""
    rows = session.scalars(
        select(ChildStep)
        .where(ChildStep.child_id == child_id)
        .options(joinedload(ChildStep.author))
        .order_by(ChildStep.id.desc())
    ).all()
    known: dict[str, list[ChildStep]] = {}
    for row in rows:
        known.setdefault(row.code, []).append(row)
    catalogue = session.scalars(select(LifeStep).order_by(LifeStep.position)).all()
    return [
        StepLine(step, known.get(step.code, []))
        for step in catalogue
        if step.active or step.code in known
    ]


def find_step(session: Session, child_id: int, row_id: int) -> ChildStep | None:
    """One entry of a child that the reader was found to see."""
    query = select(ChildStep).where(ChildStep.id == row_id, ChildStep.child_id == child_id)
    return session.scalars(query).first()


@dataclass(frozen=True)
class GoalRow:
    """A goal for the figures: where it stood first and last, and how often it was rated."""

    region: str
    match_id: int
    importance: int
    first: int
    last: int
    ratings: int


def goal_rows(session: Session, scope: Scope) -> list[GoalRow]:
    """Every goal of a scope that was rated, without those written by mistake; one statement."""
    ends = (
        select(
            GoalRating.goal_id,
            func.min(GoalRating.rated_on).label("first_on"),
            func.max(GoalRating.rated_on).label("last_on"),
            func.count().label("ratings"),
        )
        .group_by(GoalRating.goal_id)
        .subquery()
    )
    first, last = aliased(GoalRating), aliased(GoalRating)
    query = (
        select(
            Centre.region,
            Goal.match_id,
            Goal.importance,
            first.level,
            last.level,
            ends.c.ratings,
        )
        .select_from(Goal)
        .join(Goal.match)
        .join(Match.child)
        .join(Child.centre)
        .join(ends, ends.c.goal_id == Goal.id)
        .join(first, (first.goal_id == Goal.id) & (first.rated_on == ends.c.first_on))
        .join(last, (last.goal_id == Goal.id) & (last.rated_on == ends.c.last_on))
        .where(Goal.end_reason.is_(None) | (Goal.end_reason != GoalEnd.MISTAKE))
    )
    return [GoalRow(*row) for row in session.execute(scope.limit(query, Centre.region))]


def score_rows(session: Session, scope: Scope) -> list[tuple[str, SurveySide, int, float]]:
    """Region, side, wave and score of every survey that has one; one statement."""
    query = (
        select(Centre.region, Survey.side, Survey.wave, Survey.score)
        .select_from(Survey)
        .join(Survey.match)
        .join(Match.child)
        .join(Child.centre)
        .where(Survey.score.is_not(None))
    )
    rows = session.execute(scope.limit(query, Centre.region))
    return [(region, SurveySide(side), wave, score) for region, side, wave, score in rows if score]


def step_rows(session: Session, scope: Scope) -> list[tuple[str, date, int]]:
    """Region, birth date and confirmed steps of every child with a list; one statement."""
    latest = select(func.max(ChildStep.id)).group_by(ChildStep.child_id, ChildStep.code)
    done = (ChildStep.state == StepState.DONE) & ChildStep.confirmed_at.is_not(None)
    query = (
        select(Centre.region, Child.birth_date, func.sum(case((done, 1), else_=0)))
        .select_from(ChildStep)
        .join(ChildStep.child)
        .join(Child.centre)
        .where(ChildStep.id.in_(latest))
        .group_by(Child.id, Child.birth_date, Centre.region)
    )
    rows = session.execute(scope.limit(query, Centre.region))
    return [(region, born, int(number)) for region, born, number in rows]
