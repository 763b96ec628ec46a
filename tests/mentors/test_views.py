from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.mentors.models import Certificate, Clearance, Mentor
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
IIN = factories.fictional_iin()
CERTIFICATE = {
    "certificate_number": "Ө-77",
    "certificate_issuer": "«Өркен» ұлттық институты",
    "certificate_issued_on": "01.06.2025",
    "certificate_expires_on": "01.06.2028",
}
NEW = {
    "last_name": "Құсайынова",
    "first_name": "Қарлығаш",
    "patronymic": "Ерікқызы",
    "sex": "female",
    "birth_date": "17.05.1985",
    "iin": IIN,
    "iin_confirmed": "true",  # the IINs of the tests are of the 2090s
    "phone": "8 701 123 45 67",
    "email": "Karlygash@Example.org",
    "region": KARAGANDA,
    "town": "Қарағанды",
    "reach_km": "40",
    "capacity": "2",
    "languages.kk": "fluent",
    "languages.ru": "basic",
    "interests": ["chess", "cooking"],
    **CERTIFICATE,
}
SURE = {"iin_confirmed": "true"}
REQUIRED = "This field is required."


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store, regions=(KARAGANDA,)))


def wrong_check_digit(iin):
    return iin[:-1] + str((int(iin[-1]) + 1) % 10)


def assert_kept(page, typed, but=()):
    """Everything that was typed is still in the form."""
    shown = page.values(page.form())
    for name, value in typed.items():
        if name in but or value in (None, "", []):
            continue
        wanted = sorted(value) if isinstance(value, list) else [value]
        assert sorted(shown.get(name, [])) == wanted, name


def test_a_mentor_is_registered_with_everything_that_was_typed(desk, store):
    answer = desk.submit("/mentors/new", **NEW)
    mentor = store.scalars(select(Mentor)).one()
    assert answer.headers["Location"] == f"/mentors/{mentor.id}"
    assert mentor.full_name == "Құсайынова Қарлығаш Ерікқызы"
    assert (mentor.phone, mentor.email) == ("+77011234567", "karlygash@example.org")
    assert (mentor.region, mentor.town, mentor.reach_km) == (KARAGANDA, "Қарағанды", 40)
    assert (mentor.capacity, mentor.sex, mentor.iin) == (2, "female", IIN)
    assert {row.language: row.level for row in mentor.languages} == {"kk": "fluent", "ru": "basic"}
    assert {row.interest for row in mentor.interests} == {"chess", "cooking"}
    assert f"{mentor.certificate.expires_on:%d.%m.%Y}" == "01.06.2028"
    page = desk.page(answer.headers["Location"])
    for words in ("The mentor is registered.", "+7 701 123 45 67", "Ө-77", "Kazakh, Russian"):
        assert words in page.text
    actions = store.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions[-3:] == ["registered_mentor", "recorded_certificate", "read_mentor"]


