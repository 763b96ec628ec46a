"""A pair that a person suggests goes through the very rules of a round."""

from datetime import UTC, date, datetime, timedelta

import pytest

from mentorship.errors import AlreadyDone, NotEligible
from mentorship.matches.models import ProposalOrigin, ProposalStatus
from mentorship.matches.services import decline_proposal, propose_pair
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def coordinator(database):
    return factories.coordinator(database)


@pytest.fixture
def mentor(database):
    return factories.eligible_mentor(database, on=ON)


@pytest.fixture
def child(database):
    return factories.eligible_child(database, on=ON)


@pytest.fixture
def suggest(database, coordinator, mentor, child):
    def suggest(**given):
        values = {
            "origin": ProposalOrigin.MANUAL,
            "points": 60,
            "reasons": {"distance": 60},
            "start_on": ON,
        }
        return propose_pair(database, mentor, child, **(values | given), by=coordinator.id, at=AT)

    return suggest


def test_a_suggested_pair_is_an_open_proposal_of_no_round(suggest):
    found = suggest(origin=ProposalOrigin.URGENT)
    assert (found.round_id, found.status, found.origin) == (None, "open", "urgent")
    assert (found.points, found.reasons, found.start_on) == (60, {"distance": 60}, ON)


def test_a_suggested_pair_replaces_the_open_proposal_of_the_child(
    database, suggest, child, coordinator
):
    other = factories.eligible_mentor(database, on=ON)
    before = factories.proposal(database, mentor=other, child=child, start_on=ON)
    suggest()
    assert before.status == ProposalStatus.SUPERSEDED
    assert (before.decided_by, before.decided_at) == (coordinator.id, AT)


def test_a_child_with_a_mentor_gets_no_second_one(database, suggest, child):
    other = factories.eligible_mentor(database, on=ON)
    factories.match(database, mentor=other, child=child, started_on=ON)
    with pytest.raises(AlreadyDone) as refused:
        suggest()
    assert refused.value.code == "child_has_match"


def test_no_pair_that_a_rule_refuses_can_be_suggested(suggest, mentor):
    mentor.certificates[0].expires_on = ON - DAY
    with pytest.raises(NotEligible) as refused:
        suggest()
    assert refused.value.params["rules"] == ["certificate_not_current"]


def test_a_full_mentor_cannot_be_suggested(database, suggest, mentor):
    other = factories.eligible_child(database, on=ON)
    factories.match(database, mentor=mentor, child=other, started_on=ON)
    with pytest.raises(NotEligible) as refused:
        suggest()
    assert refused.value.params["rules"] == ["no_capacity"]


def test_a_pair_declined_for_good_cannot_be_suggested_again(database, suggest, coordinator):
    first = suggest()
    decline_proposal(database, first.id, reason="other", note="No.", by=coordinator.id, at=AT)
    with pytest.raises(NotEligible) as refused:
        suggest()
    assert refused.value.params["rules"] == ["pair_declined_before"]


@pytest.mark.parametrize("whom", ["mentor", "child"])
def test_nobody_whom_a_person_holds_back_can_be_suggested(database, suggest, mentor, child, whom):
    held = {"mentor": mentor} if whom == "mentor" else {"child": child}
    ruling = factories.ruling(database, kind=f"hold_{whom}", **held, until=ON)
    with pytest.raises(NotEligible) as refused:
        suggest()
    assert refused.value.code == "held_back"
    ruling.until = ON - DAY
    database.flush()
    assert suggest().status == ProposalStatus.OPEN
