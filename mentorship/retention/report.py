"""The pages of retention: spells of the country in, what a reader of some regions may see out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from mentorship.figures.models import Build
from mentorship.figures.queries import match_facts, newest_build
from mentorship.permissions import Scope
from mentorship.places.regions import REGIONS
from mentorship.retention import logrank, queries
from mentorship.retention.cohorts import quarters_of
from mentorship.retention.ends import Ends
from mentorship.retention.spells import (
    BANDS,
    Leaving,
    Spells,
    Way,
    child_spells,
    match_spells,
    mentor_spells,
)
from mentorship.retention.study import Group, Study

COUNTRY = Scope(None)
KEPT = 60
"""So many answers of a build are remembered; one of the whole country rests on every match."""


class Whose(StrEnum):
    """What lasts."""

    MATCHES = "matches"
    CHILDREN = "children"
    MENTORS = "mentors"


DIMENSIONS: Mapping[Whose, tuple[str, ...]] = {
    Whose.MATCHES: ("year", *BANDS),
    Whose.CHILDREN: ("year", "centre_kind", "language"),
    Whose.MENTORS: ("year",),
}
WAYS: Mapping[Whose, type[Way] | type[Leaving]] = {Whose.MATCHES: Way, Whose.MENTORS: Leaving}


class Figures:
    """All that one build says about retention, of the whole country; kept while it is newest."""

    def __init__(self, session: Session, build: Build) -> None:
        facts, on = match_facts(session, COUNTRY), build.until
        self.spells = {
            Whose.MATCHES: match_spells(facts, on),
            Whose.CHILDREN: child_spells(facts, on),
            Whose.MENTORS: mentor_spells(queries.mentor_rows(session), facts, on),
        }
        self._made: dict[Any, Any] = {}

    def study(self, whose: Whose) -> Study:
        """How long they last, by region and each dimension."""
        made: Study = self._once(("study", whose), lambda: _study(whose, self.spells[whose]))
        return made

    def cohorts(self) -> Study:
        """Matches by the quarter in which they began."""
        spells = self.spells[Whose.MATCHES]
        made: Study = self._once("cohorts", lambda: quarters_of(spells, list(REGIONS)))
        return made

    def ends(self, whose: Whose) -> Ends:
        """How they end, by region."""
        study = self.study(whose)
        made: Ends = self._once(("ends", whose), lambda: Ends(study, len(WAYS[whose])))
        return made

    def report(
        self, whose: Whose, regions: Sequence[str], by: str, codes: Sequence[str]
    ) -> "Report":
        """The regions together and by the codes of a dimension, in their order."""
        study, key = self.study(whose), (whose, tuple(regions), by, tuple(codes))
        made: Report = self._once(key, lambda: report(study, whose, regions, by, codes))
        return made

    def _once(self, key: Any, make: Callable[[], Any]) -> Any:
        found = self._made.get(key)
        if found is None:
            found = make()
            with _lock:
                while len(self._made) >= KEPT:
                    del self._made[next(iter(self._made))]
                self._made[key] = found
        return found


def _study(whose: Whose, spells: Spells) -> Study:
    codes = {name: np.unique(spells.groups[name]).tolist() for name in DIMENSIONS[whose]}
    return Study(spells, list(REGIONS), {name: found or [""] for name, found in codes.items()})


_newest: dict[str, Figures] = {}
_lock = Lock()


def figures_of(session: Session, build: Build) -> Figures:
    """What a build says; computed once in a process and forgotten with the build after the next."""
    found = _newest.get(build.mark)
    if found is None:
        found = Figures(session, build)
        with _lock:
            while len(_newest) > 1:
                del _newest[next(iter(_newest))]
            _newest[build.mark] = found
    return found


def headline(session: Session, scope: Scope) -> Group | None:
    """Matches of the regions in scope: `.year` is the share that lasted a year, `.count` of how
    many. None: the figures were never computed."""
    build = newest_build(session)
    if build is None:
        return None
    regions = [code for code in REGIONS if scope.covers(code)]
    return figures_of(session, build).study(Whose.MATCHES).group(regions)


@dataclass(frozen=True)
class Report:
    """One choice of regions: all of them together, their groups, and whether these differ."""

    whose: Whose
    chosen: Group
    by: str
    groups: list[tuple[str, Group]]
    test: logrank.Answer | None
    tested: list[str]

    @property
    def different(self) -> list[tuple[str, logrank.Comparison]]:
        """The groups that differ from all the others."""
        if self.test is None or not self.test.is_difference:
            return []
        return [
            (self.tested[each.group], each) for each in self.test.comparisons if each.is_difference
        ]

    @property
    def drawn(self) -> list[tuple[str, Group]]:
        """The groups that have a curve, the largest first."""
        found = [(code, group) for code, group in self.groups if len(group.points) > 1]
        return sorted(found, key=lambda each: -(each[1].count.value or 0))


def report(
    study: Study, whose: Whose, regions: Sequence[str], by: str, codes: Sequence[str]
) -> Report:
    """The regions together and by the codes of a dimension, in their order."""
    if by == "region":
        groups = [(code, study.group([code])) for code in codes]
    else:
        groups = [(code, study.group(regions, by, code)) for code in codes]
    tested = [code for code, group in groups if group.curve is not None]
    test = _test(study, regions, by, tested)
    return Report(whose, study.group(regions), by, groups, test, tested)


def _test(
    study: Study, regions: Sequence[str], by: str, tested: Sequence[str]
) -> logrank.Answer | None:
    """Of the groups that may be shown only."""
    values = study.spells.region if by == "region" else study.spells.groups[by]
    mask = study.mask(regions) & np.isin(values, list(tested))
    if not tested or not mask.any():
        return None
    order = np.argsort(np.array(tested))
    places = np.searchsorted(np.array(tested), values[mask], sorter=order)
    spells = study.spells
    return logrank.compare(spells.months[mask], spells.ended[mask], order[places], len(tested))
