"""Why matches end, and what went before: columns of matches in, figures that may be shown out.

**The landmark.** A match that lasted longer had more time for meetings, so whatever is counted
over a whole match differs with its length alone. Compared are therefore only matches that all
lasted the first 90 days and began at least 365 days before the report day, and only what
happened in those 90 days: the ones that ended early between day 90 and day 365 with the ones
still together on day 365. A planned end in between is in neither group: such a match is known
neither to have lasted nor to have ended early. (Anderson, Cain and Gelber 1983, J Clin Oncol
1: 710-719.)

Every count has passed through `suppression`, over all regions of the country at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorship.figures.facts import FIRST_DAYS
from mentorship.figures.queries import Facts
from mentorship.figures.vocabulary import Ending, Training
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.retention.why_differences import CONFIDENCE, Floats, Interval, of_means, of_shares
from mentorship.web.suppression import LEAST, Count, Mark, for_rows, protect_linked

YEAR_DAYS = 365
MONTHS = FIRST_DAYS / (365.25 / 12)
HIDDEN = Count(Mark.HIDDEN)
Mask = NDArray[np.bool_]
Table = Sequence[Sequence[Count]]


class Band(StrEnum):
    """When a match ended: days since its start."""

    FIRST = "first"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    LATER = "later"


BAND_DAYS = (FIRST_DAYS, 182, YEAR_DAYS, 2 * YEAR_DAYS)


class Trait(StrEnum):
    """What is compared of the first 90 days; training is that before the start."""

    ON_TIME = "on_time"
    MEETINGS = "meetings"
    HOURS = "hours"
    RATING = "rating"
    TRAINING_HOURS = "training_hours"
    TRAINED = "trained"


@dataclass(frozen=True, eq=False)
class Past:
    """Matches of the whole country in columns; `days` from the start to the end or until now."""

    region: NDArray[Any]
    age: NDArray[Any]
    days: NDArray[Any]
    ended: Mask
    early: Mask
    reason: NDArray[Any]
    ended_by: NDArray[Any]
    due: Floats
    on_time: Floats
    meetings: Floats
    minutes: Floats
    rating_sum: Floats
    rating_count: Floats
    training_hours: Floats
    trained: Mask


def past_of(facts: Facts, on: date) -> Past:
    """The matches that had begun by a day, as that day sees them."""
    day = np.datetime64(on, "D")
    begun = facts.where(facts["started_on"] <= day)
    ended = ~begun.is_open & (begun["ended_on"] <= day)
    age = (day - begun["started_on"]).astype(np.int64)
    last = np.where(ended, begun["ended_on"], day)
    number = {
        name: begun[column].astype(np.float64)
        for name, column in (
            ("due", "first_due"),
            ("on_time", "first_on_time"),
            ("meetings", "first_meetings"),
            ("minutes", "first_minutes"),
            ("rating_sum", "first_rating_sum"),
            ("rating_count", "first_rating_count"),
            ("training_hours", "training_hours"),
        )
    }
    return Past(
        region=begun["region"],
        age=age,
        days=(last - begun["started_on"]).astype(np.int64),
        ended=ended,
        early=ended & (begun["ending"] != Ending.PLANNED),
        reason=begun["reason"],
        ended_by=begun["ended_by"],
        trained=begun["training"] == Training.FULL,
        **number,
    )


@dataclass(frozen=True)
class Ended:
    """Ended matches by when and by why: a row of each side and, last, one of all of them.

    Each row ends with its total. Where not the whole country is seen there is the last row
    alone, and `by_side` tells of the sides: one thing at a time, as small numbers crossed with
    each other would all be hidden.
    """

    bands: list[list[Count]]
    reasons: list[list[Count]]
    by_side: list[Count]
    is_crossed: bool

    @property
    def all(self) -> Count:
        return self.bands[-1][-1]


@dataclass(frozen=True)
class Compared:
    """One trait in both groups: how many matches it rests on, its mean, and the difference.

    `firm`: the interval still leaves out zero when all comparisons together are to be wrong
    in one case of twenty (Bonferroni).
    """

    trait: Trait
    counts: tuple[Count, Count]
    means: tuple[float, float] | None
    interval: Interval | None
    firm: bool

    @property
    def is_clear(self) -> bool:
        return self.interval is not None and self.interval.leaves_out_zero


@dataclass(frozen=True)
class Why:
    """What the page shows for one choice of region."""

    ended: Ended
    groups: tuple[Count, Count]
    compared: list[Compared]

    @property
    def drawn(self) -> list[Compared]:
        """Those with an interval that can stand on a common axis."""
        return [each for each in self.compared if each.interval and each.interval.in_spreads]


class Places:
    """Which rows of a table of regions a reader sees: the whole country, one region, or some."""

    def __init__(self, regions: Sequence[str], seen: Sequence[str]) -> None:
        self.regions, self.seen = list(regions), list(seen)
        self.is_country = set(self.seen) >= set(self.regions)

    def cut(self, table: Table) -> list[Count]:
        """The line of a protected table; a sum of some regions only where all of them show."""
        rows = [self.regions.index(region) for region in self.seen]
        return for_rows(table, rows)[-1]

    def mask(self, past: Past) -> Mask:
        if self.is_country:
            return np.ones(past.region.size, dtype=np.bool_)
        return np.isin(past.region, self.seen)

    def tally(self, past: Past, *masks: Mask) -> list[list[int]]:
        """How many matches of each region are in each mask."""
        rows = [past.region == region for region in self.regions]
        return [[int((row & mask).sum()) for mask in masks] for row in rows]


def why_report(past: Past, places: Places) -> Why:
    """Endings by who and when, and the traits of what went before."""
    early, lasted = _groups(past)
    counts = {
        name: {key: places.cut(table) for key, table in _sizes(past, mask, places).items()}
        for name, mask in (("early", early), ("lasted", lasted))
    }
    own = places.mask(past)
    compared = [
        _compared(past, trait, (early & own, lasted & own), (counts["early"], counts["lasted"]))
        for trait in Trait
    ]
    groups = (counts["early"]["due"][-1], counts["lasted"]["due"][-1])
    return Why(_endings(past, places), groups, compared)


def _endings(past: Past, places: Places) -> Ended:
    """Crossed with each other for the country, one at a time for a part of it.

    Both kinds of tables have the same margins. Where one of them is not shown, the tables of a
    part that have it are not told: from both kinds together a reader might work out what
    neither gives away.
    """
    sides = [past.ended & (past.ended_by == side) for side in EndedBy]
    when = np.searchsorted(np.array(BAND_DAYS), past.days, side="right")
    bands = [past.ended & (when == place) for place in range(len(Band))]
    reasons = _reasons(past, sides)
    crossed = protect_linked({"bands": _cross(sides, bands), "reasons": _cross(sides, reasons)})
    by_side = [row[-1] for row in crossed["bands"]]
    if places.is_country:
        return Ended(crossed["bands"], crossed["reasons"], by_side, True)
    margins = {"sides": by_side} | {name: table[-1] for name, table in crossed.items()}
    parts = {"sides": sides, "bands": bands, "reasons": reasons}
    told = {name: parts[name] for name, row in margins.items() if all(c.is_shown for c in row)}
    tables = {name: places.tally(past, *masks) for name, masks in told.items()}
    found = protect_linked(tables) if tables else {}
    if any(table[-1] != margins[name] for name, table in found.items()):
        found = {}
    seen = {name: [HIDDEN] * len(row) for name, row in margins.items()}
    seen |= {name: places.cut(table) for name, table in found.items()}
    return Ended([seen["bands"]], [seen["reasons"]], seen["sides"], False)


def _cross(rows: Sequence[Mask], columns: Sequence[Mask]) -> list[list[int]]:
    return [[int((row & column).sum()) for column in columns] for row in rows]


def _reasons(past: Past, sides: Sequence[Mask]) -> list[Mask]:
    """One mask of each reason; rare ones are among the other ones.

    Rare is what fewer than five matches of one side had. Reasons nearly tell the side, so that
    small numbers could be covered only by hiding sums; and where the other ones of a side were
    still fewer than five, its next rare reason joins them.
    """
    masks = {reason: past.ended & (past.reason == reason) for reason in ClosureReason}
    while True:
        number = {
            reason: [int((side & mask).sum()) for side in sides] for reason, mask in masks.items()
        }
        rare = [reason for reason, row in number.items() if any(0 < n < LEAST for n in row)]
        if rare == [ClosureReason.OTHER]:
            few = next(i for i, n in enumerate(number[ClosureReason.OTHER]) if 0 < n < LEAST)
            rare = [reason for reason, row in number.items() if row[few]]
        joining = [reason for reason in rare if reason != ClosureReason.OTHER]
        if not joining:
            return list(masks.values())
        rarest = min(joining, key=lambda reason: sum(number[reason]))
        masks[ClosureReason.OTHER] = masks[ClosureReason.OTHER] | masks[rarest]
        masks[rarest] = np.zeros_like(masks[rarest])


def _groups(past: Past) -> tuple[Mask, Mask]:
    """Ended early between the landmark and a year, and still together after a year."""
    whole = past.age >= YEAR_DAYS
    early = whole & past.early & (past.days >= FIRST_DAYS) & (past.days < YEAR_DAYS)
    return early, whole & (past.days >= YEAR_DAYS)


def _sizes(past: Past, group: Mask, places: Places) -> Mapping[str, Table]:
    """Of a group: who has the trait at all; trained or not. All with the group's own totals."""
    parts = {"due": past.due > 0, "rated": past.rating_count > 0, "trained": past.trained}
    return protect_linked(
        {name: places.tally(past, group & have, group & ~have) for name, have in parts.items()}
    )


