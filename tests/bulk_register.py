"""A simulated register of any size, written in bulk: thousands of lives without stories.

Children move between organisations and into families; mentors are certified, trained, paused
and retired; matches begin, pause and end in every way; meetings and contacts are held, late,
cancelled, missed and still open. The same seed makes the same register.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

import numpy as np
from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from mentorship.authorities.models import Authority, ChildPopulation, Specialist
from mentorship.candidates.models import Candidate, CandidateStep
from mentorship.check_ins.models import CheckIn
from mentorship.children.models import Child, Placement
from mentorship.clock import ALMATY
from mentorship.concerns.models import Concern
from mentorship.database import dialect_name
from mentorship.matches.models import ClosureReason, EndedBy, Match
from mentorship.meetings.models import CancelledBy, Meeting
from mentorship.mentors.models import (
    Certificate,
    Mentor,
    MentorLanguage,
    MentorPause,
    MentorStatus,
    StatusChange,
)
from mentorship.places.models import HOMES, Centre, CentreChange
from mentorship.places.regions import REGIONS
from mentorship.reviews.models import Hold
from mentorship.training.models import Course, Enrolment, TrainingSession

DAY = timedelta(days=1)
DECADE = 3_650
LANGUAGES = ("kk", "kk", "kk", "ru", "ru", "uz")
CODES = sorted(REGIONS)
FAMILIES = ("guardianship", "foster_family", "patronage", "birth_family", "family")
KINDS = ("mentor", "child", "carer", "review")
AT_ONCE, FEW = 50_000, 1_000
PERSON = {"last_name": "Синтетик", "search_key": "", "sort_key": "", "version": 1, "sex": "female"}


@dataclass(frozen=True)
class Size:
    """How many of what; meetings and contacts are of each match."""

    children: int = 20_798
    mentors: int = 5_000
    matches: int = 40_000
    meetings: int = 25
    contacts: int = 10
    centres: int = 116
    concerns: int = 2_000
    candidates: int = 1_500


SMALL = Size(60, 40, 110, 8, 8, 9, 30, 15)


def fill(session: Session, on: date, size: Size, seed: int = 1) -> None:
    """Write the register into an empty database; flushed, not committed."""
    made = Maker(session, on, size, np.random.default_rng(seed))
    made.places()
    made.mentors()
    made.children()
    made.matches()
    made.meetings()
    made.contacts()
    made.others()
    session.flush()


def at(day: date, hour: int = 6) -> datetime:
    """An instant of a day in Kazakhstan."""
    return datetime.combine(day, time(hour), ALMATY)


class Maker:
    """Writes one table after another; later ones know what the earlier ones hold."""

    def __init__(self, session: Session, on: date, size: Size, random: np.random.Generator) -> None:
        self.session, self.on, self.size, self.random = session, on, size, random
        self.first = on - timedelta(days=DECADE)
        self.spans: list[tuple[date, date | None]] = []

    def add(self, model: Any, rows: Iterable[dict[str, Any]]) -> None:
        """Insert rows of like columns, in bulk."""
        waiting = iter(rows)
        while part := list(islice(waiting, AT_ONCE)):
            if len(part) > FEW:
                _write(self.session, model, part)
            else:
                self.session.execute(insert(model.__table__), part)
        _count_on(self.session, model)

    def chance(self, number: int, share: float) -> list[bool]:
        return list(self.random.random(number) < share)

    def days(self, number: int, most: int) -> list[int]:
        return self.random.integers(0, most, number).tolist()

    def pick(self, number: int, values: Sequence[Any]) -> list[Any]:
        return [values[place] for place in self.random.integers(0, len(values), number)]

    def places(self) -> None:
        numbers = range(1, self.size.centres + 1)
        self.regions = {n: CODES[n % 20] for n in numbers}
        kinds = self.pick(len(numbers), HOMES)
        self.add(Centre, (
            {"id": n, "name_kk": f"Орталық {n}", "name_ru": f"Центр {n}", "kind": str(kind)}
            | {"region": self.regions[n], "town": "—", "open": n % 9 > 0, "languages": []}
            | {"search_key": "", "sort_key": ""}
            for n, kind in zip(numbers, kinds, strict=True)
        ))  # fmt: skip
        self.add(CentreChange, (
            {"centre_id": n, "was": "boarding", "now": str(kind), "recorded_at": at(self.on)}
            | {"changed_on": self.first + timedelta(days=days)}
            for n, kind, days in zip(numbers, kinds, self.days(len(numbers), DECADE), strict=True)
            if n % 2
        ))  # fmt: skip
        office = {"name_kk": "—", "name_ru": "—", "search_key": "", "sort_key": "", "open": True}
        self.add(Authority, (office | {"id": n, "region": c} for n, c in enumerate(CODES, 1)))
        begun = self.days(300, DECADE)
        self.add(Specialist, (
            {"authority_id": n % 20 + 1, "name": "—", "language": "kk", "search_key": ""}
            | {"sort_key": "", "from_on": self.first + timedelta(days=days)}
            | {"until_on": self.first + timedelta(days=days + 900) if n % 3 else None}
            for n, days in enumerate(begun)
        ))  # fmt: skip
        self.add(ChildPopulation, (
            {"region": code, "children": 300_000 + 1_000 * year, "source": "—"}
            | {"as_of": self.first + timedelta(days=365 * year + 30), "recorded_at": at(self.on)}
            for code in CODES for year in range(10)
        ))  # fmt: skip

    def mentors(self) -> None:
        size, numbers = self.size.mentors, range(1, self.size.mentors + 1)
        active, rest = str(MentorStatus.ACTIVE), [str(s) for s in MentorStatus]
        states = [active if n % 5 else state for n, state in enumerate(self.pick(size, rest))]
        made, towns = self.days(size, DECADE - 400), ("—", "Қарағанды", "Қостанай")
        self.issued = {
            n: self.first + timedelta(days=d) for n, d in zip(numbers, made, strict=True)
        }
        self.add(Mentor, (
            PERSON
            | {"id": n, "first_name": f"М{n}", "birth_date": date(1985, 1, 1), "weekdays": []}
            | {"region": CODES[n % 20], "town": towns[n % 3], "reach_km": 50, "capacity": n % 3 + 1}
            | {"status": state, "created_at": at(self.issued[n])}
            for n, state in zip(numbers, states, strict=True)
        ))  # fmt: skip
        self.add(MentorLanguage, (
            {"mentor_id": n, "language": code, "level": "fluent" if n % 7 else "basic"}
            for n in numbers for code in {LANGUAGES[n % 6], LANGUAGES[n % 5]}
        ))  # fmt: skip
        self.add(Certificate, (
            {"mentor_id": n, "number": f"C{n}-{again}", "issuer": "—", "recorded_at": at(self.on)}
            | {"issued_on": day, "expires_on": day + timedelta(days=365)}
            for n in numbers if n % 11 for again in range(2)
            for day in [self.issued[n] + timedelta(days=300 * again)]
        ))  # fmt: skip
        self.add(StatusChange, (
            {"mentor_id": n, "was": was, "now": now, "reason": "other", "changed_at": at(day, hour)}
            for n, state in zip(numbers, states, strict=True) if state != active
            for was, now, days, hour in (("candidate", active, 30, 1), (active, state, 300, 23))
            for day in [self.issued[n] + timedelta(days=days)]
        ))  # fmt: skip
        self.add(MentorPause, (
            {"mentor_id": n, "from_on": day, "until_on": day + timedelta(days=60), "reason": "work"}
            | {"recorded_at": at(day)}
            for n in numbers[::9] for day in [self.on - timedelta(days=n % 100)]
        ))  # fmt: skip
        self._training(numbers)

    def _training(self, numbers: Sequence[int]) -> None:
        course = self.session.scalars(select(Course.id).where(Course.kind == "compulsory")).one()
        held = [self.first + timedelta(days=30 * n) for n in range(DECADE // 30)]
        self.add(TrainingSession, (
            {"id": n, "course_id": course, "region": "35", "starts_on": day, "ends_on": day + DAY}
            | {"seats": 500, "language": "kk", "created_at": at(day)}
            for n, day in enumerate(held, 1)
        ))  # fmt: skip
        came = self.chance(len(numbers), 0.8)
        self.add(Enrolment, (
            {"session_id": place, "mentor_id": n, "enrolled_at": at(self.on), "hours": hours}
            | {"attended": there, "recorded_at": at(self.on)}
            for n, there in zip(numbers, came, strict=True)
            for place in [(self.issued[n] - self.first).days // 30 % len(held) + 1]
            for hours in [(36, 12.5)[n % 4 == 0] if there else None]
        ))  # fmt: skip

    def children(self) -> None:
        size, on = self.size.children, self.on
        came, ages = self.days(size, DECADE), self.days(size, 11 * 365)
        homes = self.pick(size, list(self.regions))
        moves, leaves = self.chance(size, 0.2), self.chance(size, 0.6)
        self.waits: dict[int, date] = {}
        rows, placements = [], []
        for n in range(1, size + 1):
            since = self.first + timedelta(days=came[n - 1])
            self.waits[n] = since
            left = since + timedelta(days=1 + (ages[n - 1] * 7) % (DECADE - came[n - 1] or 1))
            left_on = left if leaves[n - 1] and left < on else None
            rows.append(
                PERSON
                | {"id": n, "first_name": f"Б{n}", "centre_id": homes[n - 1], "left_on": left_on}
                | {"birth_date": on - timedelta(days=8 * 365 + ages[n - 1]), "disability": False}
                | {"first_language": LANGUAGES[n % 6], "waiting_since": since, "weekdays": []}
                | {"created_at": at(since)}
            )
            placements.extend(self._stays(n, homes[n - 1], since, left_on, moves[n - 1]))
        self.add(Child, rows)
        self.add(Placement, placements)

    def _stays(
        self, n: int, home: int, since: date, left_on: date | None, moved: bool
    ) -> Iterator[dict[str, Any]]:
        """One stay, or two with a move between them; then a family."""
        ended = left_on or self.on
        middle = since + (ended - since) // 2
        other = n % self.size.centres + 1
        stays = [(other, since, middle), (home, middle, left_on)] if moved else []
        stays = stays or [(home, None if n % 13 == 0 else since, left_on)]
        row = {"child_id": n, "recorded_at": at(self.on)}
        for centre_id, first, last in stays:
            place = {"form": "institution", "centre_id": centre_id}
            yield row | place | {
                "region": self.regions[centre_id], "started_on": first, "ended_on": last,
            }  # fmt: skip
        if left_on is not None:
            place = {"form": FAMILIES[n % 5], "centre_id": None, "region": self.regions[home]}
            yield row | place | {"started_on": left_on, "ended_on": None}

    def matches(self) -> None:
        """One after the other for each child, in equal parts of the decade; the last may go on."""
        size, children = self.size.matches, self.size.children
        rounds = -(-size // children)
        part = DECADE // rounds
        starts, lengths = self.days(size, part - 10), self.random.exponential(300, size).astype(int)
        reasons, sides = self.pick(size, list(ClosureReason)), self.pick(size, list(EndedBy))
        planned, owners = self.chance(size, 0.4), self.days(size, self.size.mentors)
        rows = []
        for n in range(size):
            began = self.first + timedelta(days=part * (n // children) + starts[n])
            last = self.first + timedelta(days=part * (n // children + 1) - 1)
            ended: date | None = began + timedelta(days=int(lengths[n]))
            if n // children < rounds - 1:
                ended = min(ended, last)
            elif ended > self.on:
                ended = None
            self.spans.append((began, ended))
            over = ended is not None
            rows.append(
                {"id": n + 1, "mentor_id": owners[n] + 1, "child_id": n % children + 1}
                | {"started_on": began, "approved_at": at(began), "version": 1, "ended_on": ended}
                | {"closure_reason": str(reasons[n]) if over else None}
                | {"ended_as_planned": planned[n] if over else None}
                | {"ended_by": str(sides[n]) if over else None}
                | {"closed_at": at(ended) if ended else None}
            )
        self.add(Match, rows)
        open_ones = [n for n, (_, ended) in enumerate(self.spans, 1) if ended is None]
        self.add(Hold, (
            {"match_id": n, "cause": "concern", "opened_at": at(self.on - timedelta(days=n % 50))}
            | {"ended_at": at(self.on - timedelta(days=n % 20)) if n % 50 > 20 else None}
            for n in open_ones[::7]
        ))  # fmt: skip

    def meetings(self) -> None:
        for place in range(0, self.size.matches, 2_000):
            self.add(Meeting, self._meetings(range(place, min(place + 2_000, self.size.matches))))

    def _meetings(self, matches: range) -> Iterator[dict[str, Any]]:
        each = self.size.meetings
        spread = self.random.random((len(matches), each))
        kinds, sides = ("in_person", "online", "phone"), [str(side) for side in CancelledBy]
        for i, n in enumerate(matches):
            began, ended = self.spans[n]
            length = ((ended or self.on) - began).days
            for k in range(each):
                day = began + timedelta(days=int(spread[i, k] * (length + 1)))
                off = (n + 3 * k) % 12 == 0
                unread = (self.on - day).days < (n * k) % 40
                yield {
                    "match_id": n + 1,
                    "held_on": day,
                    "kind": None if off else kinds[k % 3],
                    "minutes": None if off else 30 + 15 * ((n + k) % 7),
                    "activity": None if off else "Шахмат ойнадық",
                    "went": None if off else (n + k) % 5 + 1,
                    "cancelled_by": sides[k % 5] if off else None,
                    "as_planned": False,
                    "logged_at": at(day, 15),
                    "read_at": None if unread else at(day, 18),
                }

    def contacts(self) -> None:
        for place in range(0, self.size.matches, 5_000):
            self.add(CheckIn, self._contacts(range(place, min(place + 5_000, self.size.matches))))

    def _contacts(self, matches: range) -> Iterator[dict[str, Any]]:
        each = self.size.contacts
        late = self.random.integers(-5, 25, (len(matches), each))
        for i, n in enumerate(matches):
            began, ended = self.spans[n]
            last = ended or self.on
            for k in range(each):
                due = began + timedelta(days=10 + 28 * (k // 4) + n % 9)
                held: date | None = max(began, due + timedelta(days=int(late[i, k])))
                if held > last or (n + k) % 10 == 0:
                    held = None
                missed = held is None and due < last and (n + k) % 3 == 0
                yield {
                    "match_id": n + 1,
                    "kind": KINDS[k % 4],
                    "number": k // 4 + 1,
                    "slot": k // 4 + 1,
                    "due_on": due,
                    "held_on": held,
                    "missed_on": min(due + timedelta(days=21), last) if missed else None,
                    "way": "phone" if held else None,
                    "rating": (n + k) % 5 + 1 if held and k % 3 else None,
                    "recorded_at": at(held, 17) if held else None,
                }

    def others(self) -> None:
        """Worries and people on the way to becoming mentors."""
        raised = self.days(self.size.concerns, DECADE)
        self.add(Concern, (
            {"child_id": (n % self.size.matches) % self.size.children + 1, "text": "—"}
            | {"match_id": n % self.size.matches + 1 if n % 3 else None, "origin": "mentor"}
            | {"severity": "worry", "raised_at": at(day, 21), "restricted": False}
            | {"review_by": at(day + DAY), "asked_at": at(day + DAY) if n % 6 else None}
            | {"closed_at": at(day + timedelta(days=n % 60), 22) if n % 6 else None}
            | {"outcome": "earlier" if n % 6 else None}
            for n, days in enumerate(raised) for day in [self.on - timedelta(days=days + 61)]
        ))  # fmt: skip
        chosen = list(range(1, min(self.size.candidates, self.size.mentors) + 1))
        applied = {n: self.on - timedelta(days=80 + n % 900) for n in chosen}
        self.add(Candidate, (
            {"mentor_id": n, "reference": f"R{n}", "attempt": 1, "source": "public"}
            | {"applied_at": at(applied[n]), "language": "kk"}
            | {"ended_as": "activated" if n % 4 else None}
            | {"ended_at": at(applied[n] + timedelta(days=70)) if n % 4 else None}
            for n in chosen
        ))  # fmt: skip
        self.add(CandidateStep, (
            {"mentor_id": n, "attempt": 1, "step": step, "outcome": "positive"}
            | {"done_on": applied[n] + timedelta(days=days + n % 9)}
            for n in chosen
            for step, days in (("application", 2), ("interview", 12), ("housing", 25))
        ))  # fmt: skip


def _write(session: Session, model: Any, rows: list[dict[str, Any]]) -> None:
    """By the driver's own means, several times as fast as statement by statement."""
    table, dialect = model.__table__, session.get_bind().dialect
    names = list(rows[0])
    kinds = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names]
    bind = list(zip(names, kinds, strict=True))
    values = ([kind(row[n]) if kind else row[n] for n, kind in bind] for row in rows)
    into = ", ".join(f'"{name}"' for name in names)
    cursor = session.connection().connection.driver_connection.cursor()  # type: ignore[union-attr]
    if dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        cursor.executemany(f'insert into "{table.name}" ({into}) values ({marks})', values)
        return
    with cursor.copy(f'copy "{table.name}" ({into}) from stdin') as copy:
        for row in values:
            copy.write_row(row)


def _count_on(session: Session, model: Any) -> None:
    """Numbers that PostgreSQL gives out go on after those given here."""
    key = model.__table__.c.get("id")
    if key is None or dialect_name(session) != "postgresql":
        return
    last = session.scalar(select(func.max(key))) or 1
    name = f"{model.__table__.name}_id_seq"
    session.execute(
        text("select setval(cast(:name as regclass), :last)"), {"name": name, "last": last}
    )
