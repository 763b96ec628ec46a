"""A year of training in every region: what led to the certificates, topics, what comes next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from mentorship.demo.care import noon
from mentorship.demo.centres import towns_of
from mentorship.demo.mentors import Adult
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.mentors.models import Certificate, MentorSkill
from mentorship.places.regions import REGIONS
from mentorship.training.models import Course, CourseKind, Enrolment, TrainingSession

PASSING = 70
# Days before today on which the compulsory course began, and the topics; and those to come.
HELD = (425, 365, 305, 245, 185, 125, 65)
TOPICS_HELD = (330, 270, 205, 140, 75, 20)
COMING, TOPIC_COMING = 24, 12
TOPICS = ("trauma", "refresher", "case_management", "grief", "first_aid")
ROOMS = ("Кеңсе", "Облыстық әдістемелік кабинет", "Отбасын қолдау орталығы")


@dataclass
class Held:
    """A session and the places in it, before either has an id."""

    course: Course
    region: str
    starts_on: date
    columns: dict[str, Any]
    places: list[dict[str, Any]] = field(default_factory=list)

    @property
    def ends_on(self) -> date:
        return self.starts_on + timedelta(days=4 if self.course.hours > 16 else 1)


def store_training(
    session: Session,
    random: Random,
    mentors: list[Adult],
    on: date,
    at: datetime,
    staff_id: int,
) -> None:
    """Insert the sessions, who had a seat in them, how it went, and the skills it gave."""
    courses = {course.code: course for course in session.scalars(select(Course))}
    sessions = [
        held
        for number, region in enumerate(REGIONS)
        for held in _sessions(random, courses, region, number, on)
    ]
    _lead_to_certificates(session, random, sessions, mentors, on, staff_id)
    for held in sessions:
        if held.course.kind != CourseKind.COMPULSORY:
            _attend_topic(random, held, mentors, on, staff_id)
    ids = insert_numbered(session, TrainingSession, [_columns(held, at) for held in sessions])
    insert_all(session, Enrolment, [
        place | {"session_id": number}
        for held, number in zip(sessions, ids, strict=True) for place in held.places
    ])  # fmt: skip
    insert_all(session, MentorSkill, list(_skills(sessions)))


def _sessions(
    random: Random, courses: dict[str, Course], region: str, number: int, on: date
) -> Iterator[Held]:
    for ago in HELD:
        yield _session(random, courses["mentors"], region, on - timedelta(days=ago))
    for turn, ago in enumerate(TOPICS_HELD):
        code = TOPICS[(number + turn) % len(TOPICS)]
        yield _session(random, courses[code], region, on - timedelta(days=ago))
    yield _session(random, courses["mentors"], region, on + timedelta(days=COMING))
    code = TOPICS[(number + len(TOPICS_HELD)) % len(TOPICS)]
    yield _session(random, courses[code], region, on + timedelta(days=TOPIC_COMING))


def _session(random: Random, course: Course, region: str, about: date) -> Held:
    online = course.hours <= 16 and random.random() < 0.35
    town = towns_of(region)[0].name_kk
    columns = {
        "hours_of_day": random.choice(("10:00–17:00", "09:30–16:30", "10:00–18:00")),
        "place": None if online else f"{town}, {random.choice(ROOMS)}",
        "link": f"https://meet.example.org/{region}-{about:%m%d}" if online else None,
        "language": random.choice(("kk", "kk", "ru")),
        "trainer": None,
    }
    return Held(course, region, about + timedelta(days=random.randint(0, 6)), columns)


def _columns(held: Held, at: datetime) -> dict[str, Any]:
    return {
        "course_id": held.course.id,
        "region": held.region,
        "starts_on": held.starts_on,
        "ends_on": held.ends_on,
        "seats": max(15, -(-(len(held.places) + 3) // 5) * 5),
        "created_at": min(at, noon(held.starts_on - timedelta(days=40))),
        **held.columns,
    }


def _lead_to_certificates(
    session: Session,
    random: Random,
    sessions: list[Held],
    mentors: list[Adult],
    on: date,
    staff_id: int,
) -> None:
    """A certificate follows a passed course; who has none failed or did not come; who is soon
    without one is enrolled anew, or not yet.
    """
    compulsory = [held for held in sessions if held.course.kind == CourseKind.COMPULSORY]
    papers = {paper.mentor_id: paper for paper in session.scalars(select(Certificate))}
    for mentor in mentors:
        own = [held for held in compulsory if held.region == mentor.region]
        paper = papers.get(mentor.id)
        before = [held for held in own if held.ends_on <= (paper.issued_on if paper else on)]
        last = max(before, key=lambda held: held.ends_on, default=None)
        if paper is None and last:
            score = random.randint(38, PASSING - 1) if random.random() < 0.7 else None
            last.places.append(_place(last, mentor, staff_id, score is not None, score))
        elif paper and last and (paper.issued_on - last.ends_on).days <= 75:
            score = random.randint(PASSING, 98)
            place = _place(last, mentor, staff_id, True, score)
            last.places.append(place | {"certificate_id": paper.id})
        ends_on = paper.expires_on if paper else None
        if (ends_on is None or ends_on <= on + timedelta(days=60)) and random.random() < 0.5:
            coming = next(held for held in own if held.starts_on > on)
            coming.places.append(_seat(coming, mentor, on, staff_id))


def _attend_topic(
    random: Random, held: Held, mentors: list[Adult], on: date, staff_id: int
) -> None:
    coming = held.starts_on > on
    for mentor in mentors:
        drawn = random.random()
        came, score = random.random() < 0.9, random.randint(58, 98)
        if mentor.region != held.region or mentor.joined_on >= held.starts_on:
            continue
        if drawn > (0.2 if coming else 0.4) and not mentor.is_demo_user:
            continue
        if coming:
            held.places.append(_seat(held, mentor, on, staff_id))
            continue
        came = came or mentor.is_demo_user
        tested = score if came and held.course.has_test else None
        held.places.append(_place(held, mentor, staff_id, came, tested))


def _seat(held: Held, mentor: Adult, on: date, staff_id: int) -> dict[str, Any]:
    """A seat of somebody of whom nothing is recorded yet."""
    return {
        "mentor_id": mentor.id,
        "enrolled_by": staff_id,
        "enrolled_at": noon(min(held.starts_on - timedelta(days=20), on - timedelta(days=1))),
        "attended": None,
        "hours": None,
        "score": None,
        "passed": None,
        "test_on": None,
        "recorded_by": None,
        "recorded_at": None,
        "certificate_id": None,
    }


def _place(
    held: Held, mentor: Adult, staff_id: int, came: bool, score: int | None
) -> dict[str, Any]:
    """A place in a session that was held."""
    return _seat(held, mentor, held.starts_on, staff_id) | {
        "attended": came,
        "hours": Decimal(held.course.hours) if came else None,
        "score": score,
        "passed": None if score is None else score >= PASSING,
        "test_on": None if score is None else held.ends_on,
        "recorded_by": staff_id,
        "recorded_at": noon(held.ends_on),
    }


def _skills(sessions: list[Held]) -> Iterator[dict[str, Any]]:
    """The first day on which each mentor passed a course that gives the skill."""
    first: dict[tuple[int, str], date] = {}
    for held in sessions:
        for place in held.places:
            if place["passed"] or (place["attended"] and not held.course.has_test):
                for skill in held.course.skills:
                    key = (place["mentor_id"], skill)
                    first[key] = min(first.get(key, date.max), held.ends_on)
    for (mentor_id, skill), day in sorted(first.items()):
        yield {"mentor_id": mentor_id, "skill": skill, "earned_on": day}
