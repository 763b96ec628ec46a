from datetime import UTC, date, datetime

import pytest

from mentorship.figures.store import rebuild
from mentorship.permissions import Role, Scope
from mentorship.retention.report import headline
from mentorship.web.suppression import Count, Mark
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON, AT = date(2026, 6, 1), datetime(2026, 6, 1, 2, tzinfo=UTC)
BORN, TEENAGER = date(1990, 2, 3), date(2012, 4, 5)
EARLY = {"ended_as_planned": False, "closure_reason": "mentor_moved", "ended_by": "mentor"}
PLANNED = {"ended_as_planned": True, "closure_reason": "goals_reached", "ended_by": "agreement"}
PAGES = (
    "/retention",
    "/retention/children",
    "/retention/mentors",
    "/retention/cohorts",
    "/retention/endings",
)


def pairs(session, number, region=KARAGANDA, started_on=date(2024, 3, 1), **given):
    centre = factories.centre(session, region=region)
    for _ in range(number):
        adult = factories.mentor(session, birth_date=BORN, region=region)
        young = factories.child(session, birth_date=TEENAGER, centre=centre)
        factories.match(session, mentor=adult, child=young, started_on=started_on, **given)


def register(session):
    """Two regions: 10 of 15 matches lasted a year in the first, all 15 in the second."""
    pairs(session, 10)
    pairs(session, 5, ended_on=date(2024, 9, 1), **EARLY)
    pairs(session, 15, KOSTANAY, date(2025, 2, 1))
    rebuild(session, ON, AT)


def cells(page, row):
    line = next(e for e in page.find_all("tr") if e.text.startswith(row))
    return [cell.text for cell in page.find_all("td") if cell.within("tr") is line]


def test_the_manager_reads_the_figure_its_range_and_what_it_rests_on(store, sign_in):
    register(store)
    client = sign_in(factories.manager(store))
    page = client.page("/retention")
    assert "83% of matches lasted a year; between 64% and 93% is plausible." in page.text
    assert "This rests on 30 matches." in page.text
    assert "State of 1 June 2026" in page.text
    own = client.page("/retention?region=35&by=training")
    assert "67% of matches lasted a year; between 38% and 85% is plausible." in own.text
    assert cells(own, "12 months") == ["10", "67% 38% to 85%"]


def test_the_report_is_in_order_figure_chart_table_groups_definition_example(store, sign_in):
    register(store)
    html = sign_in(factories.manager(store)).page("/retention?by=year").html
    marks = [
        "lasted a year;",
        "This rests on",
        "<svg",
        "<caption>",
        "By the year of the start",
        "What this counts",
        "An example to check by hand",
    ]
    places = [html.index(mark) for mark in marks]
    assert places == sorted(places)


def test_groups_are_compared_and_the_number_of_comparisons_is_said(store, sign_in):
    register(store)
    page = sign_in(factories.manager(store)).page("/retention?by=year")
    assert "The groups differ: it is unlikely to be chance alone" in page.text
    assert "2 groups were compared, each with all the others together" in page.text
    assert "2024: ends sooner than the others together" in page.text
    assert cells(page, "2025")[:2] == ["15", "100% 78% to 100%"]


@pytest.mark.parametrize(
    "by", ["region", "year", "centre_kind", "training", "language", "distance"]
)
def test_each_dimension_has_its_words(store, sign_in, by):
    register(store)
    page = sign_in(factories.manager(store)).page(f"/retention?by={by}")
    table = next(e for e in page.find_all("table") if "groups" in e.attrs["class"])
    assert "30" in table.text or "15" in table.text


def test_children_are_counted_through_later_mentors(store, sign_in):
    centre = factories.centre(store, region=KARAGANDA)
    for _ in range(12):
        young = factories.child(store, birth_date=TEENAGER, centre=centre)
        for begun, ended in ((date(2024, 1, 10), date(2024, 5, 10)), (date(2024, 6, 20), None)):
            adult = factories.mentor(store, birth_date=BORN)
            given = {"ended_on": ended, **EARLY} if ended else {}
            factories.match(store, mentor=adult, child=young, started_on=begun, **given)
    rebuild(store, ON, AT)
    client = sign_in(factories.manager(store))
    page = client.page("/retention/children")
    assert "A year after their first match 100% of children" in page.text
    assert "This rests on 12 children." in page.text
    assert "This rests on 24 matches." in client.page("/retention").text
    assert "90 days" in page.text


