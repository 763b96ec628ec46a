from datetime import UTC, date, datetime, timedelta

import pytest

from mentorship import clock
from mentorship.matches.models import RoundStage
from mentorship.places.models import CentreKind
from mentorship.places.regions import REGIONS
from mentorship.places.services import transform_centre
from mentorship.records.models import RecruitmentBrief
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)
ASTANA = "71"


def taken(session, measure, day, numbers):
    """A stock as the nightly job takes it: numbers by (region, part)."""
    factories.stock_day(session, measure=measure, day=day)
    for (region, part), number in numbers.items():
        if number:
            factories.daily_count(
                session, measure=measure, day=day, number=number, region=region, part=part
            )


@pytest.fixture
def until(store):
    """A night on which Karaganda had nobody free, Kostanay many and Astana a few."""
    day = clock.today()
    factories.build(store, until=day)
    both = {KARAGANDA: (90, 0, 100, 20), KOSTANAY: (40, 20, 60, 40), ASTANA: (60, 3, 80, 10)}
    for place, measure in enumerate(
        ("children_waiting", "mentors_free", "children_eligible", "mentors_active")
    ):
        parts = {}
        for region, numbers in both.items():
            parts[region, "kk"] = numbers[place]
        taken(store, measure, day, parts)
    matched = {(region, ""): numbers[2] - numbers[0] for region, numbers in both.items()}
    taken(store, "matches_active", day, matched)
    return day


@pytest.fixture
def manager(store, sign_in):
    return sign_in(factories.manager(store))


def rows_of(page):
    return [row.text for row in page.find_all("tr") if row.within("tbody")]


def test_the_widest_gap_comes_first_with_what_to_do_next(manager, until):
    first, second, third, *rest = rows_of(manager.page("/supply"))
    assert first == (
        "Karaganda Region 90 0 nobody is free 10% "
        "Children wait and no mentor is free: look for mentors here first."
    )
    assert second.startswith("Astana City 60 fewer than 5 not shown")
    assert "Far more children wait than mentors are free" in second
    assert third.startswith("Kostanay Region 40 not shown")  # or the few of Astana could be told
    assert "Ask the coordinator of the region." in third
    assert all("Nobody waits." in row for row in rest[:17])


def test_children_of_one_language_are_set_against_mentors_of_that_language(manager, until):
    page = manager.page("/supply?language=ru")
    assert all("Nobody waits." in row for row in rows_of(page)[:20])
    page = manager.page(f"/supply?region={KARAGANDA}&language=kk")
    assert rows_of(page)[0].startswith("Karaganda Region 90 0 nobody is free 10% Children")


def test_a_coordinator_sees_the_own_region_and_is_led_to_the_rounds(store, sign_in, until):
    desk = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    page = desk.page("/supply")
    assert "Karaganda" not in page.text
    assert page.find_all("a", href="/rounds")
    desk.page(f"/supply?region={KARAGANDA}", status=404)
    desk.page("/supply?language=tlh", status=404)


def test_the_newest_recruitment_brief_stands_beside_the_gap(manager, store, until):
    made = factories.matching_round(store, start_on=until, stage=RoundStage.PUBLISHED)
    made.versions, made.regions = {"policy": "1"}, sorted(REGIONS)
    line = {
        "region": KARAGANDA,
        "town": None,
        "reach_km": 30,
        "languages": ["kk"],
        "interests": [],
        "sex": None,
        "children": 14,
        "around": 40,
    }
    store.add(RecruitmentBrief(round_id=made.id, made_at=factories.AT, seconds=1.0, lines=[line]))
    page = manager.page("/supply")
    link = page.find("a", href=f"/rounds/{made.id}/recruitment")
    assert link.text in ("14", "Whom to look for, and where")
    assert "90 0 nobody is free 10% 14" in rows_of(page)[0]


@pytest.mark.parametrize("address", ["/supply", "/supply/children"])
def test_before_the_first_night_the_page_says_what_to_do(manager, address):
    assert "have not been computed yet" in manager.page(address).text


@pytest.mark.parametrize("address", ["/supply", "/supply/children"])
def test_somebody_without_a_region_is_told_whom_to_ask(store, sign_in, until, address):
    desk = sign_in(factories.coordinator(store, regions=()))
    assert "No region is assigned to you yet" in desk.page(address).text


@pytest.fixture
def placed(store, until):
    """Children of Karaganda by form of placement, on three days; kept since a year ago."""
    young = factories.child(store, birth_date=until - 4000 * DAY)
    placement = young.placements[0]
    placement.recorded_at = datetime(until.year - 1, 6, 1, tzinfo=UTC)
    days = (date(until.year - 2, 12, 31), date(until.year - 1, 12, 31), until)
    for n, day in enumerate(days):
        parts = {(KARAGANDA, "institution"): 400 - 100 * n, (KARAGANDA, "guardianship"): 100 * n}
        taken(store, "children_in_care", day, parts)
    return until


