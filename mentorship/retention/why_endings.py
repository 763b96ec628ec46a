"""Who ended matches, when and why, so that no number of it gives another away.

Every count has passed through `suppression`, over all regions of the country at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from mentorship.figures.facts import FIRST_DAYS
from mentorship.matches.models import ClosureReason, EndedBy
from mentorship.retention.why_matches import Mask, Past, Places
from mentorship.web.suppression import LEAST, Count, Mark, protect_linked

YEAR_DAYS = 365
HIDDEN = Count(Mark.HIDDEN)


class Band(StrEnum):
    """When a match ended: days since its start."""

    FIRST = "first"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"
    LATER = "later"


BAND_DAYS = (FIRST_DAYS, 182, YEAR_DAYS, 2 * YEAR_DAYS)


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


def endings(past: Past, places: Places) -> Ended:
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
    found = protect_linked(tables, totals=[_by_year(past, places)]) if tables else {}
    if any(table[-1] != margins[name] for name, table in found.items()):
        found = {}
    seen = {name: [HIDDEN] * len(row) for name, row in margins.items()}
    seen |= {name: places.cut(table) for name, table in found.items()}
    return Ended([seen["bands"]], [seen["reasons"]], seen["sides"], False)


def _by_year(past: Past, places: Places) -> list[Count]:
    """How the endings of each region are marked, as the page of what ended marks its years."""
    years = [past.year == year for year in np.unique(past.year[past.ended])]
    table = places.tally(past, *(years or [past.ended]))
    return [row[-1] for row in protect_linked({"year": table})["year"]]


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
