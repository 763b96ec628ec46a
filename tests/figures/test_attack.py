"""Every count that any filter of any page of figures shows, put together by one attacker.

A hidden number is known when every solution of all sums together gives it the same value. The
sums are those a reader could know: of regions, quarters, months and parts; of what is within
something else; of the same matches on the pages of figures, of retention and of endings.
"""

from collections.abc import Hashable, Iterable, Iterator
from datetime import date

import numpy as np
import pytest
from sqlalchemy.orm import Session

from mentorship.figures.catalogue import MEASURES, Kind
from mentorship.figures.pages import EVERYWHERE, read
from mentorship.figures.queries import match_facts, newest_build
from mentorship.figures.report import WITHIN, Seen
from mentorship.figures.store import rebuild
from mentorship.places.regions import REGIONS
from mentorship.retention.report import Whose, figures_of
from mentorship.retention.why_endings import endings
from mentorship.retention.why_matches import Places, past_of
from mentorship.web.periods import read_period
from mentorship.web.suppression import LEAST, Count
from tests import factories
from tests.bulk_register import SMALL, fill

ON = date(2026, 11, 22)
Name = tuple[Hashable, ...]
WHERE = [None, *REGIONS]
SUMS = {
    "contacts_due": ("contacts_on_time", "contacts_missed", "wait_overdue_count"),
    "children_eligible": ("children_waiting", "matches_active"),
}
"""Sums that hold in most registers, though no page says so."""


class Collected:
    """What was shown of each number, and the sums between them."""

    def __init__(self) -> None:
        self.shown: dict[Name, int | None] = {}
        self.sums: list[tuple[list[Name], Name]] = []

    def add(self, name: Name, count: Count | None) -> Name:
        value = count.value if count else None
        if value is not None or name not in self.shown:
            assert self.shown.get(name, value) in (None, value), f"two numbers for {name}"
            self.shown[name] = value
        return name

    def add_sum(self, parts: Iterable[Name], total: Name) -> None:
        self.sums.append((list(parts), total))

    def known(self) -> dict[Name, int]:
        """The hidden numbers that the equations alone determine, with their values."""
        found: dict[Name, int] = {}
        for names, sums in self._islands():
            place = {name: k for k, name in enumerate(names)}
            matrix, given = np.zeros((len(sums), len(names))), np.zeros(len(sums))
            for row, (parts, total) in enumerate(sums):
                for name, sign in [*((part, 1) for part in parts), (total, -1)]:
                    if name in place:
                        matrix[row, place[name]] += sign
                    else:
                        given[row] -= sign * (self.shown[name] or 0)
            _, sizes, basis = np.linalg.svd(matrix, full_matrices=False)
            spanned = basis[: int((sizes > 1e-9).sum())]  # a number is fixed if it lies in there
            fixed = (spanned**2).sum(axis=0) > 1 - 1e-8
            if fixed.any():
                solved = np.linalg.lstsq(matrix, given)[0]
                found |= {names[k]: round(solved[k]) for k in np.flatnonzero(fixed)}
        return found

    def _islands(self) -> Iterator[tuple[list[Name], list[tuple[list[Name], Name]]]]:
        """Hidden numbers that hang together by sums, with these."""
        head = {name: name for name, value in self.shown.items() if value is None}

        def top(name: Name) -> Name:
            while head[name] != name:
                head[name] = head[head[name]]
                name = head[name]
            return name

        inside = [[n for n in (*parts, total) if n in head] for parts, total in self.sums]
        for names in inside:
            for name in names[1:]:
                head[top(name)] = top(names[0])
        found: dict[Name, tuple[list[Name], list[tuple[list[Name], Name]]]] = {}
        for name in head:
            found.setdefault(top(name), ([], []))[0].append(name)
        for names, each in zip(inside, self.sums, strict=True):
            if names:
                found[top(names[0])][1].append(each)
        yield from found.values()


@pytest.fixture
def collected(database: Session) -> Collected:
    fill(database, ON, SMALL, 7)
    database.commit()
    rebuild(database, ON, factories.AT)
    build, found = newest_build(database), Collected()
    assert build is not None
    for code, seen in _every_count(database, build.until).items():
        for span in _recent(seen):
            (_add_flow if seen.own.kind == Kind.FLOW else _add_stock)(found, code, seen, span)
    _add_hidden_sums(found)
    _add_retention(found, database, build)
    _add_endings(found, database, build.until)
    return found


def test_no_hidden_number_follows_from_all_that_every_filter_shows(collected: Collected):
    hidden = [name for name, value in collected.shown.items() if value is None]
    assert len(hidden) > 500, "a register without small numbers tests nothing"
    told = {name: number for name, number in collected.known().items() if 0 < number < LEAST}
    assert not told, list(told.items())[:10]


def _recent(seen: Seen) -> list[str]:
    """All years of what happens; the last months of what there is, marked one by one."""
    spans = sorted(seen.own.totals)
    return spans if seen.own.kind == Kind.FLOW else spans[-3:]


