"""Two people decide at the same moment: one does it, the other reads a clear sentence."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mentorship import clock
from mentorship.accounts.models import User
from mentorship.agreements import services as agreements
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.services import begin_match
from mentorship.children.models import Child, ConsentKind
from mentorship.database import engine_options, for_update
from mentorship.errors import DomainError, NotEligible
from mentorship.matches.models import Match, Preparation, Proposal, ProposalOrigin, Round
from mentorship.matches.queries import find_proposal, locked_child, locked_mentor_of
from mentorship.matches.services import hold_decisions, propose_pair
from mentorship.mentors.models import Mentor
from mentorship.rounds.problem import load_problem
from mentorship.rounds.services import (
    ask_for_round,
    make_plan,
    publish_round,
    run_round,
    store_plan,
)
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
WAIT_S = 60


@pytest.fixture
def engine(config):
    """An engine with a connection for each of twenty people."""
    engine = create_engine(config.database_url, pool_size=24, **engine_options(config.database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def staff(store):
    """The ids of two coordinators of the same region."""
    return [factories.coordinator(store).id for _ in range(2)]


@pytest.fixture
def approve(engine):
    """Approves in a session of its own: 'approved', or the code of the refusal.

    Where SQLite's one writer kept this person waiting too long, the page says so and that
    nothing was saved; they press the button again.
    """

    def approve(proposal_id, by):
        for _ in range(4):
            try:
                return once(proposal_id, by)
            except OperationalError as busy:
                assert "database is locked" in str(busy)
        raise AssertionError("the database was busy for too long")

    def once(proposal_id, by):
        with Session(engine) as session:
            try:
                agreements.approve(session, proposal_id, by=by, on=ON, at=AT)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
            return "approved"

    return approve


def at_once(calls):
    """Run the calls in threads that begin together; their answers in order."""
    barrier = Barrier(len(calls))

    def run(call):
        barrier.wait(WAIT_S)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result(WAIT_S) for future in [pool.submit(run, call) for call in calls]]


def proposals_of(store, *, mentor, number, start_on=ON, **of_children):
    round_ = factories.matching_round(store, start_on=start_on)
    children = [factories.eligible_child(store, on=start_on, **of_children) for _ in range(number)]
    made = [factories.proposal(store, mentor=mentor, child=c, round=round_) for c in children]
    store.commit()
    return made


@pytest.mark.parametrize("attempt", range(3))
def test_two_coordinators_who_approve_one_child_at_once_make_one_pair(
    store, staff, approve, attempt
):
    mentor = factories.eligible_mentor(store, on=ON)
    (proposal,) = proposals_of(store, mentor=mentor, number=1)
    found = at_once([lambda by=by: approve(proposal.id, by) for by in staff])
    assert sorted(found) == ["already_decided", "approved"]
    pair = store.scalars(select(Preparation)).one()
    assert pair.opened_by == staff[found.index("approved")]
    actions = store.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions == ["approved_proposal", "opened_preparation"]


def test_the_last_place_of_a_mentor_goes_to_one_of_two_children(store, staff, approve):
    mentor = factories.eligible_mentor(store, on=ON, capacity=1)
    first, second = (row.id for row in proposals_of(store, mentor=mentor, number=2))
    found = at_once([lambda: approve(first, staff[0]), lambda: approve(second, staff[1])])
    assert sorted(found) == ["approved", "mentor_full"]
    assert len(store.scalars(select(Preparation)).all()) == 1
    statuses = store.scalars(select(Proposal.status)).all()
    assert sorted(statuses) == ["approved", "open"]


def test_twenty_people_over_a_hundred_proposals_lose_and_double_nothing(store, staff, approve):
    """Every proposal is decided by two of the twenty, each in another order."""
    mentors = [factories.eligible_mentor(store, on=ON, capacity=2) for _ in range(25)]
    home = factories.centre(store)
    ids = [row.id for m in mentors for row in proposals_of(store, mentor=m, number=4, centre=home)]
    order = [(turn * 37) % 100 for turn in range(100)]
    shares = [order[place * 5 : place * 5 + 5] for place in range(20)]
    shares = [[*own, *reversed(shares[(place + 7) % 20])] for place, own in enumerate(shares)]
    assert Counter(i for share in shares for i in share) == dict.fromkeys(range(100), 2)

    def work(share):
        return [(ids[i], approve(ids[i], staff[0])) for i in share]

    told = [row for rows in at_once([lambda s=s: work(s) for s in shares]) for row in rows]
    pairs = store.scalars(select(Preparation)).all()
    assert len({pair.child_id for pair in pairs}) == len(pairs) == 50
    assert Counter(pair.mentor_id for pair in pairs) == {m.id: 2 for m in mentors}
    approved = sorted(i for i, answer in told if answer == "approved")
    assert approved == sorted(pair.proposal_id for pair in pairs)
    wanted = select(Proposal.id).where(Proposal.status == "approved").order_by(Proposal.id)
    assert store.scalars(wanted).all() == approved
    answers = Counter(answer for _, answer in told)
    assert answers == {"approved": 50, "already_decided": 50, "mentor_full": 100}
    approvals = AuditEntry.action == "approved_proposal"
    assert store.scalar(select(func.count()).where(approvals)) == 50


@pytest.fixture
def pair(store, staff):
    """A pair approved on ON with all three words."""
    mentor = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    made = factories.preparation(store, mentor=mentor, child=child, opened_at=AT, with_words=True)
    store.commit()
    return made


@pytest.fixture
def step(engine):
    """Does one step of a pair in a session of its own: 'done', or the code of the refusal."""

    def step(pair_id, verb, **given):
        with Session(engine) as session:
            try:
                verb(session, session.get(Preparation, pair_id), at=AT, **given)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
            return "done"

    return step


@pytest.mark.parametrize("attempt", range(3))
def test_two_who_record_the_agreement_at_once_start_one_match(store, staff, pair, step, attempt):
    signed = {"number": "12-Н", "agreed_on": ON, "on": ON}
    calls = [lambda by=by: step(pair.id, begin_match, by=by, **signed) for by in staff]
    assert sorted(at_once(calls)) == ["done", "preparation_closed"]
    store.expire_all()
    match = store.scalars(select(Match)).one()
    assert pair.match_id == match.id
    of_mentor = select(CheckIn.number).where(CheckIn.kind == "mentor")
    numbers = store.scalars(of_mentor.order_by(CheckIn.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("attempt", range(3))
def test_a_mentor_accepts_while_the_coordinator_takes_back(store, staff, step, attempt):
    mentor = factories.eligible_mentor(store, on=ON)
    (proposal,) = proposals_of(store, mentor=mentor, number=1)
    pair = agreements.approve(store, proposal.id, by=staff[0], on=ON, at=AT)
    store.commit()
    found = at_once(
        [
            lambda: step(pair.id, agreements.record_mentor_answer, answer="accepted", by=staff[1]),
            lambda: step(pair.id, agreements.take_back, by=staff[0]),
        ]
    )
    store.expire_all()
    if found == ["done", "word_given"]:
        assert (pair.status, pair.mentor_answer) == ("open", "accepted")
        assert proposal.status == "approved"
    else:
        assert found == ["preparation_closed", "done"]
        assert (pair.status, pair.mentor_answer) == ("ended", None)
        assert proposal.status == "open"


@pytest.mark.parametrize("attempt", range(3))
def test_the_child_refuses_while_somebody_records_the_agreement(store, staff, pair, step, attempt):
    pair.child_consent_on = pair.child_consent_language = None
    store.commit()
    said = {"on": ON, "language": "kk"}
    signed = {"number": "12-Н", "agreed_on": ON, "on": ON}
    found = at_once(
        [
            lambda: step(
                pair.id, agreements.record_child_consent, agrees=False, by=staff[0], **said
            ),
            lambda: step(pair.id, begin_match, by=staff[1], **signed),
        ]
    )
    assert found[0] == "done"
    assert found[1] in ("words_missing", "preparation_closed")
    assert store.scalars(select(Match)).all() == []


@pytest.mark.parametrize("attempt", range(3))
def test_a_pair_is_approved_while_a_round_is_published(store, staff, engine, approve, attempt):
    """Either the round finds the child taken, or the approval finds its proposal replaced."""
    for _ in range(2):
        factories.eligible_mentor(store, on=ON)
    mentor = factories.eligible_mentor(store, on=ON)
    (proposal,) = proposals_of(store, mentor=mentor, number=1)
    with Session(engine) as session:
        asked = {"regions": [factories.KARAGANDA], "start_on": ON, "by": staff[1], "at": AT}
        draft = ask_for_round(session, publish=False, **asked)
        stated = load_problem(session, draft)
        store_plan(session, draft, stated, make_plan(draft, stated), seconds=0.1)
        session.commit()
        draft_id = draft.id

    def publish():
        with Session(engine) as session:
            publish_round(session, session.get(Round, draft_id), by=staff[1], at=AT)
            session.commit()
        return "published"

    found = at_once([lambda: approve(proposal.id, staff[0]), publish])
    store.expire_all()
    of_the_round = store.scalars(select(Proposal).where(Proposal.round_id == draft_id)).one()
    pairs = store.scalars(select(Preparation)).all()
    if found[0] == "approved":
        assert (proposal.status, of_the_round.status) == ("approved", "superseded")
        assert [pair.proposal_id for pair in pairs] == [proposal.id]
    else:
        assert found[0] == "already_decided"
        assert (proposal.status, of_the_round.status, pairs) == ("superseded", "open", [])


def test_a_coordinator_who_approves_a_whole_round_never_blocks_one_who_approves_a_pair(
    store, staff, engine, approve
):
    """Whoever decides takes the same locks in the same order, so nobody waits in a ring."""
    mentor = factories.eligible_mentor(store, on=ON, capacity=2)
    first, second = (row.id for row in proposals_of(store, mentor=mentor, number=2))
    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        agreements.approve(session, first, by=staff[0], on=ON, at=AT)
        other = pool.submit(approve, second, staff[1])
        time.sleep(0.3)
        agreements.approve(session, second, by=staff[0], on=ON, at=AT)
        session.commit()
        assert other.result(WAIT_S) == "already_decided"
    assert len(store.scalars(select(Preparation)).all()) == 2


def test_a_pair_is_approved_while_somebody_proposes_another_for_the_child(store, staff, engine):
    """Whoever proposes by hand locks as whoever approves does, so nobody waits in a ring."""
    own, other = (factories.eligible_mentor(store, on=ON) for _ in range(2))
    (proposal,) = proposals_of(store, mentor=own, number=1)

    def propose():
        with Session(engine) as session:
            mentor, child = session.get(Mentor, other.id), session.get(Child, proposal.child_id)
            given = {"points": 1, "reasons": {}, "start_on": ON, "by": staff[1], "at": AT}
            try:
                propose_pair(session, mentor, child, origin=ProposalOrigin.MANUAL, **given)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
        return "proposed"

    child_id = proposal.child_id
    store.commit()
    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        hold_decisions(session, shared=True)
        locked_mentor_of(session, proposal.id)
        for_update(session, Proposal, [proposal.id])  # as far as an approval has come
        later = pool.submit(propose)
        time.sleep(0.5)
        locked_child(session, child_id)
        agreements.approve(session, proposal.id, by=staff[0], on=ON, at=AT)
        session.commit()
        assert later.result(WAIT_S) == "child_on_the_way"


def test_a_round_that_begins_during_an_approval_does_not_propose_the_promised_child(
    store, staff, engine
):
    adults = [factories.eligible_mentor(store, on=ON) for _ in range(2)]
    (proposal,) = proposals_of(store, mentor=adults[0], number=1)

    def propose():
        with Session(engine) as session:
            regions = [factories.KARAGANDA]
            found = run_round(session, regions=regions, start_on=ON, by=staff[1], at=AT)
            session.commit()
            return found.id

    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        agreements.approve(session, proposal.id, by=staff[0], on=ON, at=AT)
        session.flush()
        later = pool.submit(propose)
        time.sleep(0.5)
        session.commit()
        round_id = later.result(WAIT_S)
    proposed = store.scalars(select(Proposal).where(Proposal.round_id == round_id)).all()
    assert proposed == []
    assert store.scalars(select(Proposal.status)).all() == ["approved"]


@pytest.mark.postgresql
def test_a_consent_withdrawn_while_the_approval_waits_is_seen(store, staff, engine):
    """SQLite has one writer at a time, so that there nothing can change in between."""
    mentor = factories.eligible_mentor(store, on=ON)
    (proposal,) = proposals_of(store, mentor=mentor, number=1)
    with Session(engine) as session:
        shown = find_proposal(session, session.get(User, staff[0]), proposal.id)
        assert shown.child.consent(ConsentKind.OWN)
        proposal.child.consent(ConsentKind.OWN).withdrawn_on = ON
        proposal.mentor.certificates[0].expires_on = ON - timedelta(days=1)
        store.commit()
        with pytest.raises(NotEligible) as refusal:
            agreements.approve(session, proposal.id, by=staff[0], on=ON, at=AT)
    assert refusal.value.params["rules"] == ["certificate_not_current", "no_child_consent"]


def test_on_two_screens_one_says_approved_and_the_other_who_was_first(store, sign_in):
    today = clock.today()
    mentor = factories.eligible_mentor(store, on=today)
    (proposal,) = proposals_of(store, mentor=mentor, number=1, start_on=today)
    desks = [sign_in(factories.coordinator(store)) for _ in range(2)]
    pages = [desk.page(f"/proposals/{proposal.id}") for desk in desks]
    store.commit()
    for desk in desks:
        desk.before = desk.after = None  # the test's own session belongs to this thread
    sent = [
        lambda desk=desk, page=page: desk.send(page, "/approve")
        for desk, page in zip(desks, pages, strict=True)
    ]
    first, second = sorted(at_once(sent), key=lambda answer: answer.status_code)
    assert (first.status_code, second.status_code) == (302, 409)
    assert "The proposal is now: Approved." in second.page.text
    store.expire_all()
    pair = store.scalars(select(Preparation)).one()
    assert first.headers["Location"] == f"/agreements/{pair.id}"
