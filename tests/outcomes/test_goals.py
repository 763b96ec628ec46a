from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship.errors import DomainError
from mentorship.outcomes import queries, services
from mentorship.outcomes.models import Goal, GoalRating, Survey
from mentorship.outcomes.vocabulary import GoalEnd, SkipReason
from tests import factories
from tests.outcomes.conftest import AT, ON, START

GOAL = {
    "area": "learning",
    "text": "Read a book to the end",
    "levels": {"-2": "No book", "0": "One book", "2": "Three books"},
    "importance": 3,
    "agreed_on": ON,
    "review_on": ON + timedelta(days=90),
    "start": -1,
}


def add(session, match, by, **changed):
    return services.add_goal(session, match, GOAL | changed, by=by, on=ON, at=AT)


def rate(session, goal, level, by, on=ON, **given):
    return services.rate_goal(session, goal, level, by=by, on=on, at=AT, **given)


def test_a_new_goal_knows_where_they_stand(database, match, by):
    goal = add(database, match, by)
    assert goal.is_open and goal.level == -1
    assert goal.describe(0) == "One book" and goal.describe(1) is None


def test_a_second_tap_on_the_same_day_corrects_the_first(database, match, by):
    goal = add(database, match, by)
    for level in (0, 1, 1):
        rate(database, goal, level, by)
    later = ON + timedelta(days=30)
    rate(database, goal, 2, by, on=later, note="Three!")
    assert [(r.rated_on, r.level) for r in goal.ratings] == [(ON, 1), (later, 2)]


def test_at_most_three_goals_are_open_at_one_time(database, match, by):
    goals = [add(database, match, by) for _ in range(3)]
    with pytest.raises(DomainError, match="goals_full"):
        add(database, match, by)
    services.end_goal(database, goals[0], GoalEnd.REACHED, by=by, on=ON)
    assert add(database, match, by).is_open


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"agreed_on": START - timedelta(days=1)}, "agreed_before_start"),
        ({"agreed_on": ON + timedelta(days=1)}, "agreed_before_start"),
        ({"review_on": ON}, "review_before_agreed"),
        ({"start": 3}, "level_unknown"),
    ],
)
def test_a_goal_that_cannot_be_is_refused(database, match, by, changed, code):
    with pytest.raises(DomainError, match=code):
        add(database, match, by, **changed)
    assert database.scalars(select(GoalRating)).all() == []


@pytest.mark.parametrize("level", [-3, 3, 50])
def test_a_level_out_of_range_is_refused(database, match, by, level):
    goal = factories.goal(database, match=match, agreed_on=START)
    with pytest.raises(DomainError, match="level_unknown"):
        rate(database, goal, level, by)


def test_a_goal_that_has_ended_is_neither_rated_nor_ended_again(database, match, by):
    goal = factories.goal(database, match=match, agreed_on=START)
    services.end_goal(database, goal, GoalEnd.LEFT, by=by, on=ON)
    with pytest.raises(DomainError, match="goal_ended"):
        rate(database, goal, 1, by)
    with pytest.raises(DomainError, match="goal_ended"):
        services.end_goal(database, goal, GoalEnd.REACHED, by=by, on=ON)


def test_nobody_says_by_hand_that_a_goal_ended_with_its_match(database, match, by):
    goal = factories.goal(database, match=match, agreed_on=START)
    with pytest.raises(DomainError, match="reason_unknown"):
        services.end_goal(database, goal, GoalEnd.MATCH_ENDED, by=by, on=ON)


def test_nothing_is_added_to_a_closed_match(database, by):
    adult = factories.eligible_mentor(database, on=START)
    young = factories.eligible_child(database, on=START)
    closed = factories.match(database, mentor=adult, child=young, started_on=START, ended_on=ON)
    goal = factories.goal(database, match=closed, agreed_on=START)
    with pytest.raises(DomainError, match="match_closed"):
        add(database, closed, by)
    with pytest.raises(DomainError, match="match_closed"):
        rate(database, goal, 1, by)


def test_with_the_match_end_its_goals_and_what_was_not_asked(database, match):
    other = factories.eligible_match(database, started_on=START)
    for each in (match, other):
        factories.goal(database, match=each, agreed_on=START)
        factories.survey(database, match=each, side="mentor", due_on=START)
    left = factories.goal(
        database, match=match, agreed_on=START, ended_on=START, end_reason=GoalEnd.LEFT
    )
    for _ in range(2):  # closing may be tried twice
        services.end_with_match(database, match, on=ON, at=AT)
    goals = database.scalars(select(Goal).where(Goal.match_id == match.id)).all()
    assert sorted(goal.end_reason for goal in goals) == ["left", "match_ended"]
    assert left.ended_on == START
    surveys = {row.match_id: row for row in database.scalars(select(Survey))}
    assert surveys[match.id].skipped_reason == SkipReason.MATCH_ENDED
    assert surveys[match.id].skipped_on == ON
    assert surveys[other.id].is_open
    assert queries.goals_of_match(database, other.id)[0].is_open


def test_the_average_leaves_out_what_was_written_by_mistake(database, match):
    good = factories.goal(database, match=match, agreed_on=START, importance=1)
    factories.goal_rating(database, goal=good, rated_on=ON, level=1)
    factories.goal(database, match=match, agreed_on=START, ended_on=ON, end_reason=GoalEnd.MISTAKE)
    database.expire_all()
    assert queries.average(queries.goals_of_match(database, match.id)) == pytest.approx(60)
