"""Endings on their pages: the tab, the form, each step, the list, and the past of a pair."""

from datetime import timedelta

import pytest

from mentorship import clock
from mentorship.closing.models import ClosingStep, Closure
from mentorship.closing.schemas import SCHEMAS
from tests import factories
from tests.factories import KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def match(store, today):
    return factories.eligible_match(store, started_on=today - 60 * DAY)


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store))


def close(desk, match, **given):
    data = {"ended_as_planned": "early", "closure_reason": "mentor_moved", "ended_by": "mentor"}
    return desk.submit(f"/matches/{match.id}/close", **(data | given))


def test_an_open_match_shows_what_a_good_ending_is(desk, match):
    page = desk.page(f"/matches/{match.id}/ending")
    assert "How a match ends well" in page.text and "They say goodbye" in page.text
    assert page.find("a", href=f"/matches/{match.id}/close")


def test_after_closing_the_first_step_is_next_and_each_step_has_its_form(desk, match, store):
    answer = close(desk, match, unwilling="true")
    page = desk.page(answer.headers["Location"])
    assert "One side did not want it to end" in page.text
    assert "12 steps are still to be done" in page.text
    assert page.find("a", href=f"/closings/{match.id}/told_child").attrs["class"] == "button main"
    given = {"who": "Тәрбиеші", "note": "Сөз", "until_on": f"{clock.today() + 30 * DAY:%d.%m.%Y}"}
    choices = {"goodbye": "letter", "contact": "none", "view_child": "2"}
    assert set(SCHEMAS) == set(ClosingStep)
    for step, schema in SCHEMAS.items():
        fields = {name: given[name] for name in schema().fields if name in given}
        if "answer" in schema().fields:
            fields["answer"] = choices.get(step, "later")
        sent = desk.submit(f"/closings/{match.id}/{step}", **fields)
        assert sent.status_code == 302, (step, sent.page.text if sent.page else "")
    page = desk.page(f"/matches/{match.id}/ending")
    assert "Every step of this ending is done" in page.text and "With a letter" in page.text
    assert store.get_one(Closure, match.id).done_at is not None
    assert "Every ending has all its steps." in desk.page("/closings").text


def test_an_ending_that_a_side_does_not_want_is_not_planned(desk, match):
    answer = close(desk, match, unwilling="true", ended_as_planned="planned")
    assert "is not as planned" in answer.page.find("p", id="ended_as_planned-error").text
    assert match.is_open


def test_a_step_that_cannot_be_done_says_why_and_can_be_done_after_all(desk, match):
    close(desk, match)
    address = f"/closings/{match.id}/view_child"
    answer = desk.submit(f"{address}/cannot")
    assert answer.page.find("p", id="because-error").text == "This field is required."
    desk.send(answer.page, because="Көшіп кетті")
    page = desk.page(f"/matches/{match.id}/ending")
    assert "Because: Көшіп кетті" in page.text and "Cannot be done" in page.text
    assert desk.submit(address, answer="5").status_code == 302
    assert "This step is already recorded" in desk.page(address).text
    assert desk.get(f"/closings/{match.id}/other_side").status_code == 404


def test_ready_later_asks_for_the_day(desk, match):
    close(desk, match)
    answer = desk.submit(f"/closings/{match.id}/child_again", answer="later", note="Уақыт керек")
    assert answer.page.find("p", id="until_on-error").text == "Say from which day."


def test_two_people_record_one_step_and_the_second_reads_that_it_is_done(
    desk, sign_in, match, store
):
    close(desk, match)
    colleague = sign_in(factories.coordinator(store))
    pages = [b.page(f"/closings/{match.id}/goodbye") for b in (desk, colleague)]
    assert desk.send(pages[0], answer="call").status_code == 302
    answer = colleague.send(pages[1], answer="letter")
    assert "This step is already recorded" in answer.page.text


def test_a_match_closed_before_endings_had_steps_says_so(desk, match, today):
    match.ended_on, match.closure_reason = today - DAY, "child_wish"
    match.ended_as_planned, match.ended_by, match.closed_at = False, "child", clock.now()
    page = desk.page(f"/matches/{match.id}/ending")
    assert "closed before its ending had steps" in page.text
    assert desk.get(f"/closings/{match.id}/goodbye").status_code == 404


def test_both_matches_of_two_people_tell_of_each_other(desk, match, store, today):
    close(desk, match)
    again = factories.match(
        store, mentor=match.mentor, child=match.child, started_on=today, previous_id=match.id
    )
    store.commit()
    for tab in ("", "/ending"):
        assert "had a match before" in desk.page(f"/matches/{again.id}{tab}").text
        assert "began again" in desk.page(f"/matches/{match.id}{tab}").text


def test_the_list_shows_what_is_missing_by_its_day_and_only_of_ones_regions(
    desk, sign_in, store, today, match
):
    close(desk, match)
    late = factories.eligible_match(store, started_on=today - 90 * DAY)
    close(desk, late)
    store.get_one(Closure, late.id).due_on = today - DAY
    page = desk.page("/closings")
    names = [cell.text for cell in page.find_all("th", scope="row")]
    assert names == [late.child.full_name, match.child.full_name]
    assert "Overdue: 1" in page.text and "10 steps left" not in page.find("h1").text
    only = desk.page("/closings?state=overdue")
    assert [c.text for c in only.find_all("th", scope="row")] == [late.child.full_name]
    away = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert away.page("/closings").find_all("th", scope="row") == []


def test_a_list_of_many_costs_as_many_statements_as_one_of_two(desk, store, today, statements):
    def cost():
        begun = len(statements)
        desk.page("/closings")
        return len(statements) - begun

    def more(number):
        for _ in range(number):
            ended = {"started_on": today - 60 * DAY, "ended_on": today}
            adult = factories.eligible_mentor(store, on=today)
            young = factories.eligible_child(store, on=today)
            match = factories.match(store, mentor=adult, child=young, **ended)
            factories.closure(store, match=match, due_on=today + DAY)

    more(2)
    few = cost()
    more(9)
    assert cost() == few <= 12
