"""What came of each match: goals and how they went, surveys of both sides, children's steps."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.demo.care import noon
from mentorship.demo.history import Story
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.outcomes.content import Questions
from mentorship.outcomes.facts import survey_score
from mentorship.outcomes.models import ChildStep, Goal, GoalRating, Instrument, LifeStep, Survey
from mentorship.outcomes.schedule import waves
from mentorship.outcomes.surveys import PLANNED_AHEAD
from mentorship.outcomes.vocabulary import GoalEnd, SkipReason, StepState, SurveySide, SurveyWay

GOALS = (
    (
        "learning",
        "Айына бір кітап оқу",
        "Кітап ашпайды",
        "Айына бір кітап оқып, айтып береді",
        "Айына екі кітап және өзі таңдайды",
    ),
    (
        "learning",
        "Подтянуть математику",
        "Двойки, домашнее задание не делает",
        "Твёрдая тройка, спрашивает, когда не понял",
        "Четвёрка за четверть",
    ),
    (
        "self",
        "Сыныпта қол көтеріп жауап беру",
        "Үндемейді",
        "Аптасына екі рет жауап береді",
        "Тақтаға өзі шығады",
    ),
    (
        "people",
        "Найти друга вне центра",
        "Ни с кем не общается",
        "Есть друг, видятся раз в две недели",
        "Несколько друзей, зовут друг друга в гости",
    ),
    (
        "health",
        "Спортпен тұрақты шұғылдану",
        "Жаттығуға бармайды",
        "Аптасына екі рет барады",
        "Жарысқа қатысты",
    ),
    (
        "independence",
        "Научиться готовить",
        "Не умеет ничего",
        "Готовит три простых блюда",
        "Готовит ужин для гостей",
    ),
    (
        "independence",
        "Ақшаны жоспарлай білу",
        "Бір күнде жұмсап қояды",
        "Бір аптаға жеткізеді",
        "Ай сайын жинай алады",
    ),
    (
        "work",
        "Выбрать профессию",
        "Не знает, чего хочет",
        "Знает две профессии, был на экскурсии",
        "Выбран колледж, знает, что сдавать",
    ),
    (
        "leisure",
        "Домбыра тартып үйрену",
        "Ұстап көрмеген",
        "Екі күйді тартады",
        "Көпшілік алдында тартты",
    ),
)
NOTES = (
    None, None, None, None, "Осы айда өзі ұсынды.", "Был трудный месяц, но не бросил.",
    "Мұғалімі де байқады.", "Попробуем теперь сам, без напоминаний.",
)  # fmt: skip


def store_outcomes(
    session: Session, random: Random, stories: list[Story], on: date, staff_id: int
) -> None:
    """Insert goals with their ratings, surveys and steps of all matches."""
    _store_goals(session, random, stories, on, staff_id)
    asked = {
        SurveySide(row.side): (row.id, row.questions) for row in session.scalars(select(Instrument))
    }
    surveys = [
        row
        for story in stories
        for side in SurveySide
        for row in _surveys(random, story, side, *asked[side], on, staff_id)
    ]
    insert_all(session, Survey, surveys, nulls=True)
    catalogue = [(row.code, row.from_age) for row in session.scalars(select(LifeStep))]
    newest = {story.child.id: story for story in stories}  # a child of several matches once
    steps = [
        row for story in newest.values() for row in _steps(random, story, catalogue, on, staff_id)
    ]
    insert_all(session, ChildStep, steps, nulls=True)


def _last(story: Story, on: date) -> date:
    return min(on, story.ended_on or on)


def _store_goals(
    session: Session, random: Random, stories: list[Story], on: date, staff_id: int
) -> None:
    goals = [row for story in stories for row in _goals(random, story, on)]
    ids = insert_numbered(session, Goal, goals, nulls=True)
    ratings = [
        row
        for goal, goal_id in zip(goals, ids, strict=True)
        for row in _ratings(random, goal, goal_id, goal["ended_on"] or on)
    ]
    insert_all(session, GoalRating, ratings, nulls=True)


def _goals(random: Random, story: Story, on: date) -> Iterator[dict[str, Any]]:
    last = _last(story, on)
    with_match = GoalEnd.MATCH_ENDED if story.ended_on else None
    first = story.mentor.is_demo_user and story.ended_on is None
    count = 2 if first else draw_weighted(random, {0: 3, 1: 5, 2: 4, 3: 1})
    for area, text, worst, expected, best in random.sample(GOALS, count):
        after = min(random.randint(10, 45), (last - story.started_on).days)
        agreed_on = story.started_on + timedelta(days=after)
        reached = last - agreed_on > timedelta(days=200) and random.random() < 0.35
        ended_on = agreed_on + timedelta(days=random.randint(120, 190)) if reached else None
        yield {
            "match_id": story.id,
            "area": area,
            "text": text,
            "levels": {"-2": worst, "0": expected, "2": best},
            "importance": random.choice((1, 2, 2, 3)),
            "agreed_on": agreed_on,
            "review_on": max(agreed_on + timedelta(days=90), on + timedelta(days=count * 9)),
            "ended_on": ended_on or story.ended_on,
            "end_reason": GoalEnd.REACHED if ended_on else with_match,
            "made_by": None,
            "made_at": noon(agreed_on),
            "ended_by": None,
        }


def _ratings(
    random: Random, goal: dict[str, Any], goal_id: int, last: date
) -> Iterator[dict[str, Any]]:
    """From where they began, a step up now and then, seldom one down."""
    level, day = random.choice((-2, -2, -1)), goal["agreed_on"]
    while day <= last:
        yield {
            "goal_id": goal_id,
            "rated_on": day,
            "level": level,
            "note": random.choice(NOTES),
            "rated_by": None,
            "rated_at": noon(day),
        }
        day += timedelta(days=random.randint(30, 75))
        level = max(-2, min(2, level + random.choice((-1, 0, 0, 1, 1))))


def _surveys(
    random: Random,
    story: Story,
    side: SurveySide,
    instrument_id: int,
    questions: Questions,
    on: date,
    staff_id: int,
) -> Iterator[dict[str, Any]]:
    liking = random.gauss(4.1, 0.5)
    until = on + PLANNED_AHEAD if story.ended_on is None else story.ended_on
    for wave, due_on in waves(story.started_on, until):
        row: dict[str, Any] = {
            "match_id": story.id,
            "side": side,
            "wave": wave,
            "due_on": due_on,
            **dict.fromkeys(_EMPTY),
        }
        answered_on = min(due_on + timedelta(days=random.randint(0, 9)), _last(story, on))
        fresh = story.ended_on is None and (on - due_on).days < 12
        if not fresh and random.random() < 0.88 and answered_on >= due_on:
            row |= _answers(random, questions, liking + wave / 60)
            row |= {"instrument_id": instrument_id, "answered_on": answered_on}
            mentor = side == SurveySide.MENTOR
            way = SurveyWay.OWN_PHONE if mentor else random.choice(tuple(SurveyWay)[1:])
            row |= {"way": way, "language": random.choice(("kk", "ru"))}
            row |= {"recorded_by": None if mentor else staff_id, "recorded_at": noon(answered_on)}
        elif story.ended_on is not None or not fresh:
            ended = story.ended_on is not None
            day = story.ended_on or answered_on
            reason = SkipReason.MATCH_ENDED if ended else SkipReason.UNREACHABLE
            row |= {"skipped_on": day, "skipped_reason": reason}
            row |= {"recorded_by": staff_id, "recorded_at": noon(day)}
        yield row


_EMPTY = (
    "answered_on", "instrument_id", "language", "way", "answers", "score", "skipped_on",
    "skipped_reason", "recorded_by", "recorded_at",
)  # fmt: skip


def _answers(random: Random, questions: Questions, liking: float) -> dict[str, Any]:
    answers = {}
    for item in questions.items:
        given = max(1, min(5, round(random.gauss(liking, 0.8))))
        if random.random() > 0.02:
            answers[item.code] = 6 - given if item.reverse else given
    score = survey_score(answers, questions.reverse, questions.least_answered_percent)
    return {"answers": answers, "score": score}


def _steps(
    random: Random, story: Story, catalogue: list[tuple[str, int]], on: date, staff_id: int
) -> Iterator[dict[str, Any]]:
    """What a child of an age did with this mentor; the newest ticks wait for staff."""
    last = _last(story, on)
    span = (last - story.started_on).days
    age = (last - story.child.birth_date).days / 365.25
    for code, from_age in catalogue:
        if age < from_age or random.random() > 0.25 + 0.1 * (age - from_age):
            continue
        began = story.started_on + timedelta(days=random.randint(0, span))
        finished = began + timedelta(days=random.randint(5, 90))
        yield _step(story, code, StepState.STARTED, began, None)
        if finished <= last:
            seen = None if (on - finished).days < 10 else staff_id
            yield _step(story, code, StepState.DONE, finished, seen)


def _step(
    story: Story, code: str, state: StepState, day: date, seen_by: int | None
) -> dict[str, Any]:
    return {
        "child_id": story.child.id,
        "code": code,
        "state": state,
        "noted_on": day,
        "note": None,
        "noted_by": None,
        "noted_at": noon(day),
        "confirmed_by": seen_by,
        "confirmed_at": noon(day) if seen_by else None,
    }
