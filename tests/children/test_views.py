from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.children.models import Child, Consent
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
IIN = factories.fictional_iin()
NEW = {
    "last_name": "Төлегенов",
    "first_name": "Қанат",
    "patronymic": "Ерікұлы",
    "sex": "male",
    "birth_date": "03.02.2013",
    "iin": "",
    "waiting_since": "01.09.2025",
    "first_language": "kk",
    "languages.kk": "fluent",
    "languages.ru": "basic",
    "interests": ["chess", "football"],
    "guardian_consent_on": "02.09.2025",
    "guardian_consent_by": "Директор Әбенова",
    "own_consent_on": "03.09.2025",
    "data_consent_on": "02.09.2025",
    "data_consent_by": "Директор Әбенова",
}
CONSENTS = (
    *("guardian_consent_on", "guardian_consent_by", "own_consent_on"),
    *("data_consent_on", "data_consent_by"),
)


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


@pytest.fixture
def home(store):
    return factories.centre(store, name_kk="«Шаңырақ» орталығы", name_ru="Центр «Шанырак»")


@pytest.fixture
def new(home):
    """What a coordinator types."""
    return NEW | {"centre_id": str(home.id)}


@pytest.fixture
def child(store, home):
    return factories.eligible_child(
        store, on=clock.today(), centre=home, last_name="Құсайынова", first_name="Гүлнәр"
    )


def assert_kept(page, typed, but=()):
    shown = page.values(page.form())
    for name, value in typed.items():
        if name in but or value in (None, "", []):
            continue
        wanted = sorted(value) if isinstance(value, list) else [value]
        assert sorted(shown.get(name, [])) == wanted, name


def test_a_child_is_registered_with_all_consents_and_is_ready_for_matching(desk, store, home, new):
    answer = desk.submit("/children/new", **new)
    child = store.scalars(select(Child)).one()
    assert answer.headers["Location"] == f"/children/{child.id}"
    assert child.full_name == "Төлегенов Қанат Ерікұлы"
    assert (child.centre_id, child.first_language, child.iin) == (home.id, "kk", None)
    assert f"{child.waiting_since}" == "2025-09-01"
    assert {row.interest for row in child.interests} == {"chess", "football"}
    given = {row.kind: (f"{row.given_on}", row.given_by) for row in child.consents}
    assert given == {
        "guardian": ("2025-09-02", "Директор Әбенова"),
        "own": ("2025-09-03", "Қанат"),
        "data": ("2025-09-02", "Директор Әбенова"),
    }
    page = desk.page(answer.headers["Location"])
    assert "The child is registered." in page.text
    assert "Ready for matching." in page.text


def test_a_child_may_be_registered_before_the_consents_and_the_page_says_what_is_missing(desk, new):
    answer = desk.submit("/children/new", **(new | dict.fromkeys(CONSENTS, "")))
    page = desk.page(answer.headers["Location"])
    assert "No mentor can be proposed until all three consents are recorded." in page.text
    assert page.find("a", class_="main").text == "Record a consent"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("last_name", "", "This field is required."),
        ("birth_date", "03/02/2013", "Enter a date like 05.01.2026."),
        ("birth_date", "03.02.2113", "The date cannot be in the future."),
        ("iin", "ABCDEFGHIJKL", "An IIN has 12 digits."),
        ("centre_id", "", "This field is required."),
        ("centre_id", "99999", "Choose one of the options."),
        ("centre_id", "x", "Choose one of the options."),
        ("waiting_since", "01.01.2185", "The date cannot be in the future."),
        ("first_language", "uz", "must be among the languages of the child."),
        ("languages.kk", "", "At least one language must be spoken fluently."),
        ("guardian_consent_by", "", "Say who gave the consent."),
        ("own_consent_on", "01.01.2185", "The date cannot be in the future."),
    ],
)
def test_a_wrong_entry_is_explained_beside_its_field_and_the_rest_is_kept(
    desk, store, new, name, value, words
):
    typed = new | {name: value}
    if name == "languages.kk":
        typed |= {"first_language": "ru"}
    answer = desk.submit("/children/new", **typed)
    assert answer.status_code == 422
    assert words in answer.page.find("p", id=f"{name.partition('.')[0]}-error").text
    assert_kept(answer.page, typed, but={name} if name == "centre_id" else ())
    assert store.scalars(select(Child)).all() == []
    assert store.scalars(select(Consent)).all() == []


