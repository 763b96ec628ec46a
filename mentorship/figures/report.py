"""A measure as a reader may see it: numbers by region, part and month in, values out. No database.

Every number passes through `suppression` for the whole country, whoever reads, so that nobody
learns more from two filters than from one. What can be asked is exactly the tables that are
protected together: regions by quarters and regions by parts of each year for what happens;
regions by parts of each day for what there is. Months are for the whole country only.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from mentorship.figures.catalogue import Kind, Measure, Unit
from mentorship.figures.values import State, Value
from mentorship.web.periods import Period, Step, period_of
from mentorship.web.suppression import LEAST, Count, Mark, for_rows, protect_linked, share_of

Cube = Mapping[tuple[str, ...], int]  # by region, part and month
Tables = dict[str, list[list[int]]]
FACTORS = {Unit.SHARE: 1, Unit.PER_1000: 1_000, Unit.PER_5000: 5_000}
WITHIN = {
    "contacts_on_time": "contacts_kept",
    "contacts_kept": "contacts_due",
    "contacts_missed": "contacts_due",
    "meetings_cancelled": "meetings_planned",
    "matches_active": "children_eligible",  # the rest are those who wait
    "matches_on_hold": "matches_active",
    "children_waiting": "children_eligible",
    "mentors_free": "mentors_active",
    "mentors_idle": "mentors_active",
    "concerns_restricted": "concerns_open",
}
"""Counts of some of those whom another counts: how many are left over is a count as well."""
LEFT_OF = {
    "contacts_missed": ("contacts_due", "contacts_kept"),
    "wait_overdue_count": ("contacts_kept", "contacts_on_time"),
    "matches_active": ("children_eligible", "children_waiting"),
}
"""Counts of those whom the second leaves of the first: shown where both of these are, so that
three numbers of which each is the sum or the rest of the others are covered as two."""
_SUM = -1


def wider(code: str) -> list[str]:
    """The counts within which a count can be laid, the widest first."""
    found: list[str] = []
    while code in WITHIN:
        code = WITHIN[code]
        found.insert(0, code)
    return found


@dataclass(frozen=True)
class Country:
    """The regions in the order of the tables, and which of them the reader sees."""

    regions: Sequence[str]
    seen: Sequence[str]

    @cached_property
    def rows(self) -> list[int]:
        return [self.regions.index(region) for region in self.seen]

    @property
    def is_whole(self) -> bool:
        return len(self.seen) == len(self.regions)

    def row(self, region: str | None) -> int:
        return _SUM if region is None else self.seen.index(region)


class Numbers:
    """One count by region, part and month, in tables of a span: a year, or one month's end."""

    def __init__(
        self, cube: Cube, kind: Kind, parts: Sequence[str], months: Collection[str] | None = None
    ) -> None:
        """`months`: those for which a stock was taken; without them, those with a number."""
        self.kind, self.parts = kind, parts
        self.totals: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        quarters = {f"{n:02}": f"Q{(n + 2) // 3}" for n in range(1, 13)}
        for (region, part, month), number in cube.items():
            cells = self.totals[month[:4] if kind == Kind.FLOW else month]
            cells[region, f"part {part}"] += number
            cells[region, quarters[month[5:]]] += number
            cells["", month] += number
        self.months = set(months if months is not None else (month for _, _, month in cube))

    def tables(self, span: str, regions: Sequence[str], with_parts: bool) -> Tables:
        """Regions by what can be asked of this span; all with the same sums of rows."""
        cells = self.totals.get(span, Counter())
        named = [f"part {part}" for part in self.parts]
        rest = sorted({name for _, name in cells if name.startswith("part ")} - set(named))
        found: Tables = {}
        if self.kind == Kind.FLOW:
            found["time"] = [[cells[region, f"Q{n}"] for n in (1, 2, 3, 4)] for region in regions]
        if with_parts and self.parts:
            found["part"] = [[cells[region, name] for name in named + rest] for region in regions]
        if not found:
            found["all"] = [[sum(cells[region, n] for n in named + rest)] for region in regions]
        return found

    def by_year(self, years: Sequence[str], regions: Sequence[str]) -> Tables:
        """Regions by years."""
        empty: Counter[tuple[str, str]] = Counter()
        every = [self.totals.get(year, empty) for year in years]
        return {
            "year": [
                [sum(cells[region, f"Q{n}"] for n in (1, 2, 3, 4)) for cells in every]
                for region in regions
            ]
        }

    def months_of(self, quarter: Period) -> list[int]:
        cells = self.totals.get(str(quarter.first.year), Counter())
        return [cells["", month] for month in quarter.months]


