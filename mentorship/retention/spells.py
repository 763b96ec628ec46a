"""How long something lasted and how it ended, as a report day sees it: said once, here.

**A match** lasts from its start. It ends early through the mentor, the child or the programme;
a planned end (also a transfer, a family, turning 18) and a match that is still under way, on
hold or not, only end the watching.

**A child with mentors** lasts from the start of the first match through all later ones, also
with other mentors, as long as no more than `GAP_DAYS` days lie between the end of one and the
start of the next. A longer gap is the event, on the day the gap began; where that match ended as
planned, the watching ends there. Whether a gap is long is known after so many days only, so
everything is told as it stood `GAP_DAYS` before the report day.

**A mentor in the programme** lasts from the first certificate, or from the first match where that
was earlier, until they leave. Being paused or suspended is not leaving; who left and became
active again has not left. Where the day of leaving was not written down, it is the end of their
last match.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorship.figures.queries import Facts
from mentorship.figures.vocabulary import Ending
from mentorship.retention.incidence import Ints
from mentorship.retention.survival import Bools, Days, Floats, months_between

GAP_DAYS = 90
BY_PROGRAMME = ("programme_decision",)
"""Reasons of leaving that are the programme's; all others are the mentor's own."""
BANDS = ("centre_kind", "training", "language", "distance")


class Way(IntEnum):
    """How a match ended; 0 while it lasts."""

    PLANNED = 1
    MENTOR = 2
    CHILD = 3
    PROGRAMME = 4


class Parting(IntEnum):
    """How a child's time with mentors ended."""

    PLANNED = 1
    LEFT_ALONE = 2


class Leaving(IntEnum):
    """Through whom a mentor left."""

    OWN = 1
    PROGRAMME = 2


@dataclass(frozen=True, eq=False)
class Spells:
    """Columns, a row each: where and when it began, how many months it was watched, how it ended.

    `ways`: 0 while it lasts; `ended`: whether by the event. `groups`: codes by dimension.
    """

    region: NDArray[Any]
    started: Days
    months: Floats
    ways: Ints
    ended: Bools
    groups: Mapping[str, NDArray[Any]]

    def __len__(self) -> int:
        return int(self.months.size)

    def where(self, mask: Bools) -> "Spells":
        """Only those of a mask."""
        groups = {name: column[mask] for name, column in self.groups.items()}
        columns = ("region", "started", "months", "ways", "ended")
        return replace(self, groups=groups, **{name: getattr(self, name)[mask] for name in columns})


@dataclass(frozen=True)
class MentorRow:
    """What is asked of one mentor; `left_on` only where they left and have not come back."""

    id: int
    region: str
    has_left: bool
    certified_on: date | None
    left_on: date | None
    reason: str | None


def match_spells(facts: Facts, on: date) -> Spells:
    """Every match that had begun by a day."""
    day = np.datetime64(on, "D")
    begun = facts.where(facts["started_on"] <= day)
    over = ~begun.is_open & (begun["ended_on"] <= day)
    ways = np.where(over, _ways(begun), 0)
    until = np.where(over, begun["ended_on"], day)
    return _spells(begun, begun["started_on"], until, ways, ways > Way.PLANNED)


def child_spells(facts: Facts, on: date, gap: int = GAP_DAYS) -> Spells:
    """Every child whose first match had begun `gap` days before a day."""
    day = np.datetime64(on, "D")
    known = day - np.timedelta64(gap, "D")
    begun = facts.where(facts["started_on"] <= day)
    order = np.lexsort((begun["started_on"], begun["child_id"]))
    begun = Facts({name: column[order] for name, column in begun.columns.items()})
    child, started = begun["child_id"], begun["started_on"]
    over = ~begun.is_open & (begun["ended_on"] <= day)
    ended = np.where(over, begun["ended_on"], day)
    first = np.flatnonzero(np.diff(child, prepend=-1) != 0)
    whose = np.cumsum(np.diff(child, prepend=-1) != 0) - 1
    next_start = np.append(started[1:], started[:1])
    last = np.append(child[1:] != child[:-1], True)[: child.size]
    left = over & (last | ((next_start - ended).astype(np.int64) > gap)) & (ended <= known)
    place = np.full(first.size, child.size)
    np.minimum.at(place, whose[left], np.flatnonzero(left))  # the first long gap of each child
    stopped = place < child.size
    at = np.where(stopped, place, 0)
    planned = _ways(begun)[at] == Way.PLANNED
    ways = np.where(stopped, np.where(planned, Parting.PLANNED, Parting.LEFT_ALONE), 0)
    until = np.where(stopped, ended[at], known)
    spells = _spells(
        begun.where(_mask(first, child.size)), started[first], until, ways, ways > Parting.PLANNED
    )
    return spells.where(started[first] <= known)


def mentor_spells(rows: Sequence[MentorRow], facts: Facts, on: date) -> Spells:
    """Every mentor who had a certificate or a match by a day."""
    day = np.datetime64(on, "D")
    begun = facts.where(facts["started_on"] <= day)
    first_match = _by_mentor(begun["mentor_id"], begun["started_on"], min)
    last_end = _by_mentor(begun["mentor_id"], np.fmin(begun["ended_on"], day), max)
    kept, started, until, ways = [], [], [], []
    for row in rows:
        starts = [each for each in (row.certified_on, first_match.get(row.id)) if each]
        start = min(starts, default=None)
        end = (row.left_on or last_end.get(row.id)) if row.has_left else None
        if start is None or start > on or (row.has_left and end is None):
            continue
        left = end is not None and end <= on
        kept.append(row.region)
        started.append(start)
        until.append(max(end, start) if left and end else on)
        own = Leaving.PROGRAMME if row.reason in BY_PROGRAMME else Leaving.OWN
        ways.append(own if left else 0)
    begins, ends = np.array(started, "M8[D]"), np.array(until, "M8[D]")
    way = np.array(ways, np.int64)
    return Spells(
        np.array(kept, np.str_), begins, months_between(begins, ends), way, way > 0, _years(begins)
    )


def _by_mentor(mentors: Ints, days: Days, which: Any) -> dict[int, date]:
    order = np.lexsort((days if which is max else -days.astype(np.int64), mentors))
    return dict(zip(mentors[order].tolist(), days[order].tolist(), strict=True))


def _ways(facts: Facts) -> Ints:
    endings = (Ending.PLANNED, Ending.MENTOR, Ending.CHILD, Ending.PROGRAMME)
    found: Ints = np.select([facts["ending"] == ending for ending in endings], list(Way), 0)
    return found


def _spells(facts: Facts, started: Days, until: Days, ways: Ints, ended: Bools) -> Spells:
    bands = {name: facts[name] for name in BANDS}
    months = months_between(started, until)
    return Spells(facts["region"], started, months, ways, ended, _years(started) | bands)


def _years(started: Days) -> dict[str, NDArray[Any]]:
    return {"year": started.astype("M8[Y]").astype(np.str_)}


def _mask(places: NDArray[Any], size: int) -> Bools:
    mask = np.zeros(size, dtype=bool)
    mask[places] = True
    return mask
