"""Matches as columns for the pages about why they end, and the regions a reader sees."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorship.figures.queries import Facts
from mentorship.figures.vocabulary import Ending, Training
from mentorship.web.suppression import Count, for_rows

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Table = Sequence[Sequence[Count]]


@dataclass(frozen=True, eq=False)
class Past:
    """Matches of the whole country in columns; `days` from the start to the end or until now."""

    region: NDArray[Any]
    age: NDArray[Any]
    days: NDArray[Any]
    ended: Mask
    early: Mask
    year: NDArray[Any]
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
        year=np.where(ended, begun["ended_on"].astype("M8[Y]").astype(np.str_), ""),
        early=ended & (begun["ending"] != Ending.PLANNED),
        reason=begun["reason"],
        ended_by=begun["ended_by"],
        trained=begun["training"] == Training.FULL,
        **number,
    )


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