class Seen:
    """One count as this reader may see it, with those within which it is counted."""

    def __init__(
        self,
        country: Country,
        chain: Sequence[Numbers],
        until: date,
        *,
        of_people: bool = True,
        left_of: "tuple[Seen, Seen] | None" = None,
    ) -> None:
        """`chain`: the widest count first, this one last. What counts no people needs no cover."""
        self.country, self.chain, self.own, self.until = country, chain, chain[-1], until
        self.of_people, self.left_of = of_people, left_of
        self._answers: dict[str, dict[str, list[list[Count]]]] = {}
        self._years: dict[int, list[list[Count]]] = {}

    def at(self, period: Period, region: str | None, part: str | None) -> Count | None:
        """The count of a period; None where it is not known, or not told in such detail."""
        found = self._at(period, region, part)
        if found is None or self.left_of is None:
            return found
        whole, other = (each.at(period, region, part) for each in self.left_of)
        if whole is None or other is None or whole.value is None or other.value is None:
            return Count(Mark.HIDDEN)
        return Count(Mark.SHOWN, whole.value - other.value) if self._is_all_left else found

    @cached_property
    def _is_all_left(self) -> bool:
        """Whether nobody is neither here nor there: then the rest is this count."""
        if self.left_of is None:
            return False
        every = [each.own for each in (*self.left_of, self)]
        for span in {span for each in every for span in each.totals}:
            sums = [list(each.tables(span, self.country.regions, False).values()) for each in every]
            whole, other, own = (np.array(each) for each in sums)
            if (whole - other != own).any():
                return False
        return True

    def _at(self, period: Period, region: str | None, part: str | None) -> Count | None:
        """The count of a period; None where it is not known, or not told in such detail."""
        if period.first > self.until:
            return None
        if self.own.kind == Kind.STOCK:
            span = self._last_month(period)
            return self._cell(span, "part", self._column(part), region) if span else None
        if f"{period.last:%Y-%m}" < self._begun:
            return None
        year = str(period.first.year)
        if period.step == Step.YEAR:
            return self._cell(year, "part" if part else "time", self._column(part), region)
        if part is not None:
            return None
        if period.step == Step.QUARTER:
            return self._cell(year, "time", period.quarter - 1, region)
        return self._month(period) if region is None and self.country.is_whole else None

    @cached_property
    def _begun(self) -> str:
        """The month of the first row ever counted, of this count or of the whole it is in."""
        return min(set().union(*(each.months for each in self.chain)) or {f"{self.until:%Y-%m}"})

    def _last_month(self, period: Period) -> str | None:
        """The month whose end tells a stock of a period."""
        known = [month for month in period.months if month in self.own.months]
        return known[-1] if known else None

    def _column(self, part: str | None) -> int:
        return _SUM if part is None else list(self.own.parts).index(part)

    def _cell(self, span: str, table: str, column: int, region: str | None) -> Count:
        answer = self.answer(span)
        rows = answer.get(table) or next(iter(answer.values()))
        return rows[self.country.row(region)][column]

    def answer(self, span: str) -> dict[str, list[list[Count]]]:
        """The tables of a span as this reader may see them, each with sums."""
        if span not in self._answers:
            tables = self._protected(self._levels(span), span)
            cut = {name: for_rows(rows, self.country.rows) for name, rows in tables.items()}
            self._answers[span] = cut
        return self._answers[span]

    def _levels(self, span: str) -> list[Tables]:
        """The tables of this count, last, and of those within which it can be laid."""
        shared = all(each.parts == self.own.parts for each in self.chain)
        chain = self.chain if shared or not self.own.parts else [self.own]
        by_part = shared or bool(self.own.parts)
        return [each.tables(span, self.country.regions, by_part) for each in chain]

    def _protected(self, levels: list[Tables], span: str) -> dict[str, list[list[Count]]]:
        if not self.of_people:
            return {name: _plain(table) for name, table in levels[-1].items()}
        within = _nested(levels)
        totals: list[list[Count]] = []
        if self.own.kind == Kind.FLOW:
            first = len(self.chain) - 1 - len(within)
            totals = [self._of_year(place, span) for place in range(first, len(self.chain))]
        return protect_linked(levels[-1], within, totals)

    def _of_year(self, place: int, year: str) -> list[Count]:
        """How a year of a count of the chain is marked in each region: all years are at once."""
        years = sorted({year, *(known for each in self.chain for known in each.totals)})
        if year not in years:  # nothing happened in it, and everybody may know
            return [Count(Mark.SHOWN, 0)] * (len(self.country.regions) + 1)
        if place not in self._years:
            levels = [each.by_year(years, self.country.regions) for each in self.chain[: place + 1]]
            self._years[place] = protect_linked(levels[-1], _nested(levels))["year"]
        return [row[years.index(year)] for row in self._years[place]]

    def _month(self, period: Period) -> Count:
        """A month of the whole country, within its quarter as that is shown."""
        quarter = period_of(period.first, Step.QUARTER)
        levels: list[Tables] = [{"months": [each.months_of(quarter)]} for each in self.chain]
        if not self.of_people:
            return _plain(levels[-1]["months"])[-1][quarter.months.index(period.code)]
        within = _nested(levels)
        first = len(self.chain) - 1 - len(within)
        wholes = [
            *(
                Seen(self.country, self.chain[: n + 1], self.until)
                for n in range(first, len(self.chain) - 1)
            ),
            self,
        ]
        marks = [each._at(quarter, None, None) or Count(Mark.HIDDEN) for each in wholes]
        found = protect_linked(levels[-1], within, [[mark, mark] for mark in marks])["months"]
        return found[-1][quarter.months.index(period.code)]


