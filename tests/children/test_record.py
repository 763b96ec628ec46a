from datetime import date

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.children.models import Child
from mentorship.people.vocabulary import INTERESTS, INTERESTS_BY_GROUP
from mentorship.people.words import INTEREST_GROUPS
from mentorship.registers.export import Export, export_table
from tests import factories
from tests.children.test_views import NEW
from tests.factories import KARAGANDA, KOSTANAY

WISH = "Маған футбол ойнауға үйрететін адам керек."
RECORD = {
    "needs": ["trauma", "learning"],
    "disability": "true",
    "wish": WISH,
    "mentor_sex_wish": "female",
    "mentor_age_from": "25",
    "mentor_age_to": "40",
    "weekdays": ["2", "5"],
    "leaves_care_on": "01.09.2030",
}


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA, KOSTANAY))


@pytest.fixture
def desk(coordinator, sign_in):
    return sign_in(coordinator)


@pytest.fixture
def child(store):
    return factories.eligible_child(
        store, on=clock.today(), first_name="Гүлнәр", last_name="Құсайынова", interests=("chess",)
    )


def specialist(store, region):
    authority = factories.authority(store, region=region)
    return factories.specialist(store, authority=authority, from_on=date(2025, 1, 1))


def test_needs_wishes_and_care_are_typed_kept_and_shown_on_the_childs_page(desk, store):
    home = factories.centre(store)
    manager = specialist(store, KARAGANDA)
    store.commit()
    care = {"centre_id": str(home.id), "case_manager_id": str(manager.id)}
    answer = desk.submit("/children/new", **NEW | RECORD | care)
    child = store.scalars(select(Child)).one()
    assert {row.need for row in child.needs} == {"trauma", "learning"}
    assert (child.disability, child.wish, child.weekdays) == (True, WISH, [2, 5])
    assert (child.mentor_sex_wish, child.mentor_age_from, child.mentor_age_to) == ("female", 25, 40)
    assert (child.leaves_care_on, child.case_manager_id) == (date(2030, 9, 1), manager.id)
    page = desk.page(answer.headers["Location"])
    for words in (WISH, "A woman; 25 to 40 years", "Wednesday, Saturday", manager.name):
        assert words in page.text
    form = desk.page(f"/children/{child.id}/edit")
    shown = form.values(form.form())
    assert shown["needs"] == ["trauma", "learning"]
    assert shown["weekdays"] == ["2", "5"]
    desk.submit(f"/children/{child.id}/edit", needs=None, disability=None, wish="")
    store.refresh(child)
    assert (child.needs, child.disability, child.wish) == ([], False, None)


def test_a_case_manager_works_in_the_region_of_the_child(desk, store):
    home, far = factories.centre(store), specialist(store, KOSTANAY)
    store.commit()
    asked = {"centre_id": str(home.id), "case_manager_id": str(far.id)}
    answer = desk.submit("/children/new", **NEW | asked)
    assert answer.status_code == 422
    error = answer.page.find("p", id="case_manager_id-error").text
    assert error == "This specialist does not work in the region of the child."


def test_what_a_child_wishes_in_own_words_is_in_no_list_no_export_and_no_log(
    desk, store, coordinator, child, capfd
):
    desk.submit(f"/children/{child.id}/edit", wish=WISH)
    child_id = child.id
    for address in ("/children", "/siblings", "/today"):
        assert WISH not in desk.page(address).text
    for suffix in ("csv", "xlsx"):
        desk.get(f"/export/children.{suffix}")
    data = export_table(
        store, Export.CHILDREN, "csv", scope=coordinator.scope, by=None, in_words=False
    )
    assert "wish" not in data.decode().splitlines()[0].split(",")
    assert WISH not in data.decode()
    assert WISH not in "".join(capfd.readouterr())
    told = store.scalars(select(AuditEntry).where(AuditEntry.subject_id == child_id))
    assert all(WISH not in str(entry.details) for entry in told)


