from datetime import date, timedelta
from io import BytesIO

import pytest
from openpyxl import load_workbook

from mentorship import clock
from mentorship.figures.catalogue import MEASURES, Kind
from mentorship.figures.rows import SOURCES
from mentorship.figures.store import rebuild
from mentorship.figures.words import NAMES, SENTENCES, part_options
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def report_date(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: ON)


def begin(store, number, region=KARAGANDA, started_on=date(2026, 3, 2)):
    """Matches, each with a meeting and a contact held a day late; the figures are made anew."""
    for _ in range(number):
        match = factories.eligible_match(store, started_on=started_on, region=region)
        due = started_on + timedelta(days=10)
        factories.meeting(store, match=match, held_on=started_on + timedelta(days=7), minutes=90)
        late = due + timedelta(days=1)
        factories.check_in(store, match=match, due_on=due, held_on=late)
    rebuild(store, ON, factories.AT)


def big(page):
    return page.find("p", class_="big-figure").text


def test_the_page_says_what_is_counted_before_it_says_how_much(store, sign_in):
    begin(store, 6)
    html = sign_in(factories.manager(store)).page("/figures/meetings_held").html
    marks = [str(SENTENCES["meetings_held"]), "big-figure", 'id="time"', 'id="regions"']
    places = [html.index(mark) for mark in [*marks, 'id="definition"']]
    assert places == sorted(places)


def test_a_figure_is_that_of_its_filters(store, sign_in):
    begin(store, 6)
    begin(store, 7, KOSTANAY, date(2025, 3, 3))
    client = sign_in(factories.manager(store))
    assert big(client.page("/figures/matches_begun")) == "6"
    assert big(client.page("/figures/matches_begun?period=2025")) == "7"
    assert big(client.page(f"/figures/matches_begun?period=2025&region={KARAGANDA}")) == "0"
    assert big(client.page("/figures/matches_begun?period=2026-Q1")) == "6"
    assert big(client.page("/figures/hours_per_meeting")) == "1.5 hours"
    assert big(client.page("/figures/share_on_time")) == "0%"
    assert big(client.page("/figures/days_late")) == "1 day"


def test_a_small_figure_is_not_told_and_the_page_says_why(store, sign_in):
    begin(store, 3)
    page = sign_in(factories.manager(store)).page("/figures/matches_begun")
    assert big(page) == "fewer than 5"
    assert "so that nobody can be recognised" in page.text


def test_before_the_figures_are_made_the_page_says_what_to_do(store, sign_in):
    page = sign_in(factories.manager(store)).page("/figures/matches_begun")
    assert "flask figures rebuild" in page.text


@pytest.mark.parametrize(
    "wrong",
    ["nothing", "matches_begun?region=99", "matches_begun?part=x", "matches_begun?period=2999"],
)
def test_what_nobody_counts_is_no_page(store, sign_in, wrong):
    begin(store, 1)
    sign_in(factories.manager(store)).page(f"/figures/{wrong}", 404)


def test_a_coordinator_asks_for_own_regions_alone(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    client.page(f"/figures/matches_begun?region={KARAGANDA}", 404)
    client.page(f"/figures/matches_begun/rows?region={KARAGANDA}", 404)
    assert big(client.page("/figures/matches_begun")) == "0"


@pytest.mark.parametrize("kind", Kind)
def test_every_figure_has_a_page_in_words(store, sign_in, kind):
    factories.build(store, until=ON)
    client = sign_in(factories.manager(store))
    for code in (code for code, measure in MEASURES.items() if measure.kind == kind):
        assert client.page(f"/figures/{code}").h1 == str(NAMES[code])


def test_every_figure_with_parts_is_told_by_one_of_them(store, sign_in):
    factories.build(store, until=ON)
    client = sign_in(factories.manager(store))
    for code, measure in MEASURES.items():
        for part, word in list(part_options(measure).items())[:1]:
            assert str(word) in client.page(f"/figures/{code}?part={part}").find("h2").text


def test_the_files_of_a_figure_have_its_filters_and_its_definition(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.manager(store))
    answer = client.get("/figures/matches_begun?as=xlsx&period=2026")
    book = load_workbook(BytesIO(answer.data))
    assert book.sheetnames[:2] == ["Over time", "By region"]
    rows = {row[0]: row[1] for row in book["By region"].iter_rows(min_row=2, values_only=True)}
    assert rows["Karaganda Region"] == 6
    told = [cell for row in book["Definitions"].iter_rows(values_only=True) for cell in row]
    assert str(SENTENCES["matches_begun"]) in told
    assert "6" in client.get("/figures/matches_begun?as=csv").text


def test_the_rows_behind_a_figure_are_as_many_as_it_says(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    for code in ("matches_begun", "matches_active", "contacts_due", "meetings_held", "days_late"):
        page = client.page(f"/figures/{code}/rows")
        assert page.find("span", class_="count").text == "6", code


def test_rows_lead_to_the_pages_of_matches_and_keep_the_filters(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    page = client.page(f"/figures/contacts_due?region={KARAGANDA}&part=mentor&period=2026")
    link = next(a for a in page.find_all("a") if a.text == "The rows behind this figure")
    rows = client.page(link.attrs["href"])
    assert "part=mentor" in link.attrs["href"]
    assert rows.find("td", **{"data-label": "Held on"}).text == "13.03.2026"
    links = [a.attrs["href"] for a in rows.find_all("a") if "/matches/" in a.attrs.get("href", "")]
    assert len(links) == 6
    client.page(links[0])


@pytest.mark.parametrize("kind", sorted({source.kind for source in SOURCES.values()}))
def test_every_list_of_rows_costs_as_many_statements_for_many(store, sign_in, statements, kind):
    begin(store, 1)
    client = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    codes = [code for code, source in SOURCES.items() if source.kind == kind]

    def asked():
        found = []
        for code in codes:
            before = len(statements)
            client.page(f"/figures/{code}/rows")
            found.append(len(statements) - before)
        return found

    few = asked()
    begin(store, 3)
    assert asked() == few


def test_a_manager_sees_no_rows_and_no_names(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.manager(store))
    client.page("/figures/matches_begun/rows", 403)
    page = client.page("/figures/matches_begun")
    assert "/rows" not in page.html and "/matches/" not in page.html


def test_rows_of_a_day_that_is_past_are_not_offered(store, sign_in):
    begin(store, 6)
    client = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    page = client.page("/figures/matches_active?period=2026-09")
    assert "The rows behind this figure" not in page.text
    client.page("/figures/matches_active/rows?period=2026-09", 404)


def test_one_page_defines_every_figure(store, sign_in):
    client = sign_in(factories.manager(store))
    text = client.page("/figures/definitions").text
    assert all(str(SENTENCES[code]) in text for code in MEASURES)
    admin = sign_in(factories.administrator(store)).page("/figures/definitions")
    assert not [a for a in admin.find_all("a") if "/figures/matches" in a.attrs.get("href", "")]
