from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from mentorship import clock
from mentorship.figures.store import rebuild
from tests import factories
from tests.factories import AT, KARAGANDA

ON = date(2026, 11, 22)
FILLED = {
    "name_kk": "Жаңа жұптар",
    "name_ru": "Новые пары",
    "name_en": "New matches",
    "formula": "measure",
    "measure": "matches_begun",
    "direction": "more",
    "from_year": "2026",
    "source": "Order 1",
    "owner": "Programme",
}


@pytest.fixture(autouse=True)
def report_date(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: ON)


@pytest.fixture
def admin(store, sign_in):
    return sign_in(factories.administrator(store))


def contacts(store, number, on_time):
    """Contacts of one match that were due, some of them held on their day."""
    match = factories.eligible_match(store, started_on=date(2026, 3, 2))
    for day in range(number):
        due = date(2026, 4, 1) + timedelta(days=day)
        held = due if day < on_time else due + timedelta(days=2)
        factories.check_in(store, match=match, due_on=due, held_on=held, number=day + 1)
    rebuild(store, ON, AT)


def cells(page, label):
    return [cell.text for cell in page.find_all("td", **{"data-label": label})]


def test_the_page_says_that_the_list_of_the_concept_is_not_public(store, sign_in):
    page = sign_in(factories.manager(store)).page("/indicators")
    assert "Their list is not public" in page.text
    assert "No indicator is defined yet." in page.text


def test_plan_stands_against_fact_with_the_gap_in_words(store, sign_in):
    contacts(store, 20, 10)
    row = factories.indicator(store)
    factories.indicator_target(store, indicator=row, year=2026, value=0.6)
    page = sign_in(factories.manager(store)).page(f"/indicators/{row.id}")
    assert cells(page, "Plan")[0] == "60%" and cells(page, "Fact")[0] == "50%"
    stands = cells(page, "How it stands")
    assert stands[0] == "To the target: 10 percentage points. The year is not over."
    assert stands[1] == "Not yet known: the year has not begun."
    assert page.find("svg", role="img")


def test_where_a_number_is_not_told_the_gap_is_not_told(store, sign_in):
    contacts(store, 20, 18)
    row = factories.indicator(store)
    factories.indicator_target(store, indicator=row, year=2026, value=0.95)
    page = sign_in(factories.manager(store)).page(f"/indicators/{row.id}")
    assert cells(page, "Fact")[0] == "not shown"
    assert cells(page, "How it stands")[0].startswith("The number is too small to be told")
    assert "90" not in page.find("main").text


def test_an_administrator_defines_an_indicator_and_plans_its_years(store, admin):
    answer = admin.submit("/indicators/new", **FILLED)
    page = admin.page(answer.location)
    assert page.h1 == "New matches"
    assert "The figure “Matches begun”." in page.text
    admin.submit(f"{answer.location}/targets/2027", value="1 250,5", source="Order 2")
    assert cells(admin.page(answer.location), "Plan")[1] == "1,250.5"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"measure": None}, "Choose the figure."),
        ({"formula": "ratio"}, "Choose by what it is divided."),
        ({"formula": "lasting"}, "Choose how long a match must last."),
        (
            {
                "formula": "ratio",
                "measure": "share_on_time",
                "base": "contacts_due",
                "factor": "share",
            },
            "A share or a mean cannot be divided again.",
        ),
        (
            {
                "formula": "ratio",
                "measure": "contacts_due",
                "base": "contacts_due",
                "factor": "share",
            },
            "A count divided by itself says nothing.",
        ),
    ],
)
def test_a_formula_that_is_not_whole_is_refused_in_a_sentence(admin, wrong, said):
    answer = admin.submit("/indicators/new", **(FILLED | wrong))
    assert answer.status_code == 422
    assert said in answer.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [("many", "Enter a number like 82 or 82,5."), ("101", "Enter a number of at most 100.")],
)
def test_a_target_in_percent_is_a_number_up_to_a_hundred(store, admin, typed, said):
    row = factories.indicator(store)
    answer = admin.submit(f"/indicators/{row.id}/targets/2026", value=typed, source="Order 2")
    assert answer.status_code == 422 and said in answer.text
    admin.submit(f"/indicators/{row.id}/targets/2026", value="82,5", source="Order 2")
    assert cells(admin.page(f"/indicators/{row.id}"), "Plan")[0] == "82.5%"


