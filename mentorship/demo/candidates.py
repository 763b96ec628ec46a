"""People on the way to becoming mentors, at every step, and how those who are mentors came in."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.candidates.vocabulary import CandidateEnd, CandidateSource, Step, StepOutcome
from mentorship.demo.care import noon
from mentorship.demo.figures import CENTRES, share
from mentorship.demo.mentors import Adult, draw_adult
from mentorship.demo.people import Iins
from mentorship.demo.rows import insert_all, insert_numbered
from mentorship.demo.users import COORDINATED
from mentorship.mentors.models import (
    Clearance,
    ClearanceResult,
    Mentor,
    MentorInterest,
    MentorLanguage,
    MentorStatus,
)
from mentorship.mentors.queries import clearance_kinds

CANDIDATES = 60
# How far they have come: the step that is under way, or how it ended.
STAGES = (
    Step.APPLICATION, Step.APPLICATION, Step.INTERVIEW, Step.HOUSING, Step.CLEARANCES,
    Step.CLEARANCES, Step.TRAINING, Step.TRAINING, CandidateEnd.REFUSED, CandidateEnd.WITHDRAWN,
)  # fmt: skip
BY_PEOPLE = (Step.APPLICATION, Step.INTERVIEW, Step.HOUSING)
LONG_AGO = timedelta(days=540)
WHY = (
    "Балаларға уақыт бөлгім келеді.",
    "Өзім балалар үйінде өстім, енді көмектескім келеді.",
    "Хочу поддержать подростка перед самостоятельной жизнью.",
    "Мұғалім болып істеймін, демалыс күндерім бос.",
)
_STATUS: dict[Step | CandidateEnd, MentorStatus] = {
    CandidateEnd.REFUSED: MentorStatus.REFUSED,
    CandidateEnd.WITHDRAWN: MentorStatus.WITHDRAWN,
}
_REASON = {
    CandidateEnd.ACTIVATED: "activated",
    CandidateEnd.REFUSED: "housing_negative",
    CandidateEnd.WITHDRAWN: "no_time",
}


# How many days ago they applied, by the step that is under way.
_AGO: dict[Step | CandidateEnd, tuple[int, int]] = {
    Step.APPLICATION: (0, 14),
    Step.INTERVIEW: (8, 20),
    Step.HOUSING: (18, 30),
    Step.CLEARANCES: (37, 50),
    Step.TRAINING: (40, 70),
    CandidateEnd.REFUSED: (40, 120),
    CandidateEnd.WITHDRAWN: (40, 120),
}


def store_candidates(
    session: Session, random: Random, iins: Iins, on: date, at: datetime, staff_id: int
) -> None:
    """Insert them with their steps and papers."""
    numbers = share(CANDIDATES, CENTRES, least=1)
    regions = [region for region, number in numbers.items() for _ in range(number)]
    regions += [COORDINATED[0]] * len(STAGES)  # one at every step for the coordinator of the demo
    adults = [draw_adult(random, iins, on, at, region) for region in regions]
    stages = [STAGES[number % len(STAGES)] for number in range(len(adults))]
    for number, (adult, stage) in enumerate(zip(adults, stages, strict=True), start=1):
        adult.columns |= {
            "status": _STATUS.get(stage, MentorStatus.CANDIDATE),
            "phone": f"+7701{number:07}",
            "email": f"candidate{number}@example.org",
        }
        if stage in (Step.APPLICATION, Step.INTERVIEW):
            adult.columns |= {"iin": None, "iin_hash": None}  # asked for at the interview
    ids = insert_numbered(session, Mentor, [adult.columns for adult in adults])
    for adult, number in zip(adults, ids, strict=True):
        adult.id = number
    _store_what_they_like(session, adults)
    told = [
        _way(random, adult, stage, on - timedelta(days=random.randint(*_AGO[stage])), staff_id)
        for adult, stage in zip(adults, stages, strict=True)
    ]
    _store_ways(session, told)
    asked = [adult for adult, stage in zip(adults, stages, strict=True) if stage in _WITH_PAPERS]
    whole = {a.id for a, s in zip(adults, stages, strict=True) if s == Step.TRAINING}
    _store_clearances(session, random, asked, whole, on, at)


_WITH_PAPERS = (Step.CLEARANCES, Step.TRAINING)


def store_ways_of_mentors(
    session: Session, random: Random, mentors: list[Adult], on: date, staff_id: int
) -> None:
    """How the mentors of the last year and a half came in, for the figures of the steps."""
    recent = [mentor for mentor in mentors if mentor.joined_on > on - LONG_AGO]
    told = [
        _way(
            random,
            mentor,
            CandidateEnd.ACTIVATED,
            mentor.joined_on - timedelta(days=random.randint(60, 140)),
            staff_id,
            ended_on=mentor.joined_on,
        )
        for mentor in recent
    ]
    _store_ways(session, told)


def _store_what_they_like(session: Session, adults: list[Adult]) -> None:
    insert_all(session, MentorLanguage, [
        {"mentor_id": a.id, "language": code, "level": level}
        for a in adults for code, level in a.languages.items()
    ])  # fmt: skip
    insert_all(session, MentorInterest, [
        {"mentor_id": a.id, "interest": code} for a in adults for code in a.interests
    ])  # fmt: skip


def _way(
    random: Random,
    adult: Adult,
    stage: Step | CandidateEnd,
    applied_on: date,
    staff_id: int,
    ended_on: date | None = None,
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The candidate's row and the rows of the steps that people have closed."""
    ended = stage if isinstance(stage, CandidateEnd) else None
    reached = BY_PEOPLE.index(stage) if stage in BY_PEOPLE else len(BY_PEOPLE)
    owner = staff_id if adult.region in COORDINATED and stage != Step.APPLICATION else None
    steps, day = [], applied_on
    for step in BY_PEOPLE[:reached]:
        day += timedelta(days=random.randint(2, 8))
        failed = ended == CandidateEnd.REFUSED and step == Step.HOUSING
        steps.append({
            "mentor_id": adult.id,
            "step": step,
            "attempt": 1,
            "owner_id": owner,
            "done_on": day,
            "outcome": StepOutcome.NEGATIVE if failed else StepOutcome.POSITIVE,
            "recorded_by": staff_id,
            "recorded_at": noon(day),
        })  # fmt: skip
    closed_on = max(ended_on or day, day)
    row = {
        "mentor_id": adult.id,
        "reference": f"D{adult.id:07}",
        "attempt": 1,
        "source": CandidateSource.PUBLIC if random.random() < 0.8 else CandidateSource.STAFF,
        "applied_at": noon(applied_on),
        "language": "kk" if random.random() < 0.6 else "ru",
        "is_citizen": True,
        "motivation": random.choice(WHY),
        "consent_version": "2026-11",
        "owner_id": owner,
        "ended_as": ended,
        "ended_at": noon(closed_on) if ended else None,
        "ended_by": staff_id if ended else None,
        "end_reason": _REASON[ended] if ended else None,
    }
    return row, steps


def _store_ways(session: Session, told: list[tuple[dict[str, Any], list[dict[str, Any]]]]) -> None:
    insert_all(session, Candidate, [row for row, _ in told])
    insert_all(session, CandidateStep, [step for _, steps in told for step in steps])


def _store_clearances(
    session: Session,
    random: Random,
    adults: list[Adult],
    whole: set[int],
    on: date,
    at: datetime,
) -> None:
    """All of them for those who train already, some for the others."""
    kinds = [kind for kind in clearance_kinds(session) if kind.required]
    rows = []
    for adult in adults:
        for kind in kinds if adult.id in whole else kinds[: random.randint(1, 5)]:
            checked_on = on - timedelta(days=random.randint(0, 20))
            until = None if kind.months is None else checked_on + timedelta(days=364)
            rows.append({
                "mentor_id": adult.id,
                "kind": kind.code,
                "result": ClearanceResult.CLEAR,
                "checked_on": checked_on,
                "valid_until": until,
                "recorded_at": at,
            })  # fmt: skip
    insert_all(session, Clearance, rows)
