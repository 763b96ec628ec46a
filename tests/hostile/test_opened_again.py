"""Nothing that was declined or ended opens again once a rule refuses the pair."""

from datetime import timedelta

import pytest

from mentorship.agreements import services as agreements
from mentorship.decisions import services as decisions
from mentorship.errors import AlreadyDone, NotEligible
from mentorship.matches.models import ProposalStatus
from mentorship.matches.services import decline_proposal
from mentorship.mentors.models import MentorStatus
from mentorship.moves.services import withdraw_consent
from mentorship.qualification import services as qualification
from mentorship.qualification.models import SuspensionCause
from tests import factories
from tests.hostile.conftest import AT, BASE, ON

SOON = AT + timedelta(seconds=20)


@pytest.fixture
def proposal(database):
    mentor = factories.eligible_mentor(database, on=ON)
    child = factories.eligible_child(database, on=ON)
    return factories.proposal(database, mentor=mentor, child=child, start_on=ON)


def suspend(session, proposal, by):
    said = {"cause": SuspensionCause.COMPLAINT, "reason": "A neighbour called."}
    qualification.suspend(session, proposal.mentor, **said, by=by, at=AT, base_url=BASE)


def take_consent_back(session, proposal, by):
    said = {"said_by": "Бала", "said_on": ON, "reason": None, "by": by, "on": ON, "at": AT}
    withdraw_consent(session, proposal.child_id, "own", **said, base_url=BASE)


def pause(session, proposal, by):
    given = {"reason": "personal", "note": None, "by": by, "at": AT}
    qualification.change_status(session, proposal.mentor, MentorStatus.PAUSED, **given)


def go_away(session, proposal, by):
    factories.pause(session, mentor=proposal.mentor, from_on=ON, until_on=None)


def undo(session, proposal, by):
    session.refresh(proposal)
    decisions.undo(session, proposal.id, version=proposal.version, by=by, at=SOON)


FALLS = (suspend, take_consent_back, pause, go_away)


@pytest.mark.parametrize("fall", FALLS, ids=lambda fall: fall.__name__)
def test_a_decline_is_not_taken_back_once_a_rule_refuses_the_pair(database, one, proposal, fall):
    given = {"reason": "other", "note": "By mistake", "by": one, "at": AT}
    decline_proposal(database, proposal.id, **given)
    fall(database, proposal, factories.coordinator(database).id)
    with pytest.raises(NotEligible):
        undo(database, proposal, one)
    assert proposal.status == ProposalStatus.DECLINED


@pytest.mark.parametrize("fall", FALLS[:2], ids=lambda fall: fall.__name__)
def test_whoever_ended_a_proposal_by_a_suspension_or_withdrawal_does_not_open_it_again(
    database, one, proposal, fall
):
    fall(database, proposal, one)
    assert proposal.status == ProposalStatus.DECLINED
    with pytest.raises(NotEligible):
        undo(database, proposal, one)
    assert proposal.status == ProposalStatus.DECLINED


@pytest.mark.parametrize("fall", FALLS[:2], ids=lambda fall: fall.__name__)
def test_an_approval_is_not_taken_back_after_a_suspension_or_withdrawal(
    database, one, proposal, fall
):
    agreements.approve(database, proposal.id, by=one, on=ON, at=AT)
    fall(database, proposal, one)
    with pytest.raises((AlreadyDone, NotEligible)):
        undo(database, proposal, one)
    assert proposal.status == ProposalStatus.DECLINED


def test_a_decline_by_mistake_is_still_taken_back(database, one, proposal):
    given = {"reason": "other", "note": "By mistake", "by": one, "at": AT}
    decline_proposal(database, proposal.id, **given)
    undo(database, proposal, one)
    assert proposal.status == ProposalStatus.OPEN