def test_centres_of_other_regions_and_closed_ones_are_not_offered(desk, store, new):
    away = factories.centre(store, region=KOSTANAY)
    closed = factories.centre(store, open=False)
    page = desk.page("/children/new")
    offered = {option.attrs.get("value") for option in page.find_all("option")}
    assert offered.isdisjoint({str(away.id), str(closed.id)})
    for centre in (away, closed):
        answer = desk.send(page, **(new | {"centre_id": str(centre.id)}))
        assert answer.page.find("p", id="centre_id-error").text == "Choose one of the options."
    assert store.scalars(select(Child)).all() == []


def test_an_iin_that_does_not_match_is_confirmed_and_one_that_is_known_is_refused(desk, store, new):
    page = desk.submit("/children/new", **(new | {"iin": IIN})).page
    assert "The IIN does not match the date of birth or the sex." in page.text
    answer = desk.send(page, iin_confirmed="true")
    assert answer.status_code == 302
    assert store.scalars(select(Child)).one().iin == IIN
    assert IIN not in desk.page(answer.headers["Location"]).html
    page = desk.submit("/children/new", **(new | {"iin": IIN})).page
    answer = desk.send(page, iin_confirmed="true")
    assert answer.page.find("p", id="iin-error").text == "A record with this IIN already exists."
    assert len(store.scalars(select(Child)).all()) == 1


def test_a_form_sent_twice_makes_one_child(desk, store, new):
    page = desk.page("/children/new")
    assert desk.send(page, **new).status_code == 302
    answer = desk.send(page, **new)
    assert answer.status_code == 422
    assert "This form has already been saved. Nothing was saved twice." in answer.page.text
    assert len(store.scalars(select(Child)).all()) == 1


@pytest.mark.parametrize("colleagues_change", [{"first_name": "Айгүл"}, {"interests": ["dombra"]}])
def test_a_change_on_an_old_page_does_not_undo_a_colleagues(
    desk, store, child, sign_in, colleagues_change
):
    address = f"/children/{child.id}/edit"
    page = desk.page(address)
    colleague = sign_in(factories.coordinator(store))
    assert colleague.submit(address, **colleagues_change).status_code == 302
    page = desk.send(page, last_name="").page  # a slip first, then the correction
    answer = desk.send(page, last_name="Әбенова")
    assert answer.status_code == 422
    assert "Somebody changed this record while you were editing." in answer.page.text
    assert_kept(answer.page, {"last_name": "Әбенова"})
    assert child.last_name == "Құсайынова"
    assert_kept(colleague.page(address), colleagues_change)


def test_facts_are_changed_and_noted_without_values(desk, store, child):
    answer = desk.submit(f"/children/{child.id}/edit", first_name="Айгүл")
    assert "Айгүл" in desk.page(answer.headers["Location"]).text
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "changed_child")).one()
    assert entry.details == {"fields": ["first_name"]}


def test_the_centre_is_not_changed_among_the_facts_but_by_a_move(desk, child):
    page = desk.page(f"/children/{child.id}/edit")
    assert "centre_id" not in page.values(page.form())
    was = child.centre_id
    desk.send(page, centre_id=str(was + 1))
    assert child.centre_id == was


def names(page):
    return [cell.text for cell in page.find_all("th", scope="row")]


