from datetime import date, datetime, timedelta
from itertools import count

import pytest

from mentorship.clock import ALMATY
from mentorship.figures.store import rebuild
from mentorship.permissions import Role
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 6, 1)
BEGAN = date(2024, 3, 1)
EARLY = {"ended_as_planned": False, "closure_reason": "mentor_moved", "ended_by": "mentor"}
_numbers = count(1)


def pairs(store, number, meetings, region=KARAGANDA, lasted=None):
    centre = factories.centre(store, region=region)
    for place in range(number):
        adult = factories.mentor(store, birth_date=date(1990, 2, 3), region=region)
        adult.last_name = f"Тәлімгерова{next(_numbers)}"
        young = factories.child(store, birth_date=date(2012, 4, 5), centre=centre)
        ended = {} if lasted is None else {"ended_on": BEGAN + timedelta(days=lasted)} | EARLY
        match = factories.match(store, mentor=adult, child=young, started_on=BEGAN, **ended)
        for week in range(meetings + (2 - place) % 3):
            day = BEGAN + timedelta(days=3 + 5 * week)
            factories.meeting(store, match=match, held_on=day, minutes=60, went=4)


@pytest.fixture
def built(store):
    pairs(store, 6, 2, lasted=150)
    pairs(store, 7, 9)
    rebuild(store, ON, datetime(2026, 6, 1, 3, tzinfo=ALMATY))


def test_the_page_says_sizes_differences_their_ranges_and_how_many_comparisons(
    store, built, sign_in
):
    page = sign_in(factories.manager(store)).page("/retention/why")
    assert "Matches that ended early: 6. Matches that lasted a year: 7." in page.text
    assert "Meetings a month:" in page.text
    assert "This holds with all comparisons taken together, too." in page.text
    assert "There are 6 comparisons." in page.text
    assert "All of these matches lasted the first 90 days" in page.text
    assert "need not be what makes matches end" in page.text
    assert len(page.find_all("svg", role="img")) == 1


def test_no_word_on_the_page_says_that_one_thing_causes_another(store, built, sign_in):
    text = sign_in(factories.manager(store)).page("/retention/why").text.lower()
    for word in ("because of", "caused", "leads to", "effect of", "the fault", "due to"):
        assert word not in text


def test_no_person_is_on_the_page(store, built, sign_in):
    html = sign_in(factories.manager(store)).page("/retention/why").html
    assert "Тәлімгерова" not in html
    assert "/mentors/" not in html
    assert "/matches/" not in html


def test_a_coordinator_is_led_to_lists_and_a_manager_to_the_team(store, built, sign_in):
    own = sign_in(factories.coordinator(store)).page("/retention/why?region=35")
    links = [link.attrs["href"] for link in own.find_all("a")]
    assert "/check-ins?state=overdue&region=35" in links
    away = sign_in(factories.manager(store)).page("/retention/why")
    assert not [link for link in away.find_all("a") if link.text == "Warning signs"]
    assert [link for link in away.find_all("a") if link.text == "My team"]


def test_too_few_to_compare_is_said_and_nothing_is_drawn(store, sign_in):
    pairs(store, 4, 2, lasted=150)
    pairs(store, 9, 3)
    rebuild(store, ON, datetime(2026, 6, 1, 3, tzinfo=ALMATY))
    page = sign_in(factories.manager(store)).page("/retention/why")
    assert "Matches that ended early: fewer than 5." in page.text
    assert "too few matches to compare" in page.text
    assert page.find_all("svg") == []


def test_before_the_first_build_and_on_an_empty_register_the_page_says_so(store, sign_in):
    client = sign_in(factories.manager(store))
    assert "have not been computed yet" in client.page("/retention/why").text
    rebuild(store, ON, datetime(2026, 6, 1, 3, tzinfo=ALMATY))
    assert "No match has been closed yet." in client.page("/retention/why").text


def test_the_file_has_what_the_page_has(store, built, sign_in):
    text = sign_in(factories.manager(store)).get("/retention/why?as=csv").get_data(as_text=True)
    assert "The mentor;0;6;0;0;0;6" in text
    assert "Mentor moved away;6;0;0;0;6" in text
    assert "Meetings a month;6;7;1,01;3,43;-2,42;-2,79;-2,04" in text


def test_a_region_out_of_scope_is_not_found_and_others_have_no_figures(store, built, sign_in):
    client = sign_in(factories.manager(store, regions=(KOSTANAY,)))
    assert client.get("/retention/why?region=35").status_code == 404
    for role in (Role.ADMINISTRATOR, Role.MENTOR):
        assert sign_in(factories.user(store, role=role)).get("/retention/why").status_code == 403


def test_the_number_of_statements_does_not_grow_with_the_matches(store, built, sign_in, statements):
    client = sign_in(factories.manager(store))
    client.page("/retention/why")
    before = len(statements)
    client.page("/retention/why")
    assert len(statements) - before <= 4
