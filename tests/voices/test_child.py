"""A child answers five pictures on the centre's tablet, and may ask for somebody to talk to."""

import re
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from mentorship import clock
from mentorship.audit import AuditEntry
from mentorship.check_ins.models import CheckIn
from mentorship.concerns.models import Concern
from mentorship.messages.models import Message
from mentorship.voices import results
from mentorship.voices.models import VoiceAnswer, VoiceLink
from tests import factories
from tests.conftest import new_client


def press(client, link, step, number):
    return client.post(f"{link.address}/{number}", data={"step": str(step)})


def answer_all(client, link, steps=(5, 4, 5, 3, 5)):
    for number, step in enumerate(steps, start=1):
        answer = press(client, link, step, number)
        assert answer.status_code == 302
    return answer


def test_a_child_says_hello_answers_five_pictures_and_is_thanked(client, store, make):
    link = make()
    page = client.page(link.address)
    assert page.h1 == "Hello"
    page = client.page(page.find("a", class_="go").attrs["href"])
    for number in range(1, 6):
        assert page.find("ol", class_="dots").attrs["aria-label"] == f"Question {number} of 5"
        answer = client.send(page, f"/{number}", step="4")
        page = client.page(answer.headers["Location"])
    assert page.h1 == "Thank you"
    said = store.scalars(select(VoiceAnswer)).one()
    assert said.answers == dict.fromkeys(("glad", "heard", "safe", "fun", "go_on"), 4)
    assert said.finished_at and store.get(VoiceLink, link.id).used_at


def test_the_answer_stands_for_the_contact_that_was_due(client, store, make, match, on):
    link = make()
    answer_all(client, link)
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "child")).one()
    assert (contact.held_on, contact.way, contact.rating) == (on, "link", 4)
    assert contact.recorded_by is None
    assert store.scalars(select(VoiceAnswer)).one().check_in_id == contact.id
    other = store.scalars(select(CheckIn).where(CheckIn.kind == "carer")).one()
    assert other.held_on is None


def test_without_a_contact_that_is_due_the_answer_stands_alone(client, store, make):
    for row in store.scalars(select(CheckIn)):
        store.delete(row)
    answer_all(client, make())
    assert store.scalars(select(VoiceAnswer)).one().check_in_id is None


def test_the_page_names_neither_the_child_nor_the_mentor(client, make, match):
    link = make()
    html = client.page(link.address).html
    html += "".join(client.page(f"{link.address}/{number}").html for number in range(1, 6))
    client.post(f"{link.address}/talk")
    html += client.page(f"{link.address}/talking").html
    for person in (match.child, match.mentor):
        assert person.last_name not in html
        assert str(person.iin) not in html or person.iin is None
    assert match.child.first_name not in html and match.mentor.first_name not in html
    assert match.child.centre.name_kk not in html


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_the_page_speaks_the_language_that_was_pressed_and_keeps_the_place(client, make, code):
    link = make(language="kk" if code != "kk" else "ru")
    page = client.page(f"{link.address}/3")
    answer = client.send(page, "/language", language=code)
    assert answer.headers["Location"].endswith("/3")
    page = client.page(answer.headers["Location"])
    assert page.find("html").attrs["lang"] == code


def test_a_question_may_be_skipped_and_an_answer_changed(client, store, make):
    link = make()
    press(client, link, 1, 1)
    press(client, link, 5, 1)
    for number in range(2, 6):
        press(client, link, 0, number)
    assert store.scalars(select(VoiceAnswer)).one().answers == {"glad": 5}


def test_who_skips_everything_was_heard_without_a_rating(client, store, make):
    answer_all(client, make(), (0, 0, 0, 0, 0))
    said = store.scalars(select(VoiceAnswer)).one()
    assert said.finished_at and said.rating is None
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "child")).one()
    assert contact.held_on and contact.rating is None


def test_going_back_shows_what_was_pressed(client, make):
    link = make()
    press(client, link, 2, 1)
    page = client.page(f"{link.address}/1")
    pressed = [b for b in page.find_all("button") if b.attrs.get("aria-pressed") == "true"]
    assert [button.attrs["value"] for button in pressed] == ["2"]


def test_what_a_child_said_before_stopping_is_not_lost(client, store, make):
    with time_machine.travel(clock.now(), tick=False) as now:
        link = make()
        press(client, link, 4, 1)
        press(client, link, 1, 3)
        assert results.take_what_was_said(store, at=clock.now()) == 0  # still being answered
        now.shift(timedelta(hours=73))
        assert results.take_what_was_said(store, at=clock.now()) == 1
        assert results.take_what_was_said(store, at=clock.now()) == 0
        store.commit()
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "child")).one()
    assert contact.rating == 2
    assert contact.held_on == store.scalars(select(VoiceAnswer)).one().answered_at.date()


def wish(client, link):
    return client.send(client.page(link.address), "/talk")


def test_i_want_to_talk_reaches_the_coordinator_at_once(client, store, make, match, staff):
    link = make()
    answer = wish(client, link)
    page = client.page(answer.headers["Location"])
    assert "Айгүл Сапарова" in page.text
    assert page.find("a", href="tel:111") and page.find("a", href="tel:112")
    concern = store.scalars(select(Concern)).one()
    assert (concern.child_id, concern.match_id) == (match.child_id, match.id)
    assert (concern.origin, concern.severity, concern.raised_by) == ("child", "serious", None)
    message = store.scalars(select(Message)).one()
    assert (message.user_id, message.kind) == (staff.id, "child_wants_to_talk")
    assert f"/matches/{match.id}/voices" in message.body
    for word in (match.child.first_name, match.child.last_name, match.mentor.last_name):
        assert word not in message.subject + message.body


