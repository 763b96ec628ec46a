"""What each step of a candidate asks for: done on a day, or what it lacks and since when.

Only the first three steps are closed by a person; the others are done on the first day on which
the papers, the training and the test were all there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import zip_longest

from mentorship.candidates.vocabulary import (
    OBSTACLES,
    CandidateEnd,
    LackCode,
    Step,
    StepOutcome,
)

CONSENT_VERSION = "2026-11"
DAY = timedelta(days=1)
L = LackCode


@dataclass(frozen=True)
class Asked:
    """A kind of clearance that is required; `endless`: good without a last day."""

    code: str
    endless: bool = False


@dataclass(frozen=True)
class Paper:
    """A clearance as it was recorded."""

    id: int
    kind: str
    result: str
    checked_on: date
    valid_until: date | None


@dataclass(frozen=True)
class Place:
    """A place in a session of the compulsory course."""

    enrolment_id: int
    training_id: int
    starts_on: date
    ends_on: date
    has_test: bool = True
    attended: bool | None = None
    passed: bool | None = None
    test_on: date | None = None
    certificate_id: int | None = None


@dataclass(frozen=True)
class Held:
    """A certificate."""

    id: int
    issued_on: date
    expires_on: date | None
    revoked_on: date | None = None

    def is_in_force(self, on: date) -> bool:
        if self.expires_on is None or (self.revoked_on is not None and self.revoked_on <= on):
            return False
        return self.issued_on <= on <= self.expires_on


@dataclass(frozen=True)
class Recorded:
    """What people wrote about a step."""

    owner_id: int | None = None
    due_on: date | None = None
    planned_on: date | None = None
    done_on: date | None = None
    outcome: str | None = None
    note: str | None = None
    recorded_by: int | None = None


@dataclass(frozen=True)
class Known:
    """Everything that says how far somebody has come."""

    applied_on: date
    owner_id: int | None = None
    ended_as: str | None = None
    ended_on: date | None = None
    recorded: Mapping[str, Recorded] = field(default_factory=dict)
    papers: Sequence[Paper] = ()
    places: Sequence[Place] = ()
    certificates: Sequence[Held] = ()


@dataclass(frozen=True)
class Lack:
    """One thing that a step lacks, since a day; `kind`: of clearance; `day`: of what is ahead."""

    code: LackCode
    since: date
    kind: str | None = None
    day: date | None = None


Found = tuple[date | None, tuple[Lack, ...]]
# From what is known, the kinds that are asked for, the day, and the day the step began.
Look = Callable[[Known, Sequence[Asked], date, date], Found]


def _said(step: Step, missing: LackCode) -> Look:
    """A step that a person closes."""

    def look(known: Known, _kinds: Sequence[Asked], on: date, since: date) -> Found:
        row = known.recorded.get(step, Recorded())
        if row.outcome == StepOutcome.POSITIVE:
            return row.done_on, ()
        if row.outcome == StepOutcome.NEGATIVE:
            return None, (Lack(L.OUTCOME_NEGATIVE, max(row.done_on or on, since)),)
        if row.planned_on is None:
            return None, (Lack(missing, since),)
        if row.planned_on >= on:
            return None, (Lack(L.VISIT_AHEAD, since, day=row.planned_on),)
        return None, (Lack(L.NOT_RECORDED, max(row.planned_on, since), day=row.planned_on),)

    return look


def clearances_complete_on(
    papers: Sequence[Paper], kinds: Sequence[Asked], on: date
) -> date | None:
    """The first day up to `on` on which every required kind was clear and in force."""
    spans = [_spans([p for p in papers if p.kind == kind.code], kind, on) for kind in kinds]
    starts = sorted({start for kind in spans for start, _ in kind})
    for day in starts:
        if all(any(start <= day <= end for start, end in kind) for kind in spans):
            return day
    return None


def _spans(papers: Sequence[Paper], kind: Asked, on: date) -> list[tuple[date, date]]:
    """When a kind was clear: a newer paper takes the place of the one before."""
    held = sorted((p for p in papers if p.checked_on <= on), key=lambda p: (p.checked_on, p.id))
    found = []
    for paper, newer in zip_longest(held, held[1:]):
        last = paper.valid_until or (date.max if kind.endless else paper.checked_on - DAY)
        last = min(last, newer.checked_on - DAY if newer else date.max, on)
        if paper.result == "clear" and last >= paper.checked_on:
            found.append((paper.checked_on, last))
    return found


def _clearances(known: Known, kinds: Sequence[Asked], on: date, since: date) -> Found:
    newest: dict[str, Paper] = {}
    for paper in sorted(known.papers, key=lambda p: (p.checked_on, p.id)):
        if paper.checked_on <= on:
            newest[paper.kind] = paper
    lacks = [_lack_of(kind, newest.get(kind.code), on, since) for kind in kinds]
    missing = tuple(lack for lack in lacks if lack is not None)
    if missing:
        worst_first = sorted(missing, key=lambda lack: lack.code not in OBSTACLES)
        return None, tuple(worst_first)
    day = clearances_complete_on(known.papers, kinds, on) if kinds else known.applied_on
    return day, ()


def _lack_of(kind: Asked, paper: Paper | None, on: date, since: date) -> Lack | None:
    if paper is None:
        return Lack(L.CLEARANCE_MISSING, since, kind.code)
    if paper.result != "clear":
        code = L.CLEARANCE_ADVERSE if paper.result == "adverse" else L.CLEARANCE_PENDING
        return Lack(code, max(paper.checked_on, since), kind.code)
    if paper.valid_until is None:
        return (
            None
            if kind.endless
            else Lack(L.CLEARANCE_ENDLESS, max(paper.checked_on, since), kind.code)
        )
    if paper.valid_until < on:
        return Lack(L.CLEARANCE_EXPIRED, max(paper.valid_until + DAY, since), kind.code)
    return None


def _certified_on(known: Known, on: date) -> date | None:
    """A certificate in force proves the training and the test before it, too."""
    if not known.certificates:
        return None
    return min((c.issued_on for c in known.certificates if c.is_in_force(on)), default=None)


def open_places(known: Known, on: date) -> list[Place]:
    """Places whose training still counts, the last one last.

    It counts no longer once a certificate was issued for it and has ended.
    """
    if not known.places:
        return []
    held = {certificate.id: certificate for certificate in known.certificates}
    return [
        place
        for place in sorted(known.places, key=lambda place: place.ends_on)
        if place.certificate_id is None
        or (place.certificate_id in held and held[place.certificate_id].is_in_force(on))
    ]


def _training(known: Known, _kinds: Sequence[Asked], on: date, since: date) -> Found:
    places = open_places(known, on)
    days = [place.ends_on for place in places if place.attended and place.ends_on <= on]
    certified = _certified_on(known, on)
    if days or certified:
        return min(days + ([certified] if certified else [])), ()
    if waiting := [place for place in places if place.attended is not False]:
        last = waiting[-1]
        if last.ends_on >= on:
            return None, (Lack(L.COURSE_AHEAD, since, day=last.starts_on),)
        return None, (Lack(L.NOT_ATTENDED, max(last.ends_on, since), day=last.ends_on),)
    return None, (Lack(L.NOT_ENROLLED, since),)


def _test(known: Known, _kinds: Sequence[Asked], on: date, since: date) -> Found:
    tested = [(p.test_on or p.ends_on, p) for p in open_places(known, on) if p.attended]
    tested = [(day, place) for day, place in tested if day <= on]
    days = [day for day, place in tested if place.passed or not place.has_test]
    certified = _certified_on(known, on)
    if days or certified:
        return min(days + ([certified] if certified else [])), ()
    if failed := [day for day, place in tested if place.passed is False]:
        return None, (Lack(L.TEST_FAILED, max(*failed, since)),)
    return None, (Lack(L.NOT_TESTED, since),)


def _certificate(known: Known, _kinds: Sequence[Asked], on: date, since: date) -> Found:
    if day := _certified_on(known, on):
        return day, ()
    issued = [held for held in known.certificates if held.issued_on <= on]
    newest = max(issued, key=lambda held: held.issued_on, default=None)
    if newest is not None and newest.revoked_on is not None and newest.revoked_on <= on:
        return None, (Lack(L.CERTIFICATE_REVOKED, max(newest.revoked_on, since)),)
    if newest is not None and newest.expires_on is not None and newest.expires_on < on:
        return None, (Lack(L.CERTIFICATE_EXPIRED, max(newest.expires_on + DAY, since)),)
    return None, (Lack(L.NO_CERTIFICATE, since),)


def _active(known: Known, _kinds: Sequence[Asked], _on: date, since: date) -> Found:
    if known.ended_as == CandidateEnd.ACTIVATED:
        return known.ended_on, ()
    return None, (Lack(L.NOT_ACTIVATED, since),)


LOOK: dict[Step, Look] = {
    Step.APPLICATION: _said(Step.APPLICATION, L.NOT_READ),
    Step.INTERVIEW: _said(Step.INTERVIEW, L.NOT_PLANNED),
    Step.HOUSING: _said(Step.HOUSING, L.NOT_PLANNED),
    Step.CLEARANCES: _clearances,
    Step.TRAINING: _training,
    Step.TEST: _test,
    Step.CERTIFICATE: _certificate,
    Step.ACTIVE: _active,
}
