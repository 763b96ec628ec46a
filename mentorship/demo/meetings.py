"""Weekly meetings, what did not take place, who read and answered, and who asked for help."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mentorship.accounts.models import User
from mentorship.demo.care import noon
from mentorship.demo.history import Story
from mentorship.demo.people import draw_weighted
from mentorship.demo.rows import insert_all
from mentorship.matches.models import Match
from mentorship.meetings.models import (
    CancelledBy,
    HelpRequest,
    Meeting,
    Reply,
    Slot,
    Substitute,
    SubstituteStatus,
)
from mentorship.meetings.queries import refusals
from mentorship.mentors.models import Mentor
from mentorship.permissions import Role

READ_WITHIN = timedelta(days=4)
PLACES = ("Орталықта", "Кітапханада", "Спорт залда", "В центре", "В библиотеке", "Қалалық саябақта")
REPLIES = (
    "Рахмет, жақсы болыпты. Келесі жолы мектеп туралы сұраңызшы.",
    "Спасибо, что написали так подробно. Ребёнок ждёт следующей встречи.",
    "Жарайсыз. Тәрбиеші де баланың көңілі көтерілгенін айтты.",
    "Спасибо. Если снова не получится, позвоните в центр заранее.",
)
REASONS = ("Боран, жол жабық болды", "Заболел", "Орталықта карантин", None)
ASKS = (
    "Бала мектепке барғысы келмейді, қалай сөйлескен дұрыс?",
    "Как помочь с выбором колледжа? К кому обратиться?",
)
ANSWER = "Сейсенбіде хабарласамын, бірге ойланайық. Әзірге баланы тыңдаңыз, ақыл айтпаңыз."


def store_slots_and_answers(
    session: Session, random: Random, stories: list[Story], users: dict[Role, User], on: date
) -> None:
    """What lies around the meetings; the mentor and the coordinator who sign in see some of it."""
    staff = users[Role.COORDINATOR]
    _mark_read(session, on, staff.id)
    now = [story for story in stories if story.ended_on is None]
    insert_all(session, Slot, [_slot(random, s, on) for s in now if _meets_weekly(random, s)])
    insert_all(session, Meeting, [_cancelled(random, s, on) for s in now if random.random() < 0.2])
    own = [story for story in now if story.mentor.is_demo_user]
    mine = update(Meeting).where(Meeting.match_id.in_([story.id for story in own]))
    session.execute(mine.values(logged_by=users[Role.MENTOR].id))
    _answer(session, random, [story.id for story in own], on, staff.id)
    home = [s for s in now if s.mentor.region == "35" and not s.mentor.is_demo_user]
    _ask_for_help(session, own, home, on, staff.id)
    _find_substitutes(session, own, home, on, staff.id)


def _mark_read(session: Session, on: date, staff_id: int) -> None:
    """Everything but the last days' entries has been read."""
    older = update(Meeting).where(Meeting.held_on < on - READ_WITHIN)
    session.execute(older.values(read_at=Meeting.logged_at, read_by=staff_id))


def _meets_weekly(random: Random, story: Story) -> bool:
    return random.random() < 0.8 or story.mentor.is_demo_user


def _slot(random: Random, story: Story, on: date) -> dict[str, Any]:
    """A weekly day, set a week ago; the mentor who signs in met one child yesterday."""
    first = max(story.started_on, on - timedelta(days=7))
    weekday = (on - timedelta(days=1)).weekday()
    return {
        "match_id": story.id,
        "weekday": weekday if story.mentor.is_demo_user else random.choice((2, 4, 5, 5, 6, 6)),
        "at_time": time(random.choice((11, 14, 15, 16)), random.choice((0, 30))),
        "minutes": random.choice((60, 90, 120)),
        "place": random.choice(PLACES),
        "from_on": first,
        "until_on": None,
        "made_by": None,
        "made_at": noon(first),
    }


def _cancelled(random: Random, story: Story, on: date) -> dict[str, Any]:
    day = max(story.started_on, on - timedelta(days=random.randint(1, 60)))
    unread = on - day <= READ_WITHIN
    return {
        "match_id": story.id,
        "held_on": day,
        "cancelled_by": draw_weighted(
            random,
            {
                CancelledBy.MENTOR: 4,
                CancelledBy.CHILD: 3,
                CancelledBy.CENTRE: 2,
                CancelledBy.WEATHER: 2,
            },
        ),
        "cancel_reason": random.choice(REASONS),
        "as_planned": False,
        "logged_by": None,
        "logged_at": noon(day),
        "read_at": None if unread else noon(day),
        "read_by": None,
    }


def _answer(session: Session, random: Random, own: Sequence[int], on: date, staff_id: int) -> None:
    """Some entries of the last month are answered, and one of the mentor who signs in."""
    query = select(Meeting.id, Meeting.held_on).where(Meeting.read_by == staff_id)
    recent = session.execute(query.where(Meeting.held_on >= on - timedelta(days=30))).all()
    chosen = [row for row in recent if random.random() < 0.15]
    theirs = session.execute(
        query.where(Meeting.match_id.in_(own)).order_by(Meeting.held_on.desc()).limit(1)
    ).all()
    rows = {row.id: row.held_on for row in [*chosen, *theirs]}
    fresh = {row.id for row in theirs}
    insert_all(
        session,
        Reply,
        [
            {
                "meeting_id": number,
                "text": random.choice(REPLIES),
                "written_by": staff_id,
                "written_at": noon(day + timedelta(days=1)),
                "seen_at": None if number in fresh else noon(day + timedelta(days=1)),
            }
            for number, day in rows.items()
        ],
    )


def _ask_for_help(
    session: Session, own: list[Story], home: list[Story], on: date, staff_id: int
) -> None:
    """One request waits, and one of the mentor who signs in has its answer."""
    for story in home[:1]:
        session.add(_help(story, ASKS[1], on))
    for story in own[:1]:
        row = _help(story, ASKS[0], on - timedelta(days=3))
        row.answer, row.answered_by = ANSWER, staff_id
        row.answered_at = noon(on - timedelta(days=2))
        session.add(row)


def _help(story: Story, text: str, day: date) -> HelpRequest:
    asked_at = noon(day - timedelta(days=1))
    return HelpRequest(mentor_id=story.mentor.id, match_id=story.id, text=text, asked_at=asked_at)


def _find_substitutes(
    session: Session, own: list[Story], home: list[Story], on: date, staff_id: int
) -> None:
    """Somebody is asked for, and the mentor who signs in stands in for another, if they may."""
    for story in home[1:2]:
        session.add(_wish(story, on + timedelta(days=5), on + timedelta(days=19), on))
    for mentor in (session.get_one(Mentor, story.mentor.id) for story in own[:1]):
        for story in home[2:12]:
            match = session.get_one(Match, story.id)
            if any(hold.ended_at is None for hold in match.holds):
                continue
            if refusals(session, mentor, match, on):
                continue
            row = _wish(story, on - timedelta(days=2), on + timedelta(days=9), on)
            row.mentor_id, row.status = mentor.id, SubstituteStatus.APPOINTED
            row.child_agreed_on, row.decided_by = on - timedelta(days=3), staff_id
            row.decided_at = noon(on - timedelta(days=3))
            session.add(row)
            break
    session.flush()


def _wish(story: Story, first: date, last: date, on: date) -> Substitute:
    asked_at = noon(on - timedelta(days=4))
    return Substitute(
        match_id=story.id,
        from_on=first,
        until_on=last,
        status=SubstituteStatus.ASKED,
        asked_at=asked_at,
    )
