"""Two people decide at the same moment: one does it, the other reads a clear sentence."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mentorship import clock
from mentorship.accounts.models import User
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.services import begin_match
from mentorship.children.models import ConsentKind
from mentorship.database import db
from mentorship.errors import DomainError, NotEligible
from mentorship.matches.models import Match, Proposal
from mentorship.matches.queries import find_proposal
from mentorship.rounds.services import run_round
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
WAIT_S = 60


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


@pytest.fixture
def staff(store):
    """The ids of two coordinators of the same region."""
    return [factories.coordinator(store).id for _ in range(2)]


@pytest.fixture
def approve(engine):
    """Approves in a session of its own: 'approved', or the code of the refusal."""

    def approve(proposal_id, by):
        with Session(engine) as session:
            try:
                begin_match(session, proposal_id, by=by, on=ON, at=AT)
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


def proposals_of(store, *, mentor, number, start_on=ON):
    round_ = factories.matching_round(store, start_on=start_on)
    children = [factories.eligible_child(store, on=start_on) for _ in range(number)]
    made = [factories.proposal(store, mentor=mentor, child=c, round=round_) for c in children]
    store.commit()
    return made


@pytest.mark.parametrize("attempt", range(3))
def test_two_coordinators_who_approve_one_child_at_once_make_one_match(
    store, staff, approve, attempt
):
    mentor = factories.eligible_mentor(store, on=ON)
    (proposal,) = proposals_of(store, mentor=mentor, number=1)
    found = at_once([lambda by=by: approve(proposal.id, by) for by in staff])
    assert sorted(found) == ["already_decided", "approved"]
    match = store.scalars(select(Match)).one()
    assert match.approved_by == staff[found.index("approved")]
    numbers = store.scalars(select(CheckIn.number).order_by(CheckIn.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
    actions = store.scalars(select(AuditEntry.action)).all()
    assert actions == ["approved_proposal"]


def test_the_last_place_of_a_mentor_goes_to_one_of_two_children(store, staff, approve):
    mentor = factories.eligible_mentor(store, on=ON, capacity=1)
    first, second = (row.id for row in proposals_of(store, mentor=mentor, number=2))
    found = at_once([lambda: approve(first, staff[0]), lambda: approve(second, staff[1])])
    assert sorted(found) == ["approved", "mentor_full"]
    assert len(store.scalars(select(Match)).all()) == 1
    statuses = store.scalars(select(Proposal.status)).all()
    assert sorted(statuses) == ["approved", "open"]


def test_twenty_people_over_forty_proposals_lose_and_double_nothing(store, staff, approve):
    mentors = [factories.eligible_mentor(store, on=ON, capacity=2) for _ in range(10)]
    ids = [row.id for m in mentors for row in proposals_of(store, mentor=m, number=4)]
    # Each of 20 takes 4, so that every proposal is decided by two people in another order.
    shares = [[ids[(place * 7 + turn * 10) % 40] for turn in range(4)] for place in range(20)]
    assert Counter(i for share in shares for i in share) == dict.fromkeys(ids, 2)

    def work(share):
        return [(i, approve(i, staff[0])) for i in share]

    told = [row for rows in at_once([lambda s=s: work(s) for s in shares]) for row in rows]
    matches = store.scalars(select(Match)).all()
    assert len({match.child_id for match in matches}) == len(matches) == 20
    assert Counter(match.mentor_id for match in matches) == {m.id: 2 for m in mentors}
    approved = sorted(i for i, answer in told if answer == "approved")
    assert approved == sorted(match.proposal_id for match in matches)
    wanted = select(Proposal.id).where(Proposal.status == "approved").order_by(Proposal.id)
    assert store.scalars(wanted).all() == approved
    answers = Counter(answer for _, answer in told)
    assert answers == {"approved": 20, "already_decided": 20, "mentor_full": 40}
    assert store.scalar(select(func.count()).select_from(AuditEntry)) == 20


def test_a_coordinator_who_approves_a_whole_round_never_blocks_one_who_approves_a_pair(
    store, staff, engine, approve
):
    """Whoever decides takes the same locks in the same order, so nobody waits in a ring."""
    mentor = factories.eligible_mentor(store, on=ON, capacity=2)
    first, second = (row.id for row in proposals_of(store, mentor=mentor, number=2))
    with ThreadPoolExecutor(1) as pool, Session(engine) as session:
        begin_match(session, first, by=staff[0], on=ON, at=AT)
        other = pool.submit(approve, second, staff[1])
        time.sleep(0.3)
        begin_match(session, second, by=staff[0], on=ON, at=AT)
        session.commit()
        assert other.result(WAIT_S) == "already_decided"
    assert len(store.scalars(select(Match)).all()) == 2


def test_a_round_that_begins_during_an_approval_does_not_propose_the_matched_child(
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
        begin_match(session, proposal.id, by=staff[0], on=ON, at=AT)
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
            begin_match(session, proposal.id, by=staff[0], on=ON, at=AT)
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
    words = "Somebody has already decided on this proposal. Nothing was changed."
    assert words in second.page.text
    store.expire_all()
    match = store.scalars(select(Match)).one()
    assert first.headers["Location"] == f"/matches/{match.id}"
