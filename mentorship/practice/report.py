"""How the work is done, as somebody may see it: figures of a year, and what lies there now.

Counts, shares and their suppression are those of `figures`, so that this page never tells more
than the page of a single measure does. A median is told where its count is.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from mentorship.candidates.vocabulary import Step as CandidateStep
from mentorship.check_ins.models import ContactKind
from mentorship.figures.catalogue import MEASURES
from mentorship.figures.pages import country_of, read
from mentorship.figures.queries import counts
from mentorship.figures.report import Reading
from mentorship.figures.values import State, Value
from mentorship.figures.words import parts_words
from mentorship.permissions import Scope
from mentorship.practice.medians import Quartiles, quartiles
from mentorship.web.periods import Period, Step, period_of, periods
from mentorship.web.suppression import LEAST, Count

# What is waited for: the lengths in days, their count, and who still waits.
WAITS = {
    "waited_certificate": ("days_to_match_mentor", "mentors_idle"),
    "waited_child": ("days_to_match_child", "children_waiting"),
    "waited_overdue": ("days_late", "contacts_overdue"),
}
LYING = (
    "contacts_overdue",
    "mentors_idle",
    "mentors_idle_long",
    "entries_unread",
    "concerns_open",
    "concerns_restricted",
)
QUARTERS = 12
FIRST_YEARS = 10


@dataclass(frozen=True)
class Wait:
    """How long something took; `spread` where its count may be shown, `waiting`: who waits now."""

    code: str
    measure: str
    mean: Value
    spread: Quartiles | None
    waiting: str = ""
    still: Value | None = None

    @property
    def count(self) -> Count | None:
        return self.mean.of


@dataclass(frozen=True)
class Lying:
    """What there is on the day of the figures, with its parts where it has any."""

    measure: str
    value: Value
    parts: Mapping[str, Value]

    @property
    def told(self) -> list[tuple[str, Value]]:
        """The parts without those of which there are plainly none."""
        return [(part, value) for part, value in self.parts.items() if value.amount != 0]


@dataclass(frozen=True)
class Practice:
    """What the page shows for one region and one year."""

    share: Value
    by_kind: dict[str, Value]
    by_region: dict[str, Value]
    over_time: list[tuple[Period, Value]]
    waits: list[Wait]
    lying: list[Lying]


@dataclass(frozen=True)
class StepLine:
    """A step of candidates: who is in it now, and how long it took those who finished it."""

    step: str
    now: Value
    took: Wait


@dataclass(frozen=True)
class Pipeline:
    now: Value
    steps: list[StepLine]
    over_time: list[tuple[Period, Value, Value]]
    """Applications and certificates of each quarter."""


@dataclass(frozen=True)
class Desk:
    """Whose page it is, and of what: a region or all of the reader's, and a year."""

    session: Session
    scope: Scope
    until: date
    region: str | None
    year: Period

    def read(self, measure: str) -> Reading:
        return read(self.session, self.scope, MEASURES[measure], self.until)

    def lengths(self, code: str) -> dict[str, Counter[int]]:
        """How many took how many days in the year, by what stands before the days."""
        seen = frozenset([self.region] if self.region else country_of(self.scope).seen)
        last = min(self.year.last, self.until)
        found: dict[str, Counter[int]] = {}
        by_part = counts(self.session, Scope(seen), code, self.year.first, last, ("part",))
        for (part,), number in by_part.items():
            name, _, days = part.rpartition(":")
            found.setdefault(name, Counter())[int(days)] += number
        return found

    def quarters(self) -> list[Period]:
        """The last three years up to the end of the chosen one, the oldest first."""
        last = period_of(min(self.year.last, self.until), Step.QUARTER)
        return list(periods(last.before(QUARTERS - 1).first, last.first, Step.QUARTER))


def practice(desk: Desk) -> Practice:
    """Contacts on time, waits, and what lies there."""
    on_time = desk.read("share_on_time")

    def told(period: Period, region: str | None, part: str | None = None) -> Value:
        return on_time.at(period, region, part)

    regions = [desk.region] if desk.region else country_of(desk.scope).seen
    return Practice(
        share=told(desk.year, desk.region),
        by_kind={kind: told(desk.year, desk.region, kind) for kind in ContactKind},
        by_region={kato: told(desk.year, kato) for kato in regions},
        over_time=_known((q, told(q, desk.region)) for q in desk.quarters()),
        waits=[_wait(desk, code, *given) for code, given in WAITS.items()],
        lying=[_lying(desk, code) for code in LYING],
    )


def pipeline(desk: Desk) -> Pipeline:
    """Candidates by step, and how long the steps took."""
    now, took = desk.read("candidates"), desk.read("days_per_step")
    lengths, today = desk.lengths("waited_step"), _today(desk)
    steps = []
    for step in CandidateStep:
        mean = took.at(desk.year, desk.region, step)
        spread = _spread(mean, lengths.get(step, {}))
        wait = Wait(step, "days_per_step", mean, spread)
        steps.append(StepLine(step, now.at(today, desk.region, step), wait))
    ways = [desk.read(code) for code in ("applications", "certificates_issued")]
    rows = [(q, ways[0].at(q, desk.region), ways[1].at(q, desk.region)) for q in desk.quarters()]
    known = [(q, a, b) for q, a, b in rows if {a.state, b.state} != {State.UNKNOWN}]
    return Pipeline(now.at(today, desk.region), steps, known)


def years(until: date) -> list[str]:
    """The years one can choose, the newest first."""
    return [str(until.year - back) for back in range(FIRST_YEARS)]


def _today(desk: Desk) -> Period:
    return period_of(desk.until, Step.MONTH)


def _known(rows: Iterable[tuple[Period, Value]]) -> list[tuple[Period, Value]]:
    """From the first quarter in which anything is known."""
    kept: list[tuple[Period, Value]] = []
    for period, value in rows:
        if kept or value.state not in (State.UNKNOWN, State.NONE):
            kept.append((period, value))
    return kept


def _wait(desk: Desk, code: str, measure: str, waiting: str) -> Wait:
    mean = desk.read(measure).at(desk.year, desk.region)
    spread = _spread(mean, desk.lengths(code).get("", {}))
    still = desk.read(waiting).at(_today(desk), desk.region)
    return Wait(code, measure, mean, spread, waiting, still)


def _spread(mean: Value, lengths: Mapping[int, int]) -> Quartiles | None:
    """Only where the mean is shown: so that both rest on the same count."""
    enough = mean.is_shown and mean.of is not None and (mean.of.value or 0) >= LEAST
    return quartiles(lengths) if enough else None


def _lying(desk: Desk, code: str) -> Lying:
    reading, today = desk.read(code), _today(desk)
    parts = {part: reading.at(today, desk.region, part) for part in parts_words(code)}
    return Lying(code, reading.at(today, desk.region), parts)
