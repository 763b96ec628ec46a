"""One person asks, another lifts, and nobody while a rule about the mentor still refuses."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorship.errors import AlreadyDone, DomainError, Impossible, NotEligible
from mentorship.mentors.models import ClearanceResult, MentorStatus
from mentorship.qualification import services
from mentorship.qualification.models import SuspensionCause
from mentorship.qualification.queries import open_suspensions
from tests import factories

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def one(database):
    return factories.coordinator(database).id


@pytest.fixture
def other(database):
    return factories.coordinator(database).id


@pytest.fixture
def mentor(database):
    return factories.eligible_mentor(database, on=ON)


def paper(session, mentor, result, *, by, kinds=("housing",), day=ON):
    until = ON + 90 * DAY if result == "clear" else None
    data = {"kinds": list(kinds), "result": result, "checked_on": day, "valid_until": until}
    data |= {"issuer": None, "number": None}
    return services.record_clearances(session, mentor, data, by=by, at=AT, base_url=BASE)


def complain(session, mentor, by):
    cause, reason = SuspensionCause.COMPLAINT, "A neighbour called."
    return services.suspend(
        session, mentor, cause=cause, reason=reason, by=by, at=AT, base_url=BASE
    )


def ask(session, row, by):
    services.ask_to_lift(session, row, reason="It is clear now.", by=by, at=AT, base_url=BASE)


def code_of(act):
    with pytest.raises(DomainError) as caught:
        act()
    return caught.value.code


def test_two_people_lift_and_the_mentor_is_what_they_were(database, mentor, one, other):
    mentor.status = MentorStatus.PAUSED
    row = complain(database, mentor, one)
    ask(database, row, one)
    assert services.lift(database, row, by=other, at=AT)
    assert mentor.status == MentorStatus.PAUSED
    assert (row.lift_asked_by, row.lifted_by, row.lifted_at) == (one, other, AT)
    change = mentor.changes[0]
    assert (change.was, change.now, change.reason) == ("suspended", "paused", "suspension_lifted")


def test_the_one_who_asked_cannot_lift_and_nobody_lifts_what_nobody_asked(
    database, mentor, one, other
):
    row = complain(database, mentor, one)
    assert code_of(lambda: services.lift(database, row, by=other, at=AT)) == "lift_not_asked"
    ask(database, row, one)
    assert code_of(lambda: services.lift(database, row, by=one, at=AT)) == "lift_needs_second"
    assert code_of(lambda: ask(database, row, other)) == "lift_asked_already"
    services.lift(database, row, by=other, at=AT)
    for act in (
        lambda: services.lift(database, row, by=other, at=AT),
        lambda: ask(database, row, one),
        lambda: services.keep_suspended(database, row, by=one, at=AT),
    ):
        assert code_of(act) == "already_lifted"


def test_a_second_person_may_say_no_and_then_anybody_may_ask_again(database, mentor, one, other):
    row = complain(database, mentor, one)
    ask(database, row, one)
    services.keep_suspended(database, row, by=other, at=AT)
    assert row.lift_asked_by is None and mentor.status == MentorStatus.SUSPENDED
    ask(database, row, other)
    assert services.lift(database, row, by=one, at=AT)


@pytest.mark.parametrize("result", ["adverse", "pending"])
def test_it_is_not_lifted_while_the_newest_paper_is_not_clear(database, mentor, one, other, result):
    (row,) = paper(database, mentor, "adverse", by=one)
    paper(database, mentor, result, by=one)
    ask(database, row, one)
    with pytest.raises(NotEligible) as caught:
        services.lift(database, row, by=other, at=AT)
    assert caught.value.params["rules"] == ["clearance_not_current"]
    paper(database, mentor, "clear", by=one)
    assert services.lift(database, row, by=other, at=AT)


def test_a_revoked_certificate_holds_until_there_is_another(database, mentor, one, other):
    how = {"revoked_on": ON, "reason": "Шешім 5", "by": one, "at": AT, "base_url": BASE}
    certificate = mentor.certificate
    (row,) = services.revoke_certificate(database, certificate, **how)
    assert (certificate.revoked_by, certificate.revoked_reason) == (one, "Шешім 5")
    with pytest.raises(AlreadyDone):
        services.revoke_certificate(database, certificate, **how)
    ask(database, row, one)
    with pytest.raises(NotEligible) as caught:
        services.lift(database, row, by=other, at=AT)
    assert caught.value.params["rules"] == ["certificate_not_current"]
    facts = {"number": "N-2", "issuer": "Өркен", "issued_on": ON, "expires_on": ON + 300 * DAY}
    services.record_certificate(database, mentor, facts, by=one, at=AT)
    assert services.lift(database, row, by=other, at=AT)


def test_of_two_suspensions_both_are_lifted_before_the_mentor_mentors(database, mentor, one, other):
    rows = [complain(database, mentor, one), *paper(database, mentor, "adverse", by=one)]
    paper(database, mentor, "clear", by=one)
    for row, free in zip(rows, (False, True), strict=True):
        ask(database, row, one)
        assert services.lift(database, row, by=other, at=AT) is free
        assert mentor.status == ("active" if free else "suspended")


def test_matches_stay_on_hold_when_the_suspension_is_lifted(database, mentor, one, other):
    child = factories.eligible_child(database, on=ON)
    match = factories.match(database, mentor=mentor, child=child, started_on=ON - 9 * DAY)
    row = complain(database, mentor, one)
    ask(database, row, one)
    services.lift(database, row, by=other, at=AT)
    database.refresh(match)
    assert match.on_hold and match.reviews[0].decided_at is None


def test_news_makes_an_older_wish_to_lift_void(database, mentor, one, other):
    (row,) = paper(database, mentor, "adverse", by=one)
    ask(database, row, one)
    paper(database, mentor, "adverse", by=other)
    assert row.lift_asked_by is None


def test_who_retires_while_suspended_is_not_brought_back_by_lifting(database, mentor, one, other):
    row = complain(database, mentor, one)
    ask(database, row, one)
    how = {"reason": "own_wish", "note": None, "by": one, "at": AT}
    services.change_status(database, mentor, MentorStatus.RETIRED, **how)
    with pytest.raises(Impossible):
        services.lift(database, row, by=other, at=AT)
    assert mentor.status == MentorStatus.RETIRED


def test_nobody_retires_who_still_has_a_child(database, mentor, one):
    child = factories.eligible_child(database, on=ON)
    factories.match(database, mentor=mentor, child=child, started_on=ON - 9 * DAY)
    how = {"reason": "own_wish", "note": None, "by": one, "at": AT}
    act = lambda: services.change_status(database, mentor, MentorStatus.RETIRED, **how)  # noqa: E731
    assert code_of(act) == "has_open_matches"


ACTS = st.one_of(
    st.tuples(
        st.just("paper"),
        st.sampled_from(list(ClearanceResult)),
        st.sampled_from(["housing", "prosecution"]),
        st.integers(-3, 0),
    ),
    st.tuples(st.sampled_from(["complain", "ask", "lift", "keep"]), st.integers(0, 1)),
    st.tuples(st.just("night")),
    st.tuples(st.just("pause")),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=st.lists(ACTS, max_size=14))
def test_whatever_happens_nobody_is_active_whose_newest_answer_is_an_obstacle(
    database, one, other, acts
):
    people = (one, other)
    savepoint = database.begin_nested()
    try:
        adult = factories.eligible_mentor(database, on=ON)
        for act in acts:
            try:
                with database.begin_nested():
                    do(database, adult, act, people)
            except DomainError:
                pass
            newest = {row.kind: row.result for row in adult.latest_clearances.values()}
            working = adult.status in (MentorStatus.ACTIVE, MentorStatus.PAUSED)
            assert not (working and "adverse" in newest.values())
            assert working is not bool(open_suspensions(database, adult.id))
    finally:
        savepoint.rollback()
        database.expunge_all()


def do(session, adult, act, people):
    """One thing somebody does; what is not possible raises."""
    name, *facts = act
    rows = open_suspensions(session, adult.id)
    row = rows[facts[0] % len(rows)] if rows and name in ("ask", "lift", "keep") else None
    if name == "paper":
        result, kind, days = facts
        paper(session, adult, str(result), by=people[0], kinds=(kind,), day=ON + days * DAY)
    elif name == "complain":
        complain(session, adult, people[0])
    elif name == "night":
        services.suspend_expired(session, adult.id, ON, at=AT, base_url=BASE)
    elif name == "pause":
        how = {"reason": "leave", "note": None, "by": people[0], "at": AT}
        services.change_status(session, adult, MentorStatus.PAUSED, **how)
    elif row is not None and name == "ask":
        ask(session, row, people[facts[0]])
    elif row is not None and name == "lift":
        services.lift(session, row, by=people[facts[0]], at=AT)
    elif row is not None:
        services.keep_suspended(session, row, by=people[facts[0]], at=AT)
