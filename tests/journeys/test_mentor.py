from datetime import timedelta

from sqlalchemy import select

from mentorship import clock
from mentorship.meetings.models import Meeting
from tests import factories
from tests.conftest import new_client
from tests.journeys.steps import PHRASE, done, first_sign_in, link_in_outbox


def test_a_mentor_follows_the_invitation_meets_the_child_and_logs_it(app, store, sign_in):
    today = clock.today()
    mentor = factories.eligible_mentor(
        store, on=today, email="ustaz@example.org", capacity=2, last_name="Ұстазов"
    )
    children = [
        factories.eligible_child(store, on=today, first_name=name, last_name="Құпия")
        for name in ("Айгүл", "Болат")
    ]
    begun = today - timedelta(days=30)
    first, second = (
        factories.match(store, mentor=mentor, child=child, started_on=begun) for child in children
    )
    other = factories.eligible_match(store, started_on=begun)
    desk = sign_in(factories.coordinator(store))
    office = sign_in(factories.administrator(store))
    desk.submit(f"/mentors/{mentor.id}", "/access")

    phone = new_client(app)
    link = link_in_outbox(office, "ustaz@example.org")
    assert phone.get(f"/my-matches/{first.id}").status_code == 302  # not yet signed in
    mine = first_sign_in(phone, link, "ustaz@example.org")
    assert [heading.text for heading in mine.find_all("h2")] == [
        "Айгүл, 13 years",
        "Болат, 13 years",
    ]
    assert phone.get(link).status_code == 422  # the link worked once

    log = next(a for a in mine.find_all("a") if a.text == "Log a meeting").attrs["href"]
    page = phone.submit(log, activity="Кітап оқыдық", went="5", minutes="").page
    assert page.find("p", id="minutes-error").text == "This field is required."
    assert page.find("textarea", name="activity").text == "Кітап оқыдық"
    again = f"{today + timedelta(days=7):%d.%m.%Y}"
    page = done(phone, phone.send(page, minutes="60", next_on=again))
    assert "The meeting is recorded. Thank you." in page.text
    assert "Кітап оқыдық" in page.text
    assert "in 7 days" in phone.page("/my-children").text
    meeting = store.scalars(select(Meeting)).one()
    assert (meeting.match_id, meeting.logged_by) == (first.id, mentor.user_id)

    # Nothing else is open to a mentor.
    for address in (f"/my-matches/{other.id}", f"/my-matches/{other.id}/meetings/new"):
        assert phone.get(address).status_code == 404
    for address in ("/today", "/children", f"/matches/{first.id}", "/mentors", "/retention"):
        assert phone.get(address).status_code == 403

    # A match that ends is gone from the list, and the mentor signs out.
    desk.submit(
        f"/matches/{second.id}/close",
        ended_as_planned="early",
        closure_reason="child_moved",
        ended_by="programme",
    )
    mine = phone.page("/my-children")
    assert "Болат" not in mine.text
    phone.send(mine, "/sign-out")
    assert phone.get("/my-children").status_code == 302
    page = phone.page("/sign-in")
    assert (
        phone.send(page, "/sign-in", email="USTAZ@example.org", password=PHRASE).status_code == 302
    )