def test_a_mentor_may_be_registered_without_a_certificate_and_is_told_what_is_missing(desk):
    answer = desk.submit("/mentors/new", **(NEW | dict.fromkeys(CERTIFICATE, "")))
    page = desk.page(answer.headers["Location"])
    assert "There is no certificate in force" in page.text
    assert page.find("a", class_="main").text == "Record a certificate"


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("last_name", "", REQUIRED),
        ("first_name", "x" * 101, "Use at most 100 characters."),
        ("sex", None, REQUIRED),
        ("birth_date", "", REQUIRED),
        ("birth_date", "31.02.1985", "Enter a date like 05.01.2026."),
        ("birth_date", "01.01.2185", "The date cannot be in the future."),
        ("iin", "", REQUIRED),
        ("iin", "12345", "An IIN has 12 digits."),
        ("iin", "90010165000A", "An IIN has 12 digits."),
        ("iin", wrong_check_digit(IIN), "Check the IIN: its check digit does not match."),
        ("phone", "12345", "Enter a phone number like +7 701 123 45 67."),
        ("phone", "+1 202 555 0100", "Enter a phone number like +7 701 123 45 67."),
        ("email", "karlygash", "Enter an e-mail address like name@example.org."),
        ("region", "", REQUIRED),
        ("region", "00", "Choose one of the options."),
        ("region", KOSTANAY, "This region is outside the ones you work with."),
        ("town", "", REQUIRED),
        ("reach_km", "-1", "Enter a number from 0 to 3000."),
        ("reach_km", "жақын", "Enter a number."),
        ("capacity", "0", "Enter a number from 1 to 20."),
        ("interests", ["flying"], "Choose one of the options."),
        ("languages.kk", "basic", "At least one language must be spoken fluently."),
        ("certificate_issuer", "", "Enter it, or leave the whole certificate empty."),
        ("certificate_expires_on", "01.05.2025", "The expiry date is before the date of issue."),
        ("certificate_issued_on", "01.01.2185", "The date cannot be in the future."),
    ],
)
def test_a_wrong_entry_is_explained_beside_its_field_and_the_rest_is_kept(
    desk, store, name, value, words
):
    typed = NEW | {name: value}
    answer = desk.submit("/mentors/new", **typed)
    assert answer.status_code == 422
    field = name.partition(".")[0]
    assert words in answer.page.find("p", id=f"{field}-error").text
    assert f'href="#{field}"' in answer.page.html
    unknown = {name} if name in ("region", "interests") else set()
    assert_kept(answer.page, typed, but=unknown)
    assert store.scalars(select(Mentor)).all() == []
    assert store.scalars(select(Certificate)).all() == []


def test_a_mentor_without_any_language_is_refused(desk, store):
    answer = desk.submit("/mentors/new", **(NEW | {"languages.kk": "", "languages.ru": ""}))
    assert answer.page.find("p", id="languages-error").text == "Choose at least one option."
    assert store.scalars(select(Mentor)).all() == []


def test_an_iin_that_does_not_match_the_birth_date_is_confirmed_and_then_accepted(desk, store):
    typed = NEW | {"iin": f"{IIN[:6]} {IIN[6:]}", "iin_confirmed": None}
    answer = desk.submit("/mentors/new", **typed)
    assert answer.status_code == 422
    assert "Compare it with the document and tick the box." in answer.page.text
    assert_kept(answer.page, typed)
    answer = desk.send(answer.page, iin_confirmed="true")
    assert answer.status_code == 302
    mentor = store.scalars(select(Mentor)).one()
    assert mentor.iin == IIN
    for address in (answer.headers["Location"], "/mentors"):
        assert IIN not in desk.page(address).html
    assert all(IIN not in str(e.details) for e in store.scalars(select(AuditEntry)))


def test_a_second_record_of_one_iin_is_refused_beside_the_field(desk, store):
    birth = clock.today().replace(year=1985)
    factories.mentor(store, birth_date=birth, iin=IIN)
    answer = desk.submit("/mentors/new", **NEW)
    assert answer.status_code == 422
    assert answer.page.find("p", id="iin-error").text == ("A record with this IIN already exists.")
    assert_kept(answer.page, NEW)
    assert len(store.scalars(select(Mentor)).all()) == 1


def test_a_second_certificate_of_one_number_is_refused_beside_the_field(desk, store):
    desk.submit("/mentors/new", **NEW)
    another = {"last_name": "Басқа", "iin": factories.fictional_iin()}
    answer = desk.submit("/mentors/new", **(NEW | another))
    assert answer.page.find("p", id="certificate_number-error").text == (
        "A certificate with this number is already recorded."
    )
    assert len(store.scalars(select(Mentor)).all()) == 1


def test_a_form_sent_twice_makes_one_mentor(desk, store):
    page = desk.page("/mentors/new")
    typed = NEW | dict.fromkeys(CERTIFICATE, "")
    assert desk.send(page, **typed).status_code == 302
    answer = desk.send(page, **typed)
    assert answer.status_code == 422
    assert "This form has already been saved. Nothing was saved twice." in answer.page.text
    assert len(store.scalars(select(Mentor)).all()) == 1


@pytest.fixture
def mentor(store):
    return factories.eligible_mentor(
        store,
        on=clock.today(),
        last_name="Құсайынов",
        interests=("chess",),
        email="a@example.org",
        phone="+77011234567",
        iin=factories.fictional_iin(),
    )


