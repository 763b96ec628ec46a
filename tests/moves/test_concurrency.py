"""A consent is taken back, or a child moves, while somebody else decides at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mentorship.agreements import services as agreements
from mentorship.children.models import Child, Consent, PlacementForm
from mentorship.database import engine_options
from mentorship.errors import DomainError
from mentorship.matches.models import Match, Preparation, Proposal, ProposalOrigin
from mentorship.matches.services import propose_pair
from mentorship.mentors.models import Mentor
from mentorship.moves import services
from mentorship.reviews.models import Review
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
WAIT_S = 60


@pytest.fixture
def engine(config):
    engine = create_engine(config.database_url, pool_size=12, **engine_options(config.database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def staff(store):
    return factories.coordinator(store).id


@pytest.fixture
def at_once(engine):
    """Runs acts in sessions of their own that begin together: 'done' or a refusal's code."""

    def once(act):
        with Session(engine) as session:
            try:
                act(session)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
            return "done"

    def run(act, barrier):
        barrier.wait(WAIT_S)
        for _ in range(4):
            try:
                return once(act)
            except OperationalError as busy:  # SQLite's one writer: they press the button again
                assert "database is locked" in str(busy)
        raise AssertionError("the database was busy for too long")

    def at_once(*acts):
        barrier = Barrier(len(acts))
        with ThreadPoolExecutor(len(acts)) as pool:
            futures = [pool.submit(run, act, barrier) for act in acts]
            return [future.result(WAIT_S) for future in futures]

    return at_once


def withdraw(child_id, by, kind="own"):
    said = {"said_by": "Бала", "said_on": ON, "reason": None}
    return lambda session: services.withdraw_consent(
        session, child_id, kind, **said, by=by, on=ON, at=AT, base_url="http://x"
    )


def approve(proposal_id, by):
    return lambda session: agreements.approve(session, proposal_id, by=by, on=ON, at=AT)


def propose(mentor_id, child_id, by):
    def act(session):
        adult, young = session.get_one(Mentor, mentor_id), session.get_one(Child, child_id)
        how = {"origin": ProposalOrigin.MANUAL, "points": 1, "reasons": {}, "start_on": ON}
        propose_pair(session, adult, young, **how, by=by, at=AT)

    return act


def nothing_is_open_without_consent(store, child_id):
    store.expire_all()
    consents = store.scalars(select(Consent).where(Consent.child_id == child_id))
    assert {row.kind for row in consents if row.withdrawn_on is None} == {"guardian", "data"}
    for table in (Proposal, Preparation):
        of_child = select(table).where(table.child_id == child_id, table.status == "open")
        assert store.scalars(of_child).all() == []


@pytest.mark.parametrize("attempt", range(4))
def test_a_consent_taken_back_while_somebody_approves_leaves_nothing_open(
    store, staff, at_once, attempt
):
    adult = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    proposal = factories.proposal(store, mentor=adult, child=child, start_on=ON)
    store.commit()
    found = at_once(approve(proposal.id, staff), withdraw(child.id, staff))
    assert found[1] == "done" and found[0] in ("done", "already_decided")
    nothing_is_open_without_consent(store, child.id)


@pytest.mark.parametrize("attempt", range(4))
def test_a_consent_taken_back_while_others_propose_and_approve_never_waits_in_a_ring(
    store, staff, at_once, attempt
):
    adults = [factories.eligible_mentor(store, on=ON, capacity=3) for _ in range(3)]
    child = factories.eligible_child(store, on=ON)
    proposal = factories.proposal(store, mentor=adults[1], child=child, start_on=ON)
    store.commit()
    found = at_once(
        propose(adults[0].id, child.id, staff),
        approve(proposal.id, staff),
        withdraw(child.id, staff),
        propose(adults[2].id, child.id, staff),
    )
    assert found[2] == "done"
    nothing_is_open_without_consent(store, child.id)


@pytest.mark.parametrize("attempt", range(3))
def test_a_consent_taken_back_while_the_match_begins_ends_or_holds_it(
    store, staff, at_once, attempt
):
    adult = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    pair = factories.preparation(store, mentor=adult, child=child, opened_at=AT, with_words=True)
    store.commit()

    def begin(session):
        row = session.get_one(Preparation, pair.id)
        agreements.start_match(session, row, number="1", agreed_on=ON, by=staff, on=ON, at=AT)

    found = at_once(begin, withdraw(child.id, staff))
    assert found[1] == "done" and found[0] in ("done", "preparation_closed", "pair_not_eligible")
    nothing_is_open_without_consent(store, child.id)
    matches = store.scalars(select(Match)).all()
    assert len(matches) == (found[0] == "done")
    assert all(match.on_hold for match in matches)


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_take_back_one_consent_open_one_review(store, staff, at_once, attempt):
    match = factories.eligible_match(store, started_on=ON)
    store.commit()
    found = at_once(*[withdraw(match.child_id, staff) for _ in range(2)])
    assert sorted(found) == ["consent_not_there", "done"]
    assert len(store.scalars(select(Review)).all()) == 1


@pytest.mark.parametrize("attempt", range(3))
def test_a_child_who_moves_while_somebody_approves_leaves_no_pair_on_the_way(
    store, staff, at_once, attempt
):
    adult = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    proposal = factories.proposal(store, mentor=adult, child=child, start_on=ON)
    last = child.placements[0].id
    store.commit()
    move = services.Move(PlacementForm.FAMILY, ON, "35")

    def leave(session):
        given = {"last": last, "by": staff, "on": ON, "at": AT, "base_url": "http://x"}
        services.record_move(session, child.id, move, **given)

    found = at_once(approve(proposal.id, staff), leave)
    assert found[1] == "done"
    store.expire_all()
    assert child.left_on == ON and child.placement.form == "family"
    assert [row for row in store.scalars(select(Preparation)) if row.is_open] == []
