from datetime import date, timedelta

import pytest

from mentorship import clock
from mentorship.dashboard.overview import ON_MAP, overview
from mentorship.figures.queries import newest_build
from mentorship.figures.store import rebuild
from mentorship.figures.values import State
from mentorship.permissions import Role, Scope
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

TODAY = date(2026, 6, 1)
BORN, TEENAGER = date(1990, 2, 3), date(2012, 4, 5)
COUNTRY = Scope(None)


@pytest.fixture(autouse=True)
def report_date(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: TODAY)


def pairs(session, number, region=KARAGANDA, started_on=date(2024, 3, 1)):
    centre = factories.centre(session, region=region)
    for place in range(number):
        adult = factories.mentor(session, birth_date=BORN, region=region, last_name="Ұстазов")
        young = factories.child(session, birth_date=TEENAGER, centre=centre, last_name="Құпия")
        match = factories.match(session, mentor=adult, child=young, started_on=started_on)
        due = date(2026, 5, 4)
        held = due if place % 2 else due + timedelta(days=9)
        factories.check_in(session, match=match, due_on=due, held_on=held)


def waiting(session, number, region):
    for _ in range(number):
        factories.child(session, birth_date=TEENAGER, region=region, last_name="Құпия")


def build(session):
    rebuild(session, TODAY, clock.now())
    session.commit()


def headlines(page):
    (found,) = page.find_all("ul", class_="headlines")
    return [each.text for each in page.find_all("li") if found in each.inside]


def test_headline_figures_come_first_and_each_opens_what_it_counts(store, sign_in):
    pairs(store, 20)
    waiting(store, 7, KARAGANDA)
    build(store)
    page = sign_in(factories.manager(store)).page("/overview")
    active, year, children, _, on_time = headlines(page)
    assert active.startswith("20 Matches under way")
    assert year.startswith("100% Matches that lasted a year Plausible range: 83% to 100%")
    assert children.startswith("7 Children waiting for a mentor")
    assert on_time.startswith("50% Share of contacts held on time")
    assert on_time.endswith("May 2026")
    opened = [a.attrs["href"] for a in page.find_all("a", class_="opens")]
    assert opened[0].startswith("/figures/matches_active?")
    assert "/retention" in opened
    assert "State of 1 June 2026" in page.text


def test_every_figure_of_the_overview_leads_to_a_page_that_says_the_same(store, sign_in):
    pairs(store, 9)
    pairs(store, 12, KOSTANAY)
    build(store)
    client = sign_in(factories.manager(store))
    page = client.page("/overview?measure=matches_active")
    seen = [a for a in page.find_all("a", class_="opens") if "matches_active" in a.attrs["href"]]
    assert len(seen) > 20
    for link in (seen[0], seen[-1], *(a for a in seen if "region=35" in a.attrs["href"])):
        assert link.text in client.page(link.attrs["href"]).find("p", class_="big-figure").text


@pytest.mark.parametrize("measure", ON_MAP)
def test_the_map_and_its_table_show_the_measure_of_the_address(store, sign_in, measure):
    pairs(store, 8)
    waiting(store, 9, KOSTANAY)
    build(store)
    page = sign_in(factories.manager(store)).page(f"/overview?measure={measure}")
    assert page.find("option", value=measure).attrs.get("selected") is not None
    assert len([each for each in page.find_all("th", scope="row") if each.within("section")]) > 20


def test_a_measure_that_nobody_counts_is_not_found(store, sign_in):
    build(store)
    assert sign_in(factories.manager(store)).get("/overview?measure=names").status_code == 404


def test_small_counts_and_what_would_give_them_away_are_not_shown(database):
    for region, number in ((KARAGANDA, 3), (KOSTANAY, 9), ("55", 30)):
        waiting(database, number, region)
    build(database)
    found = overview(database, COUNTRY, newest_build(database), "children_waiting")
    assert found.by_region["35"].value.state == State.FEW
    others = [figure.value for kato, figure in found.by_region.items() if kato != "35"]
    total = next(f.value for f in found.headlines if f.measure.code == "children_waiting")
    assert not all(value.is_shown for value in (*others, total))
    assert list(found.by_region)[-1] == "35"


def test_regions_that_are_not_shown_stand_in_an_order_that_tells_nothing(database):
    waiting(database, 30, "55")
    for region, number in ((KARAGANDA, 4), (KOSTANAY, 1), ("10", 2)):
        waiting(database, number, region)
    build(database)
    found = overview(database, COUNTRY, newest_build(database), "children_waiting").by_region
    hidden = [kato for kato, figure in found.items() if not figure.value.is_shown]
    (fewer,) = [overview(database, COUNTRY, newest_build(database), "mentors_free").by_region]
    assert hidden == [kato for kato in fewer if kato in hidden]


def test_somebody_of_two_regions_sees_only_those_and_no_map(store, sign_in):
    pairs(store, 9)
    pairs(store, 12, KOSTANAY)
    pairs(store, 30, "55")
    build(store)
    page = sign_in(factories.manager(store, regions=(KARAGANDA, KOSTANAY))).page("/overview")
    assert "Pavlodar" not in page.text
    assert "Kostanay" in page.text
    assert headlines(page)[0].startswith("21 Matches under way")
    assert not page.find_all("g", class_="tile")
    assert headlines(page)[-1].endswith("quarter 1 of 2026")


def test_before_the_first_night_the_page_says_what_to_do(store, sign_in):
    page = sign_in(factories.manager(store)).page("/overview")
    assert "The figures have not been computed yet." in page.text


def test_sources_that_disagree_stand_beside_the_register(store, sign_in):
    build(store)
    page = sign_in(factories.manager(store)).page("/overview")
    for printed in ("20,798", "82%", "more than 360", "more than 300", "1,028"):
        assert printed in page.text


@pytest.mark.parametrize("role", [Role.MANAGER, Role.COORDINATOR])
def test_the_overview_names_nobody_and_costs_as_many_statements_for_many(
    store, sign_in, statements, role
):
    pairs(store, 6)
    build(store)
    client = sign_in(factories.user(store, role=role, all_regions=True))
    client.page("/overview")
    before = len(statements)
    page = client.page("/overview")
    few = len(statements) - before
    assert "Құпия" not in page.html
    assert "Ұстазов" not in page.html
    pairs(store, 25, KOSTANAY)
    build(store)
    client.page("/overview")
    before = len(statements)
    client.page("/overview")
    assert len(statements) - before <= few


def test_a_coordinator_reaches_the_figures_from_today(store, sign_in):
    build(store)
    client = sign_in(factories.coordinator(store))
    link = client.page("/today").find("a", href="/overview")
    page = client.page(link.attrs["href"])
    (places,) = [nav for nav in page.find_all("nav") if nav.attrs.get("aria-label") == "Figures"]
    words = [a.text for a in page.find_all("a") if places in a.inside]
    assert words[:4] == ["Overview", "Retention", "Practice", "Supply and demand"]


def test_an_administrator_reaches_indicators_and_published_figures_from_the_rules(store, sign_in):
    client = sign_in(factories.administrator(store))
    tabs = client.page("/rules").find("nav", class_="tabs")
    assert "Published figures" in tabs.text
    assert client.page("/supply/published").h1 == "Published figures"