def test_children_are_told_by_form_of_placement_with_what_was_not_kept_marked(manager, placed):
    page = manager.page("/supply/children")
    newest, before, first = [row for row in rows_of(page) if "31.12." in row or "400" in row][:3]
    assert newest.endswith("400 50% 200 200")
    assert before == f"31.12.{placed.year - 1} 400 25% 300 100"
    assert first == f"31.12.{placed.year - 2} at least 400 0% 400 0"
    assert "kept since" in page.text
    assert "20,798 24.01.2026 el.kz" in page.text
    assert page.find_all("svg")


def test_a_region_of_which_nothing_is_known_says_since_when_it_is_known(manager, placed):
    page = manager.page(f"/supply/children?region={KOSTANAY}")
    assert "does not know yet where children live" in page.text


def test_no_form_of_placement_gives_a_small_number_away(manager, store, until):
    for form, number in (("institution", 300), ("patronage", 2), ("guardianship", 60)):
        factories.daily_count(
            store, measure="children_in_care", day=until, number=number, region=KOSTANAY, part=form
        )
    factories.stock_day(store, measure="children_in_care", day=until)
    shown = [row for row in rows_of(manager.page("/supply/children")) if "fewer than 5" in row]
    assert len(shown) == 1
    assert shown[0].count("not shown") == 1  # one number more, and two cannot be told apart


def test_organisations_are_told_by_kind_with_what_they_were(manager, store):
    by = factories.administrator(store).id
    home = factories.centre(store, region=KARAGANDA, kind=CentreKind.BOARDING)
    factories.centre(store, region=KOSTANAY, kind=CentreKind.CHILDRENS_VILLAGE)
    factories.centre(store, region=KOSTANAY, kind=CentreKind.BOARDING, open=False)
    on = clock.today().replace(month=1, day=1)
    transform_centre(
        store, home, CentreKind.FAMILY_SUPPORT, on=on, source=None, by=by, at=factories.AT
    )
    page = manager.page("/supply/organisations")
    assert "Boarding organisation, now Family support centre" in page.text
    assert "1 organisation of the register is closed and left out." in page.text
    rows = rows_of(page)
    assert any(row == f"31.12.{on.year - 1} 0 1 1" for row in rows)
    assert "Karaganda Region 1 0 0 1" in rows
    assert "−24%" in page.text


def test_specialists_stand_against_the_norm_the_shortest_region_first(manager, store):
    office = factories.authority(store, region=KARAGANDA)
    for _ in range(30):
        factories.specialist(store, authority=office, from_on=clock.today() - DAY)
    factories.population(store, region=KARAGANDA, children=340_000, as_of=date(2026, 1, 1))
    page = manager.page("/supply/organisations")
    assert rows_of(page)[0] == "Karaganda Region 340,000 30 0.44 68 38"
    assert "1 region is short of specialists. Missing in all: 38" in page.text


PAGES = ["/supply", "/supply/children", "/supply/organisations", "/supply/published"]


@pytest.mark.parametrize("address", PAGES)
def test_a_manager_meets_no_person(manager, store, placed, address):
    match = factories.eligible_match(store, started_on=placed - 30 * DAY)
    office = factories.authority(store, region=KARAGANDA)
    worker = factories.specialist(store, authority=office, from_on=placed)
    page = manager.page(address)
    people = (match.mentor.last_name, match.child.last_name, worker.name)
    assert not [name for name in people if name in page.text]
    assert "/mentors/" not in page.html and "/children/" not in page.html


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_can_be_taken_along_as_a_file(manager, placed, address, kind):
    answer = manager.get(f"{address}?as={kind}")
    assert answer.status_code == 200
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_file_says_no_more_than_the_page(manager, until):
    text = manager.get("/supply?as=csv").get_data(as_text=True)
    assert "Astana City;60;fewer than 5;;" in text


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_statements_does_not_grow_with_the_country(
    manager, store, statements, placed, address
):
    manager.page(address)
    statements.clear()
    manager.page(address)
    few = len(statements)
    on = clock.today()
    for region in sorted(REGIONS)[:8]:
        home = factories.centre(store, region=region)
        factories.daily_count(
            store, measure="mentors_free", day=on, number=9, region=region, part="ru"
        )
        transform_centre(store, home, "specialised", on=on, source=None, by=None, at=factories.AT)
    statements.clear()
    manager.page(address)
    assert len(statements) <= few