def test_children_are_found_filtered_and_ordered(desk, store, home):
    today = clock.today()
    other = factories.centre(store, name_kk="«Үміт» үйі", name_ru="Дом «Умит»")
    born = today.replace(year=today.year - 13, day=1)
    factories.child(
        store,
        birth_date=born,
        centre=other,
        last_name="Ұзақ",
        first_name="Қанат",
        languages={"ru": "fluent"},
        waiting_since=today - 10 * DAY,
    )
    factories.eligible_child(
        store,
        on=today,
        birth_date=born - 800 * DAY,
        centre=home,
        last_name="Әбен",
        first_name="Ия",
        waiting_since=today - 900 * DAY,
    )
    factories.eligible_child(store, on=today, region=KOSTANAY, last_name="Алыс", first_name="Бала")
    for query, found in (
        ("", ["Әбен Ия", "Ұзақ Қанат"]),
        ("q=канат", ["Ұзақ Қанат"]),
        ("q=алыс", []),
        (f"centre={home.id}", ["Әбен Ия"]),
        ("centre=x", ["Әбен Ия", "Ұзақ Қанат"]),
        ("language=ru", ["Ұзақ Қанат"]),
        ("consent=both", ["Әбен Ия"]),
        ("consent=missing", ["Ұзақ Қанат"]),
        ("sort=waiting", ["Әбен Ия", "Ұзақ Қанат"]),
        ("sort=waiting&dir=desc", ["Ұзақ Қанат", "Әбен Ия"]),
        ("sort=centre", ["Ұзақ Қанат", "Әбен Ия"]),
    ):
        assert names(desk.page(f"/children?{query}")) == found, query


def test_a_child_of_another_region_is_not_there(desk, store):
    away = factories.eligible_child(store, on=clock.today(), region=KOSTANAY)
    for page in ("", "/edit", "/consents/new", "/leaving", "/waiting"):
        assert desk.get(f"/children/{away.id}{page}").status_code == 404
    store.expire_all()
    read = select(AuditEntry).where(AuditEntry.action == "read_child")
    assert store.scalars(read).all() == []


def test_a_child_with_a_proposal_or_a_pair_on_the_way_is_not_called_ready(desk, store, child):
    today = clock.today()
    mentor = factories.eligible_mentor(store, on=today, last_name="Бір", first_name="А")
    asked = factories.proposal(store, mentor=mentor, child=child, start_on=today)
    page = desk.page(f"/children/{child.id}")
    assert "A proposal is open: Бір А." in page.text and "Ready for matching." not in page.text
    assert page.find("a", href=f"/proposals/{asked.id}")
    asked.status = "approved"
    pair = factories.preparation(
        store, mentor=mentor, child=child, proposal=asked, opened_at=factories.AT
    )
    page = desk.page(f"/children/{child.id}")
    assert "A pair is on the way, with Бір А." in page.text
    assert page.find("a", href=f"/agreements/{pair.id}")
    assert "Choose a mentor by hand" not in page.text and "Ready for matching." not in page.text


def test_the_mentor_on_the_way_to_a_child_is_not_named_to_those_of_another_region(
    desk, store, child
):
    today = clock.today()
    far = factories.eligible_mentor(
        store, on=today, region=KOSTANAY, last_name="Алыс", first_name="А"
    )
    asked = factories.proposal(store, mentor=far, child=child, start_on=today)
    page = desk.page(f"/children/{child.id}")
    assert "the mentor is of another region, Kostanay" in page.text
    assert "Алыс" not in page.text and f"/proposals/{asked.id}" not in page.html


def test_a_childs_page_costs_as_many_statements_with_ten_earlier_proposals(
    desk, store, child, statements
):
    today = clock.today()

    def asked():
        store.commit()
        statements.clear()
        desk.page(f"/children/{child.id}")
        return len(statements)

    mentor = factories.eligible_mentor(store, on=today)
    factories.proposal(store, mentor=mentor, child=child, start_on=today)
    first = asked()
    for _ in range(10):
        factories.proposal(
            store,
            mentor=factories.eligible_mentor(store, on=today),
            child=child,
            start_on=today,
            status="superseded",
        )
    assert asked() == first


def test_an_own_consent_given_before_the_tenth_birthday_is_refused(desk, store, new):
    young = new | {"birth_date": "03.02.2016", "own_consent_on": "02.02.2026"}
    answer = desk.submit("/children/new", **young)
    assert answer.status_code == 422 and store.scalars(select(Child)).all() == []
    said = answer.page.find("p", id="own_consent_on-error").text
    assert said == "Children give their own consent from the age of 10."
    assert_kept(answer.page, young)
    assert desk.submit("/children/new", **young | {"own_consent_on": ""}).status_code == 302


def test_the_tenth_birthday_is_old_enough(desk, new):
    ten = new | {"birth_date": "03.02.2016", "own_consent_on": "03.02.2026"}
    assert desk.submit("/children/new", **ten).status_code == 302
