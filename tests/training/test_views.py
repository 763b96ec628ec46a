from datetime import timedelta

import pytest
from sqlalchemy import func, select

from mentorship import clock
from mentorship.messages.models import Message
from mentorship.training.models import Course, Enrolment, TrainingSession
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

DAY = timedelta(days=1)


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def desk(store, sign_in):
    return sign_in(factories.coordinator(store))


def adult(store, last_name, **given):
    born = {"birth_date": clock.today().replace(year=1985, day=1)}
    return factories.mentor(store, last_name=last_name, **(born | given))


def day(value):
    return value.strftime("%d.%m.%Y")


def test_a_session_is_planned_filled_recorded_and_certified(store, desk, today):
    candidate = adult(store, "Үміткер", status="candidate", email="c@example.org")
    mentor = adult(store, "Тәлімгер")
    answer = desk.submit(
        "/training/new",
        course=str(factories.compulsory_course(store).id),
        region=KARAGANDA,
        starts_on=day(today),
        ends_on=day(today + DAY),
        place="Абай 7",
        seats="2",
    )
    address = answer.headers["Location"]
    page = desk.page(f"{address}/enrol?q=үміткер")
    assert "Тәлімгер" not in page.find("main").text
    desk.submit(f"{address}/enrol", "/enrol", mentor=[str(candidate.id), str(mentor.id)])
    assert "2 of 2 taken" in desk.page(address).text
    answer = desk.submit(
        f"{address}/results",
        **{f"came-{row}": "yes" for row in seats(store)},
        **{f"score-{row}": "81" for row in seats(store)},
    )
    assert answer.status_code == 302
    row = store.scalars(select(Enrolment).where(Enrolment.mentor_id == candidate.id)).one()
    assert (row.score, row.passed, row.hours) == (81, True, 36)
    answer = desk.submit(f"/enrolments/{row.id}/certificate", issuer="«Мейірім» қоры")
    page = desk.page(answer.headers["Location"])
    assert "Үміткер" in page.text and f"{today.year}-35-0001" in page.text
    assert f"{today.year}-35-0001" in desk.page("/certificates?q=35-0001").text
    assert "Үміткер" in desk.page("/certificates?q=үміткер&state=in_force").text
    assert "Үміткер" not in desk.page("/certificates?state=revoked").text
    assert store.scalar(select(func.count(Message.id))) == 1


def seats(store):
    return store.scalars(select(Enrolment.id)).all()


def test_rows_left_open_are_asked_again_and_wrong_ones_stand_beside_their_person(
    store, desk, today
):
    training = factories.training(store, starts_on=today)
    first, second = (
        factories.enrolment(store, training=training, mentor=adult(store, name)).id
        for name in ("Бірінші", "Екінші")
    )
    address = f"/training/{training.id}/results"
    answer = desk.submit(address)
    assert answer.status_code == 422
    answer = desk.submit(address, **{f"came-{first}": "yes", f"hours-{first}": "x"})
    assert answer.status_code == 422
    assert "Enter hours like 8 or 7.5." in answer.page.find("tbody").text
    assert answer.page.find("input", id=f"came-{first}").attrs.get("checked") is not None
    desk.submit(address, **{f"came-{first}": "yes", f"hours-{first}": "7,5"})
    page = desk.page(address)
    assert "Бірінші" not in page.text and "Екінші" in page.text
    answer = desk.submit(f"/enrolments/{first}/correct", came="no", hours="", reason="mistyped")
    assert answer.status_code == 302
    assert store.get(Enrolment, first).attended is False
    assert store.get(Enrolment, second).attended is None


def test_others_in_a_session_are_counted_but_not_named(store, sign_in, today):
    training = factories.training(store, starts_on=today, region=KOSTANAY, seats=9)
    own = adult(store, "Өзіміздікі")
    stranger = adult(store, "Бөтен", region=KOSTANAY)
    factories.enrolment(store, training=training, mentor=own)
    row = factories.enrolment(store, training=training, mentor=stranger)
    desk = sign_in(factories.coordinator(store, regions=(KARAGANDA,)))
    page = desk.page(f"/training/{training.id}")
    assert "Өзіміздікі" in page.text and "2 of 9 taken" in page.text
    assert "Бөтен" not in page.html
    assert "1 more seat is taken by somebody outside your regions" in page.text
    for path in ("results", "enrol?q=бөтен"):
        assert "Бөтен" not in desk.page(f"/training/{training.id}/{path}").find("main").text
    desk.page(f"/enrolments/{row.id}/correct", status=404)
    desk.page(f"/training/{training.id}/edit", status=404)
    desk.page(f"/training/{training.id}/cancel", status=404)
    page = desk.page(f"/training/{training.id}/enrol")
    sent = desk.post(
        f"/training/{training.id}/enrol",
        data={
            "csrf_token": page.values(page.form("/sign-out"))["csrf_token"][0],
            "mentor": [str(adult(store, "Жат", region=KOSTANAY).id)],
        },
    )
    assert sent.status_code == 404


