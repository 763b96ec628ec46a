from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mentorship import clock
from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.authorities.queries import Norm, norms, specialist_names
from mentorship.permissions import Scope
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


@pytest.fixture
def office(store, sign_in):
    return sign_in(factories.administrator(store))


def norm_of(session, region=KARAGANDA, per=5000):
    return norms(session, Scope(None), ON, per)[region]


def staff(session, number, region=KARAGANDA, **given):
    authority = factories.authority(session, region=region)
    return [
        factories.specialist(session, authority=authority, **({"from_on": ON} | given))
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("children", "needed"),
    [(0, 0), (1, 1), (4_999, 1), (5_000, 1), (5_001, 2), (10_000, 2), (836_000, 168)],
)
def test_not_fewer_than_one_specialist_for_every_five_thousand_children(database, children, needed):
    factories.population(database, region=KARAGANDA, children=children, as_of=ON)
    assert norm_of(database).needed == needed


@given(children=st.integers(0, 9_999_999), per=st.integers(100, 100_000), staff=st.integers(0, 99))
def test_the_norm_is_the_least_number_that_is_enough(children, per, staff):
    needed = -(-children // per)
    assert needed * per >= children and (needed == 0 or (needed - 1) * per < children)
    found = Norm(KARAGANDA, ChildPopulation(children=children), staff, needed)
    assert found.shortage == max(0, needed - staff)


def test_a_region_whose_children_nobody_counted_has_no_norm_and_no_shortage(database):
    staff(database, 2)
    found = norm_of(database)
    assert (found.specialists, found.needed, found.shortage) == (2, None, None)


def test_only_those_who_hold_their_post_on_the_day_count(database):
    staff(database, 1)
    staff(database, 1, from_on=ON - timedelta(days=9), until_on=ON)
    staff(database, 1, from_on=ON - timedelta(days=9), until_on=ON - timedelta(days=1))
    staff(database, 1, from_on=ON + timedelta(days=1))
    staff(database, 1, region=KOSTANAY)
    assert norm_of(database).specialists == 2


def test_the_newest_day_counts_whatever_was_recorded_first(database):
    factories.population(database, region=KARAGANDA, children=20_000, as_of=ON)
    factories.population(database, region=KARAGANDA, children=1, as_of=ON - timedelta(days=400))
    assert norm_of(database).needed == 4


def test_the_norm_of_the_country_takes_a_fixed_number_of_statements(desk, store, statements):
    def cost():
        statements.clear()
        desk.page("/authorities/norm")
        return len(statements)

    few = cost()
    for region in (KARAGANDA, KOSTANAY):
        staff(store, 30, region=region)
        factories.population(store, region=region, children=500_000, as_of=ON)
    assert cost() == few


def test_the_list_of_authorities_takes_a_fixed_number_of_statements(desk, store, statements):
    def cost():
        statements.clear()
        desk.page("/authorities")
        return len(statements)

    staff(store, 1)
    few = cost()
    for _ in range(20):
        staff(store, 2)
    assert cost() == few


def test_an_administrator_records_how_many_children_live_in_a_region(office, store):
    given = {"children": "498000", "as_of": "01.06.2025", "source": "BNS"}
    address = f"/authorities/norm/{KARAGANDA}"
    assert office.submit(address, **given).status_code == 302
    assert store.scalars(select(ChildPopulation.children)).all() == [498_000]
    again = office.submit(address, **given)
    assert again.page.find("p", id="children-error").text == "This count is recorded already."
    text = office.page("/authorities/norm").text
    assert "1 region is short of specialists." in text and "Missing in all: 100" in text


def test_a_setting_of_the_norm_changes_what_is_needed(office, store):
    factories.population(store, region=KARAGANDA, children=10_000, as_of=ON)
    office.submit("/rules/settings/guardianship.children_per_specialist", number="2500")
    assert "Missing in all: 4" in office.page("/authorities/norm").text


def test_an_authority_and_its_specialists_are_kept_and_found(desk, store):
    given = {
        "name_kk": "Қарағанды қорғаншылық органы",
        "name_ru": "Орган опеки Караганды",
        "region": KARAGANDA,
        "phone": "8 7212 12 34 56",
        "open": "true",
    }
    answer = desk.submit("/authorities/new", **given)
    authority = store.scalars(select(Authority)).one()
    assert answer.headers["Location"] == f"/authorities/{authority.id}"
    address = f"/authorities/{authority.id}/specialists/new"
    person = {"name": "Сейітова Айнұр", "email": "a@example.org", "from_on": "01.02.2026"}
    assert desk.submit(address, **person).status_code == 302
    text = desk.page(f"/authorities/{authority.id}").text
    assert "Сейітова Айнұр" in text and "+7 721 212 34 56" in text
    assert "Қарағанды қорғаншылық органы" in desk.page("/authorities?q=сейитова").text
    assert list(specialist_names(store, KARAGANDA, clock.today()).values()) == ["Сейітова Айнұр"]


def test_a_specialist_who_left_is_kept_but_manages_no_more_cases(desk, store):
    (row,) = staff(store, 1)
    early = desk.submit(f"/specialists/{row.id}/edit", until_on="01.01.2020")
    assert early.page.find("p", id="until_on-error").text == "The last day is before the first."
    assert desk.submit(f"/specialists/{row.id}/edit", until_on="03.03.2026").status_code == 302
    assert store.get_one(Specialist, row.id).until_on == date(2026, 3, 3)
    assert specialist_names(store, KARAGANDA, date(2026, 3, 4)) == {}
    assert "No longer" in desk.page(f"/authorities/{row.authority_id}").text


def test_an_authority_of_another_region_is_neither_seen_nor_made(desk, store):
    (row,) = staff(store, 1, region=KOSTANAY)
    assert desk.get(f"/authorities/{row.authority_id}").status_code == 404
    assert desk.get(f"/specialists/{row.id}/edit").status_code == 404
    assert row.authority.name_kk not in desk.page("/authorities").text
    given = {"name_kk": "А", "name_ru": "А", "region": KOSTANAY}
    answer = desk.submit("/authorities/new", **given)
    assert answer.page.find("p", id="region-error").text
    assert store.scalars(select(Authority).filter_by(name_kk="А")).all() == []
