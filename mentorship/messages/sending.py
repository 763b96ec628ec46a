"""How the outbox is emptied: claimed with a lock, leased, sent, recorded, in that order."""

import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session, joinedload

from mentorship.messages.models import Message, MessageStatus
from mentorship.messages.policies import Channel, is_quiet
from mentorship.messages.transport import TIME_OUT_S, Refused, Transport
from mentorship.settings.services import value

# How long claimed messages belong to their sender. A batch is left in time for its last
# message to be refused slowly: a dialogue has some ten answers to wait for.
LEASE = timedelta(minutes=5)
BATCH = 20
LAST_BEGINS = LEASE - timedelta(seconds=10 * TIME_OUT_S)
WORKS_AT_MOST = timedelta(minutes=20)  # then the job is noted, and the next minute goes on
# Waits after each refusal; after the last one the message is given up.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 720))
# What waits for longer was written while the clock was wrong.
LONGEST_WAIT = max(BACK_OFF) * 2


@dataclass(frozen=True)
class Letter:
    """What is needed to send a message, read before it leaves."""

    id: int
    channel: Channel
    to: str
    subject: str
    body: str
    message_id: str
    language: str
    attempts: int


def send_waiting(
    session: Session, at: datetime, ways: Mapping[Channel, Transport]
) -> dict[str, int]:
    """Send what is waiting; how many were sent, put off and given up.

    Commits unlike other services: a letter that has left cannot be rolled back, and no lock
    is held while a server thinks. A process killed between sending and noting it sends that
    one letter again, under the same Message-ID.
    """
    done: Counter[str] = Counter(sent=0, put_off=0, failed=0)
    began, now = time.monotonic(), at
    try:
        while now < at + WORKS_AT_MOST:
            batch = _claim(session, now, ways)
            session.commit()
            if not batch:
                break
            claimed = now
            for number, letter in enumerate(batch):
                if now >= claimed + LAST_BEGINS:
                    _let_go(session, batch[number:])
                    break
                done[_deliver(session, letter, now, ways[letter.channel])] += 1
                session.commit()
                now = at + timedelta(seconds=time.monotonic() - began)
            now = at + timedelta(seconds=time.monotonic() - began)
    finally:
        for way in ways.values():
            way.close()
    return dict(done)


def _claim(session: Session, at: datetime, ways: Mapping[Channel, Transport]) -> list[Letter]:
    """Take the next messages for LEASE, so that no other sender takes them."""
    hours = value(session, "messages.quiet_from"), value(session, "messages.quiet_until")
    query = (
        select(Message)
        .where(Message.status == MessageStatus.WAITING, Message.channel.in_(ways), *_free(at))
        .order_by(Message.urgent.desc(), Message.send_after, Message.id)
        .limit(BATCH)
        .options(joinedload(Message.user))
        .with_for_update(skip_locked=True, of=Message)
    )
    if is_quiet(at, *hours):
        query = query.where(Message.urgent.is_(True))
    rows = session.scalars(query).all()
    for row in rows:
        row.claimed_until = at + LEASE
    session.flush()
    return [
        Letter(
            row.id,
            Channel(row.channel),
            row.recipient,
            row.subject,
            row.body,
            row.message_id,
            row.language,
            row.attempts,
        )
        for row in rows
    ]


def _free(at: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Whose time has come, and that nobody holds; a clock set back blocks neither for long."""
    due = or_(Message.send_after <= at, Message.send_after > at + LONGEST_WAIT)
    until = Message.claimed_until
    return due, or_(until.is_(None), until <= at, until > at + 2 * LEASE)


def _let_go(session: Session, letters: list[Letter]) -> None:
    """Give back what could not be sent within the lease."""
    left = [letter.id for letter in letters]
    session.execute(update(Message).where(Message.id.in_(left)).values(claimed_until=None))
    session.commit()


def _deliver(session: Session, letter: Letter, at: datetime, way: Transport) -> str:
    """Send one and write down what became of it."""
    row = update(Message).where(Message.id == letter.id)
    try:
        if not letter.to:
            raise Refused("NoAddress", for_good=True)
        way.send(
            to=letter.to,
            subject=letter.subject,
            body=letter.body,
            message_id=letter.message_id,
            language=letter.language,
        )
    except Refused as error:
        # Another sender may have delivered it if our lease has passed: that stands.
        row = row.where(Message.status == MessageStatus.WAITING)
        tried = {"attempts": letter.attempts + 1, "last_error": error.reason, "claimed_until": None}
        if error.for_good or letter.attempts >= len(BACK_OFF):
            given_up = {"status": MessageStatus.FAILED, "given_up_at": at}
            session.execute(row.values(**tried, **given_up))
            return "failed"
        session.execute(row.values(**tried, send_after=at + BACK_OFF[letter.attempts]))
        return "put_off"
    sent = {"status": MessageStatus.SENT, "sent_at": at, "last_error": None, "claimed_until": None}
    session.execute(row.values(**sent, given_up_at=None))
    return "sent"
