"""A match on hold stays on hold, also for whoever opened their page before."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.agreements.services import record_first_meeting
from mentorship.errors import NotEligible
from mentorship.matches.models import Match
from mentorship.meetings.services import log_meeting
from mentorship.mentors.models import Mentor
from mentorship.moves.services import withdraw_consent
from mentorship.qualification import services as qualification
from mentorship.qualification.models import SuspensionCause
from mentorship.reviews.models import Review, ReviewDecision
from mentorship.reviews.services import decide_review
from tests import factories
from tests.hostile.conftest import AT, BASE, ON

DAY = timedelta(days=1)
COMPLAINT = {"cause": SuspensionCause.COMPLAINT, "reason": "A neighbour called."}
MEETING = {"held_on": ON, "kind": "in_person", "minutes": 60, "activity": "Шахмат", "went": 4}


@pytest.fixture
def staff(store):
    found = [factories.coordinator(store).id for _ in range(2)]
    store.commit()
    return found


@pytest.fixture
def match(store):
    found = factories.eligible_match(store, started_on=ON - DAY)
    store.commit()
    return found


@pytest.fixture
def page(store):
    """The session of somebody whose page was read before others acted."""
    with Session(store.get_bind(), expire_on_commit=False) as session:
        yield session


def suspend(store, mentor_id, by):
    mentor = store.get_one(Mentor, mentor_id)
    row = qualification.suspend(store, mentor, **COMPLAINT, by=by, at=AT, base_url=BASE)
    store.commit()
    return row


def test_no_meeting_is_logged_from_a_page_that_is_older_than_the_hold(store, page, match, staff):
    seen = page.get_one(Match, match.id)
    assert not seen.on_hold
    page.commit()
    suspend(store, match.mentor_id, staff[0])
    with pytest.raises(NotEligible):
        log_meeting(page, seen, MEETING, by=staff[1], at=AT)


def test_a_first_meeting_is_not_recorded_while_the_match_is_on_hold(database, one):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    proposal = factories.proposal(database, mentor=mentor, child=child, start_on=ON)
    match = factories.start_match(database, proposal.id, by=one, on=ON, at=AT)
    said = {"said_by": "Бала", "said_on": ON, "reason": None, "by": one, "on": ON, "at": AT}
    withdraw_consent(database, child.id, "own", **said, base_url=BASE)
    met = {"held_on": ON, "held_with": "Тәрбиеші", "by": one, "at": AT}
    with pytest.raises(NotEligible):
        record_first_meeting(database, proposal.preparations[0], **met)
    assert match.on_hold


def test_a_review_is_not_decided_by_what_was_true_before_the_mentor_was_suspended_again(
    store, page, match, staff
):
    one, other = staff
    row = suspend(store, match.mentor_id, one)
    qualification.ask_to_lift(store, row, reason="Clear", by=one, at=AT, base_url=BASE)
    assert qualification.lift(store, row, by=other, at=AT)
    store.commit()
    review = page.scalars(select(Review)).one()
    adult = review.match.mentor
    assert adult.status == "active"
    page.commit()
    suspend(store, match.mentor_id, other)
    with pytest.raises(NotEligible):
        decide_review(page, review, ReviewDecision.CONTINUE, note=None, by=one, at=AT)
    page.rollback()
    store.expire_all()
    assert store.get_one(Match, match.id).on_hold
