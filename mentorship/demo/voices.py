"""What children and carers said of each match in the last year, most of it by a link."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn, ContactKind, Way
from mentorship.children.models import Child
from mentorship.concerns.models import ConcernOrigin, Severity
from mentorship.concerns.services import raise_concern
from mentorship.demo.care import noon
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.matches.models import Match
from mentorship.places.models import Centre
from mentorship.voices.facts import QUESTIONS, Voice, overall
from mentorship.voices.models import VoiceAnswer, VoiceLink
from mentorship.voices.transport import code_hash, code_of

LASTS = timedelta(hours=72)
BY_LINK = 0.55
SKIPPED = 0.06
CHILDREN_OF = "35"  # whose coordinator has a child who does not feel safe, and others to look at
NOTES = (
    *(None,) * 8,
    "После встреч спокойнее засыпает.",
    "Кездесуден кейін көп әңгімелейді.",
    "Ждёт выходных, сам собирает вещи.",
)
TALK = "Бала «Біреумен сөйлескім келеді» түймесін басты. Себебі белгісіз."


@dataclass(frozen=True)
class Held:
    """A contact with a child or a carer that was held."""

    id: int
    match_id: int
    kind: ContactKind
    held_on: date | None
    language: str

    def answered_at(self, minutes: int) -> datetime:
        """An hour of the afternoon of the day it was held."""
        if self.held_on is None:
            raise ValueError("a contact that was not held has no answer")
        return noon(self.held_on) + timedelta(minutes=minutes)


def store_voices(
    session: Session, random: Random, secret: str, on: date, at: datetime, staff_id: int
) -> None:
    """Let many held contacts have been answers by a link, and leave some links open."""
    held = _held(session, on)
    asked = [row for row in held if random.random() < BY_LINK]
    moods: dict[int, int] = defaultdict(lambda: draw_weighted(random, {5: 5, 4: 9, 3: 3, 2: 1}))
    links = [_link(random, secret, row, at, staff_id) for row in asked]
    ids = insert_numbered(session, VoiceLink, links)
    answers = [
        _answer(random, row, link, number, moods[row.match_id])
        for row, link, number in zip(asked, links, ids, strict=True)
    ]
    insert_all(session, VoiceAnswer, answers)
    session.execute(
        update(CheckIn),
        [
            {"id": row.id, "way": Way.LINK, "rating": overall(said["answers"]), "recorded_by": None}
            for row, said in zip(asked, answers, strict=True)
        ],
    )
    session.expire_all()
    _worth_looking_at(session, on, at)
    _open_links(session, random, secret, on, at, staff_id)


def _held(session: Session, on: date) -> list[Held]:
    query = (
        select(CheckIn.id, CheckIn.match_id, CheckIn.kind, CheckIn.held_on, Child.first_language)
        .join(CheckIn.match)
        .join(Match.child)
        .where(
            CheckIn.kind.in_((ContactKind.CHILD, ContactKind.CARER)),
            CheckIn.held_on.between(on - timedelta(days=365), on - timedelta(days=1)),
            Match.ended_on.is_(None),
        )
        .order_by(CheckIn.id)
    )
    return [Held(*row) for row in session.execute(query)]


def _link(
    random: Random, secret: str, row: Held, at: datetime, staff_id: int, used: bool = True
) -> dict[str, Any]:
    answered_at = row.answered_at(random.randrange(400)) if used else at
    made_at = answered_at - timedelta(hours=random.randrange(2, 40))
    nonce = f"{random.getrandbits(96):024x}"
    return {
        "match_id": row.match_id,
        "check_in_id": row.id,
        "voice": Voice(row.kind),
        "nonce": nonce,
        "code_hash": code_hash(code_of(nonce, secret), secret),
        "language": row.language if row.language in ("kk", "ru") else "kk",
        "made_by": staff_id,
        "made_at": made_at,
        "expires_at": made_at + LASTS,
        "opened_at": answered_at if used else None,
        "used_at": answered_at if used else None,
    }


def _answer(
    random: Random, row: Held, link: dict[str, Any], number: int, mood: int
) -> dict[str, Any]:
    voice = link["voice"]
    return {
        "match_id": row.match_id,
        "voice": voice,
        "check_in_id": row.id,
        "link_id": number,
        "language": link["language"],
        "answered_at": link["used_at"],
        "finished_at": link["used_at"],
        "answers": {
            question: _step(random, question, mood)
            for question in QUESTIONS[voice]
            if random.random() > SKIPPED
        },
        "note": random.choice(NOTES) if voice == Voice.CARER else None,
    }


def _step(random: Random, question: str, mood: int) -> int:
    """Around the mood of the match; whether a child feels safe is rarely in doubt."""
    if question == "safe":
        return random.choice((5, 5, 5, 4))
    return min(5, max(1, mood + random.choice((-1, 0, 0, 0, 1))))


def _newest_of_children(session: Session, on: date) -> Sequence[VoiceAnswer]:
    """The last answers of children of one region, each of another match, the newest first."""
    query = (
        select(VoiceAnswer)
        .join(VoiceAnswer.match)
        .join(Match.child)
        .join(Child.centre)
        .where(VoiceAnswer.voice == Voice.CHILD, Centre.region == CHILDREN_OF)
        .where(VoiceAnswer.answered_at > noon(on - timedelta(days=45)))
        .order_by(VoiceAnswer.answered_at.desc(), VoiceAnswer.id.desc())
    )
    return list({row.match_id: row for row in reversed(session.scalars(query).all())}.values())[
        ::-1
    ]


def _worth_looking_at(session: Session, on: date, at: datetime) -> None:
    """A child who does not feel safe, one who sees it otherwise, one who wants to talk."""
    rows = _newest_of_children(session, on)
    said = ({"glad": 3, "heard": 3, "safe": 2, "fun": 3, "go_on": 3}, {"glad": 1, "fun": 2}, None)
    for row, answers in zip(rows, said, strict=False):
        if answers is None:
            row.wants_to_talk = True
            asked_at = at - timedelta(hours=3)
            raise_concern(
                session,
                row.match,
                TALK,
                origin=ConcernOrigin.CHILD,
                severity=Severity.SERIOUS,
                by=None,
                at=asked_at,
            )
            continue
        row.answers = answers
        check_in = session.get(CheckIn, row.check_in_id)
        if check_in is not None:
            check_in.rating = row.rating
    session.flush()


def _open_links(
    session: Session, random: Random, secret: str, on: date, at: datetime, staff_id: int
) -> None:
    """One due contact in four has a link that nobody has answered yet."""
    query = (
        select(CheckIn.id, CheckIn.match_id, CheckIn.kind, CheckIn.due_on, Child.first_language)
        .join(CheckIn.match)
        .join(Match.child)
        .where(
            CheckIn.kind.in_((ContactKind.CHILD, ContactKind.CARER)),
            CheckIn.held_on.is_(None),
            CheckIn.missed_on.is_(None),
            CheckIn.due_on <= on + timedelta(days=7),
            Match.ended_on.is_(None),
        )
        .order_by(CheckIn.id)
    )
    due = [Held(*row) for row in session.execute(query) if random.random() < 0.25]
    newest = {(row.match_id, row.kind): row for row in due}.values()
    insert_all(
        session,
        VoiceLink,
        [_link(random, secret, row, at, staff_id, used=False) for row in newest],
    )