def test_a_changed_formula_tells_what_was_said_before(store, admin):
    contacts(store, 20, 10)
    row = factories.indicator(store)
    wanted = {"formula": "measure", "measure": "contacts_due", "from_year": "2026"}
    answer = admin.submit(f"/indicators/{row.id}/edit", **wanted)
    page = admin.page(answer.location)
    assert cells(page, "Fact")[0] == "20"
    assert "2026, as it was told on 22.11.2026: 50%" in page.text


@pytest.mark.parametrize(
    ("formula", "fact"),
    [
        ({"formula": "measure", "measure": "contacts_due", "base": None, "factor": None}, "20"),
        ({"factor": 1000}, "500"),
        ({"region": KARAGANDA}, "50%"),
        ({"measure": "contacts_on_time", "part": "mentor", "base_part": "mentor"}, "50%"),
        (
            {
                "formula": "lasting",
                "measure": None,
                "base": None,
                "factor": None,
                "months": 12,
            },
            "not yet known",
        ),
    ],
)
def test_the_fact_of_a_year_follows_its_formula(store, sign_in, formula, fact):
    contacts(store, 20, 10)
    row = factories.indicator(store, **formula)
    page = sign_in(factories.manager(store)).page(f"/indicators/{row.id}")
    assert cells(page, "Fact")[0] == fact


def test_the_file_has_every_year_of_every_indicator(store, sign_in):
    contacts(store, 20, 10)
    factories.indicator_target(store, indicator=factories.indicator(store), year=2026, value=0.6)
    answer = sign_in(factories.manager(store)).get("/indicators?as=xlsx")
    sheet = load_workbook(BytesIO(answer.data))["In percent"]
    rows = list(sheet.iter_rows(min_row=2, max_col=4, values_only=True))
    assert rows[0] == ("Contacts on time", "2026", 0.6, 0.5)
    assert rows[1][3] == "not yet known"


def test_a_file_tells_each_year_in_the_unit_of_its_own_formula(store, admin):
    contacts(store, 20, 10)
    row = factories.indicator(store)
    wanted = {"formula": "measure", "measure": "contacts_due", "from_year": "2027"}
    admin.submit(f"/indicators/{row.id}/edit", **wanted)
    factories.indicator_target(store, indicator=row, year=2026, value=0.6)
    factories.indicator_target(store, indicator=row, year=2027, value=250)
    sheet = load_workbook(BytesIO(admin.get(f"/indicators/{row.id}?as=xlsx").data)).worksheets[0]
    plans = [(row[2].value, row[2].number_format) for row in sheet.iter_rows(min_row=2, max_row=3)]
    assert plans == [(0.6, "0.0%"), (250, "#,##0.00")]


def test_of_two_who_change_an_indicator_at_once_the_second_is_told(store, admin, sign_in):
    row = factories.indicator(store)
    other = sign_in(factories.administrator(store))
    mine, theirs = (each.page(f"/indicators/{row.id}/edit") for each in (admin, other))
    assert admin.send(mine, name_en="Mine").status_code == 302
    answer = other.send(theirs, name_en="Theirs")
    assert answer.status_code == 422 and "Somebody changed this record" in answer.text
    assert row.now.name_en == "Mine"


def test_the_list_costs_as_many_statements_for_many(store, sign_in, statements):
    contacts(store, 20, 10)
    client = sign_in(factories.manager(store))

    def asked():
        client.page("/indicators")
        before = len(statements)
        client.page("/indicators")
        return len(statements) - before

    factories.indicator(store)
    few = asked()
    for _ in range(4):
        factories.indicator(store)
    assert asked() == few


def test_only_an_administrator_changes_what_is_followed(store, sign_in):
    row = factories.indicator(store)
    page = sign_in(factories.manager(store)).page(f"/indicators/{row.id}")
    assert not [a for a in page.find_all("a") if "/edit" in a.attrs.get("href", "")]
    assert not [form for form in page.find_all("form") if "/end" in form.attrs.get("action", "")]


def test_an_indicator_that_is_no_longer_followed_stays_to_be_read(store, admin):
    row = factories.indicator(store)
    admin.submit(f"/indicators/{row.id}", f"/indicators/{row.id}/end")
    assert "No longer followed" in admin.page("/indicators").text
    assert "No longer followed since 22.11.2026" in admin.page(f"/indicators/{row.id}").text
