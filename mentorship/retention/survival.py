"""How long something lasts: the Kaplan-Meier curve, in months, with a 95 % band.

What ends it, and what only ends the watching (is *censored*), is said in `spells.py`. Here are
numbers only: how many months each was watched, and whether the watching ended by the event.

Worked example, checkable by hand; the page shows it too. Eight matches lasted 2, 4, 6 and 10
months until an early ending; one ended as planned after 8 months; three were still active
after 4, 12 and 12.

====== ======== ====== ==========================
month  at risk  early  share still together
====== ======== ====== ==========================
2      8        1      7/8              = 0.875
4      7        1      0.875 x 6/7      = 0.75
6      5        1      0.75 x 4/5       = 0.6
10     3        1      0.6 x 2/3        = 0.4
====== ======== ====== ==========================

(At month 4 one left active and one ended early: the active one is still at risk at 4 and gone
by 6. The planned end at 8 leaves 3 at risk at 10.) The median is 10 months: the first month at
which no more than half are still together.
"""

from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist
from typing import Any

import numpy as np
import scipy.stats
from numpy.typing import NDArray

HORIZONS = (3, 6, 12, 24)
CONFIDENCE = 0.95

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Days = NDArray[Any]  # datetime64[D]

_TAIL = (1 - CONFIDENCE) / 2
Z = NormalDist().inv_cdf(1 - _TAIL)


@dataclass(frozen=True)
class Estimate:
    """A share at a month, with its 95 % bounds."""

    months: float
    share: float
    low: float
    high: float


def months_between(start: Days, end: Days) -> Floats:
    """Calendar months with the rest as a part of the running month: a year is exactly 12.

    Both are columns of datetime64[D]; a start without such a day in a later month counts from
    that month's last day, as `clock.months_after` has it.
    """
    whole = (end.astype("M8[M]") - start.astype("M8[M]")).astype(np.int64)
    whole -= _months_later(start, whole) > end
    begun, next_one = _months_later(start, whole), _months_later(start, whole + 1)
    rest = (end - begun).astype(np.float64) / (next_one - begun).astype(np.float64)
    return np.asarray(whole + rest, dtype=np.float64)


def _months_later(start: Days, months: NDArray[np.int64]) -> Days:
    first = start.astype("M8[M]")
    later = first + months
    last_day = (later + 1).astype("M8[D]") - 1
    found: Days = np.minimum(later.astype("M8[D]") + (start - first.astype("M8[D]")), last_day)
    return found


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan-Meier curve: a step function that changes at `months` (ascending, distinct).

    `share[i]` is the part that lasted beyond `months[i]`, `low` and `high` its bounds, all in
    0..1; `lengths` and `ended` are what it rests on, shortest first.
    """

    months: Floats
    share: Floats
    low: Floats
    high: Floats
    lengths: Floats
    ended: Bools

    def at(self, months: float) -> Estimate | None:
        """The share at a month; None beyond the last one under observation."""
        if not self.lengths.size or months > self.lengths[-1]:
            return None
        before = int(np.searchsorted(self.months, months, side="right")) - 1
        if before < 0 or self.share[before] == 1:
            return Estimate(months, 1.0, _lowest(self.at_risk(months)), 1.0)
        share, low, high = (float(a[before]) for a in (self.share, self.low, self.high))
        return Estimate(months, share, low, high)

    def at_risk(self, months: float) -> int:
        """How many were under observation at a month: had lasted at least so long."""
        return int(self.lengths.size - np.searchsorted(self.lengths, months, side="left"))

    def events(self, months: float) -> int:
        """How many had ended by the event up to a month, that month included."""
        return int(np.searchsorted(self._event_months, months, side="right"))

    @cached_property
    def _event_months(self) -> Floats:
        return self.lengths[self.ended]

    def known_until(self, least: int) -> float:
        """The last month at which at least `least` were under observation."""
        return float(self.lengths[-least]) if self.lengths.size >= least else 0.0

    @property
    def median(self) -> float | None:
        """The first month at which at most half are still together; None if not reached."""
        reached = self.share <= 0.5 + 1e-12
        return float(self.months[reached.argmax()]) if reached.any() else None


def kaplan_meier(months: Floats, ended: Bools) -> Curve:
    """The curve of these; order does not matter, O(n log n).

    The shares are SciPy's (`stats.ecdf` on `CensoredData`). The band is the log-log interval
    with Greenwood's variance, the same as SciPy's wherever that has a value; it is computed
    here because SciPy's is NaN before the first event and where nobody is left, and warns
    about it. There the band is the exact binomial one instead: with n under observation and
    none ended, at least 0.025 ** (1 / n); where nobody is left, from 0 to the upper bound of
    the step before.

    Source: Kaplan and Meier 1958; the log-log band as in Kalbfleisch and Prentice 2002, 1.4.
    """
    if not months.size:
        return Curve(months, months, months, months, months, ended)
    order = np.argsort(months, kind="stable")
    months, ended = months[order], ended[order]
    watched = scipy.stats.CensoredData.right_censored(months, ~ended)
    fitted = scipy.stats.ecdf(watched).sf
    steps = np.asarray(fitted.quantiles, dtype=np.float64)
    share = np.asarray(fitted.probabilities, dtype=np.float64)
    at_risk = months.size - np.searchsorted(months, steps)
    events = np.bincount(np.searchsorted(steps, months), weights=ended, minlength=steps.size)
    low, high = _band(share, at_risk.astype(np.float64), events.astype(np.float64))
    return Curve(steps, share, low, high, months, ended)


def _band(share: Floats, at_risk: Floats, events: Floats) -> tuple[Floats, Floats]:
    low, high = np.zeros_like(share), np.ones_like(share)
    whole, empty = share >= 1, share <= 0
    low[whole] = _TAIL ** (1 / at_risk[whole])
    some = ~whole & ~empty
    if some.any():
        variance = np.cumsum(events[~empty] / (at_risk[~empty] * (at_risk - events)[~empty]))
        log_share = np.log(share[some])
        spread = Z * np.sqrt(variance[some[~empty]]) / np.abs(log_share)
        low[some] = np.exp(log_share * np.exp(spread))
        high[some] = np.exp(log_share * np.exp(-spread))
    if empty.any():
        first = int(empty.argmax())
        alone = 1 - _TAIL ** (1 / at_risk[first])
        high[empty] = high[first - 1] if first and share[first - 1] < 1 else alone
    return low, high


def _lowest(at_risk: int) -> float:
    """The exact binomial lower bound when none of so many has ended."""
    return float(_TAIL ** (1 / at_risk)) if at_risk else 0.0
