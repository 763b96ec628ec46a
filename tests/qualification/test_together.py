"""Two people at the same moment, on real databases."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mentorship.agreements import services as agreements
from mentorship.database import engine_options
from mentorship.errors import DomainError
from mentorship.matches.models import Match, Preparation, PreparationStatus, Proposal
from mentorship.mentors.models import Mentor
from mentorship.qualification import services
from mentorship.qualification.models import Suspension, SuspensionCause
from tests import factories
from tests.matches.test_concurrency import at_once

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def act(config):
    """Runs `do(session)` in a session of its own: 'done', or the code of the refusal."""
    engine = create_engine(config.database_url, pool_size=8, **engine_options(config.database_url))

    def once(do):
        with Session(engine) as session:
            try:
                do(session)
                session.commit()
            except DomainError as error:
                session.rollback()
                return error.code
            return "done"

    def act(do):
        for _ in range(4):
            try:
                return once(do)
            except OperationalError as busy:
                assert "database is locked" in str(busy)
        raise AssertionError("the database was busy for too long")

    yield act
    engine.dispose()


@pytest.fixture
def staff(store):
    return [factories.coordinator(store).id for _ in range(3)]


def adverse(mentor_id, by, kind="prosecution"):
    facts = {"kinds": [kind], "result": "adverse", "checked_on": ON, "valid_until": None}
    facts |= {"issuer": None, "number": None}

    def do(session):
        mentor = session.get_one(Mentor, mentor_id)
        services.record_clearances(session, mentor, facts, by=by, at=AT, base_url=BASE)

    return do


@pytest.mark.parametrize("attempt", range(4))
def test_an_obstacle_and_an_approval_at_once_never_leave_a_pair_of_a_suspended_mentor(
    store, act, staff, attempt
):
    mentor = factories.eligible_mentor(store, on=ON, capacity=5)
    children = [factories.eligible_child(store, on=ON) for _ in range(3)]
    pairs = [
        factories.proposal(store, mentor=mentor, child=child, start_on=ON) for child in children
    ]
    ids = [pair.id for pair in pairs]
    store.commit()
    approvals = [
        lambda session, one=one: agreements.approve(session, one, by=staff[0], on=ON, at=AT)
        for one in ids
    ]
    work = [adverse(mentor.id, staff[1]), *approvals]
    work = work[attempt:] + work[:attempt]
    found = at_once([lambda do=do: act(do) for do in work])
    assert set(found) <= {"done", "already_decided", "pair_not_eligible"}
    store.expire_all()
    assert mentor.status == "suspended"
    assert {row.status for row in store.scalars(select(Preparation))} <= {PreparationStatus.ENDED}
    assert {row.status for row in store.scalars(select(Proposal))} == {"declined"}


def test_an_obstacle_and_the_start_of_a_match_at_once_never_leave_it_without_a_hold(
    store, act, staff
):
    mentor = factories.eligible_mentor(store, on=ON)
    child = factories.eligible_child(store, on=ON)
    pair = factories.preparation(store, mentor=mentor, child=child, opened_at=AT, with_words=True)
    pair.opened_by = staff[0]
    store.commit()

    def start(session):
        row = session.get_one(Preparation, pair.id)
        how = {"number": "1", "agreed_on": ON, "by": staff[0], "on": ON, "at": AT}
        agreements.start_match(session, row, **how)

    found = at_once([lambda: act(adverse(mentor.id, staff[1])), lambda: act(start)])
    assert found[0] == "done" and found[1] in ("done", "preparation_closed", "pair_not_eligible")
    store.expire_all()
    matches = store.scalars(select(Match)).all()
    assert len(matches) == (found[1] == "done")
    assert all(match.on_hold for match in matches)


def test_two_people_who_lift_at_once_lift_it_once(store, act, staff):
    mentor = factories.eligible_mentor(store, on=ON)
    how = {"cause": SuspensionCause.OTHER, "reason": "x", "by": staff[0], "at": AT}
    row = services.suspend(store, mentor, **how, base_url=BASE)
    services.ask_to_lift(store, row, reason="y", by=staff[0], at=AT, base_url=BASE)
    store.commit()

    def lift(by):
        return lambda s: services.lift(s, s.get_one(Suspension, row.id), by=by, at=AT)

    found = at_once([lambda by=by: act(lift(by)) for by in staff[1:]])
    assert sorted(found) == ["already_lifted", "done"]
    store.expire_all()
    assert mentor.status == "active" and row.lifted_by in staff[1:]
    assert [change.now for change in mentor.changes] == ["active", "suspended"]


def test_an_obstacle_and_a_lift_at_once_never_leave_the_mentor_active(store, act, staff):
    mentor = factories.eligible_mentor(store, on=ON)
    how = {"cause": SuspensionCause.OTHER, "reason": "x", "by": staff[0], "at": AT}
    row = services.suspend(store, mentor, **how, base_url=BASE)
    services.ask_to_lift(store, row, reason="y", by=staff[0], at=AT, base_url=BASE)
    store.commit()
    found = at_once(
        [
            lambda: act(
                lambda s: services.lift(s, s.get_one(Suspension, row.id), by=staff[1], at=AT)
            ),
            lambda: act(adverse(mentor.id, staff[2])),
        ]
    )
    assert found[1] == "done" and found[0] in ("done", "lift_refused")
    store.expire_all()
    assert mentor.status == "suspended"


def test_two_obstacles_at_once_open_two_suspensions_and_one_hold(store, act, staff):
    match = factories.eligible_match(store, started_on=ON - 9 * DAY)
    store.commit()
    kinds = ("prosecution", "health")
    work = [adverse(match.mentor_id, staff[0], kind) for kind in kinds]
    assert at_once([lambda do=do: act(do) for do in work]) == ["done", "done"]
    store.expire_all()
    assert {row.kind for row in match.mentor.suspensions} == set(kinds)
    assert {row.was for row in match.mentor.suspensions} == {"active"}
    assert len(match.holds) == len(match.tellings) == len(match.reviews) == 1
