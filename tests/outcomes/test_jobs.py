from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.jobs.outcomes import plan_surveys, tell_of_surveys
from mentorship.messages.models import Message
from tests import factories


@pytest.fixture
def today():
    return clock.today()


def test_a_mentor_is_told_once_of_each_survey_and_no_name_stands_in_the_letter(
    database, config, today
):
    match = factories.eligible_match(database, started_on=today - timedelta(days=31))
    user = factories.mentor_user(database, mentor=match.mentor)
    for days in (0, 0, 1, 2):
        on = today + timedelta(days=days)
        plan_surveys(database, config, on, clock.now())
        tell_of_surveys(database, config, on, clock.now())
    letter = database.scalars(select(Message)).one()
    assert letter.user_id == user.id and f"/my-matches/{match.id}/survey" in letter.body
    for name in (match.child.first_name, match.child.last_name, match.mentor.last_name):
        assert name not in letter.subject + letter.body


def test_nobody_is_told_while_the_match_is_on_hold(database, config, today):
    match = factories.eligible_match(database, started_on=today - timedelta(days=31))
    factories.mentor_user(database, mentor=match.mentor)
    factories.survey(database, match=match, side="mentor", due_on=today)
    factories.hold(database, match=match)
    assert tell_of_surveys(database, config, today, clock.now()) == "0 written"
