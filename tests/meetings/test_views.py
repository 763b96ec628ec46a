"""The mentor's first screen, and what staff read and answer."""

import json
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from mentorship.meetings.models import HelpRequest, Meeting, Reply
from mentorship.messages.models import Message
from tests import factories

DAY = timedelta(days=1)
HELD = {"went": "4", "activity": "Шахмат ойнадық", "minutes": "90"}
NAME = str(uuid.UUID(int=9))


@pytest.fixture
def slot(store, match, begun, today):
    """Every week on yesterday's weekday; asked about five times in the last four weeks."""
    weekday = (today - DAY).weekday()
    return factories.slot(store, match=match, from_on=begun, weekday=weekday)


def asked(page):
    return [h for h in page.find_all("h2") if "did you meet?" in h.text]


def newest(store):
    store.expire_all()
    return store.scalars(select(Meeting).order_by(Meeting.id.desc())).first()


def test_a_mentor_is_done_with_one_tap_and_may_undo_it(phone, store, match, slot, today):
    page = phone.page("/my-children")
    assert len(asked(page)) == 4
    phone.send(page, "/as-planned")
    row = newest(store)
    assert row.as_planned and row.minutes == 90 and row.logged_by == match.mentor.user_id
    page = phone.page("/my-children")
    assert len(asked(page)) == 3 and "you met as planned" in page.text
    phone.send(page, "/take-back")
    assert len(asked(phone.page("/my-children"))) == 4


def test_a_missed_entry_stays_until_it_is_answered_otherwise(phone, store, match, slot, today):
    day = today - DAY
    address = f"/my-matches/{match.id}/meetings/cancelled?slot_on={day}"
    page = phone.page(address)
    phone.send(page, held_on=f"{day:%d.%m.%Y}", cancelled_by="weather", cancel_reason="Боран")
    row = newest(store)
    assert (row.cancelled_by, row.slot_on, row.minutes) == ("weather", day, None)
    assert len(asked(phone.page("/my-children"))) == 3
    assert "because of weather or the road" in phone.page(f"/my-matches/{match.id}").text
    address = f"/my-matches/{match.id}/meetings/new?slot_on={day - 7 * DAY}"
    assert phone.submit(address, **HELD).status_code == 302
    assert newest(store).slot_on == day - 7 * DAY
    assert len(asked(phone.page("/my-children"))) == 2


def test_nobody_is_asked_about_days_away_or_on_hold(phone, store, match, slot, today):
    pause = {"from_on": today - 9 * DAY, "until_on": today - 7 * DAY}
    factories.pause(store, mentor=match.mentor, **pause)
    days = [h.text for h in asked(phone.page("/my-children"))]
    assert len(days) == 3
    factories.hold(store, match=match)
    assert asked(phone.page("/my-children")) == []


def test_the_first_screen_asks_the_database_as_often_for_many_children(
    phone, store, match, slot, begun, statements
):
    phone.page("/my-children")
    few = len(statements)
    for _ in range(3):
        young = factories.eligible_child(store, on=begun, interests=("chess",))
        other = factories.match(store, mentor=match.mentor, child=young, started_on=begun)
        factories.slot(store, match=other, from_on=begun)
        factories.meeting(store, match=other, held_on=begun)
    store.commit()
    statements.clear()
    phone.page("/my-children")
    assert len(statements) <= few + 2 * 3  # who read about each child is written down


