import pytest
from sqlalchemy import select

from mentorship.audit import AuditEntry
from mentorship.messages.models import Message, MessageStatus
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
