"""Which shares are not shown, because somebody could count 1 to 4 endings from them.

A share still together at a month, and how many matches there were, tell how many had ended by
then. So a share is withheld where that number is 1 to 4, or differs by 1 to 4 from that of
another month that is shown, or leaves 1 to 4 that had not ended; of several months the more
important one stays. Then no withheld share may be the only one of its line (all regions and the
country; all groups of a region and the region): what the others leave over would tell it. The
smallest of the line is withheld with it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mentorship.retention.survival import Bools
from mentorship.web.suppression import LEAST

Numbers = NDArray[np.int64]
Lines = Sequence[NDArray[Any]]


def is_small(numbers: Numbers) -> Bools:
    """1 to 4, of which nobody is to know."""
    found: Bools = (numbers > 0) & (numbers < LEAST)
    return found


def alone(begun: Numbers, ended: Numbers, first: Sequence[int]) -> Bools:
    """What a cell must withhold for itself: a mask as `ended`, whose last axis are the months.

    `first`: the months by place, the most important first.
    """
    withheld = is_small(ended) | is_small(begun[..., None] - ended)
    for rank, month in enumerate(first):
        for other in first[:rank]:
            gap = np.abs(ended[..., month] - ended[..., other])
            withheld[..., month] |= is_small(gap) & ~withheld[..., other]
    return withheld


def covered(withheld: Bools, begun: Numbers, lines: Lines, fixed: Bools | None = None) -> Bools:
    """The mask with as many more cells as it takes that no line has a single one withheld.

    All are flat; cells without anybody say nothing and do not count; `fixed` cells stay as they
    are, for another table shows them too.
    """
    found = withheld & (begun > 0)
    free = (begun > 0) if fixed is None else (begun > 0) & ~fixed
    changed = True
    while changed:
        changed = False
        for line in lines:
            if found[line].sum() != 1:
                continue
            left = line[free[line] & ~found[line]]
            if left.size:
                found[left[np.argmin(begun[left])]] = changed = True
    return found


def lines_of(rows: int, columns: int) -> list[NDArray[Any]]:
    """Every row and every column of a flat table that has its totals at the ends."""
    places = np.arange(rows * columns).reshape(rows, columns)
    return [*places, *places.T]
