from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.concerns.models import Concern
from mentorship.concerns.services import log_meeting_with_worry, review_concern
from mentorship.errors import AlreadyDone, Invalid
from mentorship.jobs.reminders import remind_of_check_ins
from mentorship.meetings.models import Meeting
from mentorship.messages.models import Message
from tests import factories
from tests.factories import KARAGANDA, KOSTANAY

ON = date(2026, 3, 2)
AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
DAY = timedelta(days=1)
WORRY = "Бала мектептен қорқады дейді"
MEETING = {
    "held_on": ON,
    "kind": "in_person",
    "minutes": 90,
    "activity": "Шахмат",
    "went": 2,
    "notes": None,
    "next_on": None,
}


@pytest.fixture
def match(database):
    return factories.eligible_match(database, started_on=ON - DAY)


@pytest.fixture
def mentor(database, match):
    return factories.mentor_user(database, mentor=match.mentor)


def test_a_worry_opens_a_concern_to_be_reviewed_within_a_day(database, match, mentor):
    data = MEETING | {"worry": WORRY}
    meeting = log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    concern = database.scalars(select(Concern)).one()
    assert (concern.match_id, concern.meeting_id, concern.text) == (match.id, meeting.id, WORRY)
    assert (concern.raised_by, concern.raised_at) == (mentor.id, AT)
    assert concern.review_by == AT + timedelta(hours=24)
    assert (concern.reviewed_at, concern.steps) == (None, None)


@pytest.mark.parametrize("worry", [None, ""])
def test_a_meeting_without_a_worry_opens_nothing(database, match, mentor, worry):
    log_meeting_with_worry(database, match, MEETING | {"worry": worry}, by=mentor.id, at=AT)
    assert database.scalars(select(Concern)).all() == []


def test_a_refused_meeting_leaves_no_concern(database, match, mentor):
    data = MEETING | {"worry": WORRY, "held_on": ON - 2 * DAY}
    with pytest.raises(Invalid):
        log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    assert database.scalars(select(Concern)).all() == []
    assert database.scalars(select(Meeting)).all() == []


def test_a_concern_is_reviewed_once(database, match):
    concern = factories.concern(database, match=match)
    first, second = factories.coordinator(database), factories.coordinator(database)
    review_concern(database, concern, steps="Тәрбиешімен сөйлестік", by=first.id, at=AT)
    with pytest.raises(AlreadyDone, match="already_reviewed"):
        review_concern(database, concern, steps="Басқа", by=second.id, at=AT + DAY)
    assert (concern.steps, concern.reviewed_by) == ("Тәрбиешімен сөйлестік", first.id)
    assert concern.reviewed_at == AT


def test_the_audit_log_says_that_a_concern_was_raised_and_reviewed_but_not_what_it_says(
    database, match, mentor
):
    data = MEETING | {"worry": WORRY}
    log_meeting_with_worry(database, match, data, by=mentor.id, at=AT)
    concern = database.scalars(select(Concern)).one()
    review_concern(database, concern, steps="Қадам", by=factories.coordinator(database).id, at=AT)
    database.flush()
    entries = database.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    actions = ["logged_meeting", "raised_concern", "reviewed_concern"]
    assert [entry.action for entry in entries] == actions
    assert all(WORRY not in str(e.details) and "Қадам" not in str(e.details) for e in entries)


# Through the web.


@pytest.fixture
def today():
    return clock.today()


@pytest.fixture
def running(store, today):
    return factories.eligible_match(store, started_on=today - 20 * DAY)


@pytest.fixture
def phone(store, sign_in, running):
    """The mentor's browser."""
    return sign_in(factories.mentor_user(store, mentor=running.mentor))


@pytest.fixture
def desk(store, sign_in):
    """The coordinator's browser."""
    return sign_in(factories.coordinator(store))


def log_worry(phone, match):
    return phone.submit(
        f"/my-matches/{match.id}/meetings/new", went="2", activity="Шахмат", worry=WORRY
    )