def test_mentors_are_counted_from_their_certificate(store, sign_in):
    for _ in range(8):
        adult = factories.mentor(store, birth_date=BORN)
        day = date(2024, 3, 1)
        factories.certificate(store, mentor=adult, issued_on=day, expires_on=None)
    rebuild(store, ON, AT)
    page = sign_in(factories.manager(store)).page("/retention/mentors")
    assert "100% of mentors stayed a year or longer" in page.text
    assert "This rests on 8 mentors." in page.text


def test_cohorts_are_a_line_each_and_tinted(store, sign_in):
    register(store)
    page = sign_in(factories.manager(store)).page("/retention/cohorts")
    assert cells(page, "quarter 1 of 2024")[:2] == ["15", "100%"]
    assert cells(page, "quarter 1 of 2025")[-1] == "too early to say" or "·" in page.text
    assert page.find_all("td", class_="tone-5")


def test_ways_of_ending_and_what_is_left_are_one_table(store, sign_in):
    pairs(store, 20)
    pairs(store, 5, ended_on=date(2024, 9, 1), **EARLY)
    pairs(store, 5, ended_on=date(2024, 9, 1), **PLANNED)
    rebuild(store, ON, AT)
    page = sign_in(factories.manager(store)).page("/retention/endings")
    assert "67% of matches were still together; 17% had ended as planned, 17% early." in page.text
    assert cells(page, "As planned")[2].startswith("17%")
    assert cells(page, "Still together")[2] == "67%"


def test_four_are_neither_counted_nor_drawn(store, sign_in):
    pairs(store, 4)
    rebuild(store, ON, AT)
    client = sign_in(factories.manager(store))
    for page in map(client.page, PAGES):
        assert page.find_all("svg") == []
        assert "This rests on" not in page.text


def test_an_empty_register_and_one_without_figures_say_so(store, sign_in):
    client = sign_in(factories.manager(store))
    for page in map(client.page, PAGES):
        assert "The figures have not been computed yet." in page.text
    rebuild(store, ON, AT)
    for page in map(client.page, PAGES):
        assert "begun in this choice yet" in page.text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_every_page_is_a_file_too_with_the_same_filters(store, sign_in, kind):
    register(store)
    client = sign_in(factories.manager(store))
    for address in PAGES:
        whole, answer = (client.get(f"{address}?{query}as={kind}") for query in ("", "region=35&"))
        assert answer.data != whole.data
        assert answer.status_code == 200
        assert f".{kind}" in answer.headers["Content-Disposition"]


def test_no_page_knows_a_person(store, sign_in):
    register(store)
    client = sign_in(factories.manager(store))
    for page in map(client.page, PAGES):
        assert not [n for n in factories.LAST_NAMES + factories.FIRST_NAMES if n in page.html]


@pytest.mark.parametrize("query", ["region=39", "region=99", "by=mentor", "by=name"])
def test_a_region_out_of_scope_and_an_unknown_dimension_are_not_found(store, sign_in, query):
    register(store)
    client = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    assert client.get(f"/retention?{query}").status_code == 404


def test_somebody_of_one_region_sees_that_region_only(store, sign_in):
    register(store)
    client = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    for address in PAGES:
        page = client.page(address)
        assert "Kostanay" not in page.text
        assert client.get(f"{address}?region=39").status_code == 404
    assert "This rests on 15 matches." in client.page("/retention").text


def test_mentors_and_administrators_have_no_figures(store, sign_in):
    for role in (Role.ADMINISTRATOR, Role.MENTOR):
        client = sign_in(factories.user(store, role=role))
        assert client.get("/retention").status_code == 403


def test_the_headline_is_that_of_the_page(database):
    assert headline(database, Scope(None)) is None
    register(database)
    found = headline(database, Scope(frozenset({KARAGANDA})))
    assert found is not None
    assert found.count == Count(Mark.SHOWN, 15)
    assert found.year is not None
    assert found.year.share == pytest.approx(2 / 3)


def test_the_number_of_statements_does_not_grow_with_the_rows(store, sign_in, statements):
    client = sign_in(factories.manager(store))

    def asked() -> list[int]:
        counts = []
        for address in PAGES:
            client.page(address)  # once after a build its matches and mentors are read
            before = len(statements)
            client.page(address)
            counts.append(len(statements) - before)
        return counts

    pairs(store, 5)
    rebuild(store, ON, AT)
    few = asked()
    pairs(store, 10)
    rebuild(store, ON, AT)
    assert asked() == few
    assert max(few) <= 3
