from datetime import date

import pytest

from mentorship.permissions import Role
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

UNTIL = date(2026, 6, 1)
DAY = date(2026, 5, 12)


def count(store, measure, number, *, part="", region=KARAGANDA, day=DAY):
    factories.daily_count(store, measure=measure, day=day, number=number, region=region, part=part)


def stock(store, measure, *, region=KARAGANDA, **parts):
    if not store.get(factories.StockDay, (measure, UNTIL)):
        factories.stock_day(store, measure=measure, day=UNTIL)
    for part, number in parts.items():
        count(store, measure, number, part=part.strip("_"), region=region, day=UNTIL)


@pytest.fixture
def built(store):
    """Contacts of both regions, waits, and what waits now."""
    for region, on_time in ((KARAGANDA, 30), (KOSTANAY, 10)):
        count(store, "contacts_due", 40, part="child", region=region)
        count(store, "contacts_kept", 40, part="child", region=region)
        count(store, "contacts_on_time", on_time, part="child", region=region)
        stock(store, "mentors_idle", region=region, _=9)
        stock(store, "mentors_active", region=region, kk=30)
    for days, number in ((1, 2), (3, 2), (9, 2)):
        count(store, "waited_overdue", number, part=f"{days:04}", day=date(2026, 5, days))
    count(store, "wait_overdue_count", 6, part="child")
    count(store, "wait_overdue_days", 26, part="child")
    stock(store, "contacts_overdue", child=7)
    stock(store, "concerns_open", week=6, longer=8)
    stock(store, "concerns_restricted", _=2)
    stock(store, "candidates", interview=11)
    for days, number in ((2, 3), (4, 3)):
        count(store, "waited_step", number, part=f"interview:{days:04}")
    count(store, "step_count", 6, part="interview")
    count(store, "step_days", 18, part="interview")
    factories.build(store, until=UNTIL)


def cells(page, heading):
    """The words of a row of a table, by what stands at its head."""
    row = next(head.within("tr") for head in page.find_all("th") if head.text.startswith(heading))
    return [cell.text for cell in page.find_all("td") if cell.within("tr") is row]


def test_contacts_on_time_stand_by_kind_by_region_and_over_time(store, built, sign_in):
    page = sign_in(factories.manager(store)).page("/practice")
    assert "50% of the contacts that were due were held on their day or before it." in page.text
    assert "This rests on 80 contacts." in page.text
    assert cells(page, "Karaganda") == ["40", "75%"]
    assert cells(page, "Kostanay") == ["40", "25%"]
    assert cells(page, "quarter 2 of 2026") == ["80", "50%"]
    assert len(page.find_all("svg", role="group")) == 1


def test_a_wait_has_its_median_the_middle_half_the_mean_and_who_still_waits(store, built, sign_in):
    page = sign_in(factories.manager(store)).page("/practice")
    assert cells(page, "A late contact") == [
        "6",
        "3 days",
        "1.5 to 7.5",
        "4.33",
        "7 contacts overdue",
    ]
    assert "the true waits are longer" in page.text


def test_a_wait_of_four_has_no_median(store, sign_in):
    for days, number in ((1, 2), (3, 2)):
        count(store, "waited_child", number, part=f"{days:04}")
    count(store, "wait_child_count", 4)
    count(store, "wait_child_days", 8)
    factories.build(store, until=UNTIL)
    page = sign_in(factories.manager(store)).page("/practice")
    assert cells(page, "A child, from")[:4] == ["fewer than 5", "–", "–", "not shown"]


def test_restricted_worries_are_a_number_alone_and_a_small_one_is_not_told(store, built, sign_in):
    page = sign_in(factories.manager(store)).page("/practice")
    number, ages, _next = cells(page, "Open worries")
    assert number == "14"
    assert "Up to a week: 6" in ages
    assert cells(page, "Restricted worries")[:2] == ["fewer than 5", "–"]


