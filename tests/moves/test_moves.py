"""Moves through the web: to another centre or region, to a family, and back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.children.models import Placement
from mentorship.matches.models import Preparation
from mentorship.messages.models import Message
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
def match(store, today):
    found = factories.eligible_match(store, started_on=today - 60 * DAY)
    factories.mentor_user(store, mentor=found.mentor)
    return found


def move(desk, child, form, **typed):
    return desk.submit(f"/children/{child.id}/move", form=form, **typed)


def written(store, user):
    query = select(Message.kind).where(Message.user_id == user.id).order_by(Message.id)
    return store.scalars(query).all()


def forms(store, child):
    query = select(Placement).where(Placement.child_id == child.id).order_by(Placement.id)
    rows = store.scalars(query).all()
    return [(row.form, row.started_on, row.ended_on) for row in rows]


def test_the_move_between_regions(desk, store, sign_in, match, coordinator, today):
    child, there = match.child, factories.centre(store, region=KOSTANAY)
    other = factories.coordinator(store, regions=(KOSTANAY,))
    away = sign_in(other)
    address = f"/children/{child.id}"
    # before: the old coordinator sees the child, the new one does not
    assert desk.page(address).h1 == child.full_name
    assert away.get(address).status_code == 404
    page = desk.page(f"{address}/move")
    assert f"The match with {match.mentor.full_name} is looked at again" in page.text
    answer = desk.send(page, form="institution", centre_id=str(there.id))
    # the same moment: a page instead of a 404 for the old coordinator, the record for the new
    page = desk.page(answer.headers["Location"])
    assert page.h1 == "The child has moved"
    assert "Kostanay" in page.text and child.last_name not in page.text
    assert desk.page(address).h1 == "The child has moved"
    for part in ("/edit", "/move", "/consents/new", "/waiting"):
        assert desk.get(f"{address}{part}").status_code == 404
    assert desk.get(f"/matches/{match.id}").status_code == 404
    assert child.full_name not in desk.page("/children").text
    assert away.page(address).h1 == child.full_name
    # the match is reviewed, not broken and not on hold
    review = store.scalars(select(Review)).one()
    assert review.cause == "moved_region" and match.is_open and not match.on_hold
    assert store.scalars(select(Telling)).all() == []
    page = away.page(f"/reviews/{review.id}")
    assert "Distance before" in page.text and "Distance now" in page.text
    assert "farther than the mentor can travel" in page.text
    assert [e.attrs["value"] for e in page.find_all("input", name="decision")] == ["adapt"]
    # both are told, and so is the mentor; nobody by name
    assert written(store, coordinator) == ["child_moved_away"]
    assert written(store, other) == ["child_moved_here"]
    assert written(store, match.mentor.user) == ["match_under_review"]
    assert child.last_name not in "".join(store.scalars(select(Message.body)))
    # the new coordinator adapts it
    page = away.send(page, decision="adapt", note="").page
    assert page.find("p", id="note-error").text == "Say how the match is adapted."
    assert away.send(page, decision="adapt", note="Online, once a week").status_code == 302
    assert (review.decision, review.decided_by) == ("adapt", other.id)
    assert "Online, once a week" in away.page(f"/matches/{match.id}").text
    assert forms(store, child) == [("institution", None, today), ("institution", today, None)]
    assert child.centre_id == there.id and child.left_on is None


def test_the_case_manager_of_the_region_left_is_told_once_and_then_no_more(
    desk, store, match, today
):
    office = factories.authority(store, region=KARAGANDA)
    match.child.case_manager = factories.specialist(
        store, authority=office, from_on=today, email="manager@example.org"
    )
    there = factories.centre(store, region=KOSTANAY)
    address = f"/children/{match.child_id}/move"
    assert desk.submit(address, form="institution", centre_id=str(there.id)).status_code == 302
    told = select(Message.kind).where(Message.address == "manager@example.org")
    assert store.scalars(told).all() == ["child_moved_specialist"]
    store.refresh(match.child)
    assert match.child.case_manager is None


def test_a_stranger_to_the_child_is_not_told_where_the_child_is(store, sign_in, match):
    stranger = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert stranger.get(f"/children/{match.child_id}").status_code == 404
    assert stranger.get(f"/children/{match.child_id}/elsewhere").status_code == 404


def test_a_move_to_another_centre_of_the_region_ends_what_was_proposed(desk, store, today):
    adult = factories.eligible_mentor(store, on=today, capacity=3)
    user = factories.mentor_user(store, mentor=adult)
    child, there = factories.eligible_child(store, on=today), factories.centre(store)
    factories.preparation(store, mentor=adult, child=child, opened_at=clock.now())
    move(desk, child, "institution", centre_id=str(there.id))
    assert store.scalars(select(Preparation)).one().status == "ended"
    assert written(store, user) == ["pair_withdrawn"]
    assert "Ready for matching." in desk.page(f"/children/{child.id}").text


def test_a_family_placement_puts_the_match_on_hold_and_opens_the_task_of_telling(
    desk, store, match, today
):
    child, since = match.child, match.child.waiting_since
    answer = move(desk, child, "foster_family")
    assert child.left_on == today and match.on_hold and match.is_open
    assert store.scalars(select(Review)).one().cause == "placed_in_family"
    assert store.scalars(select(Telling)).one().cause == "placed_in_family"
    assert written(store, match.mentor.user) == ["match_on_hold"]
    page = desk.page(answer.headers["Location"])
    assert "Has left" in page.text and child.waiting_since == since
    page = desk.page(f"/reviews/{store.scalars(select(Review)).one().id}")
    assert "does not live in an organisation for orphans" in page.text
    assert page.find("a", class_="main").text == "Close the match well"


def test_a_child_in_a_family_is_outside_and_the_page_says_why_and_keeps_history(desk, store, today):
    child = factories.eligible_child(store, on=today)
    move(desk, child, "family")
    page = desk.page(f"/children/{child.id}")
    assert "By law mentoring is for children who do, so no mentor is proposed." in page.text
    assert "Placed in a family" in page.text and "Organisation for orphans" in page.text
    assert "adopt" not in page.text.lower()


def test_back_in_an_organisation_waiting_begins_that_day(desk, store, today):
    child = factories.eligible_child(store, on=today)
    there = factories.centre(store)
    move(desk, child, "guardianship", started_on=f"{today - 40 * DAY:%d.%m.%Y}")
    move(
        desk,
        child,
        "institution",
        centre_id=str(there.id),
        started_on=f"{today - 3 * DAY:%d.%m.%Y}",
    )
    assert (child.left_on, child.centre_id) == (None, there.id)
    assert child.waiting_since == today - 3 * DAY
    assert "Ready for matching." in desk.page(f"/children/{child.id}").text


def test_a_guest_family_ends_nothing_and_neither_does_the_way_back(desk, store, match, today):
    child, home, since = match.child, match.child.centre_id, match.child.waiting_since
    move(desk, child, "guest_family", started_on=f"{today - 2 * DAY:%d.%m.%Y}")
    assert child.left_on is None and not match.on_hold
    assert "A short stay" in desk.page(f"/children/{child.id}").text
    move(desk, child, "institution", centre_id=str(home))
    assert (child.centre_id, child.waiting_since, child.left_on) == (home, since, None)
    assert store.scalars(select(Review)).all() == store.scalars(select(Message)).all() == []


@pytest.mark.parametrize(
    ("form", "years", "sentence"),
    [
        ("guardianship", 14, "Guardianship is for children up to 13."),
        ("trusteeship", 13, "Trusteeship begins on the 14th birthday."),
        ("independent", 17, "Independent life begins at 18."),
        ("foster_family", 18, "On this day the child is 18 or older"),
    ],
)
def test_a_form_that_does_not_fit_the_age_is_refused_in_plain_words(
    desk, store, today, form, years, sentence
):
    birth_date = (today - 5 * DAY).replace(year=today.year - years)
    child = factories.child(store, birth_date=birth_date)
    answer = move(desk, child, form)
    assert answer.status_code == 422
    assert sentence in answer.page.find("p", id="form-error").text
    assert len(child.placements) == 1


def test_the_age_on_the_day_of_the_move_counts(desk, store, today):
    child = factories.child(store, birth_date=(today - 5 * DAY).replace(year=today.year - 14))
    day = f"{today - 6 * DAY:%d.%m.%Y}"
    assert move(desk, child, "trusteeship", started_on=day).status_code == 422
    assert move(desk, child, "guardianship", started_on=day).status_code == 302
    assert move(desk, child, "trusteeship").status_code == 302


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"form": "institution"}, "centre_id", "Choose the organisation the child lives in."),
        ({"form": "patronage", "started_on": "01.01.2185"}, "started_on", "in the future"),
        ({"form": "patronage", "started_on": "01.01.1990"}, "started_on", "before the child came"),
        ({"form": "adoption"}, "form", "Choose one of the options."),
    ],
)
def test_a_wrong_entry_is_explained_beside_its_field(desk, store, today, typed, field, sentence):
    child = factories.eligible_child(store, on=today)
    answer = desk.submit(f"/children/{child.id}/move", **typed)
    assert sentence in answer.page.find("p", id=f"{field}-error").text


def test_the_same_centre_is_no_move_and_closed_centres_are_not_offered(desk, store, today):
    child, closed = factories.eligible_child(store, on=today), factories.centre(store, open=False)
    answer = move(desk, child, "institution", centre_id=str(child.centre_id))
    assert "already lives" in answer.page.find("p", id="centre_id-error").text
    offered = {option.attrs.get("value") for option in answer.page.find_all("option")}
    assert str(closed.id) not in offered


def test_two_who_record_a_move_at_once_do_not_both(desk, store, today):
    child = factories.eligible_child(store, on=today)
    page, second = (desk.page(f"/children/{child.id}/move") for _ in range(2))
    assert desk.send(page, form="patronage").status_code == 302
    answer = desk.send(second, form="foster_family")
    assert answer.status_code == 422 and "Somebody changed this record" in answer.page.text
    assert [form for form, *_ in forms(store, child)] == ["institution", "patronage"]


def test_the_last_entry_is_corrected_and_what_follows_from_it_too(desk, store, match, today):
    child, home = match.child, match.child.centre_id
    there = factories.centre(store)
    move(desk, child, "foster_family")
    page = desk.page(f"/children/{child.id}")
    assert "Correct the last entry" in page.text
    page = desk.page(f"/children/{child.id}/move/correct")
    assert page.values(page.form())["form"] == ["foster_family"]
    day = today - 4 * DAY
    typed = {"form": "institution", "centre_id": str(there.id), "started_on": f"{day:%d.%m.%Y}"}
    assert desk.send(page, **typed).status_code == 302
    assert child.left_on is None and child.centre_id == there.id != home
    assert child.waiting_since != day  # the child never was away
    assert forms(store, child) == [("institution", None, day), ("institution", day, None)]
    causes = {row.cause for row in store.scalars(select(Review))}
    assert causes == {"placed_in_family", "moved_centre"}
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "corrected_move")).one()
    assert entry.details["was"] == "foster_family"
    # the hold of the family that never was ends with its review
    first = store.scalars(select(Review).where(Review.cause == "placed_in_family")).one()
    assert desk.submit(f"/reviews/{first.id}", decision="continue").status_code == 302
    assert not match.on_hold and store.scalars(select(Hold)).one().ended_at


def test_where_a_child_was_registered_is_not_corrected_as_a_move(desk, store, today):
    child = factories.eligible_child(store, on=today)
    page = desk.page(f"/children/{child.id}/move/correct")
    assert "There is no move to correct" in page.text


def test_the_address_of_earlier_days_leads_to_the_move(desk, store, today):
    child = factories.eligible_child(store, on=today)
    assert desk.page(f"/children/{child.id}/leaving").h1 == "Record a move"


def test_a_child_who_moved_away_from_orphans_organisations_is_in_no_round(
    desk, store, compute, today
):
    factories.eligible_mentor(store, on=today)
    child = factories.eligible_child(store, on=today)
    move(desk, child, "birth_family")
    answer = desk.submit("/rounds")
    compute()
    assert "0 children" in desk.page(answer.headers["Location"]).text
