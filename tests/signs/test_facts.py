"""Each kind of warning sign: from when it is up, what it says, and what it never is."""

from datetime import date, timedelta

import pytest

from mentorship.signs.facts import (
    Entry,
    Known,
    Thresholds,
    cancellations,
    certificate,
    disagreement,
    falling_ratings,
    few_meetings,
    findings,
    missed_check_ins,
    silence,
    unsafe,
)
from mentorship.signs.vocabulary import NextAction
from mentorship.voices.facts import Voice, Word

ON = date(2026, 6, 1)
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LIMIT = Thresholds()
HEARD = {voice: Word(ON - DAY, 4, ON - DAY) for voice in Voice}


def known(**given):
    """A match of a year in which all is well, but for what is given."""
    values = {
        "started_on": ON - timedelta(days=365),
        "last_entry_on": ON - DAY,
        "words": HEARD,
        "certificate_until": ON + timedelta(days=200),
    }
    return Known(**(values | given))


def held(*weeks_ago):
    return [Entry(ON - number * WEEK) for number in sorted(weeks_ago, reverse=True)]


def test_a_match_in_which_all_is_well_has_no_sign():
    assert findings(known(), ON, LIMIT) == []


@pytest.mark.parametrize(
    ("days_ago", "count"),
    [((), None), ((10,), None), ((10, 40), 2), ((10, 91), None), ((10, 90), 2), ((0, 10), None)],
)
def test_two_contacts_missed_in_ninety_days_are_a_sign(days_ago, count):
    found = missed_check_ins(known(missed=[ON - day * DAY for day in days_ago]), ON, LIMIT)
    assert (found and found.facts["count"]) == count
    if found:
        assert found.facts["days"] == 90
        assert found.next_action == NextAction.HOLD_THE_CHECK_IN


@pytest.mark.parametrize(
    ("agreed", "met", "sign"),
    [
        (6, 6, False),
        (6, 4, False),
        (6, 3, True),
        (6, 0, True),
        (1, 0, False),
        (2, 0, True),
        (0, 0, False),
    ],
)
def test_meeting_clearly_less_often_than_agreed_is_a_sign(agreed, met, sign):
    facts = known(
        agreed=[ON - number * WEEK for number in range(agreed)][::-1], entries=held(*range(met))
    )
    found = few_meetings(facts, ON, LIMIT)
    assert bool(found) is sign
    if found:
        assert found.facts == {"held": met, "agreed": agreed, "weeks": 6}


def test_a_match_on_hold_is_not_blamed_for_meetings_or_entries():
    facts = known(
        on_hold=True,
        agreed=[ON - WEEK, ON],
        last_entry_on=ON - 90 * DAY,
        entries=[Entry(ON - number * DAY, "mentor") for number in (3, 2, 1)],
    )
    assert findings(facts, ON, LIMIT) == []


@pytest.mark.parametrize(
    ("marks", "sign"),
    [
        ((3, 3, 3, 4, 4, 4), True),
        ((3, 3, 4, 4, 4, 4), False),
        ((1, 1, 1, 5, 5), False),
        ((4, 4, 4, 3, 3, 3), False),
        ((2, 3, 4, 5, 5, 5), True),
    ],
)
def test_three_ratings_a_step_below_the_three_before_are_a_sign(marks, sign):
    ratings = [(ON - number * WEEK, mark) for number, mark in enumerate(marks)]
    found = falling_ratings(known(ratings=ratings), ON, LIMIT)
    assert bool(found) is sign
    if found:
        assert found.facts == {"last": sum(marks[:3]), "before": sum(marks[3:6])}


@pytest.mark.parametrize(
    ("child", "mentor", "says", "action"),
    [
        (4, 5, None, None),
        (2, 5, {"low_child": 2, "high_mentor": 5}, NextAction.ASK_THE_CHILD),
        (5, 3, {"low_mentor": 3, "high_child": 5}, NextAction.CALL_THE_MENTOR),
    ],
)
def test_voices_two_steps_apart_are_a_sign_that_says_who_says_what(child, mentor, says, action):
    words = {Voice.CHILD: Word(ON, child, ON), Voice.MENTOR: Word(ON, mentor, ON)}
    found = disagreement(known(words=words), ON, LIMIT)
    assert (found and found.facts) == says
    assert (found and found.next_action) == action