def test_an_entry_from_a_script_is_answered_in_its_own_language_and_is_there_once(
    phone, store, match
):
    address = f"/my-matches/{match.id}/meetings/new"
    page = phone.page(address)
    fields = page.values(page.form()) | HELD | {"client_id": NAME}
    told = [
        phone.post(address, data=fields, headers={"Accept": "application/json"}) for _ in range(2)
    ]
    assert [answer.json["saved"] for answer in told] == [True, True]
    assert told[0].json["address"] == f"/my-matches/{match.id}"
    assert len(store.scalars(select(Meeting)).all()) == 1
    wrong = fields | {"minutes": "2", "client_id": str(uuid.UUID(int=10))}
    answer = phone.post(address, data=wrong, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert json.loads(answer.data)["problem"] == "Enter a number from 5 to 1440."


def test_a_worry_sent_twice_by_a_phone_is_raised_once(phone, store, match):
    address = f"/my-matches/{match.id}/meetings/new"
    page = phone.page(address)
    for _ in range(2):
        answer = phone.send(page, **HELD, worry="Мазасызмын", client_id=NAME)
        assert answer.status_code == 302
    assert "Мазасызмын" not in phone.page("/my-children").text
    assert len(store.execute(select(Meeting.id)).all()) == 1


def test_staff_open_an_entry_under_their_name_and_answer_it(phone, desk, store, match, today):
    phone.submit(f"/my-matches/{match.id}/meetings/new", **HELD)
    assert "Not read yet" in phone.page(f"/my-matches/{match.id}").text
    page = desk.page("/meetings")
    assert "Құпия" in page.text and page.h1.endswith("1")
    page = desk.page(f"/matches/{match.id}/meetings")
    assert "New" in page.text and "1 meeting" in page.text
    assert "Read by Айгүл Үйлестіруші" in phone.page(f"/my-matches/{match.id}").text
    assert "Every entry has been read." in desk.page("/meetings").text
    row = newest(store)
    desk.submit(f"/matches/{match.id}/meetings", f"/meetings/{row.id}/reply", text="Жарайсыз")
    assert "1 new answer" in phone.page("/my-children").text
    assert "Айгүл Үйлестіруші" in phone.page(f"/my-matches/{match.id}").text
    assert "new answer" not in phone.page("/my-children").text
    assert store.scalars(select(Reply)).one().seen_at is not None
    told = store.scalars(select(Message).where(Message.kind == "entry_answered")).one()
    assert told.user_id == match.mentor.user_id and "Еркежан" not in told.body


def test_an_empty_answer_comes_back_to_its_entry(phone, desk, store, match):
    phone.submit(f"/my-matches/{match.id}/meetings/new", **HELD)
    row = newest(store)
    page = desk.page(f"/matches/{match.id}/meetings")
    answer = desk.send(page, f"/meetings/{row.id}/reply", text=" ")
    assert answer.status_code == 422 and "This field is required." in answer.page.text


def test_the_second_coordinator_does_not_take_the_first_ones_reading(
    desk, store, sign_in, match, today
):
    factories.meeting(store, match=match, held_on=today)
    desk.page(f"/matches/{match.id}/meetings")
    first = newest(store).read_by
    sign_in(factories.coordinator(store)).page(f"/matches/{match.id}/meetings")
    assert newest(store).read_by == first


def test_the_list_of_entries_costs_the_same_for_one_and_for_a_page(
    desk, store, match, today, statements
):
    factories.meeting(store, match=match, held_on=today)
    desk.page("/meetings")
    statements.clear()
    desk.page("/meetings")
    few = len(statements)
    for number in range(30):
        factories.meeting(store, match=match, held_on=today - number * DAY)
    statements.clear()
    page = desk.page("/meetings")
    assert len(statements) == few and "Page 1 of 2" in page.text


def test_help_reaches_the_coordinators_at_once_without_a_name(phone, desk, store, match):
    phone.submit("/my-help", about=f"{match.id}", text="Не істерімді білмеймін")
    told = store.scalars(select(Message).where(Message.kind == "help_asked")).one()
    for secret in ("Еркежан", "Ұстазов", "білмеймін"):
        assert secret not in told.subject + told.body
    assert "Ұстазов" in desk.page("/help-requests").text
    row = store.scalars(select(HelpRequest)).one()
    page = desk.page(f"/help-requests/{row.id}")
    assert "Не істерімді білмеймін" in page.text
    second = desk.page(f"/help-requests/{row.id}")
    desk.send(page, answer="Кешке қоңырау шаламын")
    again = desk.send(second, answer="Тағы")
    assert again.status_code == 422 and "already answered" in again.page.text
    assert "Кешке қоңырау шаламын" in phone.page("/my-help").text
    store.expire_all()
    assert row.seen_at is not None


def test_help_about_somebody_elses_child_is_not_a_choice(phone, store, match, begun):
    other = factories.eligible_match(store, started_on=begun)
    answer = phone.submit("/my-help", about=f"{other.id}", text="x")
    assert answer.status_code == 422
    assert store.scalars(select(HelpRequest)).all() == []


def test_hours_are_summed_by_month_with_the_last_days_of_papers(phone, store, match, today):
    by = match.mentor.user_id
    first = today.replace(day=1)
    for minutes in (60, 45):
        factories.meeting(store, match=match, held_on=first, minutes=minutes, logged_by=by)
    gone = {"kind": None, "minutes": None, "activity": None, "went": None}
    factories.meeting(store, match=match, held_on=first, cancelled_by="child", logged_by=by, **gone)
    factories.meeting(store, match=match, held_on=first, minutes=300)  # somebody else's
    page = phone.page("/my-history")
    assert "2 meetings, 1 h 45 min" in page.text and f"{first:%m.%Y}" in page.text
    assert "Certificate" in page.text


def test_a_slot_is_set_changed_and_given_up(phone, store, match, today):
    answer = phone.submit(
        f"/my-matches/{match.id}/slot", weekday="5", at_time="15.30", place="Кітапхана"
    )
    assert answer.status_code == 302
    page = phone.page(f"/my-matches/{match.id}")
    assert "Every Saturday, 15:30, Кітапхана" in page.text
    assert phone.submit(f"/my-matches/{match.id}/slot", at_time="25:00").status_code == 422
    phone.submit(f"/my-matches/{match.id}/slot", "/slot/end")
    assert "Not set." in phone.page(f"/my-matches/{match.id}").text


def test_the_pages_a_phone_keeps_name_nobody_and_need_no_session(client, phone, match):
    for name in ("held", "cancelled", "nothing"):
        kept = client.page(f"/phone/{name}?language=kk")
        assert kept.find("html").attrs["lang"] == "kk"
        assert "csrf_token" not in kept.html
        assert "Еркежан" not in phone.page(f"/phone/{name}?language=kk").html
        assert match.mentor.user.name not in phone.page(f"/phone/{name}").html
    worker = client.get("/service-worker.js")
    assert worker.mimetype == "text/javascript"
    assert "worker-src 'self'" in worker.headers["Content-Security-Policy"]
    assert client.get("/phone/token").json == {"user": None, "token": None}
    assert phone.get("/phone/token").json["user"] == match.mentor.user_id
