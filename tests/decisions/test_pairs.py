from datetime import timedelta

import pytest
from sqlalchemy import select

import matching
from mentorship.audit import AuditEntry
from mentorship.matches.models import Proposal
from tests import factories
from tests.decisions.conftest import make_pair
from tests.factories import KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def free(store, today):
    """A mentor and a child whom no rule refuses, and no proposal."""
    mentor = factories.eligible_mentor(store, on=today, interests=("chess",))
    return mentor, factories.eligible_child(store, on=today, interests=("chess",))


def address(mentor, child):
    return f"/pairs/new?mentor={mentor.id}&child={child.id}"


def test_a_pair_is_found_by_name_proposed_and_approved_like_any_other(desk, store, free):
    mentor, child = free
    page = desk.page(f"/pairs/new?child_q={child.last_name}&mentor_q={mentor.last_name}")
    names = [a.text for a in page.find_all("a")]
    assert child.full_name in names
    assert mentor.full_name in names
    page = desk.page(address(mentor, child))
    assert "No requirement refuses this pair today" in page.text
    answer = desk.send(page)
    proposal = store.scalars(select(Proposal)).one()
    assert (proposal.origin, proposal.round_id, proposal.status) == ("manual", None, "open")
    assert answer.headers["Location"] == f"/proposals/{proposal.id}"
    page = desk.page(answer.headers["Location"])
    desk.send(page, "/approve")
    assert proposal.status == "approved"
    assert "proposed_pair" in [row.action for row in store.scalars(select(AuditEntry))]


def test_a_manual_pair_gets_the_points_a_round_would_give(desk, store, free):
    desk.submit(address(*free))
    proposal = store.scalars(select(Proposal)).one()
    assert list(proposal.reasons) == list(matching.CRITERIA)
    assert proposal.reasons["interests"] > 0
    assert proposal.points == sum(proposal.reasons.values())


def test_every_rule_that_refuses_a_manual_pair_is_said_in_words(desk, store, free, today):
    mentor, child = free
    mentor.certificates[0].expires_on = today - DAY
    child.consent("guardian").withdrawn_on = today
    page = desk.page(address(mentor, child))
    assert "The mentor's certificate is not in force on the start date." in page.text
    assert "The legal representative's consent is missing." in page.text
    assert page.find_all("form", action=address(mentor, child)) == []


def test_what_changed_after_the_page_was_made_is_checked_again_when_it_is_sent(
    desk, store, free, today
):
    mentor, child = free
    page = desk.page(address(mentor, child))
    child.consent("guardian").withdrawn_on = today
    answer = desk.send(page)
    assert answer.status_code == 422
    assert "consent is missing" in answer.page.text
    assert store.scalars(select(Proposal)).all() == []


@pytest.mark.parametrize("kind", ["apart", "hold_mentor", "hold_child"])
def test_a_ruling_stops_a_manual_pair(desk, store, free, kind):
    mentor, child = free
    whom = {"hold_mentor": {"mentor": mentor}, "hold_child": {"child": child}}
    both = {"mentor": mentor, "child": child}
    factories.ruling(store, kind=kind, **whom.get(kind, both))
    assert "This pair cannot be proposed today" in desk.page(address(mentor, child)).text


def test_a_child_with_a_mentor_is_not_proposed_another(desk, store, free, today):
    mentor, child = free
    other = factories.eligible_mentor(store, on=today)
    factories.match(store, mentor=other, child=child, started_on=today)
    assert "The child already has a mentor." in desk.page(address(mentor, child)).text


def test_a_manual_pair_replaces_the_childs_open_proposal_and_says_so_before(desk, store, today):
    pair = make_pair(store, on=today)
    mentor = factories.eligible_mentor(store, on=today)
    page = desk.page(address(mentor, pair.child))
    assert "This pair would replace it." in page.text
    desk.send(page)
    assert pair.proposal.status == "superseded"
    assert "Айгүл Сейітова" in desk.page(f"/proposals/{pair.proposal.id}").find("main").text


def test_people_of_another_region_are_neither_found_nor_chosen(desk, store, free, today):
    mentor, _ = free
    away = factories.eligible_child(store, on=today, region=KOSTANAY, last_name="Жаттағы")
    assert "Жаттағы" not in desk.page("/pairs/new?child_q=Жаттағы").find("main").text
    assert desk.get(address(mentor, away)).status_code == 404


def test_a_pair_sent_twice_is_proposed_once(desk, store, free):
    page = desk.page(address(*free))
    for _ in range(2):
        answer = desk.send(page)
    assert "already been saved" in answer.page.text
    assert len(store.scalars(select(Proposal)).all()) == 1


def test_the_page_of_a_pair_costs_as_many_statements_for_many_people_as_for_few(
    desk, store, free, today, statements
):
    def cost():
        desk.page(address(*free))
        statements.clear()
        desk.page(address(*free))
        return len(statements)

    few = cost()
    for _ in range(12):
        make_pair(store, on=today)
    assert cost() == few


def test_the_list_of_proposals_costs_the_same_for_many_and_shows_manual_ones(
    desk, store, free, today, statements
):
    desk.submit(address(*free))

    def cost():
        desk.page("/proposals")
        statements.clear()
        desk.page("/proposals")
        return len(statements)

    few = cost()
    for _ in range(12):
        make_pair(store, on=today)
    assert cost() == few
    assert free[1].full_name in desk.page("/proposals?origin=manual").text
