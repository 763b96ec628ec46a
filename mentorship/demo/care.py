"""What happened in each match: check-ins by the real schedule, meetings, a few concerns."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn
from mentorship.check_ins.schedule import due_dates
from mentorship.check_ins.services import PLANNED_AHEAD
from mentorship.concerns.models import Concern
from mentorship.demo.history import Story
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.meetings.models import Meeting, MeetingKind

# Of the check-ins of open matches due in the last days, this share is still to be held.
STILL_OPEN = {10: 0.35, 60: 0.06}
ACTIVITIES = (
    "Қалаға серуенге шықтық", "Бірге кітап оқыдық", "Шахмат ойнадық", "Ас әзірледік",
    "Үй тапсырмасын орындадық", "Киноға бардық", "Играли в футбол", "Готовили ужин",
    "Гуляли в парке", "Ходили в музей", "Разбирали задачи по математике", "Мастерили скворечник",
)  # fmt: skip
NEXT_STEPS = (
    None, None, None, "Келесі айда кітапханаға бару", "Поговорить с воспитателем об оценках",
    "Кездесу уақытын сенбіге ауыстыру", "Помочь с выбором колледжа",
)  # fmt: skip
WORRIES = (
    "Бала соңғы екі кездесуде тұйық болды, мектеп туралы сөйлескісі келмеді.",
    "Ребёнок рассказал о ссоре со старшими воспитанниками, боится возвращаться в группу.",
    "Бала ұйқысы нашар екенін айтты, шаршаңқы көрінді.",
)
STEPS = "Поговорили с ребёнком и воспитателем, договорились о беседах с психологом."


def store_care(
    session: Session, random: Random, stories: list[Story], on: date, staff_id: int
) -> None:
    """Insert check-ins, meetings and concerns of all matches."""
    insert_all(
        session,
        CheckIn,
        [row for story in stories for row in _check_ins(random, story, on, staff_id)],
    )
    meetings = [row for story in stories for row in _meetings(random, story, on)]
    ids = insert_numbered(session, Meeting, meetings)
    children = {story.id: story.child.id for story in stories}
    insert_all(session, Concern, _concerns(random, meetings, ids, children, on, staff_id))


def noon(day: date) -> datetime:
    """Noon in Kazakhstan."""
    return datetime.combine(day, time(7), UTC)


def _check_ins(random: Random, story: Story, on: date, staff_id: int) -> Iterator[dict[str, Any]]:
    until = story.ended_on or on + PLANNED_AHEAD
    for number, due_on in enumerate(due_dates(story.started_on, until=until), start=1):
        last = min(on, story.ended_on or on)
        held = due_on <= last and not _still_open(random, story, due_on, on)
        row: dict[str, Any] = {
            "match_id": story.id,
            "number": number,
            "due_on": due_on,
            "held_on": None,
            "spoke_with": None,
            "rating": None,
            "next_step": None,
            "recorded_by": None,
            "recorded_at": None,
        }
        if held:
            held_on = min(due_on + timedelta(days=random.randint(-2, 6)), last)
            row |= _outcome(random, max(held_on, story.started_on), staff_id)
        yield row


def _still_open(random: Random, story: Story, due_on: date, on: date) -> bool:
    shares = (share for days, share in STILL_OPEN.items() if (on - due_on).days < days)
    return story.ended_on is None and random.random() < next(shares, 0)


def _outcome(random: Random, held_on: date, staff_id: int) -> dict[str, Any]:
    voices = draw_weighted(
        random, {"mentor": 4, "mentor,child": 4, "mentor,carer": 2, "mentor,child,carer": 2}
    )
    return {
        "held_on": held_on,
        "spoke_with": voices,
        "rating": draw_weighted(random, {5: 6, 4: 9, 3: 4, 2: 1}),
        "next_step": random.choice(NEXT_STEPS),
        "recorded_by": staff_id,
        "recorded_at": noon(held_on),
    }


def _meetings(random: Random, story: Story, on: date) -> Iterator[dict[str, Any]]:
    """A meeting every week to four weeks, often at the weekend; the last one names the next."""
    pause = random.choice((7, 10, 14, 14, 21, 28))
    day = story.started_on + timedelta(days=random.randint(2, 12))
    last = min(on, story.ended_on or on)
    while day <= last:
        following = day + timedelta(days=max(3, pause + random.randint(-3, 5)))
        open_end = story.ended_on is None and following > last
        next_on = max(following, on + timedelta(days=2)) if open_end else None
        yield _meeting(random, story, day, next_on)
        day = following


def _meeting(random: Random, story: Story, day: date, next_on: date | None) -> dict[str, Any]:
    kinds = {MeetingKind.IN_PERSON: 16, MeetingKind.ONLINE: 3, MeetingKind.PHONE: 1}
    return {
        "match_id": story.id,
        "held_on": day,
        "kind": draw_weighted(random, kinds),
        "minutes": random.choice((45, 60, 60, 90, 90, 120, 180)),
        "activity": random.choice(ACTIVITIES),
        "went": draw_weighted(random, {5: 8, 4: 8, 3: 3, 2: 1}),
        "notes": None,
        "next_on": next_on,
        "logged_by": None,
        "logged_at": noon(day),
    }


def _concerns(
    random: Random,
    meetings: list[dict[str, Any]],
    ids: list[int],
    children: dict[int, int],
    on: date,
    staff_id: int,
) -> list[dict[str, Any]]:
    """One meeting in four hundred worried the mentor; the last days' ones wait for review."""
    rows = []
    for meeting, meeting_id in zip(meetings, ids, strict=True):
        fresh = (on - meeting["held_on"]).days <= 3
        if random.random() > (0.06 if fresh else 0.0025):
            continue
        raised_at = meeting["logged_at"]
        rows.append({
            "child_id": children[meeting["match_id"]],
            "origin": "meeting",
            "severity": "worry",
            "match_id": meeting["match_id"],
            "meeting_id": meeting_id,
            "text": random.choice(WORRIES),
            "raised_by": None,
            "raised_at": raised_at,
            "review_by": raised_at + timedelta(days=1),
            "reviewed_by": None if fresh else staff_id,
            "reviewed_at": None if fresh else raised_at + timedelta(hours=20),
        })  # fmt: skip
    return rows