@pytest.mark.parametrize(
    ("entry", "child", "says"),
    [
        (28, 1, None),
        (29, 1, {"entry": 29}),
        (1, 60, None),
        (1, 61, {"child": 61}),
        (40, 70, {"entry": 40, "child": 70}),
    ],
)
def test_silence_counts_entries_in_weeks_and_voices_in_months(entry, child, says):
    words = HEARD | {Voice.CHILD: Word(ON - child * DAY)}
    found = silence(known(last_entry_on=ON - entry * DAY, words=words), ON, LIMIT)
    assert (found and found.facts) == says


def test_a_young_match_of_which_nothing_is_known_is_silent_since_it_began():
    fresh = Known(started_on=ON - 28 * DAY)
    assert silence(fresh, ON, LIMIT) is None
    older = silence(Known(started_on=ON - 29 * DAY), ON, LIMIT)
    assert older.facts == {"entry": 29} and older.since_on == ON


@pytest.mark.parametrize(
    ("entries", "says"),
    [
        ([("mentor", 7)], None),
        ([("mentor", 14), ("child", 7)], None),
        ([("mentor", 14), ("mentor", 7)], {"count": 2, "weeks": 8, "by_mentor": 2}),
        ([("mentor", 14), ("mentor", 7), (None, 1)], None),
        ([("mentor", 21), (None, 14), ("child", 7), ("weather", 1)], {"count": 3, "weeks": 8}),
        ([("mentor", 70), ("child", 60), ("mentor", 7)], None),
    ],
)
def test_three_cancelled_meetings_or_two_in_a_row_by_one_side_are_a_sign(entries, says):
    facts = known(entries=[Entry(ON - days * DAY, by) for by, days in entries])
    found = cancellations(facts, ON, LIMIT)
    assert (found and found.facts) == says


def test_a_mentor_who_cancels_in_a_row_may_need_a_substitute():
    facts = known(entries=[Entry(ON - 2 * DAY, "mentor"), Entry(ON - DAY, "mentor")])
    assert cancellations(facts, ON, LIMIT).next_action == NextAction.ARRANGE_A_SUBSTITUTE


@pytest.mark.parametrize(
    ("days", "says"),
    [(31, None), (30, {"until": "2026-07-01"}), (-1, {"until": "2026-05-31"})],
)
def test_a_certificate_that_ends_within_thirty_days_is_a_sign(days, says):
    found = certificate(known(certificate_until=ON + days * DAY), ON, LIMIT)
    assert (found and found.facts) == says


def test_no_certificate_is_a_sign_and_one_without_an_end_is_none():
    assert certificate(known(has_certificate=False, certificate_until=None), ON, LIMIT).facts == {}
    assert certificate(known(has_certificate=True, certificate_until=None), ON, LIMIT) is None


@pytest.mark.parametrize(("step", "sign"), [(None, False), (1, True), (2, True), (3, False)])
def test_a_child_who_does_not_feel_safe_is_a_sign_at_once(step, sign):
    words = HEARD | {Voice.CHILD: Word(ON, 4, ON, safe=step)}
    found = unsafe(known(words=words), ON, LIMIT)
    assert bool(found) is sign
    if found:
        assert found.next_action == NextAction.TALK_TO_THE_CHILD


def test_facts_are_numbers_and_days_and_never_words_of_people():
    facts = known(
        missed=[ON - DAY, ON - 2 * DAY],
        agreed=[ON - WEEK, ON],
        entries=[Entry(ON - 2 * DAY, "child"), Entry(ON - DAY, "child")],
        ratings=[(ON, 1)] * 3 + [(ON, 5)] * 3,
        words={Voice.CHILD: Word(ON, 1, ON, safe=1), Voice.MENTOR: Word(ON, 5, ON)},
        last_entry_on=ON - 40 * DAY,
        certificate_until=ON,
    )
    found = findings(facts, ON, LIMIT)
    assert len(found) == 8
    for sign in found:
        for name, value in sign.facts.items():
            assert isinstance(value, int) or name == "until"
