"""A mentor is suspended while others speak, undo and decide: nothing stays open."""

from datetime import timedelta
from threading import Event
from time import sleep

import pytest
from sqlalchemy import select

from mentorship.agreements import services as agreements
from mentorship.closing.services import close_match
from mentorship.decisions.services import undo
from mentorship.matches.models import Match, Preparation, Proposal
from mentorship.mentors.models import Mentor, MentorStatus
from mentorship.qualification import services as qualification
from mentorship.qualification.models import SuspensionCause
from tests import factories
from tests.hostile.conftest import AT, BASE, ON

SOON = AT + timedelta(seconds=20)


@pytest.fixture
def staff(store):
    return factories.coordinator(store).id


def suspend(mentor_id, by):
    said = {"cause": SuspensionCause.COMPLAINT, "reason": "A neighbour called."}
    return lambda session: qualification.suspend(
        session, session.get_one(Mentor, mentor_id), **said, by=by, at=AT, base_url=BASE
    )


@pytest.fixture
def approved(store, staff):
    mentor = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    proposal = factories.proposal(store, mentor=mentor, child=child, start_on=ON)
    found = agreements.approve(store, proposal.id, by=staff, on=ON, at=AT)
    store.commit()
    return found


def nothing_is_open(store, mentor_id):
    store.expire_all()
    assert store.get_one(Mentor, mentor_id).status == MentorStatus.SUSPENDED
    for table in (Proposal, Preparation):
        own = select(table).where(table.mentor_id == mentor_id, table.status == "open")
        assert store.scalars(own).all() == []


@pytest.mark.parametrize("attempt", range(4))
def test_an_approval_taken_back_during_a_suspension_opens_nothing(
    store, staff, at_once, approved, attempt
):
    mentor_id, pair = approved.mentor_id, approved.proposal
    number, version = pair.id, pair.version
    store.commit()
    found = at_once(
        lambda session: undo(session, number, version=version, by=staff, at=SOON),
        suspend(mentor_id, staff),
    )
    assert found[1] == "done", found
    nothing_is_open(store, mentor_id)


def test_a_mentor_who_is_just_declining_is_suspended_all_the_same(store, staff, at_once, approved):
    mentor_id, number = approved.mentor_id, approved.id
    store.commit()
    declined = Event()

    def decline(session):
        pair = session.get_one(Preparation, number)
        agreements.record_mentor_answer(session, pair, "declined", note="Жоқ", by=staff, at=AT)
        session.flush()
        declined.set()
        sleep(0.7)  # the other comes as far as this row, and waits for it

    def suspend_then(session):
        declined.wait(10)
        suspend(mentor_id, staff)(session)

    assert at_once(decline, suspend_then) == ["done", "done"]
    nothing_is_open(store, mentor_id)


def test_a_mentor_whose_match_is_being_closed_is_suspended_all_the_same(store, staff, at_once):
    match = factories.eligible_match(store, started_on=ON)
    mentor_id, number, version = match.mentor_id, match.id, match.version
    store.commit()
    ended = {"ended_on": ON, "closure_reason": "goals_reached", "ended_as_planned": True}
    ended |= {"ended_by": "agreement", "closure_note": None}
    closed = Event()

    def close(session):
        found = session.get_one(Match, number)
        close_match(session, found, ended, version=version, by=staff, at=AT)
        session.flush()
        closed.set()
        sleep(0.7)  # the other comes as far as this row, and waits for it

    def suspend_then(session):
        closed.wait(10)
        suspend(mentor_id, staff)(session)

    assert at_once(close, suspend_then) == ["done", "done"]
    nothing_is_open(store, mentor_id)
