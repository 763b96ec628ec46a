"""Endings of the last two months with their steps: some complete, some half done, some late."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.closing.models import ClosingStep, Closure, ClosureStep, StepState
from mentorship.closing.services import STEPS, kind_of
from mentorship.demo.care import noon
from mentorship.demo.history import Story
from mentorship.demo.rows import insert_all

SINCE, DUE = timedelta(days=60), timedelta(days=14)
ANSWERS = {
    ClosingStep.GOODBYE: ("meeting", "meeting", "call", "letter"),
    ClosingStep.CONTACT: ("through_centre", "as_they_wish", "none"),
    ClosingStep.VIEW_CHILD: ("5", "4", "4", "3", "not_given"),
    ClosingStep.CHILD_AGAIN: ("now", "no"),
    ClosingStep.MENTOR_AGAIN: ("now", "no"),
}
WHO = ("Воспитатель группы", "Тобының тәрбиешісі", "Психолог центра")
NOTES = {
    ClosingStep.GOALS: "Алты айда екі мақсатқа жетті, үшіншісін тәрбиеші жалғастырады.",
    ClosingStep.OTHER_SIDE: "Выслушали отдельно. Обидно, но понимает, почему.",
    ClosingStep.VIEW_MENTOR: "Было трудно с дорогой. Помогли бы встречи ближе к дому.",
    ClosingStep.VIEW_CARER: "Бала ашылды, сабаққа барғысы келеді.",
    ClosingStep.CHILD_AGAIN: "Спросили через неделю после прощания.",
    ClosingStep.MENTOR_AGAIN: "Алғыс айтылды.",
}
BECAUSE = "Ребёнок уже уехал и не захотел говорить по телефону."


def store_closings(
    session: Session, random: Random, stories: list[Story], on: date, staff_id: int
) -> None:
    """Insert the endings; older matches were closed before endings had steps."""
    rows, steps = [], []
    for story in stories:
        if story.ended_on is None or story.ended_on < on - SINCE:
            continue
        done = list(_steps(random, story, on, staff_id))
        last = max((row["recorded_at"] for row in done if row["recorded_at"]), default=None)
        complete = all(row["state"] != StepState.OPEN for row in done)
        rows.append({
            "match_id": story.id,
            "kind": _kind(story),
            "due_on": story.ended_on + DUE,
            "opened_by": staff_id,
            "opened_at": noon(story.ended_on),
            "done_at": last if complete else None,
        })  # fmt: skip
        steps += done
    insert_all(session, Closure, rows)
    insert_all(session, ClosureStep, steps)


def _kind(story: Story) -> str:
    """An early ending in three is one that a side did not want."""
    return str(kind_of(bool(story.planned), not story.planned and story.id % 3 == 0))


def _steps(random: Random, story: Story, on: date, staff_id: int) -> Iterator[dict[str, Any]]:
    """The first steps are done first; how many, by the time since the end."""
    ended = story.ended_on or on
    codes = STEPS[kind_of(bool(story.planned), not story.planned and story.id % 3 == 0)]
    share = min(1.0, 0.25 + (on - ended).days / 30) if random.random() < 0.8 else 0.6
    for place, code in enumerate(codes, start=1):
        row: dict[str, Any] = {
            "match_id": story.id, "step": code, "state": StepState.OPEN, "done_on": None,
            "who": None, "answer": None, "until_on": None, "note": None,
            "recorded_by": None, "recorded_at": None,
        }  # fmt: skip
        if place <= share * len(codes):
            day = min(on, ended + timedelta(days=random.randint(0, 9)))
            row |= {"recorded_by": staff_id, "recorded_at": noon(day)}
            if code == ClosingStep.VIEW_CHILD and random.random() < 0.2:
                row |= {"state": StepState.CANNOT, "note": BECAUSE}
            else:
                row |= {"state": StepState.DONE, "done_on": day} | _said(random, code, day)
        yield row


def _said(random: Random, code: ClosingStep, day: date) -> dict[str, Any]:
    told = (ClosingStep.TOLD_CHILD, ClosingStep.TOLD_MENTOR, ClosingStep.SUPPORT)
    return {
        "who": random.choice(WHO) if code in (*told, ClosingStep.VIEW_CARER) else None,
        "answer": random.choice(ANSWERS[code]) if code in ANSWERS else None,
        "until_on": day + timedelta(days=60) if code == ClosingStep.SUPPORT else None,
        "note": NOTES.get(code),
    }
