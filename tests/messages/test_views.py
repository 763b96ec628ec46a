from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.messages.models import Message, MessageChoice, MessageStatus
from tests import factories


@pytest.fixture
def administrator(store):
    return factories.administrator(store)


@pytest.fixture
def desk(administrator, sign_in):
    """The administrator's browser."""
    return sign_in(administrator)


def test_an_empty_outbox_says_what_will_come(desk):
    assert "Invitations and reminders will appear here." in desk.page("/outbox").text


def test_messages_can_be_filtered_by_status(desk, administrator, store):
    factories.message(store, user=administrator, subject="First letter")
    factories.message(store, user=administrator, subject="Lost letter", status=MessageStatus.FAILED)
    everything = desk.page("/outbox").text
    assert "First letter" in everything and "Lost letter" in everything
    failed = desk.page("/outbox?status=failed").text
    assert "First letter" not in failed and "Lost letter" in failed


def test_without_a_mail_server_the_outbox_says_so(desk):
    assert "No mail server is set" in desk.page("/outbox").text


def test_a_message_is_read_with_its_lines_and_the_reading_is_noted(desk, administrator, store):
    message = factories.message(store, user=administrator, body="One.\nTwo.\n\n<b>Three</b>")
    page = desk.page(f"/outbox/{message.id}")
    assert "<b>Three</b>" in page.text  # as text, not as a tag
    entry = select(AuditEntry).where(AuditEntry.action == "read_message")
    assert store.scalars(entry).one().subject_id == message.id


def test_a_message_that_is_not_there_is_not_found(desk):
    desk.page("/outbox/999999", status=404)


def test_an_invited_person_sets_a_password_and_signs_in(desk, client, store, sign_in):
    user = factories.coordinator(store, password_hash=None)
    answer = desk.submit(f"/users/{user.id}", "/invite")
    message = store.scalars(select(Message)).one()
    assert answer.headers["Location"] == f"/outbox/{message.id}"
    link = next(line for line in message.body.splitlines() if line.startswith("http"))
    path = link.removeprefix("http://127.0.0.1:8000")
    new = "bir eki ush tort"
    client.submit(path, "/password", password=new, again=new)
    sign_in(user, new)
    client.page(path, status=422)  # the link is used up


def test_two_presses_send_one_link(desk, store):
    user = factories.coordinator(store, password_hash=None)
    page = desk.page(f"/users/{user.id}")
    for _ in range(2):
        assert desk.send(page, "/invite").status_code == 302
    assert len(store.scalars(select(Message)).all()) == 1


def test_addresses_are_masked_in_the_list(desk, store):
    factories.message(store, user=factories.coordinator(store, email="aigul@example.org"))
    page = desk.page("/outbox").text
    assert "a•••@example.org" in page and "aigul@example.org" not in page


def test_a_letter_to_an_authority_is_listed_too(desk, store):
    factories.message(store, user=None, address="office@example.org", subject="To an office")
    assert "To an office" in desk.page("/outbox").text


def test_what_was_given_up_is_told_of_and_sent_again_as_the_same_message(
    desk, administrator, store
):
    at = factories.AT
    failed = {"status": MessageStatus.FAILED, "attempts": 6, "given_up_at": at}
    message = factories.message(store, user=administrator, last_error="SMTPDataError 554", **failed)
    before = (message.key, message.message_id)
    assert "1 message was given up" in desk.page("/outbox").text
    answer = desk.submit("/outbox?status=failed", f"/outbox/{message.id}/again")
    assert answer.status_code == 302
    store.refresh(message)
    assert (message.status, message.attempts, message.given_up_at) == ("waiting", 0, None)
    assert (message.key, message.message_id) == before
    entry = select(AuditEntry).where(AuditEntry.action == "sent_message_again")
    assert store.scalars(entry).one().subject_id == message.id


def test_only_what_was_given_up_is_sent_again(desk, administrator, store):
    failed = factories.message(store, user=administrator, status=MessageStatus.FAILED)
    page = desk.page("/outbox")
    failed.status = MessageStatus.SENT
    assert desk.send(page, f"/outbox/{failed.id}/again").status_code == 409


def test_people_choose_what_is_sent_to_them(sign_in, store):
    user = factories.coordinator(store)
    browser = sign_in(user)
    page = browser.page("/my-messages")
    assert "Always by e-mail" in page.text and "not set up" in page.text
    browser.submit("/my-messages", email=["contacts", "papers"])
    chosen = {row.topic: row.wanted for row in store.scalars(select(MessageChoice))}
    assert chosen["contacts"] and chosen["papers"] and not chosen["training"]
    assert "safety" not in chosen


def test_a_mentor_chooses_too_and_never_sees_what_coordinators_get(sign_in, store):
    mentor = factories.eligible_mentor(store, on=date(2026, 3, 1))
    page = sign_in(factories.mentor_user(store, mentor=mentor)).page("/my-messages").text
    assert "Training sessions" in page and "Steps of candidates" not in page


class TestWithAGateway:
    @pytest.fixture
    def config(self, config):
        return replace(config, sms_url="https://sms.example.org/", sms_token="t")

    def test_a_number_is_entered_where_short_messages_are_chosen(self, sign_in, store):
        user = factories.coordinator(store)
        browser = sign_in(user)
        for wrong in ("", "12"):
            answer = browser.submit("/my-messages", email=[], sms=["contacts"], phone=wrong)
            assert answer.status_code == 422
        browser.submit("/my-messages", email=[], sms=["contacts"], phone="8 701 123 45 67")
        store.refresh(user)
        assert user.phone == "+77011234567"
        page = browser.page("/my-messages")
        assert page.values(page.form(None))["phone"] == ["+77011234567"]
