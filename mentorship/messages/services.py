from datetime import date, datetime
from email.utils import make_msgid
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty
from mentorship.accounts.services import password_link
from mentorship.errors import Impossible, Invalid
from mentorship.messages.models import Message, MessageChoice, MessageStatus
from mentorship.messages.policies import (
    AT_ANY_HOUR,
    ESSENTIAL,
    NEVER_BY_SMS,
    OFFERED,
    Channel,
    Topic,
    topic_of,
    wanted_at_first,
)
from mentorship.messages.texts import render, render_short


def enqueue(
    session: Session,
    *,
    key: str,
    kind: str,
    user: User,
    at: datetime,
    urgent: Any = False,
    **params: Any,
) -> Message | None:
    """Write a message in the user's language, by each way the user chose.

    None when one with this key was written before, or when the user wants none of this topic.
    `urgent` passes the quiet hours.
    """
    topic = topic_of(kind)
    given: dict[str, Any] = {"user_id": user.id, "language": user.language, "kind": kind}
    given |= {"urgent": bool(urgent) or topic in AT_ANY_HOUR, "created_at": at, "send_after": at}
    wanted = _wants(_chosen(session, user), topic)
    status = MessageStatus.WAITING if Channel.EMAIL in wanted else MessageStatus.UNWANTED
    subject, body = render(kind, user.language, params)
    letter = Message(**given, key=key, subject=subject, body=body, status=status)
    if not _write(session, letter):
        return None
    if Channel.SMS not in wanted or user.phone is None:
        return letter if status == MessageStatus.WAITING else None
    subject, body = render_short(user.language, {"link": _front_page(params)})
    short = Message(**given, key=f"{key}:sms", channel=Channel.SMS, subject=subject, body=body)
    _write(session, short)
    return letter


def enqueue_to_address(
    session: Session,
    *,
    key: str,
    kind: str,
    address: str,
    language: str,
    at: datetime,
    urgent: Any = False,
    **params: Any,
) -> Message | None:
    """The same to somebody who does not sign in, by e-mail."""
    subject, body = render(kind, language, params)
    letter = Message(
        address=address,
        language=language,
        kind=kind,
        key=key,
        subject=subject,
        body=body,
        urgent=bool(urgent),
        created_at=at,
        send_after=at,
    )
    return letter if _write(session, letter) else None


def _write(session: Session, message: Message) -> bool:
    """Keep a message under its key, with an identity for ever; False where the key is known."""
    if session.scalar(select(Message.id).where(Message.key == message.key)):
        return False
    message.message_id = make_msgid(domain="mentorship")
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:  # somebody else wrote it between the question and the answer
        return False
    return True


def _front_page(params: dict[str, Any]) -> str:
    """Where one signs in: a telephone shows no more than that."""
    parts = urlsplit(str(params.get("link", "")))
    return f"{parts.scheme}://{parts.netloc}/" if parts.netloc else ""


def _chosen(session: Session, user: User) -> dict[tuple[Topic, Channel], bool]:
    rows = session.scalars(select(MessageChoice).where(MessageChoice.user_id == user.id))
    return {(row.topic, row.channel): row.wanted for row in rows}


def _wants(chosen: dict[tuple[Topic, Channel], bool], topic: Topic) -> set[Channel]:
    wanted = {way for way in Channel if chosen.get((topic, way), wanted_at_first(way))}
    if topic in ESSENTIAL:
        wanted.add(Channel.EMAIL)
    return wanted - ({Channel.SMS} if topic in NEVER_BY_SMS else set())


def choices_of(session: Session, user: User) -> dict[Channel, list[Topic]]:
    """What somebody gets by each way, of what they may choose."""
    chosen = _chosen(session, user)
    return {
        way: [topic for topic in offered(user, way) if way in _wants(chosen, topic)]
        for way in Channel
    }


def offered(user: User, way: Channel) -> list[Topic]:
    """The topics of somebody's role that they may choose by this way."""
    never = ESSENTIAL if way == Channel.EMAIL else NEVER_BY_SMS
    return [topic for topic in OFFERED[user.role] if topic not in never]


def choose(
    session: Session,
    user: User,
    wanted: dict[Channel, list[str]],
    *,
    phone: str | None,
    by: int,
) -> None:
    """Note which topics somebody wants by each way given, and the number for short messages."""
    if wanted.get(Channel.SMS) and phone is None:
        raise Invalid("phone_missing")
    user.phone = phone
    for way, topics in wanted.items():
        for topic in offered(user, way):
            row = MessageChoice(user_id=user.id, topic=topic, channel=way, wanted=topic in topics)
            session.merge(row)
    session.flush()
    audit.record("chose_messages", user, by=by)


def invite(
    session: Session, user: User, *, base_url: str, path: str, secret: str, by: int, at: datetime
) -> Message:
    """Send somebody a link for setting their password, at most one a day for each password.

    `path` is the page's address with `TOKEN` where the link's token goes.
    """
    if not user.active:
        raise Invalid("user_inactive")
    key = f"password:{user.id}:{user.session_version}:{at:%Y-%m-%d}"
    kind = "new_password" if user.password_hash else "invitation"
    link = base_url + path.replace("TOKEN", password_link(user, secret))
    message = enqueue(session, key=key, kind=kind, user=user, at=at, link=link)
    if message is None:
        return session.scalars(select(Message).where(Message.key == key)).one()
    audit.record("sent_password_link", user, by=by)
    return message


def coordinators_of(session: Session, region: str, on: date) -> list[User]:
    """Whom to write to about a region on a day: its coordinators, or who covers them."""
    return [user for user in coordinators_on_duty(session, on) if user.scope_on(on).covers(region)]


def send_again(message: Message, *, by: int, at: datetime) -> None:
    """Let a message that was given up wait anew: the same message, under the same identity."""
    if message.status != MessageStatus.FAILED:
        raise Impossible("message_not_given_up")
    message.status, message.attempts, message.send_after = MessageStatus.WAITING, 0, at
    message.claimed_until = message.given_up_at = None
    audit.record("sent_message_again", message, by=by)