def test_a_child_without_the_consent_to_the_use_of_data_is_told_of_and_not_ready(desk, store):
    on = clock.today()
    child = factories.child(store, birth_date=date(on.year - 12, 1, 1))
    for kind in ("guardian", "own"):
        factories.consent(store, child=child, kind=kind, given_on=on)
    store.commit()
    page = desk.page(f"/children/{child.id}")
    assert "The consent to the processing of the child's data is missing." in page.text
    assert "Ready for matching." not in page.text


def test_every_interest_stands_in_one_group_that_has_a_name_and_has_a_picture(app):
    listed = [code for codes in INTERESTS_BY_GROUP.values() for code in codes]
    assert sorted(listed) == sorted(INTERESTS)
    assert set(INTERESTS_BY_GROUP) == set(INTEREST_GROUPS)
    with app.open_resource("static/interests.svg") as sprite:
        drawn = sprite.read().decode()
    assert [code for code in INTERESTS if f'id="{code}"' not in drawn] == []


def test_the_page_of_pictures_shows_nothing_of_the_record_but_the_first_name(desk, store, child):
    child.wish = WISH
    store.commit()
    page = desk.page(f"/children/{child.id}/interests")
    assert "Гүлнәр" in page.h1
    assert "Құсайынова" not in page.html
    assert WISH not in page.html
    assert child.centre.name_kk not in page.html
    assert page.find_all("a") == []
    boxes = [box for box in page.find_all("input") if box.attrs.get("type") == "checkbox"]
    assert len(boxes) == len(INTERESTS)


@pytest.mark.parametrize(
    ("code", "words"),
    [("kk", "не ұнайды"), ("ru", "что тебе нравится"), ("en", "what do you like?")],
)
def test_a_child_chooses_in_a_language_of_their_own_and_staff_keep_theirs(
    desk, store, child, code, words
):
    store.commit()
    address = f"/children/{child.id}/interests"
    page = desk.page(address)
    chosen = page.values(page.form()) | {"interests": ["football", "chess"], "language": code}
    chosen.pop("done", None)
    shown = desk.post(address, data=chosen).page
    assert shown.find("html").attrs["lang"] == code
    kept = shown.values(shown.form())
    assert sorted(kept["interests"]) == ["chess", "football"]
    assert {row.interest for row in child.interests} == {"chess"}  # nothing is saved yet
    answer = desk.post(address, data=kept | {"done": "1"})
    assert answer.headers["Location"] == f"{address}/thanks?language={code}"
    store.refresh(child)
    assert {row.interest for row in child.interests} == {"chess", "football"}
    thanks = desk.page(answer.headers["Location"])
    assert thanks.find("html").attrs["lang"] == code
    assert "Құсайынова" not in thanks.html
    assert [link.attrs["href"] for link in thanks.find_all("a")] == [f"/children/{child.id}"]
    assert desk.page(f"/children/{child.id}").find("html").attrs["lang"] == "en"
    if code == "en":
        assert words in shown.h1


def test_a_form_that_was_open_while_the_child_chose_is_stale(desk, store, child):
    store.commit()
    before = desk.page(f"/children/{child.id}/edit")
    address = f"/children/{child.id}/interests"
    desk.submit(address, address, interests=["football"], done="1")
    answer = desk.send(before, waiting_since="01.10.2025")
    assert answer.status_code == 422
    assert "Somebody changed this record" in answer.page.text


def test_an_iin_of_another_region_is_no_way_to_a_childs_name(store, sign_in):
    iin = factories.fictional_iin()
    factories.eligible_child(store, on=clock.today(), region=KOSTANAY, iin=iin, last_name="Жаттағы")
    home = factories.centre(store)
    desk = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    typed = NEW | {"centre_id": str(home.id), "iin": iin, "iin_confirmed": "true"}
    page = desk.submit("/children/new", **typed).page
    assert "kept in another region: Kostanay" in page.text
    assert "Жаттағы" not in page.html