def test_every_coordinator_of_the_region_is_told_and_nobody_elses(client, store, make, staff):
    colleague = factories.coordinator(store)
    factories.coordinator(store, regions=(factories.KOSTANAY,))
    factories.administrator(store)
    wish(client, make())
    told = store.scalars(select(Message.user_id)).all()
    assert sorted(told) == sorted([staff.id, colleague.id])


def test_after_asking_to_talk_the_pictures_go_on(client, store, make):
    link = make()
    press(client, link, 4, 1)
    page = client.page(wish(client, link).headers["Location"])
    assert page.find("a", class_="go").attrs["href"].endswith("/2")
    answer_all(client, link)
    said = store.scalars(select(VoiceAnswer)).one()
    assert said.wants_to_talk and said.finished_at


def test_pressing_twice_raises_one_concern(client, store, make):
    link = make()
    for _ in range(3):
        assert client.post(f"{link.address}/talk").status_code == 302
    assert store.scalar(select(func.count(Concern.id))) == 1
    assert store.scalar(select(func.count(Message.id))) == 1


def test_the_button_is_on_every_page_of_the_child(client, make):
    link = make()
    pages = [link.address, *(f"{link.address}/{number}" for number in range(1, 6))]
    for address in pages:
        assert client.page(address).form("/talk")
    answer = answer_all(client, link)
    assert client.page(answer.headers["Location"]).form("/talk")


def test_a_child_may_still_ask_to_talk_on_the_page_that_thanks(client, store, make):
    link = make()
    page = client.page(answer_all(client, link).headers["Location"])
    page = client.page(client.send(page, "/talk").headers["Location"])
    assert not page.find_all("a", class_="go")
    assert store.scalar(select(func.count(Concern.id))) == 1


def test_an_answer_that_the_child_is_not_safe_is_told_without_saying_so(client, store, make, staff):
    answer_all(client, make(), (5, 5, 2, 5, 5))
    message = store.scalars(select(Message)).one()
    assert (message.kind, message.user_id) == ("child_answer_today", staff.id)
    assert "safe" not in message.subject + message.body


def test_a_good_answer_writes_no_message(client, store, make):
    answer_all(client, make())
    assert store.scalar(select(func.count(Message.id))) == 0


def test_what_happens_is_audited_without_a_name(client, store, make, match):
    link = make()
    client.page(link.address)
    client.post(f"{link.address}/talk")
    answer_all(client, link)
    rows = store.scalars(select(AuditEntry).where(AuditEntry.actor_id.is_(None))).all()
    assert {"opened_voice_link", "asked_to_talk", "answered_by_link", "raised_concern"} <= {
        row.action for row in rows
    }
    kept = " ".join(f"{row.details}" for row in rows)
    assert not re.search("[А-Яа-яӘәҚқ]", kept)


def test_typed_digits_open_the_page_however_they_are_spaced(client, make):
    link = make()
    for typed in (link.code, f" {link.code[:3]} {link.code[3:6]}-{link.code[6:]} "):
        answer = client.submit("/v", "/v", code=typed)
        assert answer.headers["Location"] == link.address
    assert client.page(answer.headers["Location"]).h1 == "Hello"


@pytest.mark.parametrize("code", ["kk", "ru", "en"])
def test_the_page_for_the_number_speaks_three_languages(client, code):
    page = client.page(f"/v?language={code}")
    assert page.find("html").attrs["lang"] == code


def test_a_carer_answers_five_questions_with_a_note(client, store, make, match, on):
    link = make("carer")
    page = client.page(link.address)
    assert match.child.first_name in page.h1 and match.child.last_name not in page.html
    answer = client.post(
        link.address,
        data={"calm": "5", "reliable": "2", "wanted": "4", "note": "Comes late.", "go_on": "3"},
    )
    page = client.page(answer.headers["Location"])
    assert page.h1 == "Thank you"
    said = store.scalars(select(VoiceAnswer)).one()
    assert said.answers == {"calm": 5, "reliable": 2, "wanted": 4, "go_on": 3}
    assert (said.voice, said.note) == ("carer", "Comes late.")
    contact = store.scalars(select(CheckIn).where(CheckIn.kind == "carer")).one()
    assert (contact.held_on, contact.rating) == (on, 3)
    assert store.scalar(select(func.count(Concern.id))) == 0


def test_what_worries_a_carer_opens_a_concern(client, store, make, match):
    client.post(make("carer").address, data={"worry": "He cries after the meetings."})
    concern = store.scalars(select(Concern)).one()
    assert concern.text == "He cries after the meetings."
    assert concern.match_id == match.id


def test_a_carers_page_keeps_what_was_typed_when_something_is_wrong(client, make):
    link = make("carer")
    answer = client.post(link.address, data={"calm": "9", "note": "Kept."})
    assert answer.status_code == 422
    assert answer.page.find("textarea", name="note").text == "Kept."


def test_another_browser_sees_the_same_page_and_no_cookie_is_set(app, make):
    link = make()
    for client in (new_client(app), new_client(app)):
        answer = client.get(link.address)
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
