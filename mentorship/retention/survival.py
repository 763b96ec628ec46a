"""How long matches last: the Kaplan-Meier curve, in months, with a 95 % band.

The definition, said once, in `length_of`: retention is the time until a match **ends early**.
A planned ending and a match that is still active on the report date both end the watching
without the event: they are censored, counted as "lasted at least this long", never as
successes for ever.

Worked example, checkable by hand. Eight matches lasted 2, 4, 6 and 10 months until an early
ending; one ended as planned after 8 months; three were still active after 4, 12 and 12.

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

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
import scipy  # its `stats` take a second to import: only at the first curve
from numpy.typing import NDArray

Floats = NDArray[np.float64]
HORIZONS = (3, 6, 12, 24)
CONFIDENCE = 0.95
_TAIL = (1 - CONFIDENCE) / 2
_Z = NormalDist().inv_cdf(1 - _TAIL)


@dataclass(frozen=True)
class Length:
    """How long one match was watched, and whether the watching ended in an early ending."""

    months: float
    ended_early: bool


@dataclass(frozen=True)
class Estimate:
    """The share of matches still together at a month, with its 95 % bounds."""

    months: float
    share: float
    low: float
    high: float


def length_of(
    started_on: date, ended_on: date | None, ended_as_planned: bool | None, on: date
) -> Length | None:
    """A match as the report date `on` sees it; None when it had not begun by then."""
    if started_on > on:
        return None
    if ended_on is None or ended_on > on:
        return Length(months_between(started_on, on), ended_early=False)
    return Length(months_between(started_on, ended_on), ended_early=not ended_as_planned)


def months_between(start: date, end: date) -> float:
    """Calendar months with the rest as a part of the running month: a year is exactly 12."""
    whole = (end.year - start.year) * 12 + end.month - start.month
    if _months_later(start, whole) > end:
        whole -= 1
    begun, next_one = _months_later(start, whole), _months_later(start, whole + 1)
    return whole + (end - begun).days / (next_one - begun).days


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, eq=False)
class Curve:
    """A Kaplan-Meier curve: a step function that changes at `months` (ascending, distinct).

    `share[i]` is the part of matches that lasted beyond `months[i]`, `low` and `high` its
    bounds, all in 0..1; `lengths` and `early` are the matches it rests on, shortest first.
    """

    months: Floats
    share: Floats
    low: Floats
    high: Floats
    lengths: Floats
    early: NDArray[np.bool_]

    def at(self, months: float) -> Estimate | None:
        """The share at a month; None beyond the last match under observation."""
        if not self.lengths.size or months > self.lengths[-1]:
            return None
        before = int(np.searchsorted(self.months, months, side="right")) - 1
        if before < 0 or self.share[before] == 1:
            return Estimate(months, 1.0, _lowest(self.at_risk(months)), 1.0)
        share, low, high = (float(a[before]) for a in (self.share, self.low, self.high))
        return Estimate(months, share, low, high)

    def at_risk(self, months: float) -> int:
        """How many matches were under observation at a month: had lasted at least so long."""
        return int(self.lengths.size - np.searchsorted(self.lengths, months, side="left"))

    def known_until(self, least: int) -> float:
        """The last month at which at least `least` matches were under observation."""
        return float(self.lengths[-least]) if self.lengths.size >= least else 0.0

    @property
    def median(self) -> float | None:
        """The first month at which at most half are still together; None if not reached."""
        reached = self.share <= 0.5 + 1e-12
        return float(self.months[reached.argmax()]) if reached.any() else None


def kaplan_meier(lengths: Iterable[Length]) -> Curve:
    """The curve of these matches; order does not matter, O(n log n).

    The shares are SciPy's (`stats.ecdf` on `CensoredData`). The band is the log-log interval
    with Greenwood's variance, the same as SciPy's wherever that has a value; it is computed
    here because SciPy's is NaN before the first early ending and where nobody is left, and
    warns about it. There the band is the exact binomial one instead: with n under
    observation and none ended, at least 0.025 ** (1 / n); where nobody is left, from 0 to
    the upper bound of the step before.

    Source: Kaplan and Meier 1958; the log-log band as in Kalbfleisch and Prentice 2002, 1.4.
    """
    rows = sorted(lengths, key=lambda length: length.months)
    months = np.array([row.months for row in rows], dtype=np.float64)
    early = np.array([row.ended_early for row in rows], dtype=np.bool_)
    if not rows:
        return Curve(months, months, months, months, months, early)
    watched = scipy.stats.CensoredData.right_censored(months, ~early)
    fitted = scipy.stats.ecdf(watched).sf
    steps = np.asarray(fitted.quantiles, dtype=np.float64)
    share = np.asarray(fitted.probabilities, dtype=np.float64)
    at_risk = months.size - np.searchsorted(months, steps)
    events = np.bincount(np.searchsorted(steps, months), weights=early, minlength=steps.size)
    low, high = _band(share, at_risk.astype(np.float64), events.astype(np.float64))
    return Curve(steps, share, low, high, months, early)


def _band(share: Floats, at_risk: Floats, events: Floats) -> tuple[Floats, Floats]:
    low, high = np.zeros_like(share), np.ones_like(share)
    whole, empty = share >= 1, share <= 0
    low[whole] = _TAIL ** (1 / at_risk[whole])
    some = ~whole & ~empty
    if some.any():
        variance = np.cumsum(events[~empty] / (at_risk[~empty] * (at_risk - events)[~empty]))
        log_share = np.log(share[some])
        spread = _Z * np.sqrt(variance[some[~empty]]) / np.abs(log_share)
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
