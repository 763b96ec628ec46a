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
    assert desk.submit("/centres/new", **NEW).headers["Location"] == "/centres"
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
