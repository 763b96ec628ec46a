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

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mentorship.figures.facts import FIRST_DAYS
from mentorship.retention.why_differences import CONFIDENCE, Interval, of_means, of_shares
from mentorship.retention.why_endings import YEAR_DAYS, Ended, endings
from mentorship.retention.why_matches import Floats, Mask, Past, Places, Table
from mentorship.web.suppression import LEAST, Count, protect_linked

MONTHS = FIRST_DAYS / (365.25 / 12)


class Trait(StrEnum):
    """What is compared of the first 90 days; training is that before the start."""

    ON_TIME = "on_time"
    MEETINGS = "meetings"
    HOURS = "hours"
    RATING = "rating"
    TRAINING_HOURS = "training_hours"
    TRAINED = "trained"


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
    return Why(endings(past, places), groups, compared)


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
