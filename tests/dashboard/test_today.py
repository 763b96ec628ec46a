from datetime import timedelta

import pytest

from mentorship import clock
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
def desk(coordinator, sign_in):
    return sign_in(coordinator)


def groups(page):
    """The headings of the work list, with their numbers."""
    return [heading.text for heading in page.find_all("h2") if heading.within("main")]


def test_an_empty_day_offers_the_next_useful_thing(desk):
    page = desk.page("/today")
    assert groups(page) == []
    assert "Nothing is waiting for you today." in page.text
    assert page.find("a", class_="main").attrs["href"] == "/rounds"


def test_the_work_of_the_day_comes_in_groups_the_most_urgent_first(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 250 * DAY)
    factories.concern(store, match=match)
    factories.check_in(store, match=match, due_on=today - DAY)
    factories.check_in(store, match=match, due_on=today)
    factories.check_in(store, match=match, due_on=today + 7 * DAY)
    factories.check_in(store, match=match, due_on=today + 8 * DAY)
    adult = factories.eligible_mentor(store, on=today)
    child = factories.eligible_child(store, on=today)
    factories.proposal(store, mentor=adult, child=child, start_on=today)
    page = desk.page("/today")
    assert groups(page) == [
        "Somebody is worried about a child 1",
        "Check-ins overdue 1",
        "Check-ins due within a week 2",
        "Proposals awaiting a decision 1",
        "Certificates of mentors with children, expired or expiring 1",
    ]
    assert match.child.full_name in page.text
    assert "Nothing is waiting" not in page.text


def test_what_is_done_is_not_on_the_list(desk, store, today):
    match = factories.eligible_match(store, started_on=today)
    done = {"reviewed_at": factories.AT}
    factories.concern(store, match=match, **done)
    held = {"held_on": today, "way": "visit", "rating": 4}
    factories.check_in(store, match=match, due_on=today - DAY, **held)
    adult = factories.eligible_mentor(store, on=today)
    child = factories.eligible_child(store, on=today)
    factories.proposal(store, mentor=adult, child=child, start_on=today, status="approved")
    assert groups(desk.page("/today")) == []


def test_what_happens_in_another_region_is_not_on_the_list(desk, store, today):
    away = factories.eligible_match(store, started_on=today - 250 * DAY, region=KOSTANAY)
    factories.concern(store, match=away)
    factories.check_in(store, match=away, due_on=today - DAY)
    town = {"region": KOSTANAY, "town": "Қостанай"}
    adult = factories.eligible_mentor(store, on=today, **town)
    child = factories.eligible_child(store, on=today, region=KOSTANAY)
    factories.proposal(store, mentor=adult, child=child, start_on=today)
    page = desk.page("/today")
    assert groups(page) == []
    assert away.child.last_name not in page.text


@pytest.mark.parametrize(
    ("expires_in", "listed"), [(-1, True), (0, True), (60, True), (61, False), (None, True)]
)
def test_certificates_of_mentors_with_children_are_listed_sixty_days_ahead(
    desk, store, today, expires_in, listed
):
    match = factories.eligible_match(store, started_on=today)
    paper = match.mentor.certificates[0]
    paper.expires_on = None if expires_in is None else today + expires_in * DAY
    assert bool(groups(desk.page("/today"))) is listed


def test_a_certificate_that_was_renewed_or_whose_mentor_has_no_child_is_not_listed(
    desk, store, today
):
    match = factories.eligible_match(store, started_on=today)
    match.mentor.certificates[0].expires_on = today + DAY
    factories.certificate(store, mentor=match.mentor, issued_on=today, expires_on=today + 400 * DAY)
    free = factories.eligible_mentor(store, on=today)
    free.certificates[0].expires_on = today + DAY
    assert groups(desk.page("/today")) == []


def test_a_long_group_shows_ten_rows_and_where_the_others_are(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 40 * DAY)
    for number in range(12):
        factories.check_in(store, match=match, due_on=today - (number + 1) * DAY)
    page = desk.page("/today")
    assert groups(page) == ["Check-ins overdue 12"]
    assert len([row for row in page.find_all("li") if row.within("section")]) == 10
    rest = next(link for link in page.find_all("a") if link.text == "Show all 12")
    assert rest.attrs["href"] == "/check-ins?state=overdue"
    assert len(desk.page(rest.attrs["href"]).find_all("tr")) == 13


def test_a_question_that_nobody_has_answered_comes_first(desk, store, today):
    rows = [
        factories.proposal(
            store,
            mentor=factories.eligible_mentor(store, on=today),
            child=factories.eligible_child(store, on=today),
            start_on=today,
            points=points,
        )
        for points in (900, 500)
    ]
    rows[1].question, rows[1].asked_at = "Кім күзетеді?", clock.now()
    text = desk.page("/today").text
    first, last = rows[1].child.full_name, rows[0].child.full_name
    assert text.index(first) < text.index(last)
    assert "Question" in text


def test_pairs_that_people_suggested_are_work_of_the_day_too(desk, store, today):
    for _ in range(12):
        factories.proposal(
            store,
            mentor=factories.eligible_mentor(store, on=today),
            child=factories.eligible_child(store, on=today),
            start_on=today,
            round=None,
            origin="manual",
        )
    page = desk.page("/today")
    assert "Proposals awaiting a decision 12" in groups(page)
    assert "/proposals?status=open" in page.html