def test_facts_are_changed_and_the_names_of_the_fields_are_noted(desk, store, mentor):
    answer = desk.submit(f"/mentors/{mentor.id}/edit", last_name="Әбенов", capacity="3", **SURE)
    assert answer.headers["Location"] == f"/mentors/{mentor.id}"
    assert (mentor.last_name, mentor.capacity) == ("Әбенов", 3)
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "changed_mentor")).one()
    assert entry.details == {"fields": ["capacity", "last_name"]}
    assert "Әбенов" in desk.page("/mentors?q=абенов").text


@pytest.mark.parametrize(
    "colleagues_change", [{"capacity": "4"}, {"interests": ["dombra"]}, {"languages.ru": "fluent"}]
)
def test_a_change_on_an_old_page_does_not_undo_a_colleagues(
    desk, store, mentor, sign_in, colleagues_change
):
    page = desk.page(f"/mentors/{mentor.id}/edit")
    colleague = sign_in(factories.coordinator(store))
    assert (
        colleague.submit(f"/mentors/{mentor.id}/edit", **colleagues_change, **SURE).status_code
        == 302
    )
    answer = desk.send(page, last_name="Әбенов", **SURE)
    assert answer.status_code == 422
    assert "Somebody changed this record while you were editing." in answer.page.text
    assert_kept(answer.page, {"last_name": "Әбенов"})
    store.expire_all()
    assert mentor.last_name == "Құсайынов"
    shown = colleague.page(f"/mentors/{mentor.id}/edit")
    assert_kept(shown, colleagues_change)


def test_a_correction_of_an_old_page_does_not_undo_a_colleagues_change_either(
    desk, store, mentor, sign_in
):
    page = desk.page(f"/mentors/{mentor.id}/edit")
    colleague = sign_in(factories.coordinator(store))
    colleague.submit(f"/mentors/{mentor.id}/edit", capacity="4", **SURE)
    page = desk.send(page, last_name="", **SURE).page
    answer = desk.send(page, last_name="Әбенов", **SURE)
    assert answer.status_code == 422
    assert "Somebody changed this record while you were editing." in answer.page.text
    assert (mentor.last_name, mentor.capacity) == ("Құсайынов", 4)


def test_one_paper_is_recorded_as_clearances_of_several_kinds(desk, store):
    mentor = factories.mentor(store, birth_date=clock.today().replace(year=1990))
    address = f"/mentors/{mentor.id}/clearances/new"
    page = desk.submit(address, result="clear", checked_on="01.06.2025").page
    assert page.find("p", id="kinds-error").text == "Choose at least one option."
    every = list(factories.REQUIRED_KINDS)
    answer = desk.send(page, kinds=every, valid_until="01.05.2025")
    assert answer.page.find("p", id="valid_until-error").text == (
        "The date is before the check itself."
    )
    answer = desk.send(answer.page, valid_until="01.06.2100")
    assert answer.status_code == 302
    found = store.scalars(select(Clearance).where(Clearance.mentor_id == mentor.id)).all()
    assert sorted(row.kind for row in found) == sorted(every)
    assert desk.page(f"/mentors/{mentor.id}").text.count("No obstacle found") == len(every)


def test_a_certificate_and_a_status_are_recorded(desk, store, mentor):
    answer = desk.submit(
        f"/mentors/{mentor.id}/certificates/new",
        number="Ө-9",
        issuer="Институт",
        issued_on="01.06.2025",
        expires_on="01.06.2100",
    )
    assert "01.06.2100" in desk.page(answer.headers["Location"]).text
    desk.submit(f"/mentors/{mentor.id}/status", status="paused", reason="leave")
    assert mentor.status == "paused"
    assert "Paused" in desk.page(f"/mentors/{mentor.id}").text


def test_access_is_given_once_and_only_where_there_is_an_address(desk, store, mentor):
    page = desk.page(f"/mentors/{mentor.id}")
    assert desk.send(page, "/access").status_code == 302
    assert mentor.user.email == "a@example.org"
    answer = desk.send(page, "/access")
    assert answer.status_code == 409
    assert "This mentor can already sign in." in answer.page.text


