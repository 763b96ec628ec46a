"""360 mentors in all regions, with their papers: mostly in order, some expiring, a few not."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.demo.centres import towns_of
from mentorship.demo.figures import CENTRES, MENTORS, YEARS, share
from mentorship.demo.people import (
    Iins,
    birth_date_at_age,
    draw_first_language,
    draw_interests,
    draw_languages,
    draw_weighted,
    person_columns,
)
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.mentors.models import (
    Certificate,
    Clearance,
    ClearanceKind,
    ClearanceResult,
    Mentor,
    MentorInterest,
    MentorLanguage,
    MentorStatus,
)
from mentorship.mentors.queries import clearance_kinds
from mentorship.people.vocabulary import Level, Sex
from mentorship.places.regions import Town

CERTIFIED_FOR = timedelta(days=548)
CHECKED_FOR = timedelta(days=365)
DEMO_REGION = "35"
PAPERS = {"current": 88, "expires_soon": 5, "expired": 5, "none": 2}
CHECKS = {"clear": 987, "out_of_date": 6, "pending": 3, "missing": 3, "adverse": 1}
CITIES = {"71": 5, "75": 7, "79": 3, "35": 3}  # more volunteers than their centres would suggest


@dataclass
class Adult:
    """A mentor as the history needs them; `id` is known once the rows are in."""

    region: str
    town: Town
    columns: dict[str, Any]
    joined_on: date
    languages: dict[str, str]
    interests: list[str]
    is_demo_user: bool = False
    id: int = 0
    papers_in_order: bool = True
    fluent: frozenset[str] = field(default=frozenset())


def make_mentors(random: Random, iins: Iins, on: date, at: datetime) -> list[Adult]:
    """Every mentor; the first of Karaganda is the one who signs in."""
    weights = {region: number + CITIES.get(region, 0) for region, number in CENTRES.items()}
    mentors = [
        draw_adult(random, iins, on, at, region)
        for region, number in share(MENTORS, weights, least=5).items()
        for _ in range(number)
    ]
    for number, mentor in enumerate(mentors, start=1):
        mentor.columns |= {
            "phone": f"+7700{number:07}",
            "email": f"mentor{number}@example.org",
        }
    _prepare_demo_mentor(next(m for m in mentors if m.region == DEMO_REGION), on)
    return mentors


def draw_adult(random: Random, iins: Iins, on: date, at: datetime, region: str) -> Adult:
    """Somebody of a region who mentors or would like to, with a home and free places."""
    sex = Sex.FEMALE if random.random() < 0.62 else Sex.MALE
    birth_date = birth_date_at_age(random, on, int(random.triangular(25, 66, 34)))
    first = draw_first_language(random, region)
    languages = draw_languages(random, first, adult=True)
    towns = towns_of(region)
    town = random.choices(towns, [4] + [1] * (len(towns) - 1))[0]
    columns = person_columns(random, first, sex, birth_date, iins.draw(birth_date, sex), at) | {
        "region": region,
        "town": town.name_kk,
        "reach_km": draw_weighted(random, {15: 2, 30: 4, 50: 5, 80: 3, 150: 2, 250: 1}),
        "capacity": draw_weighted(random, {1: 4, 2: 5, 3: 3, 4: 1}),
        "status": draw_weighted(
            random, {MentorStatus.ACTIVE: 94, MentorStatus.PAUSED: 5, MentorStatus.SUSPENDED: 1}
        ),
        "user_id": None,
        "weekdays": [],
    }
    return Adult(
        region=region,
        town=town,
        columns=columns,
        joined_on=on - timedelta(days=int(random.triangular(30, YEARS * 365, YEARS * 350))),
        languages=languages,
        interests=draw_interests(random),
        fluent=frozenset(code for code, level in languages.items() if level == Level.FLUENT),
    )


def _prepare_demo_mentor(mentor: Adult, on: date) -> None:
    home = towns_of(DEMO_REGION)[0]
    mentor.is_demo_user, mentor.town = True, home
    mentor.joined_on = on - timedelta(days=480)
    mentor.languages = {"kk": Level.FLUENT.value, "ru": Level.FLUENT.value}
    mentor.fluent = frozenset(mentor.languages)
    mentor.columns |= {
        "town": home.name_kk,
        "email": "mentor@example.org",
        "reach_km": 80,
        "capacity": 3,
        "status": MentorStatus.ACTIVE,
    }


def store_mentors(
    session: Session, random: Random, mentors: list[Adult], on: date, at: datetime
) -> None:
    """Insert the mentors with their languages, interests, certificates and clearances."""
    ids = insert_numbered(session, Mentor, [mentor.columns for mentor in mentors])
    certificates: list[dict[str, Any]] = []
    clearances: list[dict[str, Any]] = []
    kinds = [kind for kind in clearance_kinds(session) if kind.required]
    for mentor, number in zip(mentors, ids, strict=True):
        mentor.id = number
        certificates += _certificate(random, mentor, on, at)
        for kind in kinds:
            clearances += _clearances(random, mentor, kind, on, at)
    insert_all(session, MentorLanguage, [
        {"mentor_id": m.id, "language": code, "level": level}
        for m in mentors for code, level in m.languages.items()
    ])  # fmt: skip
    insert_all(session, MentorInterest, [
        {"mentor_id": m.id, "interest": code} for m in mentors for code in m.interests
    ])  # fmt: skip
    insert_all(session, Certificate, certificates)
    insert_all(session, Clearance, clearances)


def _certificate(random: Random, mentor: Adult, on: date, at: datetime) -> list[dict[str, Any]]:
    state = "current" if mentor.is_demo_user else draw_weighted(random, PAPERS)
    if state == "none":
        mentor.papers_in_order = False
        return []
    days_left = {
        "current": random.randint(70, CERTIFIED_FOR.days - 10),
        "expires_soon": random.randint(1, 45),
        "expired": -random.randint(1, 40),
    }[state]
    mentor.papers_in_order &= days_left >= 0
    expires_on = on + timedelta(days=days_left)
    issued_on = expires_on - CERTIFIED_FOR
    return [
        {
            "mentor_id": mentor.id,
            "number": f"DEMO-{issued_on.year}-{mentor.id:05}",
            "issuer": "«Тәлімгер мектебі» қоғамдық қоры",
            "issued_on": issued_on,
            "expires_on": expires_on,
            "recorded_at": at,
        }
    ]


def _clearances(
    random: Random, mentor: Adult, kind: ClearanceKind, on: date, at: datetime
) -> list[dict[str, Any]]:
    """The newest check of this kind, and last year's where the mentor was there already."""
    state = "clear" if mentor.is_demo_user else draw_weighted(random, CHECKS)
    if state == "missing":
        mentor.papers_in_order = False
        return []
    age = random.randint(370, 420) if state == "out_of_date" else random.randint(3, 330)
    result = ClearanceResult(state) if state in ("pending", "adverse") else ClearanceResult.CLEAR
    mentor.papers_in_order &= state == "clear"
    found = [_clearance(mentor, kind, result, on - timedelta(days=age), at)]
    earlier = on - timedelta(days=age + 350)
    if earlier >= mentor.joined_on:
        found.insert(0, _clearance(mentor, kind, ClearanceResult.CLEAR, earlier, at))
    return found


def _clearance(
    mentor: Adult, kind: ClearanceKind, result: ClearanceResult, checked_on: date, at: datetime
) -> dict[str, Any]:
    return {
        "mentor_id": mentor.id,
        "kind": kind.code,
        "result": result,
        "issuer": None,
        "number": None,
        "checked_on": checked_on,
        "valid_until": None
        if result is ClearanceResult.PENDING or kind.months is None
        else checked_on + CHECKED_FOR,
        "recorded_by": None,
        "recorded_at": at,
    }
