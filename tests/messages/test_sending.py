from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from mentorship.messages import sending, services
from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.policies import Channel
from mentorship.messages.transport import Refused
from tests import factories
from tests.messages.test_services import AT, Post, send, write

NIGHT = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)  # 22:30 in Almaty
MORNING = datetime(2026, 3, 3, 3, 0, tzinfo=UTC)  # 08:00
MINUTE = timedelta(minutes=1)


def test_at_night_people_are_left_in_peace_and_in_the_morning_it_leaves(database):
    write(database)
    post = Post()
    assert send(database, NIGHT, post)["sent"] == 0
    assert send(database, MORNING - MINUTE, post)["sent"] == 0
    assert send(database, MORNING, post)["sent"] == 1


def test_what_is_urgent_and_links_for_a_password_leave_at_night(database):
    write(database, key="worry", urgent=True)
    user = factories.coordinator(database)
    services.enqueue(database, key="w", kind="invitation", user=user, at=AT, link="http://x/y")
    write(database, key="usual")
    assert send(database, NIGHT, Post())["sent"] == 2


def test_the_urgent_leave_first(database):
    write(database, key="one")
    urgent = write(database, key="two", urgent=True)
    name, post = urgent.message_id, Post()
    send(database, AT, post)
    assert post.sent[0]["message_id"] == name


def test_a_batch_is_claimed_together_and_no_more_than_that(database, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 3)
    for number in range(5):
        write(database, key=f"{number}")
    claimed = []

    class Looking(Post):
        def send(self, **letter):
            held = select(Message.id).where(Message.claimed_until.is_not(None))
            claimed.append(len(database.scalars(held).all()))
            super().send(**letter)

    assert send(database, AT, Looking())["sent"] == 5
    assert claimed == [3, 2, 1, 2, 1]


def test_what_cannot_leave_within_the_lease_is_given_back(database, monkeypatch):
    monkeypatch.setattr(sending, "LAST_BEGINS", timedelta(0))
    write(database, key="one")
    write(database, key="two")
    monkeypatch.setattr(sending, "WORKS_AT_MOST", timedelta(microseconds=1))
    post = Post()
    send(database, AT, post)
    assert post.sent == []
    assert database.scalars(select(Message.claimed_until)).all() == [None, None]


def test_a_clock_that_was_ahead_holds_nothing_back(database):
    message = write(database)
    years = timedelta(days=900)
    database.execute(
        update(Message).values(send_after=AT + years, claimed_until=AT + years + sending.LEASE)
    )
    database.commit()
    assert send(database, AT, Post())["sent"] == 1
    assert message.status == MessageStatus.SENT


def test_a_lease_that_another_machine_has_just_taken_is_left_to_it(database):
    write(database)
    database.execute(update(Message).values(claimed_until=AT + sending.LEASE + MINUTE))
    assert send(database, AT, Post())["sent"] == 0


def test_a_late_refusal_does_not_undo_what_another_sender_delivered(database):
    message = write(database)

    class Overtaken(Post):
        def send(self, **letter):
            database.execute(update(Message).values(status=MessageStatus.SENT, sent_at=AT))
            raise Refused("TimeoutError", for_good=True)

    send(database, AT, Overtaken())
    assert message.status == MessageStatus.SENT


def test_who_chose_short_messages_gets_a_few_words_that_tell_nothing(database):
    user = factories.coordinator(database, phone="+77011234567")
    wanted = {Channel.EMAIL: ["contacts", "papers"], Channel.SMS: ["contacts"]}
    services.choose(database, user, wanted, phone=user.phone, by=user.id)
    write(database, user=user, link="https://mentors.example/check-ins/17")
    short = database.scalars(select(Message).where(Message.channel == Channel.SMS)).one()
    assert short.recipient == "+77011234567" and short.masked == "+7701 ••• 67"
    assert "https://mentors.example/" in short.body and "17" not in short.body
    assert "Overdue" not in short.body
    letters, texts = Post(), Post()
    sending.send_waiting(database, AT, {Channel.EMAIL: letters, Channel.SMS: texts})
    assert (len(letters.sent), len(texts.sent)) == (1, 1)


def test_short_messages_wait_while_there_is_no_gateway(database):
    user = factories.coordinator(database, phone="+77011234567")
    services.choose(database, user, {Channel.SMS: ["contacts"]}, phone=user.phone, by=user.id)
    write(database, user=user)
    assert send(database, AT, Post()) == {"sent": 1, "put_off": 0, "failed": 0}


def test_what_nobody_wants_is_written_once_and_not_sent(database):
    user = factories.coordinator(database)
    services.choose(database, user, {Channel.EMAIL: ["papers"]}, phone=None, by=user.id)
    assert write(database, user=user) is None
    assert send(database, AT, Post())["sent"] == 0
    services.choose(database, user, {Channel.EMAIL: ["contacts"]}, phone=None, by=user.id)
    assert write(database, user=user) is None  # the day's message was not wanted
    assert write(database, user=user, key="tomorrow") is not None


def test_what_a_child_depends_on_cannot_be_turned_off(database):
    user = factories.coordinator(database)
    services.choose(database, user, {Channel.EMAIL: []}, phone=None, by=user.id)
    facts = {"count": 1, "day": "02.03.2026", "link": "http://x/"}
    made = services.enqueue(database, key="k", kind="matches_refused", user=user, at=AT, **facts)
    assert made is not None and made.status == MessageStatus.WAITING


def test_a_message_without_an_address_is_given_up_at_once(database):
    user = factories.coordinator(database, phone="+77011234567")
    services.choose(database, user, {Channel.SMS: ["contacts"]}, phone=user.phone, by=user.id)
    write(database, user=user)
    user.phone = None
    database.flush()
    done = sending.send_waiting(database, AT, {Channel.SMS: Post()})
    assert done["failed"] == 1
    short = database.scalars(select(Message).where(Message.channel == Channel.SMS)).one()
    assert (short.last_error, short.given_up_at) == ("NoAddress", AT)


@pytest.mark.parametrize("number", [1, 40])
def test_a_batch_costs_the_same_questions_for_one_and_for_many(database, statements, number):
    for key in range(number):
        write(database, key=f"{key}", user=factories.coordinator(database))
    database.commit()
    del statements[:]
    send(database, AT, Post())
    # For each letter its own record; for each batch two settings, the claim and its marks.
    assert len(statements) <= number + 6 * (number // sending.BATCH + 2)