def test_a_mentor_writes_a_worry_and_the_coordinator_reads_and_reviews_it(
    phone, desk, running, store
):
    answer = log_worry(phone, running)
    assert (
        "Your coordinator will read your worry first."
        in phone.page(answer.headers["Location"]).text
    )
    assert "Something worried a mentor 1" in desk.page("/today").text
    concern = store.scalars(select(Concern)).one()
    address = f"/concerns/{concern.id}"
    assert WORRY in desk.page(address).text
    answer = desk.submit(address)
    assert answer.page.find("p", id="steps-error").text == "This field is required."
    assert desk.send(answer.page, steps="Мектеп психологымен сөйлестік").status_code == 302
    assert "Something worried a mentor" not in desk.page("/today").text
    reviewed = desk.page(address)
    assert "Мектеп психологымен сөйлестік" in reviewed.text
    assert [form for form in reviewed.find_all("form") if form.within("main")] == []
    assert "There are no concerns here." in desk.page("/concerns?state=open").text
    assert running.child.full_name in desk.page("/concerns?state=reviewed").text


def test_two_coordinators_review_one_concern_and_the_second_reads_that_it_is_done(
    desk, sign_in, running, store
):
    concern = factories.concern(store, match=running)
    colleague = sign_in(factories.coordinator(store))
    pages = [browser.page(f"/concerns/{concern.id}") for browser in (desk, colleague)]
    assert desk.send(pages[0], steps="Бірінші").status_code == 302
    answer = colleague.send(pages[1], steps="Екінші")
    assert answer.status_code == 409
    assert "This concern has already been reviewed." in answer.page.text
    assert concern.steps == "Бірінші"


def test_nobody_but_a_coordinator_of_the_region_reads_a_concern(phone, sign_in, running, store):
    concern = factories.concern(store, match=running, text=WORRY)
    address = f"/concerns/{concern.id}"
    away = sign_in(factories.coordinator(store, regions=(KOSTANAY,)))
    assert away.get(address).status_code == 404
    assert away.post(address, data={"steps": "x"}).status_code in (400, 404)
    assert "There are no concerns here." in away.page("/concerns").text
    both = sign_in(factories.coordinator(store, regions=(KARAGANDA, KOSTANAY)))
    assert WORRY in both.page(address).text
    for other in (factories.manager(store), factories.administrator(store)):
        browser = sign_in(other)
        assert browser.get(address).status_code == 403
        assert browser.get("/concerns").status_code == 403
    assert phone.get(address).status_code == 403


def test_a_mentor_does_not_find_the_worry_again_on_any_page(phone, running):
    """Somebody else may hold the phone: a child above all."""
    log_worry(phone, running)
    for address in ("/my-children", f"/my-matches/{running.id}"):
        assert WORRY not in phone.page(address).html


def test_a_worry_is_on_no_page_but_its_own(phone, desk, running, store):
    log_worry(phone, running)
    for address in ("/today", "/concerns", f"/matches/{running.id}", "/matches", "/check-ins"):
        assert WORRY not in desk.page(address).html, address
    assert WORRY in desk.page(f"/concerns/{store.scalars(select(Concern)).one().id}").html


def test_each_reading_of_a_concern_is_noted(desk, running, store):
    concern = factories.concern(store, match=running)
    desk.page(f"/concerns/{concern.id}")
    entry = store.scalars(select(AuditEntry).where(AuditEntry.action == "read_concern")).one()
    assert entry.subject_id == concern.id


def test_no_message_ever_holds_a_worry_or_a_name(phone, running, store, app, today):
    coordinator = factories.coordinator(store)
    factories.check_in(store, match=running, due_on=today - DAY)
    log_worry(phone, running)
    store.commit()
    remind_of_check_ins(store, app.config["SETTINGS"], today, clock.now())
    messages = store.scalars(select(Message)).all()
    assert [message.user_id for message in messages] == [coordinator.id]
    for secret in (WORRY, running.child.first_name, running.child.last_name):
        assert all(secret not in m.subject + m.body for m in messages)