def test_a_full_session_says_so_and_enrols_nobody(store, desk, today):
    training = factories.training(store, starts_on=today + DAY, seats=1)
    people = [adult(store, name) for name in ("Бір", "Екі")]
    answer = desk.submit(
        f"/training/{training.id}/enrol", "/enrol", mentor=[str(one.id) for one in people]
    )
    assert answer.status_code == 422
    assert "1 are left" in answer.page.text
    assert seats(store) == []


@pytest.mark.parametrize(
    ("place", "link", "status"),
    [
        ("", "", 422),
        ("Абай 7", "", 302),
        ("", "https://meet.example.org/a", 302),
        ("", "http://meet.example.org/a", 422),
        ("", "javascript:alert(1)", 422),
        ("Абай 7", "https://", 422),
        ("", "https://user@evil.example.org", 422),
    ],
)
def test_a_session_has_a_place_or_a_safe_link(store, desk, today, place, link, status):
    answer = desk.submit(
        "/training/new",
        course=str(factories.compulsory_course(store).id),
        region=KARAGANDA,
        starts_on=day(today),
        ends_on=day(today),
        place=place,
        link=link,
        seats="5",
    )
    assert answer.status_code == status


def test_the_last_day_is_not_before_the_first(store, desk, today):
    answer = desk.submit(
        "/training/new",
        course=str(factories.compulsory_course(store).id),
        region=KARAGANDA,
        starts_on=day(today),
        ends_on=day(today - DAY),
        place="Абай 7",
    )
    assert answer.status_code == 422
    assert "The last day is before the first one." in answer.page.text


def test_who_is_enrolled_is_told_of_a_new_place_and_of_the_end(store, desk, today):
    training = factories.training(store, starts_on=today + 9 * DAY)
    factories.enrolment(store, training=training, mentor=adult(store, "Бір", email="a@example.org"))
    desk.submit(f"/training/{training.id}/edit", seats="7")
    assert kinds(store) == []
    desk.submit(f"/training/{training.id}/edit", place="Абай 9")
    desk.submit(f"/training/{training.id}/cancel", "/cancel")
    assert kinds(store) == ["training_changed", "training_cancelled"]
    assert store.get(TrainingSession, training.id).cancelled_at is not None
    assert "Does not take place" in desk.page(f"/training/{training.id}").text


def kinds(store):
    return store.scalars(select(Message.kind).order_by(Message.id)).all()


def test_a_seat_taken_back_is_told_and_free_again(store, desk, today):
    training = factories.training(store, starts_on=today + 9 * DAY, seats=1)
    mentor = adult(store, "Бір", email="a@example.org")
    row = factories.enrolment(store, training=training, mentor=mentor)
    desk.submit(f"/training/{training.id}", f"/enrolments/{row.id}/remove")
    assert kinds(store) == ["training_removed"]
    assert "0 of 1 taken" in desk.page(f"/training/{training.id}").text


def test_a_mentor_takes_and_gives_up_a_seat_on_the_phone(store, sign_in, today):
    mentor = adult(store, "Бір")
    near = factories.training(store, starts_on=today + 9 * DAY)
    far = factories.training(store, starts_on=today + 9 * DAY, region=KOSTANAY)
    begun = factories.training(store, starts_on=today)
    phone = sign_in(factories.mentor_user(store, mentor=mentor))
    page = phone.page("/my-training")
    assert f"/my-training/{near.id}/enrol" in page.html
    for other in (far, begun):
        assert f"/my-training/{other.id}/" not in page.html
    answer = phone.submit("/my-training", f"/my-training/{near.id}/enrol")
    assert answer.status_code == 302
    assert "Give up my seat" in phone.page("/my-training").text
    phone.submit("/my-training", f"/my-training/{near.id}/leave")
    row = store.scalars(select(Enrolment)).one()
    assert row.cancelled_at is not None
    token = {"csrf_token": page.values(page.form("/enrol"))["csrf_token"][0]}
    assert phone.post(f"/my-training/{far.id}/enrol", data=token).status_code == 404
    assert phone.post(f"/my-training/{begun.id}/enrol", data=token).status_code == 409
    assert phone.post(f"/my-training/{begun.id}/leave", data=token).status_code == 404


