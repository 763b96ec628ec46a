"""Lists cost as many statements with many rows as with few, and stay quick at 5,000 mentors."""

from datetime import timedelta
from time import perf_counter

import pytest

from mentorship import clock
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.mentors.models import Certificate, Mentor
from tests import factories

DAY = timedelta(days=1)
LISTS = ("/training", "/training?when=past", "/certificates", "/training/renewals")
LISTS += ("/training/refreshers", "/courses")


@pytest.fixture
def today():
    return clock.today()


def add(store, today, number):
    course = factories.compulsory_course(store)
    for _ in range(number):
        adult = factories.eligible_mentor(store, on=today)
        adult.certificates[0].expires_on = today + 20 * DAY
        factories.passed(store, mentor=adult, on=today - 30 * DAY)
        coming = factories.training(store, starts_on=today + 5 * DAY, course=course, seats=1)
        held = factories.training(store, starts_on=today - 5 * DAY, seats=200)
        for training in (coming, held):
            factories.enrolment(store, training=training, mentor=adult)
    store.commit()


def count(browser, address, statements):
    browser.page(address)
    statements.clear()
    browser.page(address)
    return len(statements)


def test_every_list_costs_as_many_statements_with_forty_rows_as_with_three(
    store, sign_in, statements, today
):
    desk = sign_in(factories.coordinator(store))
    add(store, today, 3)
    few = {address: count(desk, address, statements) for address in LISTS}
    add(store, today, 37)
    many = {address: count(desk, address, statements) for address in LISTS}
    assert many == few
    assert all(number <= 14 for number in many.values()), many


def test_a_session_with_forty_people_costs_as_many_statements_as_with_three(
    store, sign_in, statements, today
):
    desk = sign_in(factories.coordinator(store))
    training = factories.training(store, starts_on=today, seats=100)

    def enrol(number):
        for _ in range(number):
            adult = factories.mentor(store, birth_date=today.replace(year=1985, day=1))
            factories.enrolment(store, training=training, mentor=adult)

    addresses = [f"/training/{training.id}{part}" for part in ("", "/results", "/enrol")]
    enrol(3)
    few = [count(desk, address, statements) for address in addresses]
    enrol(37)
    assert [count(desk, address, statements) for address in addresses] == few


def test_a_mentor_with_a_long_history_costs_no_more_than_one_with_a_short_one(
    store, sign_in, statements, today
):
    adult = factories.mentor(store, birth_date=today.replace(year=1985, day=1))
    desk = sign_in(factories.coordinator(store))
    phone = sign_in(factories.mentor_user(store, mentor=adult))

    def train(number):
        for turn in range(number):
            training = factories.training(store, starts_on=today - turn * DAY)
            factories.enrolment(store, training=training, mentor=adult, attended=True, hours=8)
            factories.training(store, starts_on=today + (turn + 1) * DAY)

    pages = ((desk, f"/mentors/{adult.id}"), (phone, "/my-training"))
    train(3)
    few = [count(browser, address, statements) for browser, address in pages]
    train(20)
    assert [count(browser, address, statements) for browser, address in pages] == few


def test_five_thousand_mentors_are_listed_within_a_second(store, sign_in, today):
    model = factories.eligible_mentor(store, on=today)
    skipped = {"id", "iin", "iin_hash", "user_id"}
    columns = [c.key for c in Mentor.__table__.columns if c.key not in skipped]
    plain = {name: getattr(model, name) for name in columns if hasattr(model, name)}
    ids = insert_numbered(store, Mentor, [plain for _ in range(5_000)])
    insert_all(
        store,
        Certificate,
        [
            {
                "mentor_id": number,
                "number": f"2026-35-{number:05}",
                "issuer": "Қор",
                "issued_on": today - 300 * DAY,
                "expires_on": today + (number % 700 - 100) * DAY,
                "recorded_at": factories.AT,
            }
            for number in ids
        ],
    )
    desk = sign_in(factories.coordinator(store))
    addresses = (*LISTS, "/certificates?q=35-04&state=in_force&sort=expires&dir=desc&page=9")
    for address in addresses:
        desk.page(address)
        began = perf_counter()
        desk.page(address)
        assert perf_counter() - began < 1.0, address
