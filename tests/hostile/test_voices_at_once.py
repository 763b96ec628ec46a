"""A child answers and asks for help while staff make links, close and record: nothing is lost."""

from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.check_ins import ladder
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.services import record_check_in
from mentorship.closing.services import close_match
from mentorship.concerns.models import Concern
from mentorship.database import for_update
from mentorship.matches.models import Match
from mentorship.voices import results, services
from mentorship.voices.facts import Voice
from mentorship.voices.models import VoiceAnswer, VoiceLink
from tests import factories

DAY = timedelta(days=1)
TOLD = {"rating": 4, "next_step": None, "way": "phone"}


@pytest.fixture
def on():
    return clock.today()


@pytest.fixture
def staff(store):
    return factories.coordinator(store).id


@pytest.fixture
def match(store, staff, on):
    row = factories.eligible_match(store, started_on=on - 60 * DAY)
    factories.check_in(store, match=row, due_on=on + 2 * DAY, kind="child")
    factories.check_in(store, match=row, due_on=on - 3 * DAY, kind="mentor")
    store.commit()
    return row


def link_of(store, match, staff, config):
    told = {"language": "kk", "secret": config.secret_key, "by": staff, "at": clock.now()}
    link = services.make_link(store, match, Voice.CHILD, **told)
    store.commit()
    return link


def test_a_child_who_asks_to_talk_is_heard_while_staff_make_another_link(
    store, staff, match, config, at_once
):
    link, held = link_of(store, match, staff, config), Event()
    match_id, link_id = match.id, link.id

    def another(session):
        for_update(session, Match, [match_id])
        held.set()
        sleep(0.5)  # the child presses the button now
        told = {"language": "kk", "secret": config.secret_key, "by": staff, "at": clock.now()}
        services.make_link(session, session.get_one(Match, match_id), Voice.CHILD, **told)

    def press(session):
        held.wait(10)
        found = session.get_one(VoiceLink, link_id)
        said = {"text": "Talk", "address": "http://127.0.0.1", "at": clock.now()}
        assert results.ask_to_talk(session, found, **said)

    assert at_once(another, press) == ["done", "done"]
    assert len(store.scalars(select(Concern)).all()) == 1


def test_what_a_child_said_is_kept_where_no_contact_can_stand_for_it(
    store, staff, match, config, on
):
    for days in (0, 30):  # one cannot be recorded: it lies before the start
        begun = match if days == 0 else factories.eligible_match(store, started_on=on + 3 * DAY)
        if days:
            factories.check_in(store, match=begun, due_on=on + 4 * DAY, kind="child")
        link = factories.voice_link(
            store, match=begun, made_at=clock.now() - 5 * DAY, expires_at=clock.now() - DAY
        )
        said = {"link": link, "finished_at": None, "answers": {"glad": 4, "safe": 5}}
        factories.voice_answer(store, match=begun, answered_at=clock.now() - 2 * DAY, **said)
    store.commit()
    assert results.take_what_was_said(store, at=clock.now()) == 2
    answers = store.scalars(select(VoiceAnswer)).all()
    assert all(answer.finished_at for answer in answers)


def test_no_contact_is_recorded_after_the_end_of_a_match_that_is_just_being_closed(
    store, staff, match, at_once, on
):
    number, version = match.id, match.version
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "mentor")).one().id
    ahead = store.scalars(select(CheckIn).where(CheckIn.kind == "child")).one().id
    store.commit()
    ended = {"ended_on": on - DAY, "closure_reason": "goals_reached", "ended_as_planned": True}
    ended |= {"ended_by": "agreement", "closure_note": None}
    closed, read = Event(), {contact: Event(), ahead: Event()}

    def close(session):
        for each in read.values():
            each.wait(10)
        found = session.get_one(Match, number)
        close_match(session, found, ended, version=version, by=staff, at=clock.now())
        session.flush()
        closed.set()
        sleep(0.5)

    def record(check_in_id):
        def act(session):
            session.expire_on_commit = False
            found = session.get_one(CheckIn, check_in_id)
            assert found.match.is_open or closed.is_set()
            session.commit()  # a page that was read a moment before
            read[check_in_id].set()
            closed.wait(10)
            given = {"held_on": on, **TOLD}
            record_check_in(session, found, given, by=staff, at=clock.now())

        return act

    assert at_once(close, record(contact), record(ahead)) == ["done", "after_end", "match_closed"]


def test_a_match_is_closed_while_its_overdue_contact_climbs_to_a_review(
    store, staff, match, at_once, on
):
    number, version, held = match.id, match.version, Event()
    factories.check_in(store, match=match, due_on=on - 40 * DAY, kind="child")
    store.commit()
    ended = {"ended_on": on, "closure_reason": "goals_reached", "ended_as_planned": True}
    ended |= {"ended_by": "agreement", "closure_note": None}

    def close(session):
        for_update(session, Match, [number])
        held.set()
        sleep(0.5)
        found = session.get_one(Match, number)
        close_match(session, found, ended, version=version, by=staff, at=clock.now())

    def climb(session):
        held.wait(10)
        ladder.climb(session, on=on, at=clock.now(), base_url="http://127.0.0.1:8000")

    assert at_once(close, climb) == ["done", "done"]
