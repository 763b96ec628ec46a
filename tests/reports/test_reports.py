import csv
import io
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.figures.store import rebuild
from mentorship.matches.models import Match
from mentorship.reports.pages import years
from mentorship.reports.policies import newest_over, read_reported
from mentorship.web.periods import Step
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 11, 22)


@pytest.fixture(autouse=True)
def report_date(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: ON)


def begin(store, number, region=KARAGANDA, started_on=date(2026, 8, 3)):
    """Matches, each with a meeting."""
    for _ in range(number):
        match = factories.eligible_match(store, started_on=started_on, region=region)
        factories.meeting(store, match=match, held_on=started_on + timedelta(days=7), minutes=90)


@pytest.fixture
def register(store):
    """Eight matches of August in one region and seven of May in another."""
    begin(store, 8)
    begin(store, 7, KOSTANAY, date(2026, 5, 4))
    rebuild(store, ON, factories.AT)
    return store


@pytest.fixture
def manager(register, sign_in):
    return sign_in(factories.manager(register))


def lines(client, address):
    """The rows of the report's CSV."""
    data = client.get(address).get_data()
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))


def row(found, name):
    return next(line for line in found if line and line[0] == name)


def test_a_report_tells_the_period_the_one_before_and_the_year_before(manager):
    found = lines(manager, "/reports/2026-08?as=csv")
    assert found[1] == ["Figure", "August 2026", "July 2026", "August 2025"]
    assert row(found, "Matches begun") == ["Matches begun", "8", "0", "not yet known"]
    assert row(found, "Meetings held")[1] == "8"
    assert row(found, "Matches under way")[1:3] == ["15", "7"]
    quarter = lines(manager, "/reports/2026-Q3?as=csv")
    assert row(quarter, "Matches begun")[1:3] == ["8", "7"]


def test_a_report_of_a_time_that_is_over_says_the_same_when_it_is_opened_later(
    register, sign_in, monkeypatch
):
    reader = factories.manager(register)
    address = "/reports/2026-Q3?as=csv"
    before = lines(sign_in(reader), address)
    for match in register.scalars(select(Match)).all()[:6]:
        factories.meeting(register, match=match, held_on=date(2026, 12, 1), minutes=60)
        match.ended_on, match.ended_as_planned = date(2026, 12, 3), False
        match.closure_reason, match.ended_by = "mentor_no_time", "mentor"
    later = date(2027, 2, 1)
    monkeypatch.setattr(clock, "today", lambda: later)
    rebuild(register, later, factories.AT + timedelta(days=90))
    assert lines(sign_in(reader), address) == before
    newer = lines(sign_in(reader), "/reports/2026-Q4?as=csv")
    assert row(newer, "Meetings held")[1] == row(newer, "Matches ended")[1] == "6"


def test_small_numbers_are_told_nowhere_in_a_report(store, sign_in):
    begin(store, 3)
    rebuild(store, ON, factories.AT)
    client = sign_in(factories.manager(store))
    found = lines(client, "/reports/2026-08?as=csv")
    assert row(found, "Matches begun")[1] == "fewer than 5"
    told = [line for line in found if "3" in line[1:]]
    assert {line[0] for line in told} <= {"Organisations", "Organisations where children live"}


def test_the_page_is_in_the_language_of_its_address_whatever_the_readers_is(manager):
    page = manager.page("/reports/2026-Q3?language=ru")
    assert page.find("html").attrs["lang"] == "ru"
    assert manager.page("/reports/2026-Q3?language=kk").find("html").attrs["lang"] == "kk"
    assert manager.page("/reports/2026-Q3").find("html").attrs["lang"] == "en"
    assert manager.page("/reports/2026-Q3?language=de").find("html").attrs["lang"] == "en"


def test_the_cover_says_what_it_is_of_and_which_day_it_tells(manager):
    text = manager.page("/reports/2026-10").text
    assert "October 2026" in text and "31 October 2026" in text and "The whole country" in text
    assert "This period is not over" not in text
    running = manager.page("/reports/2026-11").text
    assert "This period is not over" in running and "22 November 2026" in running


