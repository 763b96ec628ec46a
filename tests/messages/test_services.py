import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from mentorship.errors import Invalid
from mentorship.messages import policies, sending, services, texts
from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.policies import Channel
from mentorship.messages.transport import Refused
from tests import factories

AT = datetime(2026, 3, 2, 5, 0, tzinfo=UTC)
# What a message may name: counts, days, a course with its place, an applicant's reference.
PLACES = {
    *("count", "due", "overdue", "matches", "withdrawn", "first", "second", "last"),
    *("day", "days", "first_days", "second_days", "last_days", "when"),
    *("worries", "rungs", "unread", "closings", "signs"),
    *("course", "where", "reference", "link"),
}
COUNTS = {"overdue": 2, "due": 3, "days": 7, "day": "02.03.2026", "link": "http://127.0.0.1/"}


class Post:
    """A transport that keeps what it was given, or refuses as it was told."""

    def __init__(self, *refusals):
        self.sent, self.refusals = [], list(refusals)

    def send(self, **letter):
        if self.refusals:
            refusal = self.refusals.pop(0)
            if refusal:
                raise refusal
        self.sent.append(letter)

    def close(self):
        pass


def write(session, key="one", **given):
    user = given.pop("user", None) or factories.coordinator(session)
    return services.enqueue(
        session, key=key, kind="check_in_reminder", user=user, at=AT, **(COUNTS | given)
    )


def send(session, at, post):
    return sending.send_waiting(session, at, {Channel.EMAIL: post})


def test_the_same_key_writes_one_message(database):
    assert write(database) is not None
    assert write(database) is None
    assert database.scalar(select(func.count()).select_from(Message)) == 1


def test_a_message_speaks_its_readers_language(database, monkeypatch):
    seen = []
    shown = texts.force_locale
    monkeypatch.setattr(texts, "force_locale", lambda code: seen.append(code) or shown(code))
    message = write(database, user=factories.coordinator(database, language="ru"))
    assert seen == [message.language] == ["ru"]


def test_a_reminder_counts_and_names_nobody(database):
    message = write(database)
    assert message.subject == "Check-ins: overdue 2, due soon 3"
    assert "Overdue: 2" in message.body and "http://127.0.0.1/" in message.body


# People without an account cannot sign in: they are asked to call.
WITHOUT_A_LINK = {
    "application_arrived",
    "child_moved_specialist",
    "child_on_hold_by_letter",
    "consent_withdrawn_specialist",
}


@pytest.mark.parametrize("kind", texts.TEXTS)
def test_every_text_can_be_filled_in(database, kind):
    template = texts.TEXTS[kind]
    named = set(re.findall(r"%\((\w+)\)", f"{template.subject} {template.body}"))
    assert named <= PLACES, named - PLACES
    params = dict.fromkeys(named, "4") | {"link": "http://127.0.0.1/x"}
    subject, body = texts.render(kind, "en", params)
    assert "%(" not in subject + body and len(subject) <= 200
    assert ("http://127.0.0.1/x" in body) != (kind in WITHOUT_A_LINK)


def test_what_was_sent_is_sent_once(database):
    write(database)
    post = Post()
    assert send(database, AT, post) == {"sent": 1, "put_off": 0, "failed": 0}
    assert send(database, AT, post)["sent"] == 0
    message = database.scalars(select(Message)).one()
    assert (message.status, message.sent_at) == (MessageStatus.SENT, AT)
    assert [letter["message_id"] for letter in post.sent] == [message.message_id]


def test_a_refused_letter_waits_longer_each_time_and_keeps_its_message_id(database):
    message = write(database)
    name = message.message_id
    post = Post(Refused("SMTPServerDisconnected", for_good=False), None)
    assert send(database, AT, post)["put_off"] == 1
    assert message.last_error == "SMTPServerDisconnected"
    assert send(database, AT + timedelta(seconds=59), post)["sent"] == 0
    assert send(database, AT + timedelta(minutes=1), post)["sent"] == 1
    assert post.sent[0]["message_id"] == name and message.last_error is None


def test_after_the_last_attempt_a_letter_has_failed(database):
    message = write(database)
    for number, _ in enumerate(sending.BACK_OFF):
        mornings = AT + timedelta(days=number)
        send(database, mornings, Post(Refused("TimeoutError", for_good=False)))
        assert message.status == MessageStatus.WAITING
    at = AT + timedelta(days=9)
    send(database, at, Post(Refused("TimeoutError", for_good=False)))
    assert (message.status, message.given_up_at) == (MessageStatus.FAILED, at)


def test_an_address_that_does_not_exist_is_not_tried_again(database):
    message = write(database)
    send(database, AT, Post(Refused("SMTPRecipientsRefused 550", for_good=True)))
    assert (message.status, message.attempts) == (MessageStatus.FAILED, 1)


def test_a_letter_whose_sender_was_killed_is_sent_after_the_lease(database):
    write(database)

    class Killed(Post):
        def send(self, **letter):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send(database, AT, Killed())
    database.rollback()
    post = Post()
    assert send(database, AT + timedelta(minutes=1), post)["sent"] == 0
    assert send(database, AT + sending.LEASE, post)["sent"] == 1


def test_one_letter_that_cannot_leave_holds_up_no_other(database):
    write(database, key="one")
    write(database, key="two")
    post = Post(Refused("SMTPDataError 554", for_good=True), None)
    assert send(database, AT, post) == {"sent": 1, "put_off": 0, "failed": 1}


def test_a_link_goes_out_once_a_day_for_each_password(database):
    admin = factories.administrator(database)
    user = factories.coordinator(database, password_hash=None)
    given = {"base_url": "https://x.example", "path": "/password/TOKEN", "secret": "s" * 32}
    first = services.invite(database, user, **given, by=admin.id, at=AT)
    again = services.invite(database, user, **given, by=admin.id, at=AT + timedelta(hours=1))
    assert again.id == first.id and first.kind == "invitation"
    assert "https://x.example/password/" in first.body and "TOKEN" not in first.body
    user.session_version += 1
    assert services.invite(database, user, **given, by=admin.id, at=AT).id != first.id


def test_somebody_deactivated_gets_no_link(database):
    user = factories.coordinator(database, active=False)
    with pytest.raises(Invalid) as refused:
        services.invite(database, user, base_url="", path="TOKEN", secret="s", by=user.id, at=AT)
    assert refused.value.code == "user_inactive"


def test_every_kind_has_a_topic_and_every_topic_somebody_who_may_choose():
    assert set(policies.TOPICS) == set(texts.TEXTS)
    assert {topic for topics in policies.OFFERED.values() for topic in topics} == set(
        policies.Topic
    )
    always = policies.ESSENTIAL - {policies.Topic.ASKED}
    assert all(always <= set(topics) for topics in policies.OFFERED.values())