def test_a_mentors_page_offers_the_next_session_and_shows_what_was_done(store, desk, today):
    mentor = adult(store, "Бір")
    training = factories.training(
        store, starts_on=today + 9 * DAY, course=factories.compulsory_course(store)
    )
    factories.passed(store, mentor=mentor, on=today - 9 * DAY)
    page = desk.page(f"/mentors/{mentor.id}")
    assert "the certificate is not issued yet" in page.text
    answer = desk.submit(f"/mentors/{mentor.id}", f"/training/{training.id}/enrol")
    assert answer.headers["Location"] == f"/mentors/{mentor.id}"
    assert "Passed" in page.text


def test_certificates_that_end_soon_are_offered_the_next_free_session(store, desk, today):
    soon, later, full = (adult(store, name) for name in ("Жақын", "Алыс", "Ескі"))
    for mentor, days in ((soon, 60), (later, 61), (full, -1)):
        factories.certificate(
            store,
            mentor=mentor,
            issued_on=today - 300 * DAY,
            expires_on=today + days * DAY,
        )
    course = factories.compulsory_course(store)
    factories.training(store, starts_on=today + 2 * DAY)
    training = factories.training(store, starts_on=today + 9 * DAY, course=course)
    page = desk.page("/training/renewals")
    assert "Жақын" in page.text and "Ескі" in page.text and "Алыс" not in page.text
    answer = desk.send(page, f"/training/{training.id}/enrol")
    assert answer.headers["Location"] == "/training/renewals"
    assert "Enrolled on" in desk.page("/training/renewals").text


def test_mentors_with_fewer_refreshers_than_wanted_are_listed_with_their_number(store, desk, today):
    people = {number: adult(store, f"Рет{number}") for number in range(3)}
    compulsory = adult(store, "Міндетті")
    factories.passed(store, mentor=compulsory, on=today - 9 * DAY)
    for number, mentor in people.items():
        for turn in range(number):
            training = factories.training(store, starts_on=today - (9 + turn) * DAY)
            factories.enrolment(store, training=training, mentor=mentor, attended=True, hours=8)
    old = factories.training(store, starts_on=today - 400 * DAY)
    factories.enrolment(store, training=old, mentor=people[1], attended=True, hours=8)
    text = desk.page("/training/refreshers").text
    assert "Рет0" in text and "Рет1" in text and "Рет2" not in text and "Міндетті" in text
    assert "1 of 2" in text


def test_an_administrator_adds_a_course_and_closes_it(store, sign_in):
    office = sign_in(factories.administrator(store))
    answer = office.submit(
        "/courses/new",
        kind="topic",
        name_kk="Жасөспірім",
        name_ru="Подросток",
        name_en="Teenagers",
        hours="12",
        skills=["behaviour", "independence"],
        source="Decision of the programme",
    )
    assert answer.status_code == 302
    course = store.scalars(select(Course).where(Course.name_en == "Teenagers")).one()
    assert course.skills == ["behaviour", "independence"] and course.open
    office.submit(f"/courses/{course.id}/edit", open=None)
    assert "Closed" in office.page("/courses").text
    assert not store.get(Course, course.id).open


def test_the_programme_begins_with_the_compulsory_course_and_topics(store, desk):
    text = desk.page("/courses").text
    for words in ("Training of mentors", "Case management", "Grief and loss", "29 April 2025"):
        assert words in text
    course = factories.compulsory_course(store)
    assert course.has_test and "design" in course.source


def test_filters_and_pages_keep_past_and_coming_sessions_apart(store, desk, today):
    for number in range(30):
        factories.training(store, starts_on=today + number * DAY)
    old = factories.training(store, starts_on=today - 9 * DAY, language="uz", region=KOSTANAY)
    page = desk.page("/training?page=2")
    assert "30" in page.h1 and "Page 2 of 2" in page.text
    for query in (
        "when=past&region=all",
        "when=past&region=all&language=uz",
        "when=past&region=39",
    ):
        assert f"/training/{old.id}" in desk.page(f"/training?{query}").html
    assert "No session is found" in desk.page("/training?when=past&region=all&language=ru").text
    assert f"/training/{old.id}" not in desk.page("/training?when=past").html
    assert desk.page("/training?course=x&page=999").h1