# Which part of the group a trait rests on ("all": the whole of it), and its value per match.
_TRAITS: dict[Trait, tuple[str, Callable[[Past], tuple[Floats, Mask]]]] = {
    Trait.ON_TIME: ("due", lambda p: (_ratio(p.on_time, p.due), p.due > 0)),
    Trait.MEETINGS: ("all", lambda p: (p.meetings / MONTHS, np.ones_like(p.trained))),
    Trait.HOURS: ("all", lambda p: (p.minutes / 60 / MONTHS, np.ones_like(p.trained))),
    Trait.RATING: ("rated", lambda p: (_ratio(p.rating_sum, p.rating_count), p.rating_count > 0)),
    Trait.TRAINING_HOURS: ("all", lambda p: (p.training_hours, np.ones_like(p.trained))),
    Trait.TRAINED: ("trained", lambda p: (p.trained.astype(np.float64), np.ones_like(p.trained))),
}


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def _compared(
    past: Past,
    trait: Trait,
    groups: tuple[Mask, Mask],
    counts: tuple[Mapping[str, list[Count]], Mapping[str, list[Count]]],
) -> Compared:
    part, values_of = _TRAITS[trait]
    own = [_count(part, given) for given in counts]
    both = (own[0], own[1])
    shows_share = trait != Trait.TRAINED or all(c.is_shown for g in counts for c in g["trained"])
    if not shows_share or not all(c.value is not None and c.value >= LEAST for c in both):
        return Compared(trait, both, None, None, False)
    values, have = values_of(past)
    one, other = (values[group & have] for group in groups)
    confident = 1 - (1 - CONFIDENCE) / len(Trait)
    interval, strict = (_difference(trait, one, other, at) for at in (CONFIDENCE, confident))
    firm = strict is not None and strict.leaves_out_zero
    return Compared(trait, both, (float(one.mean()), float(other.mean())), interval, firm)


def _count(part: str, given: Mapping[str, list[Count]]) -> Count:
    """How many matches a trait rests on: those that have it, or the whole group."""
    if part in ("all", "trained"):
        return given["due"][-1]
    return given[part][0]


def _difference(trait: Trait, one: Floats, other: Floats, at: float) -> Interval | None:
    if trait == Trait.TRAINED:
        return of_shares(int(one.sum()), one.size, int(other.sum()), other.size, at)
    return of_means(one, other, at)
