"""What three voices say of a match, as pure functions."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mentorship.voices.facts import (
    QUESTIONS,
    Flags,
    Limits,
    Voice,
    Word,
    disagreement,
    flags,
    overall,
    silent,
)

ON = date(2026, 6, 1)
DAY = timedelta(days=1)
STEPS = st.integers(1, 5)


@pytest.mark.parametrize(
    ("answers", "step"),
    [({}, None), ({"a": 5}, 5), ({"a": 4, "b": 5}, 4), ({"a": 1, "b": 1, "c": 5}, 2)],
)
def test_the_rating_of_all_answers_is_their_mean_with_a_half_rounded_down(answers, step):
    assert overall(answers) == step


@given(st.dictionaries(st.sampled_from("abcde"), STEPS, min_size=1))
def test_the_rating_lies_between_the_lowest_and_the_highest_answer(answers):
    assert min(answers.values()) <= overall(answers) <= max(answers.values())


def test_a_voice_is_silent_the_day_after_its_last_allowed_day():
    last = dict.fromkeys(Voice, ON - 60 * DAY)
    assert silent(last, ON, 60) == ()
    assert silent(last, ON + DAY, 60) == tuple(Voice)


def test_one_silent_voice_does_not_hide_behind_two_that_speak():
    last = {Voice.MENTOR: ON, Voice.CHILD: ON - 90 * DAY, Voice.CARER: ON}
    assert silent(last, ON, 60) == (Voice.CHILD,)


def test_voices_disagree_from_two_steps_on():
    assert disagreement({Voice.MENTOR: 5, Voice.CHILD: 4}) is None
    assert disagreement({Voice.MENTOR: 5, Voice.CHILD: 3}) == (Voice.CHILD, Voice.MENTOR)
    assert disagreement({Voice.MENTOR: 5, Voice.CHILD: 3}, steps=3) is None


def test_one_voice_alone_disagrees_with_nobody():
    assert disagreement({}) is None
    assert disagreement({Voice.CHILD: 1}) is None


@given(st.dictionaries(st.sampled_from(list(Voice)), STEPS), st.integers(1, 4))
def test_a_disagreement_names_the_lowest_and_the_highest(latest, steps):
    found = disagreement(latest, steps)
    apart = bool(latest) and max(latest.values()) - min(latest.values()) >= steps
    assert (found is not None) == apart
    if found:
        assert latest[found[0]] == min(latest.values())
        assert latest[found[1]] == max(latest.values())


def heard(rating, days_ago=1, **more):
    return Word(ON - days_ago * DAY, rating, ON - days_ago * DAY, **more)


def test_nothing_is_flagged_while_all_three_speak_and_agree():
    words = {voice: heard(4) for voice in Voice}
    assert not flags(words, ON - 200 * DAY, ON)


def test_a_voice_never_heard_is_silent_since_the_match_began():
    assert flags({}, ON - 61 * DAY, ON).silent == (Voice.MENTOR, Voice.CHILD)
    assert flags({}, ON - 121 * DAY, ON).silent == tuple(Voice)
    assert flags({}, ON - 60 * DAY, ON) == Flags()


def test_silence_and_disagreement_are_flagged_separately():
    words = {Voice.MENTOR: heard(5), Voice.CHILD: heard(2)}
    found = flags(words, ON - 200 * DAY, ON)
    assert found.silent == (Voice.CARER,)
    assert found.differ == (Voice.CHILD, Voice.MENTOR)


def test_a_rating_from_long_ago_is_not_held_against_a_new_one():
    words = {Voice.MENTOR: heard(5), Voice.CHILD: heard(2, days_ago=61), Voice.CARER: heard(5)}
    found = flags(words, ON - 200 * DAY, ON)
    assert found.differ is None
    assert found.silent == (Voice.CHILD,)


@pytest.mark.parametrize(("safe", "flagged"), [(1, True), (2, True), (3, False), (None, False)])
def test_a_child_who_does_not_feel_safe_is_a_flag_of_its_own(safe, flagged):
    words = {voice: heard(5) for voice in Voice} | {Voice.CHILD: heard(5, safe=safe)}
    assert flags(words, ON - 200 * DAY, ON).unsafe is flagged


def test_an_old_answer_that_the_child_is_not_safe_stays_a_flag_until_a_new_one():
    words = {Voice.CHILD: heard(4, days_ago=300, safe=1)}
    assert flags(words, ON - 400 * DAY, ON).unsafe


@pytest.mark.parametrize(
    ("voice", "age", "days"),
    [
        ("mentor", 30, 60),
        ("mentor", 900, 60),
        ("child", 365, 60),
        ("child", 366, 120),
        ("carer", 30, 120),
        ("carer", 900, 120),
    ],
)
def test_who_is_asked_quarterly_is_silent_later(voice, age, days):
    assert Limits().days(Voice(voice), ON - age * DAY, ON) == days


def test_the_limits_are_those_of_the_programme():
    words = {Voice.MENTOR: heard(5, 20), Voice.CHILD: heard(4, 20, safe=3), Voice.CARER: heard(5)}
    strict = Limits(silence_days=19, silence_later_days=30, difference=1, unsafe=3)
    found = flags(words, ON - 200 * DAY, ON, strict)
    assert found == Flags((Voice.MENTOR, Voice.CHILD), None, True)


def test_child_and_carer_are_asked_five_questions_each():
    assert {voice: len(set(asked)) for voice, asked in QUESTIONS.items()} == {
        Voice.CHILD: 5,
        Voice.CARER: 5,
    }