def test_what_a_suspension_leaves_to_do_stands_right_after_worries(desk, coordinator, store, today):
    match = factories.eligible_match(store, started_on=today - 250 * DAY)
    match.mentor.status = "suspended"
    factories.telling(store, match=match, due_at=clock.now() - DAY)
    factories.review(store, match=match, due_on=today)
    colleague = factories.coordinator(store, regions=(KARAGANDA,))
    factories.suspension(
        store,
        mentor=match.mentor,
        cause="other",
        lift_asked_by=colleague.id,
        lift_asked_at=clock.now(),
        lift_reason="A new paper has come.",
    )
    factories.concern(store, match=match)
    page = desk.page("/today")
    assert groups(page)[:4] == [
        "Somebody is worried about a child 1",
        "Children who are to be told 1",
        "A colleague asks you to lift a suspension 1",
        "Matches to review after a change 1",
    ]
    assert f"Asked by {colleague.name}" in page.text and "Tell by" in page.text


def test_nobody_is_asked_to_lift_what_they_asked_for_themselves(desk, coordinator, store, today):
    match = factories.eligible_match(store, started_on=today)
    factories.suspension(
        store,
        mentor=match.mentor,
        cause="other",
        lift_asked_by=coordinator.id,
        lift_asked_at=clock.now(),
        lift_reason="A new paper has come.",
    )
    assert groups(desk.page("/today")) == []


def test_an_application_nobody_has_taken_on_is_counted_and_leads_to_the_board(
    desk, coordinator, store, today
):
    born = {"applied_at": clock.now(), "birth_date": today.replace(year=1990, day=1)}
    factories.candidate(store, **born)
    factories.candidate(store, **born, owner_id=coordinator.id)
    page = desk.page("/today")
    assert groups(page) == ["People who want to become mentors and whom nobody has taken on 1"]
    assert page.find("a", href="/candidates?owner=nobody").text == "Open the board"


def test_children_who_asked_to_talk_stand_apart_from_other_worries(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 30 * DAY)
    factories.concern(store, match=match, origin="child")
    page = desk.page("/today")
    assert groups(page) == ["Children who asked to talk to somebody 1"]
    assert "Talk to the child" in page.text


def test_what_mentors_wrote_and_asked_for_is_work_of_the_day(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 30 * DAY)
    factories.meeting(store, match=match, held_on=today)
    factories.meeting(store, match=match, held_on=today, read_at=factories.AT)
    factories.help_request(store, mentor=match.mentor)
    factories.substitute(store, match=match, from_on=today, until_on=today)
    page = desk.page("/today")
    assert groups(page) == [
        "Mentors who ask for help 1",
        "Entries of mentors nobody has read 1",
        "A substitute is asked for 1",
    ]


def test_a_sign_stands_there_until_somebody_says_what_they_do(desk, store, coordinator, today):
    match = factories.eligible_match(store, started_on=today - 30 * DAY)
    sign = factories.sign(store, match=match, kind="missed_check_ins", since_on=today)
    page = desk.page("/today")
    assert groups(page) == ["Warning signs nobody has looked at 1"]
    assert "2 contacts of the last 90 days were not held." in page.text
    answer = desk.submit(f"/signs/{sign.id}", note="Called the centre.", snoozed_until="")
    assert answer.headers["Location"] == "/today"
    assert groups(desk.page("/today")) == []


def test_a_sign_that_was_put_aside_comes_back_on_its_day(desk, store, coordinator, today):
    match = factories.eligible_match(store, started_on=today - 30 * DAY)
    seen = {"noted_at": clock.now(), "note": "x", "noted_by": coordinator.id}
    sign = factories.sign(
        store, match=match, kind="silence", since_on=today, snoozed_until=today + DAY, **seen
    )
    assert groups(desk.page("/today")) == []
    sign.snoozed_until = today
    assert groups(desk.page("/today")) == ["Warning signs nobody has looked at 1"]


def test_an_ending_with_steps_to_do_and_a_worry_to_sign_are_listed(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 30 * DAY)
    colleague = factories.coordinator(store, regions=(KARAGANDA,))
    factories.closure(store, match=match, due_on=today)
    asked = {"asked_at": clock.now(), "asked_by": colleague.id, "outcome": "helped"}
    factories.concern(store, match=match, reviewed_at=clock.now(), **asked)
    assert groups(desk.page("/today")) == [
        "A colleague asks you to sign that a worry is closed 1",
        "Endings with steps still to do 1",
    ]


def test_one_jumps_to_each_group_from_the_top(desk, store, today):
    match = factories.eligible_match(store, started_on=today - 250 * DAY)
    factories.concern(store, match=match)
    factories.check_in(store, match=match, due_on=today - DAY)
    page = desk.page("/today")
    jumps = [
        link for link in page.find_all("a") if link.within("nav") and "#" in link.attrs["href"]
    ]
    assert [link.attrs["href"] for link in jumps if link.attrs["href"] != "#main"] == [
        "#worries",
        "#overdue",
        "#certificates",
    ]
    assert [link.text for link in jumps if link.attrs["href"] == "#overdue"] == ["Overdue 1"]