def names(page):
    return [cell.text for cell in page.find_all("th", scope="row")]


def test_a_search_without_kazakh_letters_finds_them(desk, store):
    born = clock.today().replace(year=1990, day=1)
    for last, first in (("Әбенова", "Қанат"), ("Иванова", "Ольга"), ("Төлегенов", "Үміт")):
        factories.mentor(store, birth_date=born, last_name=last, first_name=first)
    assert names(desk.page("/mentors?q=канат")) == ["Әбенова Қанат"]
    assert names(desk.page("/mentors?q=ҚАНАТ")) == ["Әбенова Қанат"]
    assert names(desk.page("/mentors?q=толегенов умит")) == ["Төлегенов Үміт"]
    page = desk.page("/mentors?q=%25")
    assert names(page) == []
    assert "Nobody is found with these words." in page.text


def test_names_stand_in_the_order_of_the_kazakh_alphabet(desk, store):
    born = clock.today().replace(year=1990, day=1)
    ordered = ["Абаев", "Әбенов", "Бекова", "Ғани", "Ким", "Қанатов", "Оспан", "Өтеген", "Ұлан"]
    for last in reversed(ordered):
        factories.mentor(store, birth_date=born, last_name=last, first_name="А")
    assert names(desk.page("/mentors")) == [f"{last} А" for last in ordered]
    page = desk.page("/mentors?sort=name&dir=desc")
    assert names(page) == [f"{last} А" for last in reversed(ordered)]
    assert page.find("th", **{"aria-sort": "descending"}).text.startswith("Full name")


def test_filters_narrow_the_list_and_can_be_combined(store, sign_in):
    browser = sign_in(factories.coordinator(store, regions=(KARAGANDA, KOSTANAY)))
    today, born = clock.today(), clock.today().replace(year=1990, day=1)
    one = factories.eligible_mentor(store, on=today, last_name="Бір", first_name="А")
    two = factories.mentor(
        store, birth_date=born, last_name="Екі", first_name="А", region=KOSTANAY, status="paused"
    )
    factories.certificate(store, mentor=two, issued_on=today - 9 * DAY, expires_on=today - DAY)
    assert one.region == KARAGANDA
    for query, found in (
        ("", ["Бір А", "Екі А"]),
        (f"region={KOSTANAY}", ["Екі А"]),
        ("status=active", ["Бір А"]),
        ("certificate=current", ["Бір А"]),
        ("certificate=missing", ["Екі А"]),
        (f"certificate=missing&region={KARAGANDA}", []),
        ("region=35&region=00&status=nonsense", []),
    ):
        assert names(browser.page(f"/mentors?{query}")) == found, query


def test_a_long_list_comes_in_pages_that_keep_the_search(desk, store):
    born = clock.today().replace(year=1990, day=1)
    for number in range(27):
        factories.mentor(store, birth_date=born, last_name="Көп", first_name=f"А{number:02}")
    page = desk.page("/mentors?q=коп")
    assert names(page) == [f"Көп А{number:02}" for number in range(25)]
    page = desk.page(page.find("a", rel="next").attrs["href"])
    assert names(page) == ["Көп А25", "Көп А26"]
    assert page.find("input", name="q").attrs["value"] == "коп"
    for odd in ("page=999", "page=0", "page=-1", "page=x", "sort=nonsense"):
        assert desk.page(f"/mentors?q=коп&{odd}").h1


@pytest.mark.parametrize("status", ["candidate", "refused", "withdrawn"])
def test_somebody_who_is_not_a_mentor_has_no_actions_of_a_mentor(desk, store, status):
    born = clock.today().replace(year=1990, day=1)
    mentor = factories.mentor(store, birth_date=born, status=status)
    page = desk.page(f"/mentors/{mentor.id}")
    for words in ("Hold back from rounds", "Choose a child by hand", "no certificate in force"):
        assert words not in page.text
    assert "Change the facts" in page.text


def test_an_active_mentor_has_them(desk, store):
    mentor = factories.eligible_mentor(store, on=clock.today())
    text = desk.page(f"/mentors/{mentor.id}").text
    assert "Hold back from rounds" in text and "Choose a child by hand" in text
