"""Whether groups differ in how long they last: the log-rank test.

One test asks whether any of the groups differs (Mantel's statistic for k samples, chi-squared
with k - 1 degrees of freedom; SciPy has it for two only). Then each group is compared with all
the others together by SciPy's `stats.logrank`: as many comparisons as there are groups, and
their p-values are Holm's, so that the chance of finding a difference where there is none stays
5 % for all of them together.

What it cannot say: why. Groups differ in more than their name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats
from numpy.typing import NDArray

from mentorship.retention.survival import Bools, Floats

ALPHA = 0.05


@dataclass(frozen=True)
class Comparison:
    """One group against all others: fewer or more endings than expected, and Holm's p-value."""

    group: int
    ended: int
    expected: float
    p_value: float

    @property
    def is_difference(self) -> bool:
        return self.p_value < ALPHA

    @property
    def lasts_longer(self) -> bool:
        return self.ended < self.expected


@dataclass(frozen=True)
class Answer:
    """The test of all groups together, and each group against the others."""

    statistic: float
    freedom: int
    p_value: float
    comparisons: list[Comparison]

    @property
    def is_difference(self) -> bool:
        return self.p_value < ALPHA


def compare(months: Floats, ended: Bools, groups: NDArray[np.int64], number: int) -> Answer | None:
    """Groups 0 to `number` - 1; None where there is nothing to compare: one group, or no ending."""
    present = np.flatnonzero(np.bincount(groups, minlength=number))
    if len(present) < 2 or not ended.any():
        return None
    observed, expected, variance = _tally(months, ended, np.searchsorted(present, groups))
    gap = (observed - expected)[:-1]
    freedom = int(np.linalg.matrix_rank(variance[:-1, :-1]))
    statistic = float(gap @ np.linalg.pinv(variance[:-1, :-1], hermitian=True) @ gap)
    p_value = float(scipy.stats.chi2.sf(statistic, freedom)) if freedom else 1.0
    each = holm([_against_others(months, ended, groups == group) for group in present])
    return Answer(
        statistic,
        freedom,
        p_value,
        [
            Comparison(int(group), int(observed[i]), float(expected[i]), each[i])
            for i, group in enumerate(present)
        ],
    )


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values of several comparisons made at once, each raised so that all hold together."""
    order = np.argsort(p_values, kind="stable")
    raised = np.asarray(p_values)[order] * (len(p_values) - np.arange(len(p_values)))
    found = np.empty(len(p_values))
    found[order] = np.minimum(np.maximum.accumulate(raised), 1.0)
    return [float(value) for value in found]


def _against_others(months: Floats, ended: Bools, inside: Bools) -> float:
    x, y = (
        scipy.stats.CensoredData.right_censored(months[part], ~ended[part])
        for part in (inside, ~inside)
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        p_value = float(scipy.stats.logrank(x, y).pvalue)
    return 1.0 if np.isnan(p_value) else p_value  # nobody else was at risk on any day


def _tally(
    months: Floats, ended: Bools, groups: NDArray[np.int64]
) -> tuple[Floats, Floats, Floats]:
    """Endings seen and expected in each group if there were no difference; their covariance."""
    number = int(groups.max()) + 1
    times = np.unique(months[ended])
    at_risk = np.empty((number, times.size))
    seen = np.zeros((number, times.size))
    for group in range(number):
        inside = groups == group
        at_risk[group] = inside.sum() - np.searchsorted(np.sort(months[inside]), times)
        np.add.at(seen[group], np.searchsorted(times, months[inside & ended]), 1)
    n, d = at_risk.sum(axis=0), seen.sum(axis=0)
    expected = at_risk * (d / n)
    spread = np.divide(d * (n - d), n * n * (n - 1), out=np.zeros_like(d), where=n > 1)
    variance = np.diag((at_risk * n * spread).sum(axis=1)) - (at_risk * spread) @ at_risk.T
    return seen.sum(axis=1), expected.sum(axis=1), variance
