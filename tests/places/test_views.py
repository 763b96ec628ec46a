import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.places.models import Centre
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

NEW = {
    "name_kk": "«Үміт»  балалар үйі",
    "name_ru": "Детский дом «Умит»",
    "kind": "childrens_home",
    "region": KARAGANDA,
    "town": "Қарағанды",
}


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


def names(page):
    return [cell.text for cell in page.find_all("th", scope="row")]


def test_a_centre_is_added_and_found(desk, store):
    assert desk.submit("/centres/new", **NEW).headers["Location"].startswith("/centres/")
    centre = store.scalars(select(Centre)).one()
    assert (centre.name_kk, centre.region, centre.open) == ("«Үміт» балалар үйі", KARAGANDA, True)
    for query in ("умит", "ҮМІТ", "детский"):
        assert names(desk.page(f"/centres?q={query}")) == ["«Үміт» балалар үйі"]
    assert names(desk.page("/centres?q=шанырак")) == []
    assert names(desk.page("/centres?kind=boarding")) == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("name_kk", " ", "This field is required."),
        ("name_ru", "x" * 201, "Use at most 200 characters."),
        ("kind", "castle", "Choose one of the options."),
        ("region", "00", "Choose one of the options."),
        ("region", KOSTANAY, "This region is outside the ones you work with."),
        ("town", "", "This field is required."),
    ],
)
def test_a_wrong_entry_is_explained_and_what_was_typed_is_kept(desk, store, name, value, words):
    answer = desk.submit("/centres/new", **(NEW | {name: value}))
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{name}-error").text == words
    shown = answer.page.values(answer.page.form())
    for field in {"name_ru", "name_kk", "town"} - {name}:
        assert shown[field] == [NEW[field]]
    assert store.scalars(select(Centre)).all() == []


def test_one_region_has_one_centre_of_a_name_and_another_may_have_it_too(desk, store, sign_in):
    desk.submit("/centres/new", **NEW)
    answer = desk.submit("/centres/new", **(NEW | {"name_kk": "«Үміт» балалар  үйі"}))
    assert answer.page.find("p", id="name_kk-error").text == (
        "This region already has a centre of this name."
    )
    away = sign_in(factories.administrator(store))
    assert away.submit("/centres/new", **(NEW | {"region": KOSTANAY})).status_code == 302
    assert len(store.scalars(select(Centre)).all()) == 2


def test_a_form_sent_twice_adds_one_centre(desk, store):
    page = desk.page("/centres/new")
    assert desk.send(page, **NEW).status_code == 302
    assert desk.send(page, **NEW).status_code == 422
    assert len(store.scalars(select(Centre)).all()) == 1


def test_a_centre_is_changed_and_the_fields_are_noted(desk, store):
    centre = factories.centre(store)
    answer = desk.submit(f"/centres/{centre.id}/edit", town="Теміртау")
    assert answer.status_code == 302
    assert centre.town == "Теміртау"
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "changed_centre")).one()
    assert entry.details == {"fields": ["town"]}


def test_a_coordinator_sees_the_centres_of_their_regions_and_a_manager_may_not_change_any(
    desk, store, sign_in
):
    home, away = factories.centre(store), factories.centre(store, region=KOSTANAY)
    assert names(desk.page("/centres")) == [home.name_kk]
    assert desk.get(f"/centres/{away.id}/edit").status_code == 404
    manager = sign_in(factories.manager(store))
    assert sorted(names(manager.page("/centres"))) == sorted([home.name_kk, away.name_kk])
    assert manager.get("/centres/new").status_code == 403


def test_a_centre_shows_its_facts_and_how_to_reach_it(desk, store):
    centre = factories.centre(
        store,
        region="35",
        address="Бұқар жырау даңғылы, 1",
        director="Омарова Сәуле",
        phone="+77212123456",
        capacity=60,
        languages=["kk", "sign"],
    )
    text = desk.page(f"/centres/{centre.id}").text
    for fact in ("Бұқар жырау", "Омарова Сәуле", "+7 721 212 34 56", "60", "Sign language"):
        assert fact in text
    assert centre.name_kk in desk.page("/centres?q=омарова").text


def test_a_centre_turned_into_another_kind_keeps_what_it_was(desk, store):
    centre = factories.centre(store, region="35", kind="childrens_home")
    address = f"/centres/{centre.id}/transform"
    same = desk.submit(address, kind="childrens_home", changed_on="01.09.2025")
    assert same.page.find("p", id="kind-error").text == (
        "The organisation is of this kind already."
    )
    given = {"kind": "family_support", "changed_on": "01.09.2025", "source": "Қаулы № 7"}
    assert desk.submit(address, **given).status_code == 302
    earlier = desk.submit(address, kind="boarding", changed_on="01.01.2024")
    assert "A later transformation is recorded already." in earlier.page.text
    page = desk.page(f"/centres/{centre.id}")
    assert "Children's home → Family support centre" in page.text and "Қаулы № 7" in page.text


def test_a_closed_centre_says_so_and_is_no_longer_offered_for_a_child(desk, store):
    centre = factories.centre(store, region="35", name_kk="Жабылатын орталық")
    assert "Жабылатын орталық" in desk.page("/children/new").text
    assert desk.submit(f"/centres/{centre.id}/edit", open=None).status_code == 302
    assert "Жабылатын орталық" not in desk.page("/children/new").text
    assert "Closed" in desk.page("/centres?state=closed").text


@pytest.mark.parametrize("kind", ["mothers_house", "mentoring_organisation"])
def test_children_do_not_live_in_an_organisation_that_supports_from_outside(desk, store, kind):
    factories.centre(store, region="35", kind=kind, name_kk="Сырттан қолдау")
    assert "Сырттан қолдау" not in desk.page("/children/new").text


@pytest.mark.parametrize("wrong", [{"capacity": "-1"}, {"phone": "12"}, {"email": "x"}])
def test_a_wrong_fact_of_a_centre_is_told_beside_its_field(desk, store, wrong):
    centre = factories.centre(store, region="35")
    answer = desk.submit(f"/centres/{centre.id}/edit", **wrong)
    assert answer.status_code == 422
    assert answer.page.find("p", id=f"{next(iter(wrong))}-error").text
