from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from mentorship.audit import AuditEntry
from mentorship.database import db
from mentorship.errors import DomainError
from mentorship.training import certificates, services
from mentorship.training.models import Enrolment, TrainingSession
from mentorship.training.queries import taken
from tests import factories
from tests.training.conftest import AT, ON, enrolled

DAY = timedelta(days=1)
WAIT_S = 40


@pytest.fixture
def engine(app):
    with app.app_context():
        return db.engine


def at_once(engine, acts):
    """Run the acts in threads that begin together, each in its own session; their answers."""
    barrier = Barrier(len(acts))

    def run(act):
        barrier.wait(WAIT_S)
        for _ in range(6):
            with Session(engine) as session:
                try:
                    answer = act(session)
                    session.commit()
                    return answer
                except DomainError as error:
                    session.rollback()
                    return error.code
                except OperationalError as busy:  # SQLite's one writer took too long
                    assert "database is locked" in str(busy)
        raise AssertionError("the database was busy for too long")

    with ThreadPoolExecutor(len(acts)) as pool:
        return [future.result(WAIT_S) for future in [pool.submit(run, act) for act in acts]]


def adults(store, number):
    made = [factories.mentor(store, birth_date=date(1985, 1, 1)).id for _ in range(number)]
    store.commit()
    return made


def test_the_last_seat_goes_to_one_of_ten_who_press_at_once(store, engine):
    training = factories.training(store, starts_on=ON + DAY, seats=1)
    by = factories.coordinator(store).id
    ids = adults(store, 10)

    def act(mentor_id):
        def enrol(session):
            row = session.get(TrainingSession, training.id)
            services.enrol(session, row, [mentor_id], by=by, on=ON, at=AT)
            return "enrolled"

        return enrol

    found = at_once(engine, [act(number) for number in ids])
    assert sorted(found) == ["enrolled", *["training_full"] * 9]
    assert taken(store, [training.id]) == {training.id: 1}


def test_one_person_enrolled_twice_at_once_has_one_seat(store, engine):
    training = factories.training(store, starts_on=ON + DAY, seats=5)
    by, (mentor_id,) = factories.coordinator(store).id, adults(store, 1)

    def enrol(session):
        row = session.get(TrainingSession, training.id)
        services.enrol(session, row, [mentor_id], by=by, on=ON, at=AT)
        return "enrolled"

    found = at_once(engine, [enrol] * 4)
    assert sorted(found) == [*["already_enrolled"] * 3, "enrolled"]
    assert taken(store, [training.id]) == {training.id: 1}


def test_ten_certificates_issued_at_once_have_ten_numbers_without_a_gap(store, engine):
    people = [factories.mentor(store, birth_date=date(1985, 1, 1)) for _ in range(10)]
    rows = [factories.passed(store, mentor=person, on=ON - DAY).id for person in people]
    by = factories.coordinator(store).id
    store.commit()

    def act(enrolment_id):
        def issue(session):
            row = session.get(Enrolment, enrolment_id)
            facts = {"issuer": "Қор", "issued_on": ON, "by": by, "on": ON, "at": AT}
            return certificates.issue_certificate(session, row, **facts).number

        return issue

    found = at_once(engine, [act(number) for number in rows])
    assert sorted(found) == [f"2026-35-{number:04}" for number in range(1, 11)]


def test_one_certificate_asked_for_twice_at_once_is_issued_once(store, engine):
    person = factories.mentor(store, birth_date=date(1985, 1, 1))
    row_id = factories.passed(store, mentor=person, on=ON - DAY).id
    by = factories.coordinator(store).id
    store.commit()

    def issue(session):
        row = session.get(Enrolment, row_id)
        facts = {"issuer": "Қор", "issued_on": ON, "by": by, "on": ON, "at": AT}
        certificates.issue_certificate(session, row, **facts)
        return "issued"

    found = at_once(engine, [issue] * 4)
    assert sorted(found) == [*["certificate_issued"] * 3, "issued"]


def test_when_there_are_too_few_seats_for_all_chosen_nobody_is_enrolled(database, staff):
    training = factories.training(database, starts_on=ON + DAY, seats=2)
    people = [factories.mentor(database, birth_date=date(1985, 1, 1)).id for _ in range(3)]
    with pytest.raises(DomainError) as refused:
        services.enrol(database, training, people, by=staff, on=ON, at=AT)
    assert (refused.value.code, refused.value.params) == ("training_full", {"free": 2})
    assert taken(database, [training.id]) == {}


def test_who_has_a_seat_already_takes_no_second_one(database, staff):
    training = factories.training(database, starts_on=ON + DAY, seats=2)
    first = enrolled(database, training, by=staff, on=ON)
    other = factories.mentor(database, birth_date=date(1985, 1, 1))
    both = [first.mentor_id, other.id]
    rows = services.enrol(database, training, both, by=staff, on=ON, at=AT)
    assert [row.mentor_id for row in rows] == [other.id]
    with pytest.raises(DomainError, match="already_enrolled"):
        services.enrol(database, training, both, by=staff, on=ON, at=AT)
    with pytest.raises(DomainError, match="nobody_to_enrol"):
        services.enrol(database, training, [], by=staff, on=ON, at=AT)


def test_a_seat_that_was_given_up_may_be_taken_again_by_the_same_person(database, staff):
    training = factories.training(database, starts_on=ON + DAY, seats=1)
    row = enrolled(database, training, by=staff, on=ON)
    services.leave(database, row, by=staff, on=ON, at=AT)
    with pytest.raises(DomainError, match="not_enrolled"):
        services.leave(database, row, by=staff, on=ON, at=AT)
    again = services.enrol(database, training, [row.mentor_id], by=staff, on=ON, at=AT)
    assert [one.id for one in again] == [row.id]
    actions = [entry.action for entry in database.query(AuditEntry).order_by(AuditEntry.id)]
    assert actions == ["enrolled_in_training", "left_training", "enrolled_in_training"]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    seats=st.integers(1, 4),
    steps=st.lists(
        st.tuples(
            st.sampled_from(["enrol", "leave", "self", "shrink"]),
            st.lists(st.integers(0, 5), min_size=1, max_size=4),
        ),
        max_size=14,
    ),
)
def test_whatever_people_do_there_are_never_more_of_them_than_seats(database, seats, steps):
    outer = database.begin_nested()
    by = factories.coordinator(database).id
    people = [factories.mentor(database, birth_date=date(1985, 1, 1)) for _ in range(6)]
    training = factories.training(database, starts_on=ON + DAY, seats=seats)
    facts = ("starts_on", "ends_on", "hours_of_day", "place", "link", "language", "trainer")
    for verb, whom in steps:
        chosen = [people[number] for number in whom]
        try:
            if verb == "enrol":
                ids = [person.id for person in chosen]
                services.enrol(database, training, ids, by=by, on=ON, at=AT)
            elif verb == "self":
                services.enrol_self(database, training, chosen[0], by=by, on=ON, at=AT)
            elif verb == "shrink":
                data = {name: getattr(training, name) for name in facts} | {"seats": len(whom)}
                services.change_session(database, training, data, by=by, on=ON)
            else:
                row = database.query(Enrolment).filter_by(mentor_id=chosen[0].id).one_or_none()
                if row:
                    services.leave(database, row, by=by, on=ON, at=AT)
        except DomainError:
            pass
        assert taken(database, [training.id]).get(training.id, 0) <= training.seats
    outer.rollback()
