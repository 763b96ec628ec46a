"""A round whose rest is computed again, from the button to the publication."""

import pytest
from sqlalchemy import select

from mentorship.jobs import rounds as jobs
from mentorship.matches.models import Proposal, Round
from mentorship.rounds.services import run_round
from tests import factories
from tests.factories import KARAGANDA


@pytest.fixture
def published(store, today, coordinator):
    """A round of three children and three mentors, with a pair for each child."""
    for number in range(3):
        factories.eligible_mentor(store, on=today, interests=(("chess", "football")[number % 2],))
        factories.eligible_child(store, on=today)
    store.commit()
    found = run_round(
        store, regions=(KARAGANDA,), start_on=today, by=coordinator.id, at=factories.AT
    )
    store.commit()
    return found


def computed(app, store):
    """What the jobs process does; the newest round."""
    store.commit()
    jobs.work(app)
    store.expire_all()
    return store.scalars(select(Round).order_by(Round.id.desc())).first()


def statuses(store, round_):
    rows = store.scalars(select(Proposal).where(Proposal.round_id == round_.id))
    return {row.child_id: row.status for row in rows}


def test_the_rest_is_computed_again_compared_and_published(desk, app, store, published):
    first, second, third = published.proposals
    desk.submit(f"/proposals/{first.id}", "/approve")
    desk.submit(f"/proposals/{second.id}/decline", reason="known_conflict")
    page = desk.page(f"/rounds/{published.id}")
    desk.send(page, "/again")
    draft = computed(app, store)
    assert (draft.stage, draft.parent_id) == ("draft", published.id)
    assert first.child_id not in statuses(store, draft), "the approved pair stays out"
    page = desk.page(f"/rounds/{draft.id}")
    compare = f"/rounds/{draft.id}/compare/{published.id}"
    assert page.find_all("a", href=compare)
    text = desk.page(compare).text
    for heading in ("Children who gain", "Children who lose", "Children with another mentor"):
        assert heading in text
    desk.send(page, "/publish")
    assert (first.status, second.status, third.status) == ("approved", "declined", "superseded")
    now = store.scalars(select(Proposal).where(Proposal.round_id == draft.id)).all()
    assert {row.child_id for row in now} == {second.child_id, third.child_id}
    assert {row.status for row in now} == {"open"}
    moved = next(row for row in now if row.child_id == second.child_id)
    assert moved.mentor_id != second.mentor_id, "the declined pair is not proposed again"


def test_a_draft_put_away_leaves_the_round_as_it_was(desk, app, store, published):
    desk.send(desk.page(f"/rounds/{published.id}"), "/again")
    draft = computed(app, store)
    desk.send(desk.page(f"/rounds/{draft.id}"), "/discard")
    assert set(statuses(store, published).values()) == {"open"}
    assert set(statuses(store, draft).values()) == {"superseded"}


def test_what_was_decided_while_the_draft_waited_is_left_out_of_it(desk, app, store, published):
    desk.send(desk.page(f"/rounds/{published.id}"), "/again")
    draft = computed(app, store)
    first, second, third = published.proposals
    desk.submit(f"/proposals/{first.id}", "/approve")
    desk.submit(f"/pairs/{second.mentor_id}/{second.child_id}/forbid", reason="Relatives")
    answer = desk.send(desk.page(f"/rounds/{draft.id}"), "/publish")
    assert "2 pairs were left out" in desk.page(answer.headers["Location"]).text
    found = statuses(store, draft)
    assert (found[first.child_id], found[second.child_id]) == ("superseded", "superseded")
    assert found[third.child_id] == "open"
    assert (first.status, second.status, third.status) == ("approved", "declined", "superseded")


def test_a_page_of_a_replaced_proposal_says_who_published_the_later_round(
    desk, colleague, app, store, published
):
    old = colleague.page(f"/proposals/{published.proposals[0].id}")
    desk.send(desk.page(f"/rounds/{published.id}"), "/again")
    draft = computed(app, store)
    desk.send(desk.page(f"/rounds/{draft.id}"), "/publish")
    text = colleague.send(old, "/approve").page.text
    assert "Айгүл Сейітова changed this proposal at" in text
    assert "The proposal is now: Replaced by a later round." in text


def test_rulings_made_since_are_honoured_when_the_rest_is_computed_again(
    desk, app, store, published
):
    first, second, third = published.proposals
    desk.submit(f"/pairs/{second.mentor_id}/{first.child_id}/keep", reason="They asked for it")
    desk.submit(f"/children/{third.child_id}/hold", reason="In hospital")
    desk.send(desk.page(f"/rounds/{published.id}"), "/again")
    draft = computed(app, store)
    pairs = {(row.mentor_id, row.child_id) for row in draft.proposals}
    assert (second.mentor_id, first.child_id) in pairs
    assert third.child_id not in {child for _, child in pairs}
