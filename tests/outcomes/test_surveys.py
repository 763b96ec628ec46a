from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from mentorship.errors import DomainError
from mentorship.matches.models import Match
from mentorship.outcomes import queries, surveys
from mentorship.outcomes.models import Instrument, Survey
from mentorship.outcomes.vocabulary import SkipReason, SurveySide, SurveyWay
from tests import factories
from tests.outcomes.conftest import AT, ON, START


def rows(session):
    query = select(Survey.match_id, Survey.side, Survey.wave, Survey.due_on)
    return session.execute(query.order_by(Survey.match_id, Survey.side, Survey.wave)).all()


def test_both_sides_are_asked_after_a_month_and_the_next_night_adds_nothing(database, match):
    assert surveys.plan_surveys(database, on=date(2026, 1, 21)) == 0
    assert surveys.plan_surveys(database, on=date(2026, 1, 22)) == 2
    assert surveys.plan_surveys(database, on=date(2026, 1, 22)) == 0
    assert rows(database) == [
        (match.id, "child", 1, date(2026, 2, 5)),
        (match.id, "mentor", 1, date(2026, 2, 5)),
    ]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 800), max_size=6))
def test_whatever_nights_the_job_runs_every_wave_is_there_once(database, nights):
    database.execute(delete(Survey))
    database.execute(delete(Match))
    found = factories.eligible_match(database, started_on=START)
    last = START + timedelta(days=800)
    for day in [*(START + timedelta(days=night) for night in nights), last]:
        surveys.plan_surveys(database, on=day)
    waves = [
        (1, date(2026, 2, 5)),
        (6, date(2026, 7, 5)),
        (12, date(2027, 1, 5)),
        (24, date(2028, 1, 5)),
    ]
    planned = [(wave, due) for wave, due in waves if due <= last + surveys.PLANNED_AHEAD]
    assert [(row.wave, row.due_on) for row in rows(database) if row.side == "child"] == planned
    assert [(row.wave, row.due_on) for row in rows(database) if row.side == "mentor"] == planned
    assert {row.match_id for row in rows(database)} == {found.id}


def test_a_closed_match_gets_no_more_surveys(database):
    adult = factories.eligible_mentor(database, on=START)
    young = factories.eligible_child(database, on=START)
    factories.match(database, mentor=adult, child=young, started_on=START, ended_on=ON)
    assert surveys.plan_surveys(database, on=ON) == 0


def test_a_survey_comes_as_much_later_as_the_match_was_on_hold(database, match):
    surveys.plan_surveys(database, on=date(2026, 1, 25))
    opened = datetime(2026, 1, 28, 5, tzinfo=UTC)
    pause = factories.hold(database, match=match, opened_at=opened)
    surveys.plan_surveys(database, on=date(2026, 2, 20))
    assert {row.due_on for row in rows(database)} == {date(2026, 2, 5)}  # not known yet
    reader = factories.coordinator(database)
    assert database.scalars(queries.open_surveys(reader, date(2026, 3, 1))).all() == []
    pause.ended_at = datetime(2026, 2, 27, 5, tzinfo=UTC)
    surveys.plan_surveys(database, on=date(2026, 2, 27))
    assert {row.due_on for row in rows(database)} == {date(2026, 3, 7)}


def test_planning_asks_the_database_the_same_for_any_number_of_matches(database, statements):
    counts = []
    for _ in range(2):
        for _ in range(2):
            factories.eligible_match(database, started_on=START)
        database.flush()
        surveys.plan_surveys(database, on=ON)
        statements.clear()
        surveys.plan_surveys(database, on=ON)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.fixture
def survey(database, match):
    return factories.survey(database, match=match, side="child", due_on=ON)


@pytest.fixture
def instrument(database):
    return queries.active_instrument(database, SurveySide.CHILD)


ALL = dict.fromkeys(("look_forward", "listens", "at_ease", "keeps_word", "decide", "tells"), 4)


def answer(session, survey, instrument, answers, by):
    given = {"way": SurveyWay.TALK, "language": "kk", "by": by, "on": ON, "at": AT}
    surveys.answer_survey(session, survey, instrument, answers, **given)


def test_answers_keep_the_version_of_the_questions_and_their_score(
    database, survey, instrument, by
):
    answer(database, survey, instrument, ALL | {"bored": 2, "uneasy": 1}, by)
    database.expire_all()
    assert survey.instrument.code == "bond_child" and survey.instrument.version == 1
    assert survey.score == pytest.approx((6 * 4 + 4 + 5) / 8)
    assert survey.answers["bored"] == 2 and not survey.is_open


def test_a_survey_with_too_few_answers_has_no_score(database, survey, instrument, by):
    answer(database, survey, instrument, ALL, by)
    assert survey.score is None and survey.answered_on == ON


def test_an_uneasy_child_is_a_reason_to_talk(database, survey, instrument, by):
    answer(database, survey, instrument, ALL | {"uneasy": 4}, by)
    assert [item.code for item in instrument.questions.worrying(survey.answers)] == ["uneasy"]


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "nothing_answered"),
        ({"look_forward": 6}, "answer_unknown"),
        ({"look_forward": 0}, "answer_unknown"),
        ({"no_such_item": 3}, "answer_unknown"),
    ],
)
def test_answers_that_no_question_asks_for_are_refused(
    database, survey, instrument, by, answers, code
):
    with pytest.raises(DomainError, match=code):
        answer(database, survey, instrument, answers, by)
    assert survey.is_open


def test_a_child_is_not_asked_the_mentors_questions(database, survey, by):
    mentors = queries.active_instrument(database, SurveySide.MENTOR)
    with pytest.raises(DomainError, match="answer_unknown"):
        answer(database, survey, mentors, {"enjoy": 5}, by)


def test_questions_that_were_never_put_to_use_are_not_asked(database, survey, instrument, by):
    draft = Instrument(
        code="other", version=1, side="child", content=instrument.content, source="x",
        licence="x", active=False, added_at=AT,
    )  # fmt: skip
    database.add(draft)
    database.flush()
    with pytest.raises(DomainError, match="answer_unknown"):
        answer(database, survey, draft, {"tells": 5}, by)


def test_an_answered_survey_is_neither_answered_nor_skipped_again(database, survey, instrument, by):
    answer(database, survey, instrument, ALL, by)
    with pytest.raises(DomainError, match="survey_done"):
        answer(database, survey, instrument, ALL, by)
    with pytest.raises(DomainError, match="survey_done"):
        surveys.skip_survey(database, survey, SkipReason.DECLINED, by=by, on=ON, at=AT)


def test_a_survey_that_is_not_asked_says_why(database, survey, by):
    surveys.skip_survey(database, survey, SkipReason.DECLINED, by=by, on=ON, at=AT)
    assert (survey.skipped_on, survey.skipped_reason) == (ON, "declined")


def test_nobody_says_by_hand_that_a_survey_ended_with_its_match(database, survey, by):
    with pytest.raises(DomainError, match="reason_unknown"):
        surveys.skip_survey(database, survey, SkipReason.MATCH_ENDED, by=by, on=ON, at=AT)
