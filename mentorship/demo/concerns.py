"""Worries about children: old ones that two people closed, and some in every state today."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.concerns.models import Concern, ConcernEvent, EventKind
from mentorship.demo.history import Story
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.demo.users import COLLEAGUE, COORDINATED
from mentorship.i18n import as_day

HOUR = timedelta(hours=1)
SEEN = (
    "Бала соңғы екі кездесуде тұйық болды, мектеп туралы сөйлескісі келмеді.",
    "Ребёнок рассказал о ссоре со старшими воспитанниками, боится возвращаться в группу.",
    "Бала ұйқысы нашар екенін айтты, шаршаңқы көрінді.",
)
SERIOUS = (
    "На руке синяки. Сказал: «Ударился», и сменил тему.",
    "Бала: «Маған түнде тыныштық бермейді», – деді, кім екенін айтпады.",
)
FOUND = "Поговорили с ребёнком и воспитателем, договорились о беседах с психологом."
CLOSES = "Бала тыныш, психологпен сөйлесіп жүр, тәрбиеші бақылайды."
# What the coordinator who signs in finds today: origin, severity, hours ago, how far it is.
TODAY = (
    ("mentor", "serious", 30, "waiting"),
    ("child", "worry", 2, "waiting"),
    ("mentor", "danger", 1, "under_way"),
    ("staff", "serious", 70, "restricted"),
    ("check_in", "worry", 120, "asked"),
    ("meeting", "worry", 150, "under_way"),
)


def store_concerns(
    session: Session,
    random: Random,
    stories: list[Story],
    meetings: list[dict[str, Any]],
    at: datetime,
    staff_id: int,
    mentor_id: int,
) -> None:
    """Insert concerns with their timelines.

    `mentor_id`: the mentor who signs in, who wrote two themselves.
    """
    second = session.scalars(select(User.id).where(User.email == COLLEAGUE)).one()
    children = {story.id: story.child.id for story in stories}
    rows = list(_from_meetings(random, meetings, children, as_day(at), staff_id, second))
    rows += _of_today(random, stories, at, staff_id, second)
    rows += _of_mentor(random, stories, at, mentor_id, staff_id, second)
    numbers = insert_numbered(session, Concern, rows)
    events = (_events(row, number) for row, number in zip(rows, numbers, strict=True))
    insert_all(session, ConcernEvent, [event for found in events for event in found])


def _concern(
    random: Random, raised_at: datetime, state: str, staff_id: int, second: int
) -> dict[str, Any]:
    """The columns that every concern has; `state` as its page says it."""
    reviewed = None if state == "waiting" else raised_at + 20 * HOUR
    asked = raised_at + 90 * HOUR if state in ("asked", "closed") else None
    return {
        "meeting_id": None,
        "origin": "meeting",
        "severity": "worry",
        "text": random.choice(SEEN),
        "raised_by": None,
        "raised_at": raised_at,
        "told_at": raised_at,
        "owner_id": staff_id if reviewed else None,
        "restricted": False,
        "review_by": raised_at + 24 * HOUR,
        "reviewed_by": staff_id if reviewed else None,
        "reviewed_at": reviewed,
        "reminded_at": None,
        "asked_by": staff_id if asked else None,
        "asked_at": asked,
        "outcome": "helped" if asked else None,
        "closed_by": second if state == "closed" else None,
        "closed_at": raised_at + 100 * HOUR if state == "closed" else None,
    }


def _from_meetings(
    random: Random,
    meetings: list[dict[str, Any]],
    children: dict[int, int],
    on: date,
    staff_id: int,
    second: int,
) -> Iterator[dict[str, Any]]:
    """One meeting in four hundred worried the mentor; the last days' ones wait for a look."""
    for meeting in meetings:
        days = (on - meeting["held_on"]).days
        if random.random() > (0.03 if days <= 1 else 0.0025):
            continue
        state = "waiting" if days <= 1 else "under_way" if days <= 6 else "closed"
        row = _concern(random, meeting["logged_at"], state, staff_id, second)
        about = {"child_id": children[meeting["match_id"]], "match_id": meeting["match_id"]}
        yield row | about | {"meeting_id": meeting["id"]}


def _of_today(
    random: Random, stories: list[Story], at: datetime, staff_id: int, second: int
) -> Iterator[dict[str, Any]]:
    open_ones = [s for s in stories if s.ended_on is None and s.mentor.region in COORDINATED]
    for (origin, severity, hours, state), story in zip(
        TODAY, random.sample(open_ones, min(len(TODAY), len(open_ones))), strict=False
    ):
        raised_at = at - hours * HOUR
        row = _concern(random, raised_at, state, staff_id, second)
        row |= {"child_id": story.child.id, "match_id": story.id}
        row |= {"origin": origin, "severity": severity}
        if severity != "worry":
            row["text"] = random.choice(SERIOUS)
        if severity == "danger":
            row |= {"reviewed_at": raised_at + HOUR / 2}
        if state == "restricted":
            row |= {"restricted": True, "owner_id": second, "reviewed_by": second}
        if state == "asked":  # by the colleague: who signs in can sign
            row |= {"asked_by": second, "asked_at": at - 3 * HOUR, "owner_id": second}
        yield row


def _of_mentor(
    random: Random, stories: list[Story], at: datetime, mentor_id: int, staff_id: int, second: int
) -> Iterator[dict[str, Any]]:
    mine = [s for s in stories if s.ended_on is None and s.mentor.is_demo_user]
    for story, state, hours in zip(mine, ("waiting", "closed"), (5, 480), strict=False):
        row = _concern(random, at - hours * HOUR, state, staff_id, second)
        about = {"child_id": story.child.id, "match_id": story.id, "raised_by": mentor_id}
        yield row | about | {"origin": "mentor"}


def _events(row: dict[str, Any], number: int) -> Iterator[dict[str, Any]]:
    """The timeline that such a row must have."""

    def event(kind: EventKind, at: datetime, by: int | None, **more: Any) -> dict[str, Any]:
        bare = {"text": None, "step": None, "happened_at": None, "user_id": None}
        return {"concern_id": number, "kind": kind, "at": at, "by": by, **bare, **more}

    yield event(EventKind.RAISED, row["raised_at"], row["raised_by"])
    if row["severity"] == "danger":
        for step in ("called_102", "told_director", "child_safe"):
            when = row["raised_at"]
            yield event(EventKind.STEP, when, row["raised_by"], step=step, happened_at=when)
    if row["reviewed_at"]:
        by = row["reviewed_by"]
        yield event(EventKind.OWNER, row["reviewed_at"], by, user_id=row["owner_id"])
        yield event(EventKind.REVIEWED, row["reviewed_at"], by, text=FOUND)
    if row["restricted"]:
        yield event(EventKind.RESTRICTED, row["reviewed_at"], row["owner_id"])
    if row["asked_at"]:
        yield event(EventKind.ASKED, row["asked_at"], row["asked_by"], text=CLOSES)
    if row["closed_at"]:
        yield event(EventKind.CLOSED, row["closed_at"], row["closed_by"])
