"""The lists of what is to be reviewed and told, their pages, and closing with a review."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.reviews import queries
from mentorship.reviews.models import Hold, Review, Telling
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def coordinator(store):
    return factories.coordinator(store, regions=(KARAGANDA,))


@pytest.fixture
def desk(sign_in, coordinator):
    return sign_in(coordinator)


@pytest.fixture
def make(store, today):
    """A match with a review and a task of telling, due some days from today."""

    def make(days, region=KARAGANDA, **given):
        match = factories.eligible_match(store, started_on=today - 60 * DAY, region=region)
        due_at = clock.now() + days * DAY
        factories.review(store, match=match, due_on=today + days * DAY, **given)
        factories.telling(store, match=match, due_at=due_at)
        return match

    return make


def names(page):
    return [cell.text for cell in page.find_all("th", scope="row")]


def test_reviews_come_by_due_date_with_cause_region_and_what_is_overdue(desk, store, make):
    later, overdue = make(3), make(-2, cause="turned_18")
    make(1, region=KOSTANAY)
    page = desk.page("/reviews")
    assert names(page) == [overdue.child.full_name, later.child.full_name]
    assert "Overdue: 1" in page.text and "The child has turned 18" in page.text
    assert names(desk.page("/reviews?cause=turned_18")) == [overdue.child.full_name]
    assert names(desk.page("/reviews?dir=desc")) == [later.child.full_name, overdue.child.full_name]
    found = desk.page(f"/reviews?q={later.child.last_name.lower()}&sort=child")
    assert later.child.full_name in names(found)


def test_tellings_come_by_due_time_and_lead_to_their_next_step(desk, store, make):
    match, planned = make(-1), make(2)
    telling = planned.tellings[0]
    telling.teller, telling.planned_on = "Мария Ивановна", clock.today()
    page = desk.page("/reviews/tellings")
    assert names(page) == [match.child.full_name, planned.child.full_name]
    assert "Overdue: 1" in page.text and "Мария Ивановна" in page.text
    assert page.find("a", href=f"/tellings/{match.tellings[0].id}/plan")
    assert page.find("a", href=f"/tellings/{telling.id}/told")


def test_nothing_to_do_is_said(desk):
    assert "No match is waiting for a decision." in desk.page("/reviews").text
    assert "No child is waiting to be told." in desk.page("/reviews/tellings").text
    assert "Change the filters." in desk.page("/reviews?q=x").text


def test_telling_is_planned_and_then_recorded_with_how_the_child_took_it(
    desk, store, make, coordinator, today
):
    match = make(1)
    telling = match.tellings[0]
    assert "Plan who tells the child" in desk.page(f"/matches/{match.id}").text
    answer = desk.submit(f"/tellings/{telling.id}/plan", teller="", planned_on="01.01.2020")
    assert answer.page.find("p", id="teller-error").text == "This field is required."
    assert "in the past" in answer.page.find("p", id="planned_on-error").text
    answer = desk.send(
        answer.page, teller="Воспитатель Ким", beside="Психолог", planned_on=f"{today:%d.%m.%Y}"
    )
    page = desk.page(answer.headers["Location"])
    assert "Воспитатель Ким" in page.text and "beside the child: Психолог" in page.text
    page = desk.page(f"/tellings/{telling.id}/told")
    assert page.values(page.form())["teller"] == ["Воспитатель Ким"]
    answer = desk.send(page, note="Плакала, просила позвонить")
    assert (telling.told_on, telling.done_by) == (today, coordinator.id)
    assert "Плакала" in desk.page(answer.headers["Location"]).text
    assert "already recorded" in desk.send(page).page.text
    assert "already recorded" in desk.page(f"/tellings/{telling.id}/plan").text


def test_a_review_says_what_changed_and_is_decided_once(desk, store, make, coordinator):
    match = make(2)
    review = match.reviews[0]
    page = desk.page(f"/reviews/{review.id}")
    assert page.h1 == "The child moved to another centre"
    assert "Distance now" in page.text and match.mentor.full_name in page.text
    offered = [field.attrs["value"] for field in page.find_all("input", name="decision")]
    assert offered == ["continue", "adapt"]
    assert desk.send(page).status_code == 422
    assert desk.send(page, decision="continue").status_code == 302
    assert (review.decision, review.decided_by) == ("continue", coordinator.id)
    assert "Somebody has already decided" in desk.send(page, decision="continue").page.text
    page = desk.page(f"/reviews/{review.id}")
    assert "Decided on" in page.text and page.find_all("input", name="decision") == []
    read = select(AuditEntry).where(AuditEntry.action == "read_child")
    assert store.scalars(read).first() is not None


def test_closing_a_match_ends_its_holds_and_reviews_but_never_the_telling(desk, store, make):
    match = make(2)
    factories.hold(store, match=match)
    page = desk.page(f"/matches/{match.id}/close?cause=turned_18")
    assert page.values(page.form())["closure_reason"] == ["child_turned_18"]
    desk.send(page, ended_as_planned="planned", ended_by="agreement")
    assert not match.is_open
    assert store.scalars(select(Hold)).one().ended_at is not None
    assert store.scalars(select(Review)).one().decision == "close"
    assert store.scalars(select(Telling)).one().done_at is None
    page = desk.page(f"/matches/{match.id}")
    assert "Plan who tells the child" in page.text and "On hold" not in page.text


def test_a_refused_closing_ends_nothing(desk, store, make, today):
    match = make(2)
    page = desk.page(f"/matches/{match.id}/close")
    early = f"{match.started_on - DAY:%d.%m.%Y}"
    typed = {"closure_reason": "child_wish", "ended_as_planned": "early", "ended_by": "child"}
    answer = desk.send(page, ended_on=early, **typed)
    assert answer.page.find("p", id="ended_on-error").text
    assert store.scalars(select(Review)).one().decided_at is None and match.is_open


def test_counts_for_today_are_those_of_the_regions(store, make, coordinator, today):
    make(-1)
    make(1)
    make(1, region=KOSTANAY)
    found = queries.counts(store, coordinator, today, clock.now())
    assert found == queries.Counts(2, 1, 2, 1)


@pytest.mark.parametrize("address", ["/reviews", "/reviews/tellings"])
def test_a_list_of_sixty_costs_as_many_statements_as_one_of_three(desk, make, statements, address):
    def cost():
        begun = len(statements)
        desk.page(address)
        return len(statements) - begun

    for _ in range(3):
        make(1)
    few = cost()
    for _ in range(12):
        make(2)
    assert cost() == few <= 12


def test_the_childs_page_costs_the_same_with_a_long_history(desk, store, statements, today):
    child = factories.eligible_child(store, on=today)

    def cost():
        begun = len(statements)
        desk.page(f"/children/{child.id}")
        return len(statements) - begun

    for kind in ("own", "guardian"):
        factories.consent(
            store, child=child, kind=kind, given_on=today - 300 * DAY, withdrawn_on=today - DAY
        )
    few = cost()
    for number in range(6):
        gone = {"withdrawn_on": today - DAY, "recorded_by": factories.coordinator(store).id}
        factories.consent(store, child=child, kind="own", given_on=today - 90 * DAY, **gone)
        adult = factories.eligible_mentor(store, on=today, last_name=f"Ким{number}")
        factories.preparation(
            store,
            mentor=adult,
            child=child,
            opened_at=clock.now(),
            with_words=True,
            status="ended",
            end_reason="mentor_declined",
        )
    assert cost() == few