def test_every_part_stands_in_the_contents_and_every_term_is_defined(manager):
    page = manager.page("/reports/2026-Q3")
    parts = [each.attrs["id"] for each in page.find_all("h2") if each.attrs.get("id")]
    for code in ("glance", "retention", "practice", "supply", "definitions"):
        assert code in parts
        assert page.find("a", href=f"#{code}")
    assert "Matches by the day on which they began" in page.text


def test_a_workbook_has_every_table_typed_with_definitions_and_what_it_is(manager):
    response = manager.get("/reports/2026-Q3?as=xlsx&language=kk")
    assert (
        'filename="report-2026-Q3-state-2026-09-30.xlsx"' in response.headers["Content-Disposition"]
    )
    work = openpyxl.load_workbook(io.BytesIO(response.get_data()))
    first = work.worksheets[0]
    numbers = [cell.value for line in first.iter_rows(min_row=2) for cell in line[1:]]
    assert any(isinstance(number, int | float) for number in numbers)
    assert len(work.sheetnames) >= 6
    assert all(page.freeze_panes == "A2" for page in work.worksheets)


@pytest.mark.parametrize(
    "wrong", ["2026", "2026-13", "2026-Q5", "2027-01", "2026-Q1", "2026-04", "x", "2026-12"]
)
def test_a_period_without_a_report_is_not_found(manager, wrong):
    manager.page(f"/reports/{wrong}", status=404)


def test_a_coordinator_reads_of_own_regions_and_flows_by_quarter(register, sign_in):
    client = sign_in(factories.coordinator(register, regions=(KARAGANDA,)))
    page = client.page("/reports/2026-10")
    assert "Kostanay" not in page.text and "Karaganda" in page.text
    assert "told for the last whole quarter" in page.text
    found = lines(client, "/reports/2026-10?as=csv")
    assert row(found, "Figure")[1].casefold() == "quarter 3 of 2026"
    assert row(found, "Matches begun")[1] == "8"
    assert row(found, "Matches under way")[1] == "8"


def test_no_report_names_anybody(register, sign_in):
    match = factories.eligible_match(register, started_on=date(2026, 8, 3))
    match.mentor.last_name = match.child.last_name = "Ешкім"
    rebuild(register, ON, factories.AT + timedelta(days=1))
    client = sign_in(factories.manager(register))
    for address in ("/reports", "/reports/2026-10", "/reports/2026-Q3"):
        assert "Ешкім" not in client.page(address).html
    assert "Ешкім" not in client.get("/reports/2026-Q3?as=csv").get_data(as_text=True)


def test_before_the_figures_are_made_the_pages_say_what_to_do(store, sign_in):
    client = sign_in(factories.manager(store))
    for address in ("/reports", "/reports/2026-10"):
        assert "flask figures rebuild" in client.page(address).text


def test_reports_begin_with_the_register_and_go_up_to_the_running_month(manager):
    page = manager.page("/reports")
    for code in ("2026-11", "2026-Q4", "2026-05", "2026-Q2"):
        assert page.find("a", href=f"/reports/{code}")
    assert not page.find_all("a", href="/reports/2026-04")
    (year, quarters), *_ = years(date(2025, 12, 31), date(2026, 2, 1))
    assert year == 2026 and [len(months) for _, months in quarters] == [2]


def test_the_newest_period_that_is_over_ended_before_the_day():
    assert newest_over(Step.MONTH, date(2026, 3, 31)).code == "2026-02"
    assert newest_over(Step.QUARTER, date(2026, 1, 1)).code == "2025-Q4"
    assert read_reported("2026", None, ON) is None
    assert read_reported("2026-11", None, ON) is not None


def test_the_statements_of_a_report_do_not_grow_with_the_matches(register, sign_in, statements):
    client = sign_in(factories.manager(register))
    counts = []
    for number in (0, 6):
        begin(register, number)
        rebuild(register, ON, factories.AT + timedelta(days=number))
        register.commit()
        client.page("/reports")
        before = len(statements)
        client.page("/reports/2026-Q3")
        counts.append(len(statements) - before)
    assert counts[0] == counts[1]
