from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.outcomes.facts import (
    LEVELS,
    Weighed,
    average_of_goals,
    mean_and_half_width,
    needed,
    survey_score,
)

GOALS = st.lists(
    st.builds(Weighed, st.sampled_from(LEVELS), st.integers(1, 3)), min_size=1, max_size=9
)


def test_the_worked_example_of_the_documentation():
    # 2*1 + 1*0 + 1*(-1) = 1; 4 + 1 + 1 = 6; (2 + 1 + 1)^2 = 16; sqrt(0.7*6 + 0.3*16) = 3
    goals = [Weighed(1, 2), Weighed(0, 1), Weighed(-1, 1)]
    assert average_of_goals(goals) == pytest.approx(50 + 10 / 3)


@pytest.mark.parametrize(
    ("goals", "score"),
    [
        ([Weighed(0, 3)], 50),
        ([Weighed(1, 1)], 60),
        ([Weighed(1, 3)], 60),
        ([Weighed(-2, 2)], 30),
        ([Weighed(1, 1), Weighed(1, 1)], 50 + 20 / sqrt(2 * 0.7 + 4 * 0.3)),
    ],
)
def test_scores_worked_out_by_hand(goals, score):
    assert average_of_goals(goals) == pytest.approx(score)


def test_no_goal_has_no_average():
    assert average_of_goals([]) is None


@given(GOALS)
def test_goals_all_as_expected_average_fifty(goals):
    expected = [Weighed(0, goal.importance) for goal in goals]
    assert average_of_goals(expected) == 50


@given(GOALS, st.data())
def test_a_goal_that_goes_better_never_lowers_the_average(goals, data):
    at = data.draw(st.integers(0, len(goals) - 1))
    better = list(goals)
    better[at] = Weighed(min(2, goals[at].level + 1), goals[at].importance)
    assert average_of_goals(better) >= average_of_goals(goals)


@given(GOALS)
def test_the_average_lies_within_what_so_many_goals_can_reach(goals):
    best = average_of_goals([Weighed(2, goal.importance) for goal in goals])
    worst = average_of_goals([Weighed(-2, goal.importance) for goal in goals])
    assert worst <= average_of_goals(goals) <= best
    assert best - 50 == pytest.approx(50 - worst)


@given(GOALS)
def test_importance_counts_only_against_the_other_goals(goals):
    twice = [Weighed(goal.level, goal.importance * 2) for goal in goals]
    assert average_of_goals(twice) == pytest.approx(average_of_goals(goals))


REVERSE = {"a": False, "b": False, "c": True, "d": False, "e": True}


def test_reversed_items_are_turned_round():
    assert survey_score({"a": 5, "b": 4, "c": 1, "d": 5, "e": 2}, REVERSE, 80) == 4.6


def test_four_of_five_answers_are_eighty_percent_and_three_are_not():
    assert survey_score({"a": 5, "b": 5, "c": 1, "d": 5}, REVERSE, 80) == 5
    assert survey_score({"a": 5, "b": 5, "c": 1}, REVERSE, 80) is None


@pytest.mark.parametrize(("items", "least"), [(8, 7), (10, 8), (5, 4), (1, 1)])
def test_how_many_answers_eighty_percent_are(items, least):
    assert needed(items, 80) == least


@given(st.dictionaries(st.sampled_from(sorted(REVERSE)), st.integers(1, 5)))
def test_a_score_is_between_one_and_five_or_missing(answers):
    score = survey_score(answers, REVERSE, 80)
    assert (score is None) == (len(answers) < 4)
    assert score is None or 1 <= score <= 5


@given(st.dictionaries(st.sampled_from(sorted(REVERSE)), st.integers(1, 5), min_size=4))
def test_all_answers_turned_round_turn_the_score_round(answers):
    turned = {code: 6 - answer for code, answer in answers.items()}
    assert survey_score(turned, REVERSE, 80) == pytest.approx(
        6 - survey_score(answers, REVERSE, 80)
    )


def test_an_interval_needs_two_values_and_is_by_students_t():
    assert mean_and_half_width([4.0]) is None
    mean, half = mean_and_half_width([3.0, 4.0, 5.0])
    assert mean == 4 and half == pytest.approx(4.303 / sqrt(3))
