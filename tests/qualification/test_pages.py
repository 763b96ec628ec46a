"""What people see and do on the day a mentor may not mentor any more, page by page."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.matches.models import Preparation
from mentorship.messages.models import Message
from mentorship.qualification.models import Suspension
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def mentor(store, today):
    return factories.eligible_mentor(store, on=today, capacity=3, last_name="Тәлімгеров")


@pytest.fixture
def match(store, today, mentor):
    child = factories.eligible_child(store, on=today, first_name="Еркежан")
    return factories.match(store, mentor=mentor, child=child, started_on=today - 20 * DAY)


def record(desk, mentor, result="adverse", kinds=("prosecution",), **more):
    return desk.submit(
        f"/mentors/{mentor.id}/clearances/new",
        kinds=list(kinds),
        result=result,
        checked_on=f"{clock.today():%d.%m.%Y}",
        **more,
    )


def test_an_obstacle_is_said_twice_and_then_shows_everywhere(
    desk, store, sign_in, mentor, match, today
):
    child = factories.eligible_child(store, on=today)
    pair = factories.preparation(store, mentor=mentor, child=child, opened_at=clock.now())
    phone = sign_in(factories.mentor_user(store, mentor=mentor))
    assert phone.page(f"/my-proposals/{pair.id}").h1
    answer = record(desk, mentor)
    assert answer.status_code == 422 and mentor.status == "active"
    assert "Two people are needed to lift it." in answer.page.text
    assert answer.page.find("p", id="sure-error")
    answer = desk.send(answer.page, sure="true")
    page = desk.page(answer.headers["Location"])
    for words in (
        "The mentor is suspended from this moment.",
        "This mentor is suspended: no meetings, no proposals",
        "A check found an obstacle: Criminal prosecution",
        "1 proposal or pair on the way was withdrawn.",
        "1 child is waiting to hear what happens:",
        "decide who tells the child",
        "no case manager is recorded",
    ):
        assert words in page.text
    row = store.scalars(select(Suspension)).one()
    assert page.find_all("a", href=f"/suspensions/{row.id}")
    assert page.find_all("a", href=f"/matches/{match.id}")
    assert "Suspended" in desk.page("/mentors?status=suspended").text
    assert "Тәлімгеров" in desk.page("/suspensions").text
    assert "Meetings are on hold for now." in phone.page("/my-children").text
    for address in ("/my-papers", f"/my-matches/{match.id}"):
        assert "on hold" in phone.page(address).text
    assert "obstacle" not in phone.page("/my-papers").text.casefold()
    assert "Criminal prosecution" in phone.page("/my-papers").text
    ended = store.get(Preparation, pair.id)
    assert ended.status == "ended"
    data = {"answer": "accepted", "csrf_token": "x"}
    assert phone.post(f"/my-proposals/{pair.id}", data=data).status_code in (400, 404, 409, 422)


def test_a_clear_result_is_saved_at_once_and_no_diagnosis_can_be_written(desk, mentor):
    page = desk.page(f"/mentors/{mentor.id}/clearances/new")
    assert "Never write down a diagnosis" in page.text
    assert not page.find_all("textarea")
    answer = record(desk, mentor, result="clear", issuer="eGov", number="55")
    page = desk.page(answer.headers["Location"])
    assert "The clearances are recorded." in page.text and "suspended" not in page.text
    assert "eGov, 55" in page.text and "1 earlier check" in page.text


def test_a_candidate_with_an_obstacle_is_not_suspended_but_it_is_shown(desk, store, mentor):
    mentor.status = "candidate"
    assert record(desk, mentor).status_code == 302
    assert mentor.status == "candidate" and mentor.suspensions == []
    assert "A check found an obstacle." in desk.page(f"/mentors/{mentor.id}").text


def test_a_revoked_certificate_acts_as_an_obstacle_does(desk, store, mentor, match):
    certificate = mentor.certificate
    address = f"/mentors/{mentor.id}/certificates/{certificate.id}/revoke"
    early = f"{certificate.issued_on - DAY:%d.%m.%Y}"
    answer = desk.submit(address, revoked_on=early, reason="№ 5")
    assert answer.page.find("p", id="revoked_on-error").text == (
        "The date is before the certificate was issued."
    )
    answer = desk.send(answer.page, revoked_on=f"{clock.today():%d.%m.%Y}")
    page = desk.page(answer.headers["Location"])
    assert "The certificate was revoked." in page.text and "№ 5" in page.text
    assert "1 match is on hold." in page.text
    assert mentor.certificate is None


def test_two_coordinators_lift_it_on_one_page(desk, store, sign_in, mentor, match):
    answer = desk.submit(f"/mentors/{mentor.id}/suspend", cause="complaint", reason="Шағым")
    assert answer.status_code == 302
    row = store.scalars(select(Suspension)).one()
    address = f"/suspensions/{row.id}"
    assert "Every paper is in force again." in desk.page(address).text
    desk.submit(address, reason="Тексерілді")
    page = desk.page(address)
    assert "They have been written to." in page.text
    assert "Lift the suspension" not in [button.text for button in page.find_all("button")]
    second = sign_in(factories.coordinator(store))
    page = second.page(address)
    assert "Тексерілді" in page.text
    answer = second.send(page, "/lift")
    page = second.page(answer.headers["Location"])
    assert "Matches stay on hold until you decide on each." in page.text
    assert mentor.status == "active"
    assert "No mentor of your regions is suspended." in second.page("/suspensions").text
    assert "Lifted on" in second.page(address).text


def test_a_second_person_is_written_to_when_somebody_asks(desk, store, sign_in, mentor):
    second = factories.coordinator(store)
    factories.coordinator(store, regions=(KOSTANAY,))
    desk.submit(f"/mentors/{mentor.id}/suspend", cause="other", reason="x")
    row = store.scalars(select(Suspension)).one()
    desk.submit(f"/suspensions/{row.id}", reason="y")
    letters = store.scalars(select(Message).where(Message.kind == "lift_asked")).all()
    assert [letter.user_id for letter in letters] == [second.id]


def test_while_a_paper_refuses_the_page_says_which_and_has_no_button(desk, store, sign_in, mentor):
    desk.send(record(desk, mentor).page, sure="true")
    row = store.scalars(select(Suspension)).one()
    desk.submit(f"/suspensions/{row.id}", reason="y")
    second = sign_in(factories.coordinator(store))
    page = second.page(f"/suspensions/{row.id}")
    assert "It cannot be lifted yet:" in page.text
    assert "A required clearance is missing, not clear or out of date." in page.text
    words = [button.text for button in page.find_all("button")]
    assert "Lift the suspension" not in words and "Keep the mentor suspended" in words


def test_a_status_asks_for_a_reason_that_fits_and_keeps_the_history(desk, mentor):
    address = f"/mentors/{mentor.id}/status"
    answer = desk.submit(address, status="paused", reason="own_wish")
    assert answer.page.find("p", id="reason-error").text == (
        "This reason does not belong to the status you chose."
    )
    assert desk.send(answer.page, reason="leave", note="До мая").status_code == 302
    assert "До мая" in desk.page(address).text


def test_suspensions_of_another_region_are_nobodys_business(desk, store, sign_in, today):
    far = factories.eligible_mentor(store, on=today, region=KOSTANAY, last_name="Алыстағы")
    other = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    other.submit(f"/mentors/{far.id}/suspend", cause="other", reason="x")
    row = store.scalars(select(Suspension)).one()
    for address in ("/suspensions", "/papers-due"):
        assert "Алыстағы" not in desk.page(address).text
    desk.page(f"/suspensions/{row.id}", status=404)
    assert "Алыстағы" in other.page("/suspensions").text


def test_a_mentor_without_a_record_is_told_whom_to_ask(store, sign_in):
    user = factories.user(store, role="mentor")
    page = sign_in(user).page("/my-papers")
    assert "Your record is not linked to this account yet." in page.text


def test_a_mentor_reads_what_ends_and_what_to_bring(store, sign_in, mentor, today):
    mentor.certificate.expires_on = today + 20 * DAY
    for paper in mentor.clearances:
        if paper.kind == "criminal_record":
            paper.valid_until = today - DAY
    page = sign_in(factories.mentor_user(store, mentor=mentor)).page("/my-papers")
    for words in (
        "What is needed now",
        "Criminal record",
        "Expired",
        "the certificate about convictions from eGov",
        "in 20 days",
    ):
        assert words in page.text
    assert KARAGANDA
