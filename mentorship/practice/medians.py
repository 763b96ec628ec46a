"""Medians and quartiles of whole days, from how many there are of each length. No database.

The quartiles are those of NumPy's and Excel's default: between two neighbours in order, in
proportion. Of 2, 4, 4 and 10 days: the lower one lies three quarters of the way from 2 to 4
(3.5), the median is 4, and the upper one lies a quarter of the way from 4 to 10 (5.5).
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True)
class Quartiles:
    """A quarter took at most `low` days, half at most `median`, three quarters `high`."""

    low: float
    median: float
    high: float


def quartiles(lengths: Mapping[int, int]) -> Quartiles | None:
    """Of so many of each length in days; None of none. O(lengths log lengths)."""
    days = sorted(day for day, number in lengths.items() if number > 0)
    if not days:
        return None
    reached = list(accumulate(lengths[day] for day in days))

    def at(share: float) -> float:
        place = share * (reached[-1] - 1)
        whole = int(place)
        here = days[bisect_right(reached, whole)]
        after = days[min(bisect_right(reached, whole + 1), len(days) - 1)]
        return here + (after - here) * (place - whole)

    return Quartiles(at(0.25), at(0.5), at(0.75))
