"""A mentor is suspended while others speak, undo and decide: nothing stays open."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship.agreements import services as agreements
from mentorship.decisions.services import undo
from mentorship.matches.models import Preparation, Proposal
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


@pytest.mark.parametrize("attempt", range(4))
def test_a_mentor_who_declines_at_that_moment_is_suspended_all_the_same(
    store, staff, at_once, approved, attempt
):
    mentor_id, number = approved.mentor_id, approved.id
    store.commit()

    def decline(session):
        pair = session.get_one(Preparation, number)
        agreements.record_mentor_answer(session, pair, "declined", note="Жоқ", by=staff, at=AT)

    found = at_once(decline, suspend(mentor_id, staff))
    assert found[1] == "done", found
    nothing_is_open(store, mentor_id)
