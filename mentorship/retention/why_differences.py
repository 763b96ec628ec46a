"""Differences of two groups of matches, with 95 % intervals. No database.

Means: Welch's interval (SciPy's `ttest_ind` with unequal variances; Welch 1947). Shares: the
hybrid score interval, method 10 of Newcombe 1998 (Statistics in Medicine 17: 873-890), of two
Wilson intervals (SciPy's `binomtest(...).proportion_ci`). SciPy has no interval of that name.

Worked example, checkable by hand: 56 of 70 against 48 of 80. The shares are 0.8 and 0.6; their
Wilson intervals 0.6921 to 0.8770 and 0.4905 to 0.7003 (rounded). The difference is 0.2, from
0.2 - sqrt(0.1079^2 + 0.1003^2) to 0.2 + sqrt(0.0770^2 + 0.1095^2): 0.0524 to 0.3339.
"""

import warnings
from dataclasses import dataclass
from math import hypot, sqrt

import numpy as np
import scipy  # its `stats` take a second to import: only at the first difference
from numpy.typing import NDArray

Floats = NDArray[np.float64]
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Interval:
    """A difference and its bounds; `scale`: the standard deviation within the groups."""

    value: float
    low: float
    high: float
    scale: float

    @property
    def leaves_out_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    @property
    def in_spreads(self) -> tuple[float, float, float] | None:
        """The same in standard deviations, so that units can stand beside each other."""
        if self.scale <= 0:
            return None
        return self.value / self.scale, self.low / self.scale, self.high / self.scale


def of_means(one: Floats, other: Floats, confidence: float = CONFIDENCE) -> Interval | None:
    """Mean of `one` less mean of `other`; None where no spread tells how sure that is."""
    if one.size < 2 or other.size < 2:
        return None
    scale = sqrt((float(one.var(ddof=1)) + float(other.var(ddof=1))) / 2)
    if scale <= 1e-12:
        return None
    with warnings.catch_warnings():  # of a group without any spread, where the other has one
        warnings.simplefilter("ignore", RuntimeWarning)
        found = scipy.stats.ttest_ind(one, other, equal_var=False)
    bounds = found.confidence_interval(confidence)
    value = float(one.mean() - other.mean())
    return Interval(value, float(bounds.low), float(bounds.high), scale)


def of_shares(
    some: int, all_: int, other_some: int, other_all: int, confidence: float = CONFIDENCE
) -> Interval | None:
    """The first share less the second; None where a group is empty."""
    if not all_ or not other_all:
        return None
    one, other = some / all_, other_some / other_all
    low, high = _wilson(some, all_, confidence)
    other_low, other_high = _wilson(other_some, other_all, confidence)
    value = one - other
    scale = sqrt((one * (1 - one) + other * (1 - other)) / 2)
    return Interval(
        value,
        value - hypot(one - low, other_high - other),
        value + hypot(high - one, other - other_low),
        scale,
    )


def _wilson(some: int, all_: int, confidence: float) -> tuple[float, float]:
    bounds = scipy.stats.binomtest(some, all_).proportion_ci(confidence, method="wilson")
    return float(bounds.low), float(bounds.high)
