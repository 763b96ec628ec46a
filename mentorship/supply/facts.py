"""What follows from numbers that may be shown: gaps, next steps, and kinds of organisations."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mentorship.children.models import PlacementForm
from mentorship.places.models import CentreKind
from mentorship.supply.vocabulary import Step
from mentorship.web.suppression import LEAST, Count, Mark

F = PlacementForm
IN_FAMILIES = (
    F.GUARDIANSHIP,
    F.TRUSTEESHIP,
    F.PATRONAGE,
    F.FOSTER_FAMILY,
    F.PROFESSIONAL_FOSTER_FAMILY,
    F.BIRTH_FAMILY,
    F.FAMILY,
)
"""A guest family is a short stay: the child lives in the organisation."""
MANY = 3
"""More waiting children than this to a free mentor ask for recruitment; a design choice."""
YEARS = 10


def per_mentor(waiting: Count, free: Count) -> float | None:
    """Waiting children to one free mentor, where both may be shown and somebody is free."""
    return waiting.value / free.value if waiting.value is not None and free.value else None


def next_step(waiting: Count, free: Count) -> Step:
    """What a region needs next."""
    if waiting.value is not None and free.mark is Mark.FEW and waiting.value > MANY * (LEAST - 1):
        return Step.RECRUIT
    if waiting.value is None or free.value is None:
        return Step.UNKNOWN
    if not waiting.value:
        return Step.LEND if free.value else Step.NOTHING
    if not free.value:
        return Step.RECRUIT_NOW
    return Step.RECRUIT if waiting.value > MANY * free.value else Step.PROPOSE


@dataclass(frozen=True)
class Organisation:
    """An organisation that works today, and what it was before: (day, was, now), oldest first."""

    kind: CentreKind
    region: str
    changes: Sequence[tuple[date, CentreKind, CentreKind]]

    def kind_on(self, day: date) -> CentreKind:
        """Which kind it was on a day; a change counts from its own day on."""
        later = (was for changed_on, was, _ in self.changes if changed_on > day)
        return next(later, self.kind)


def kinds_on(organisations: Iterable[Organisation], day: date) -> Counter[CentreKind]:
    """How many of each kind there were on a day, of those that work today."""
    return Counter(each.kind_on(day) for each in organisations)


def year_ends(until: date, years: int = YEARS) -> list[date]:
    """The last day of each of so many years before, oldest first, and the day itself."""
    return [date(until.year - back, 12, 31) for back in range(years, 0, -1)] + [until]


@dataclass(frozen=True)
class OrganisationReport:
    """Organisations by kind on each day, and by region and kind today."""

    days: Sequence[date]
    kinds: dict[CentreKind, list[int]]
    regions: dict[str, Counter[CentreKind]]

    @property
    def today(self) -> dict[CentreKind, int]:
        """How many of each kind there are; the most first."""
        return {
            kind: numbers[-1]
            for kind, numbers in sorted(self.kinds.items(), key=lambda item: -item[1][-1])
            if numbers[-1]
        }


def organisation_report(organisations: Sequence[Organisation], on: date) -> OrganisationReport:
    """The organisations that work on a day, and which kinds they were at each year's end."""
    days = year_ends(on)
    by_day = [kinds_on(organisations, day) for day in days]
    seen = [kind for kind in CentreKind if any(counted[kind] for counted in by_day)]
    regions: dict[str, Counter[CentreKind]] = {}
    for each in organisations:
        regions.setdefault(each.region, Counter())[each.kind] += 1
    kinds = {kind: [counted[kind] for counted in by_day] for kind in seen}
    return OrganisationReport(days, kinds, regions)