def _nested(levels: Sequence[Tables]) -> Sequence[Tables]:
    """The wider tables, as far as each holds the next one in every cell."""
    kept: list[Tables] = []
    inner = levels[-1]
    for outer in reversed(levels[:-1]):
        if {name: _shape(t) for name, t in outer.items()} != {
            name: _shape(t) for name, t in inner.items()
        } or not _holds(outer, inner):
            break
        kept.insert(0, outer)
        inner = outer
    return kept


def _plain(table: Sequence[Sequence[int]]) -> list[list[Count]]:
    """Every number and sum, for what counts no people."""
    rows = [[*row, sum(row)] for row in table]
    rows.append([sum(column) for column in zip(*rows, strict=True)])
    return [[Count(Mark.SHOWN, number) for number in row] for row in rows]


def _shape(table: Sequence[Sequence[int]]) -> tuple[int, int]:
    return len(table), len(table[0]) if table else 0


def _holds(outer: Tables, inner: Tables) -> bool:
    return all(
        whole >= part
        for name, rows in inner.items()
        for outer_row, row in zip(outer[name], rows, strict=True)
        for whole, part in zip(outer_row, row, strict=True)
    )


@dataclass(frozen=True)
class Reading:
    """A measure as one reader may see it, at any time, in any region."""

    measure: Measure
    number: Seen
    base: Seen | None = None

    def at(self, period: Period, region: str | None = None, part: str | None = None) -> Value:
        """The figure of a period."""
        count = self.number.at(period, region, part)
        if count is None:
            return Value(State.UNKNOWN)
        if self.base is None:
            return Value(State(count.mark), count.value)
        return ratio(self.measure, count, self.base.at(period, region, part))


def ratio(measure: Measure, count: Count, base: Count | None) -> Value:
    """A share, a rate or a mean of two counts, where both may be shown."""
    if base is None:
        return Value(State.UNKNOWN)
    if base.value == 0:
        return Value(State.NONE, of=base)
    if base.value is None or (base.value < LEAST and measure.is_person):
        return Value(State.HIDDEN, of=base)
    if measure.unit in FACTORS:
        return rate(count, base, FACTORS[measure.unit], WITHIN.get(measure.numerator) is not None)
    if count.value is None:
        return Value(State.HIDDEN, of=base)
    mean = count.value / base.value
    return Value(State.SHOWN, mean / 60 if measure.unit == Unit.HOURS else mean, base)


def rate(count: Count, base: Count, factor: int, is_part: bool) -> Value:
    """A part of a whole, or so many for each `factor` of something else."""
    if is_part:
        share = share_of(count, base)
    else:
        shown = count.value is not None and base.value
        share = count.value / base.value if shown else None  # type: ignore[operator]
    return Value(State.HIDDEN if share is None else State.SHOWN, share and share * factor, base)
