"""Old tabs, days far away and odd files: nothing lands in the wrong place."""

import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.closing.models import ClosingStep
from mentorship.closing.services import close_match, record_step
from mentorship.errors import Invalid
from mentorship.matches.models import Ruling
from mentorship.meetings.services import log_meeting
from mentorship.outcomes.models import Survey
from mentorship.signs.queries import read
from mentorship.signs.services import thresholds
from tests import factories

DAY = timedelta(days=1)


@pytest.fixture
def on():
    return clock.today()


@pytest.fixture
def match(store, on):
    found = factories.eligible_match(store, started_on=on - 200 * DAY)
    store.commit()
    return found


def test_answers_sent_from_two_tabs_do_not_answer_the_next_survey_as_well(
    store, sign_in, match, on
):
    for wave, days in ((1, 170), (6, 20)):
        factories.survey(store, match=match, side="mentor", wave=wave, due_on=on - days * DAY)
    client = sign_in(factories.mentor_user(store, mentor=match.mentor))
    tab = client.page(f"/my-matches/{match.id}/survey")
    fields = dict.fromkeys(re.findall(r'name="(q_[a-z0-9_]+)"', tab.html), "4")
    assert client.send(tab, **fields).status_code == 302
    client.send(tab, **fields)
    store.expire_all()
    waves = {row.wave: row.answered_on for row in store.scalars(select(Survey))}
    assert waves == {1: on, 6: None}


def test_a_meeting_cancelled_far_ahead_hides_no_silence(store, match, on):
    data = {"held_on": on + 50 * DAY, "cancelled_by": "mentor", "cancel_reason": None}
    log_meeting(store, match, data | {"next_on": None}, by=None, at=clock.now())
    factories.meeting(store, match=match, held_on=on - 90 * DAY)
    known = read(store, on, thresholds(store), [match.id])[match.id]
    assert known.last_entry_on == on - 90 * DAY


def test_a_meeting_is_not_cancelled_years_ahead(store, match, on):
    data = {"held_on": on + 4000 * DAY, "cancelled_by": "mentor", "cancel_reason": None}
    with pytest.raises(Invalid):
        log_meeting(store, match, data, by=None, at=clock.now())


def test_who_is_not_ready_at_all_is_held_back_whatever_day_was_typed(store, match, on):
    by = factories.coordinator(store).id
    ended = {"ended_on": on, "closure_reason": "goals_reached", "ended_as_planned": True}
    ended |= {"ended_by": "agreement", "closure_note": None}
    closure = close_match(store, match, ended, version=match.version, by=by, at=clock.now())
    said = {"done_on": on, "answer": "no", "until_on": on, "note": "Tired"}
    how = {"reason": "Not ready", "by": by, "at": clock.now()}
    record_step(store, closure, ClosingStep.MENTOR_AGAIN, said, **how)
    store.flush()
    assert store.scalars(select(Ruling)).one().until is None


def test_a_file_of_questions_with_half_a_letter_is_refused_in_words(store, sign_in):
    client = sign_in(factories.administrator(store))
    file = (io.BytesIO(b'{"\\ud800": 1, "<b>x</b>": 2}'), "questions.json")
    answer = client.submit("/instruments/new", questions=file)
    assert answer.status_code == 422
    assert "<b>x</b>" not in answer.get_data(as_text=True)
