"""Brothers and sisters who must have one mentor, when one of them has one already."""

from datetime import date

import pytest

from mentorship.errors import NotEligible
from mentorship.matches.refusals import refused_pairs
from mentorship.matches.services import approve_proposal, pair_refusals
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import AT, KARAGANDA

ON = date(2026, 3, 2)


@pytest.fixture
def family(database):
    """Two siblings; the elder has a mentor with a place left, and there is a stranger."""
    mentor = factories.eligible_mentor(database, on=ON, capacity=2)
    stranger = factories.eligible_mentor(database, on=ON)
    elder, younger = (factories.eligible_child(database, on=ON) for _ in range(2))
    factories.siblings(database, elder, younger, rule="must")
    factories.match(database, mentor=mentor, child=elder, started_on=ON)
    return mentor, stranger, elder, younger


def test_the_other_is_kept_for_the_same_mentor(database, family):
    mentor, stranger, _elder, younger = family
    assert refused_pairs(database, ON) == {(stranger.id, younger.id): "forbidden"}
    assert pair_refusals(database, mentor, younger, ON) == []
    assert pair_refusals(database, stranger, younger, ON) == ["pair_forbidden"]


def test_a_round_proposes_the_siblings_mentor_and_nobody_else(database, family):
    mentor, _stranger, _elder, younger = family
    by = factories.coordinator(database)
    made = run_round(database, regions=[KARAGANDA], start_on=ON, by=by.id, at=AT)
    assert [(row.mentor_id, row.child_id) for row in made.proposals] == [(mentor.id, younger.id)]


def test_a_proposal_made_before_the_sibling_had_a_mentor_is_not_approved(database):
    mentor, stranger = (factories.eligible_mentor(database, on=ON) for _ in range(2))
    elder, younger = (factories.eligible_child(database, on=ON) for _ in range(2))
    proposal = factories.proposal(database, mentor=stranger, child=younger, start_on=ON)
    factories.siblings(database, elder, younger, rule="must")
    factories.preparation(database, mentor=mentor, child=elder, opened_at=AT)
    by = factories.coordinator(database)
    with pytest.raises(NotEligible) as refused:
        approve_proposal(database, proposal.id, by=by.id, on=ON, at=AT)
    assert refused.value.params["rules"] == ["pair_forbidden"]


@pytest.mark.parametrize("rule", ["prefer", "no"])
def test_where_it_is_only_preferred_or_open_nobody_is_refused(database, rule):
    mentor, stranger = (factories.eligible_mentor(database, on=ON) for _ in range(2))
    elder, younger = (factories.eligible_child(database, on=ON) for _ in range(2))
    factories.siblings(database, elder, younger, rule=rule)
    factories.match(database, mentor=mentor, child=elder, started_on=ON)
    assert refused_pairs(database, ON) == {}
    assert pair_refusals(database, stranger, younger, ON) == []


def test_siblings_with_two_mentors_from_before_keep_them(database):
    """The rule looks forward: a match that stands is not refused for it."""
    children = [factories.eligible_child(database, on=ON) for _ in range(2)]
    for child in children:
        mentor = factories.eligible_mentor(database, on=ON)
        factories.match(database, mentor=mentor, child=child, started_on=ON)
    factories.siblings(database, *children, rule="must")
    assert refused_pairs(database, ON) == {}