def _every_count(session: Session, until: date) -> dict[str, Seen]:
    found = {}
    for measure in MEASURES.values():
        reading = read(session, EVERYWHERE, measure, until)
        for code, seen in (
            (measure.numerator, reading.number),
            (measure.denominator, reading.base),
        ):
            if code and seen and seen.of_people:
                found[code] = seen
    return found


def _add_flow(found: Collected, code: str, seen: Seen, span: str) -> None:
    year = read_period(span)
    assert year is not None
    for region in WHERE:
        total = found.add((code, span, region), seen.at(year, region, None))
        quarters = []
        for number in (1, 2, 3, 4):
            quarter = read_period(f"{span}-Q{number}")
            assert quarter is not None
            name = (code, span, region, f"Q{number}")
            quarters.append(found.add(name, seen.at(quarter, region, None)))
            if region is None:
                months = [read_period(month) for month in quarter.months]
                told = [found.add((code, str(m)), seen.at(m, None, None)) for m in months if m]
                found.add_sum(told, name)
        found.add_sum(quarters, total)
    _add_parts(found, code, seen, span)
    for column in ["Q1", "Q2", "Q3", "Q4"]:
        found.add_sum([(code, span, r, column) for r in REGIONS], (code, span, None, column))


def _add_stock(found: Collected, code: str, seen: Seen, span: str) -> None:
    period = read_period(span)
    assert period is not None
    for region in WHERE:
        found.add((code, span, region), seen.at(period, region, None))
    _add_parts(found, code, seen, span)


def _add_parts(found: Collected, code: str, seen: Seen, span: str) -> None:
    period = read_period(span)
    assert period is not None
    found.add_sum([(code, span, r) for r in REGIONS], (code, span, None))
    for part in seen.own.parts:
        for region in WHERE:
            found.add((code, span, region, part), seen.at(period, region, part))
        found.add_sum([(code, span, r, part) for r in REGIONS], (code, span, None, part))
    if seen.own.parts:
        for region in WHERE:
            names: list[Name] = [(code, span, region, part) for part in seen.own.parts]
            found.add_sum(names, (code, span, region))


def _add_hidden_sums(found: Collected) -> None:
    """Sums are taken for true wherever nothing shown contradicts them."""
    for whole, parts in SUMS.items():
        for name in [name for name in found.shown if name[0] == whole]:
            names: list[Name] = [(part, *name[1:]) for part in parts]
            values = [found.shown.get(each) for each in (*names, name)]
            all_shown = None not in values
            if all(each in found.shown for each in names) and (
                not all_shown or sum(v or 0 for v in values[:-1]) == values[-1]
            ):
                found.add_sum(names, name)
    for part, whole in WITHIN.items():
        for name in [name for name in found.shown if name[0] == part]:
            if (whole, *name[1:]) in found.shown:
                left = found.add(("left", *name), None)
                found.add_sum([name, left], (whole, *name[1:]))


def _add_retention(found: Collected, session: Session, build: object) -> None:
    figures = figures_of(session, build)  # type: ignore[arg-type]
    for whose in Whose:
        study = figures.study(whose)
        _add_study(found, study, whose.value)
    _add_study(found, figures.cohorts(), Whose.MATCHES.value)
    for name in [n for n in found.shown if n[0] == Whose.MATCHES.value and n[2] == "year"]:
        begun = ("matches_begun", name[3], name[1])
        if begun in found.shown:
            found.add_sum([begun], name)
    for name in [n for n in found.shown if n[0] == Whose.MATCHES.value and n[2] == "quarter"]:
        year, quarter = str(name[3]).split("-")
        found.add_sum([("matches_begun", year, name[1], quarter)], name)


def _add_study(found: Collected, study: object, whose: str) -> None:
    for dimension, table in study.counts.items():  # type: ignore[attr-defined]
        codes = study.codes[dimension]  # type: ignore[attr-defined]
        for region, row in zip([*REGIONS, None], table, strict=True):
            total = found.add((whose, region, "all", ""), row[-1])
            names = [
                found.add((whose, region, dimension, code), count)
                for code, count in zip(codes, row, strict=False)
            ]
            found.add_sum(names, total)
        for code in [*codes, ""]:
            kind = dimension if code else "all"
            found.add_sum([(whose, r, kind, code) for r in REGIONS], (whose, None, kind, code))


def _add_endings(found: Collected, session: Session, until: date) -> None:
    past = past_of(match_facts(session, EVERYWHERE), until)
    for region in WHERE:
        told = endings(past, Places(list(REGIONS), [region] if region else list(REGIONS)))
        total = found.add(("endings", region), told.all)
        for kind, line in (
            ("band", told.bands[-1][:-1]),
            ("reason", told.reasons[-1][:-1]),
            ("side", told.by_side[: len(told.by_side) - (len(told.by_side) > 3)]),
        ):
            names = [found.add(("endings", region, kind, k), c) for k, c in enumerate(line)]
            if kind != "side":
                found.add_sum(names, total)
        years = sorted({str(n[1]) for n in found.shown if n[0] == "matches_ended" and len(n) == 3})
        if years:
            found.add_sum([("matches_ended", year, region) for year in years], total)
