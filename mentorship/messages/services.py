from collections import Counter
from datetime import date, datetime, timedelta
from email.utils import make_msgid
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mentorship import audit
from mentorship.accounts.models import User
from mentorship.accounts.queries import coordinators_on_duty
from mentorship.accounts.services import password_link
from mentorship.errors import Invalid
from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.texts import render
from mentorship.messages.transport import Refused, Transport

# How long a message that is being sent belongs to its sender: longer than any SMTP dialogue.
LEASE = timedelta(minutes=5)
# Waits after each failed attempt; after the last one the message has failed.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))


def enqueue(
    session: Session, *, key: str, kind: str, user: User, at: datetime, **params: Any
) -> Message | None:
    """Write a message in the user's language; None when one with this key was written before."""
    to = {"user_id": user.id, "language": user.language}
    return _write(session, to, key=key, kind=kind, at=at, params=params)


def enqueue_to_address(
    session: Session,
    *,
    key: str,
    kind: str,
    address: str,
    language: str,
    at: datetime,
    **params: Any,
) -> Message | None:
    """The same to somebody who does not sign in."""
    to = {"address": address, "language": language}
    return _write(session, to, key=key, kind=kind, at=at, params=params)


def _write(
    session: Session,
    to: dict[str, Any],
    *,
    key: str,
    kind: str,
    at: datetime,
    params: dict[str, Any],
) -> Message | None:
    subject, body = render(kind, to["language"], params)
    message = Message(
        **to,
        key=key,
        kind=kind,
        subject=subject,
        body=body,
        message_id=make_msgid(domain="mentorship"),
        status=MessageStatus.WAITING,
        created_at=at,
        send_after=at,
    )
    if session.scalar(select(Message.id).where(Message.key == key)):
        return None
    try:
        with session.begin_nested():
            session.add(message)
    except IntegrityError:  # somebody else wrote it between the question and the answer
        return None
    return message


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


def send_waiting(
    session: Session, at: datetime, transport: Transport, limit: int = 50
) -> dict[str, int]:
    """Send what is waiting; how many were sent, put off and given up.

    Commits twice for each message, unlike other services: a letter that has left cannot be
    rolled back, and no lock is held while a mail server thinks. A process killed between
    sending and noting it sends the letter again, under the same Message-ID.
    """
    done: Counter[str] = Counter(sent=0, put_off=0, failed=0)
    for _ in range(limit):
        message = _claim(session, at)
        session.commit()
        if message is None:
            break
        done[_deliver(message, at, transport)] += 1
        session.commit()
    return dict(done)


def _claim(session: Session, at: datetime) -> Message | None:
    """Take the oldest waiting message for LEASE, so that no other sender takes it."""
    waiting = (
        select(Message)
        .where(Message.status == MessageStatus.WAITING, Message.send_after <= at)
        .order_by(Message.send_after, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    message = session.scalars(waiting).first()
    if message is not None:
        message.attempts += 1
        message.send_after = at + LEASE
        session.flush()
    return message


def _deliver(message: Message, at: datetime, transport: Transport) -> str:
    try:
        transport.send(
            to=message.recipient,
            subject=message.subject,
            body=message.body,
            message_id=message.message_id,
            language=message.language,
        )
    except Refused as error:
        return _put_off(message, at, error)
    message.status, message.sent_at, message.last_error = MessageStatus.SENT, at, None
    return "sent"


def _put_off(message: Message, at: datetime, error: Refused) -> str:
    message.last_error = error.reason
    if error.for_good or message.attempts > len(BACK_OFF):
        message.status = MessageStatus.FAILED
        return "failed"
    message.send_after = at + BACK_OFF[message.attempts - 1]
    return "put_off"


def coordinators_of(session: Session, region: str, on: date) -> list[User]:
    """Whom to write to about a region on a day: its coordinators, or who covers them."""
    return [
        user for user in coordinators_on_duty(session, on) if user.scope_on(on).covers(region)
    ]
