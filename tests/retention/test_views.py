from datetime import date

import pytest

from mentorship import clock
from mentorship.dashboard.overview import overview_figures
from mentorship.permissions import Role, Scope
from mentorship.web.suppression import Count, Mark
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

BORN, TEENAGER = date(1990, 2, 3), date(2012, 4, 5)
EARLY = {"ended_as_planned": False, "closure_reason": "mentor_moved", "ended_by": "mentor"}


@pytest.fixture(autouse=True)
def report_date(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 6, 1))


def pairs(session, number, region=KARAGANDA, started_on=date(2024, 3, 1), **given):
    centre = factories.centre(session, region=region)
    for _ in range(number):
        adult = factories.mentor(session, birth_date=BORN, region=region)
        young = factories.child(session, birth_date=TEENAGER, centre=centre)
        match = factories.match(session, mentor=adult, child=young, started_on=started_on, **given)
        factories.check_in(session, match=match, due_on=date(2026, 5, 1))


def texts(page, **attrs):
    return [cell.text for cell in page.find_all("td", **attrs)]


def test_the_manager_reads_the_figure_its_band_and_what_it_rests_on(store, sign_in):
    pairs(store, 16)
    pairs(store, 4, ended_on=date(2024, 9, 1), **EARLY)
    client = sign_in(factories.manager(store))
    page = client.page("/retention")
    assert "80% of matches lasted a year; between 55% and 92% is plausible." in page.text
    assert "This rests on 20 matches." in page.text
    assert "20 20 20 16 16" in " ".join(page.find("svg").text.split())
    year = client.page("/retention?region=35&year=2024")
    assert "80% of matches that began in 2024 lasted a year" in year.text


def test_the_report_is_in_order_figure_chart_table_definition(store, sign_in):
    pairs(store, 20)
    html = sign_in(factories.manager(store)).page("/retention").html
    marks = ["lasted a year;", "This rests on", "<svg", "<caption>", "What this counts"]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_the_chart_has_a_title_and_a_description_and_no_inline_style(store, sign_in):
    pairs(store, 20)
    page = sign_in(factories.manager(store)).page("/retention")
    svg = page.find("svg", role="img")
    assert svg.attrs["aria-labelledby"].split() == ["chart-title", "chart-description"]
    assert page.find("title", id="chart-title").text
    assert page.find("desc", id="chart-description").text
    assert "style=" not in page.html


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_lines_of_the_chart_are_the_same_in_every_language(store, sign_in, language):
    pairs(store, 9)
    pairs(store, 4, ended_on=date(2024, 8, 17), **EARLY)
    page = sign_in(factories.manager(store, language=language)).page("/retention")
    line = page.find("path", class_="chart-line").attrs["d"]
    assert set(line) <= set("ML. 0123456789")


def test_four_matches_are_neither_counted_nor_drawn(store, sign_in):
    pairs(store, 4)
    pairs(store, 9, KOSTANAY)
    client = sign_in(factories.manager(store))
    page = client.page("/retention?region=35")
    assert "fewer than 5 matches in this choice" in page.text
    assert page.find_all("svg") == []
    assert "fewer than 5" in texts(client.page("/retention"))


def test_an_empty_register_says_so(store, sign_in):
    client = sign_in(factories.manager(store))
    page = client.page("/retention")
    assert "No match has begun in this choice yet." in page.text
    assert "No match has been closed yet." in page.text
    assert "too early to say" in client.page("/overview").text


@pytest.mark.parametrize("query", ["region=39", "region=99", "year=1999", "year=soon"])
def test_a_region_out_of_scope_and_a_year_without_matches_are_not_found(store, sign_in, query):
    pairs(store, 6)
    client = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    assert client.get(f"/retention?{query}").status_code == 404


def test_somebody_of_one_region_sees_that_region_only(store, sign_in):
    pairs(store, 6)
    pairs(store, 7, KOSTANAY)
    client = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    assert "This rests on 6 matches." in client.page("/retention").text
    assert "Kostanay" not in client.page("/retention").text
    assert "Kostanay" not in client.page("/overview").text


def test_mentors_and_administrators_have_no_figures(store, sign_in):
    for role in (Role.ADMINISTRATOR, Role.MENTOR):
        client = sign_in(factories.user(store, role=role))
        assert client.get("/retention").status_code == 403


def test_the_overview_shows_the_register_beside_the_published_figures(store, sign_in):
    pairs(store, 6)
    for _ in range(7):
        factories.child(store, birth_date=TEENAGER)
    page = sign_in(factories.manager(store)).page("/overview")
    assert "6 Matches active now" in page.text
    assert "7 Children waiting for a mentor" in page.text
    assert "6 Check-ins overdue" in page.text
    for published in ("20,798", "82%", "3,744", "more than 360", "el.kz", "24.01.2026"):
        assert published in page.text


def test_the_overview_hides_small_counts_and_what_would_give_them_away(database):
    for region, number in ((KARAGANDA, 3), (KOSTANAY, 9), ("55", 30)):
        for _ in range(number):
            factories.child(database, birth_date=TEENAGER, region=region)
    figures = overview_figures(database, Scope(None), date(2026, 6, 1))
    waiting = {kato: line["waiting"] for kato, line in figures["by_region"].items()}
    assert waiting["35"] == Count(Mark.FEW)
    assert waiting["39"] == Count(Mark.HIDDEN)
    assert waiting["55"] == Count(Mark.SHOWN, 30)
    assert figures["total"]["waiting"] == Count(Mark.SHOWN, 42)


@pytest.mark.parametrize("address", ["/retention", "/retention?region=35&year=2024", "/overview"])
def test_the_number_of_statements_does_not_grow_with_the_rows(store, sign_in, statements, address):
    pairs(store, 6)
    client = sign_in(factories.manager(store))
    client.page(address)
    before = len(statements)
    client.page(address)
    few = len(statements) - before
    pairs(store, 30)
    pairs(store, 20, KOSTANAY, started_on=date(2025, 2, 1))
    store.commit()
    before = len(statements)
    client.page(address)
    assert len(statements) - before == few
    assert few <= (3 if "retention" in address else 9)
