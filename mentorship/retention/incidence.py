"""How matches end, when one way of ending rules out the others: the Aalen-Johansen estimate.

Each way of ending has a curve of its own that rises from 0: the share of all matches that had
ended in this way by a month. At every month the curves and the share still together add up to
1. (One minus a Kaplan-Meier curve of one way of ending, the others censored, is too high: it
asks what would be if the others could not happen.)

Worked example, checkable by hand; the page shows it too. Ten matches: after 2 months one ended
as planned; after 3 one by the mentor; after 5 one by the mentor and one by the child; after 6
one was still active; after 8 one ended as planned; four were still active after 12.

===== ======= ======= ====== ===== ============== =============== ============== ==============
month at risk planned mentor child together before by then planned by then mentor by then child
===== ======= ======= ====== ===== ============== =============== ============== ==============
2     10      1       0      0     1              0.10            0              0
3     9       0       1      0     0.9            0.10            0.10           0
5     8       0       1      1     0.8            0.10            0.20           0.10
8     5       1       0      0     0.6            0.22            0.20           0.10
===== ======= ======= ====== ===== ============== =============== ============== ==============

(At month 8 five are at risk, for one was last seen at 6; 0.6 x 1/5 = 0.12.) Still together at
12 months: 0.6 x 4/5 = 0.48, and 0.48 + 0.22 + 0.20 + 0.10 = 1.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentorship.retention.survival import Estimate, Floats, Z

CENSORED = 0
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Incidence:
    """Cumulative incidence: step functions that change at `months` (ascending, distinct).

    `share[k - 1, i]` is the part that had ended in way `k` by `months[i]`, `variance` the same
    shape; `together[i]` the part that had not ended by then.
    """

    months: Floats
    share: Floats
    variance: Floats
    together: Floats

    def at(self, way: int, months: float) -> Estimate:
        """The share that had ended in this way by a month, with the log-log band."""
        before = int(np.searchsorted(self.months, months, side="right")) - 1
        if before < 0:
            return Estimate(months, 0.0, 0.0, 0.0)
        share = float(self.share[way - 1, before])
        if share <= 0 or share >= 1:
            return Estimate(months, share, share, share)
        spread = Z * float(np.sqrt(self.variance[way - 1, before])) / (share * np.log(share))
        low, high = share ** np.exp(-spread), share ** np.exp(spread)
        return Estimate(months, share, float(low), float(high))


def aalen_johansen(months: Floats, ways: Ints, number: int) -> Incidence:
    """The cumulative incidence of each of `number` ways of ending; O(n log n).

    `ways` holds 0 for one still under way (censored) and 1 to `number` for an ending. Several
    endings on one day are taken together, as they are; nothing is moved to break the tie.

    Source: Aalen and Johansen 1978; the variance by the delta method as in Collett, Modelling
    Survival Data in Medical Research, 3rd edition, p. 411.
    """
    times = np.unique(months[ways != CENSORED])
    at_risk = months.size - np.searchsorted(np.sort(months), times)
    ended = np.zeros((number, times.size))
    place = np.searchsorted(times, months[ways != CENSORED])
    np.add.at(ended, (ways[ways != CENSORED] - 1, place), 1)
    every = ended.sum(axis=0)
    together = np.cumprod(1 - every / at_risk)
    before = np.concatenate(([1.0], together[:-1]))[: times.size]
    share = np.cumsum(before * ended / at_risk, axis=1)
    variance = _variance(share, before, ended, every, at_risk.astype(np.float64))
    return Incidence(times, share, variance, together)


def _variance(
    share: Floats, before: Floats, ended: Floats, every: Floats, at_risk: Floats
) -> Floats:
    """Var F(t) = sum of (F(t) - F(i))^2 d/(n(n-d)) + S^2 k(n-k)/n^3 - 2 (F(t) - F(i)) S k/n^2.

    The squares are multiplied out, so that running sums do. Where nobody is left after an
    ending its first term is 0 / 0 on that day and is left out: no later day needs it.
    """
    left = at_risk - every
    weight = np.divide(every, at_risk * left, out=np.zeros_like(every), where=left > 0)
    linear = before * ended / at_risk**2
    squares = share**2 * weight.cumsum() - 2 * share * (weight * share).cumsum(axis=1)
    squares += (weight * share**2).cumsum(axis=1)
    own = (before**2 * ended * (at_risk - ended) / at_risk**3).cumsum(axis=1)
    both = share * linear.cumsum(axis=1) - (linear * share).cumsum(axis=1)
    found: Floats = np.maximum(squares + own - 2 * both, 0.0)
    return found
