"""What happened in each match: check-ins by the real schedule, and meetings."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.check_ins.models import CheckIn, ContactKind, Way
from mentorship.check_ins.schedule import DAY, Version, wanted
from mentorship.check_ins.store import PLANNED_AHEAD, versions
from mentorship.demo.history import Story
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.meetings.models import Meeting, MeetingKind

# Of the contacts of open matches due in the last days, this share is still to be held.
STILL_OPEN = {7: 0.2, 30: 0.05, 90: 0.02}
MISSED = 0.03
LATE = (-3, -1, 0, 0, 0, 0, 1, 1, 2, 2, 3, 5, 9)
ACTIVITIES = (
    "Қалаға серуенге шықтық", "Бірге кітап оқыдық", "Шахмат ойнадық", "Ас әзірледік",
    "Үй тапсырмасын орындадық", "Киноға бардық", "Играли в футбол", "Готовили ужин",
    "Гуляли в парке", "Ходили в музей", "Разбирали задачи по математике", "Мастерили скворечник",
)  # fmt: skip
NEXT_STEPS = (
    None, None, None, "Келесі айда кітапханаға бару", "Поговорить с воспитателем об оценках",
    "Кездесу уақытын сенбіге ауыстыру", "Помочь с выбором колледжа",
)  # fmt: skip


def store_care(
    session: Session, random: Random, stories: list[Story], on: date, staff_id: int
) -> list[dict[str, Any]]:
    """Insert the contacts and meetings of all matches; the meetings, with their ids."""
    policy = versions(session)
    contacts = (_check_ins(random, story, policy, on, staff_id) for story in stories)
    insert_all(session, CheckIn, [row for rows in contacts for row in rows])
    meetings = [row for story in stories for row in _meetings(random, story, on)]
    ids = insert_numbered(session, Meeting, meetings)
    return [row | {"id": number} for row, number in zip(meetings, ids, strict=True)]


def noon(day: date) -> datetime:
    """Noon in Kazakhstan."""
    return datetime.combine(day, time(7), UTC)


def _check_ins(
    random: Random, story: Story, policy: list[Version], on: date, staff_id: int
) -> Iterator[dict[str, Any]]:
    """The contacts of a match by the programme's own plan, kind by kind."""
    until = story.ended_on - DAY if story.ended_on else on + PLANNED_AHEAD
    last = min(on, story.ended_on or on)
    for kind in ContactKind:
        dues = wanted(policy, kind, story.started_on, until)
        for number, due in enumerate(dues, start=1):
            following = dues[number].on if number < len(dues) else story.ended_on
            row: dict[str, Any] = {
                "match_id": story.id,
                "kind": kind,
                "number": number,
                "slot": due.slot,
                "policy_id": due.version,
                "due_on": due.on,
                "held_on": None,
                "missed_on": None,
                "way": None,
                "rating": None,
                "next_step": None,
                "recorded_by": None,
                "recorded_at": None,
            }
            yield row | _what_came_of_it(random, story, due.on, following, last, staff_id)


def _what_came_of_it(
    random: Random, story: Story, due_on: date, following: date | None, last: date, staff_id: int
) -> dict[str, Any]:
    """Most contacts are held within days of their day; some are missed, some still overdue."""
    if due_on > last:
        return {}
    over = following is not None and following <= last
    if not over and story.ended_on is None and random.random() < _still_open(due_on, last):
        return {}
    if over and random.random() < MISSED:
        return {"missed_on": following}
    held_on = max(due_on + timedelta(days=random.choice(LATE)), story.started_on)
    return _outcome(random, min(held_on, last), staff_id)


def _still_open(due_on: date, on: date) -> float:
    shares = (share for days, share in STILL_OPEN.items() if (on - due_on).days < days)
    return next(shares, 0)


def _outcome(random: Random, held_on: date, staff_id: int) -> dict[str, Any]:
    return {
        "held_on": held_on,
        "way": draw_weighted(random, {Way.PHONE: 6, Way.VISIT: 3, Way.ONLINE: 1}),
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