def test_a_coordinator_is_led_to_the_lists_and_a_manager_to_the_team(store, built, sign_in):
    own = sign_in(factories.coordinator(store)).page("/practice")
    links = [link.attrs["href"] for link in own.find_all("a") if link.text == "Open the list"]
    assert "/check-ins?state=overdue" in links
    away = sign_in(factories.manager(store)).page("/practice")
    assert "Open the list" not in away.text
    assert [link.attrs["href"] for link in away.find_all("a") if link.text == "My team"]


def test_steps_of_candidates_have_who_is_in_them_and_how_long_they_took(store, built, sign_in):
    page = sign_in(factories.manager(store)).page("/practice/pipeline")
    assert "People on the way now: 11" in page.text
    assert cells(page, "Interview") == ["11", "6", "3 days", "2 to 4", "3"]
    assert cells(page, "Housing")[:2] == ["0", "0"]


def test_numbers_open_with_the_region_and_the_year_of_the_page(store, built, sign_in):
    page = sign_in(factories.manager(store)).page("/practice?region=35&year=2026")
    opened = {link.attrs["href"] for link in page.find_all("a", class_="opens")}
    assert "/figures/share_on_time?region=35&part=child&period=2026" in opened
    assert "/figures/concerns_open?region=35&part=week" in opened


@pytest.mark.parametrize("address", ["/practice", "/practice/pipeline"])
@pytest.mark.parametrize("asked", ["region=39", "region=99", "year=1999", "year=soon"])
def test_what_is_out_of_scope_or_no_year_is_not_found(store, built, sign_in, address, asked):
    client = sign_in(factories.manager(store, regions=(KARAGANDA,)))
    assert client.get(f"{address}?{asked}").status_code == 404


def test_somebody_of_one_region_sees_that_region_only(store, built, sign_in):
    page = sign_in(factories.manager(store, regions=(KARAGANDA,))).page("/practice")
    assert "Kostanay" not in page.text
    assert "75% of the contacts" in page.text


@pytest.mark.parametrize("address", ["/practice", "/practice/pipeline"])
def test_before_the_first_build_the_page_says_what_to_do(store, sign_in, address):
    page = sign_in(factories.manager(store)).page(address)
    assert "The figures have not been computed yet." in page.text


@pytest.mark.parametrize("address", ["/practice", "/practice/pipeline"])
def test_nobody_without_the_right_to_figures_enters(store, built, sign_in, address):
    for role in (Role.ADMINISTRATOR, Role.MENTOR):
        assert sign_in(factories.user(store, role=role)).get(address).status_code == 403


def test_the_file_says_what_the_page_says(store, built, sign_in):
    client = sign_in(factories.manager(store))
    text = client.get("/practice?as=csv").get_data(as_text=True)
    assert "Karaganda Region;40;75%" in text
    assert "A late contact, from its day until it was held;6;1,5;3,0;7,5;4,3;7" in text
    assert "Restricted worries about a child;All;fewer than 5" in text
    steps = client.get("/practice/pipeline?as=csv").get_data(as_text=True)
    assert "Interview;11;6;2,0;3,0;4,0;3,0" in steps
    assert client.get("/practice?as=xlsx").status_code == 200


@pytest.mark.parametrize("address", ["/practice", "/practice/pipeline"])
def test_the_number_of_statements_does_not_grow_with_the_counts(
    store, built, sign_in, statements, address
):
    client = sign_in(factories.manager(store))

    def asked() -> int:
        client.page(address)
        before = len(statements)
        client.page(address)
        return len(statements) - before

    few = asked()
    for region in ("55", "63", "71"):
        for day in (date(2025, 1, 3), date(2025, 7, 4), date(2026, 2, 5)):
            count(store, "contacts_due", 40, part="child", region=region, day=day)
            count(store, "applications", 40, region=region, day=day)
    factories.build(store, until=UNTIL)
    assert asked() == few
    assert few <= 40  # one of each count: whether it was computed anew
