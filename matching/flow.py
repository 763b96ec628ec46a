"""One component as OR-Tools min-cost flow with mentor capacities, solved by pricing.

A few arcs are enough: the flow over the likely arcs of each mentor and of each child gives prices,
and only a pair whose points exceed the sum of its two prices can improve the plan. When there is
none, the prices prove that the plan is best among all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matching.errors import ProblemError
from matching.guess import REFUSED, best_of_rows, likely_pairs, sorted_once

_NEXT = (6, 12)  # arcs added for each child and each mentor while many pairs beat their prices
_FAR_BELOW = 64  # arcs this part of the most points below their prices are dropped once
_FEW = 8  # violating pairs for each person that are simply all added
_CELLS_AT_ONCE = 2**17  # stay in the cache
_MOST_UNITS = 2**58  # beyond it the flow's scaled costs could leave 64 bits
_NARROW = 2**29  # values and prices below it can be compared in 32 bits


@dataclass(frozen=True)
class Assignment:
    """An optimal assignment of children to mentors, with the prices that prove it.

    Parameters
    ----------
    mentor_of : (n,) int64 array
        The mentor's row for each child, -1 for none.
    points : int
        Sum of the points of the pairs.
    slot_price : (m,) int64 array
        What one more place of the mentor would add; at least 0.
    child_price : (n,) int64 array
        What the plan would lose without the child; at least 0.
    rounds : int
        Flows that were solved.

    Notes
    -----
    ``sum(capacity * slot_price) + sum(child_price)`` equals the points of the pairs (plus the bonus
    of each), and no allowed pair exceeds the sum of its two prices. Slot prices are the least and
    child prices the greatest of all prices that do so, which makes both exact marginal values.
    """

    mentor_of: NDArray[np.int64]
    points: int
    slot_price: NDArray[np.int64]
    child_price: NDArray[np.int64]
    rounds: int = 1


def solve(value: NDArray[np.int32], capacity: NDArray[np.int64], bonus: int = 0) -> Assignment:
    """The assignment with the greatest sum of (points + bonus).

    Parameters
    ----------
    value : (m, n) int array
        Points of each pair, -1 where it is refused.
    capacity : (m,) int64 array
        Places, at least 0.
    bonus : int
        Added to each pair.

    Returns
    -------
    Assignment

    Raises
    ------
    ProblemError
        The points are too large for 64-bit costs.

    Notes
    -----
    Deterministic for one order of rows and columns and one version of OR-Tools. One to three flows
    are usual, each followed by one pass over the block.
    """
    m, n = value.shape
    most = int(value.max(initial=-1))
    if most < 0:
        return Assignment(np.full(n, -1), 0, np.zeros(m, np.int64), np.zeros(n, np.int64), 0)
    if (most + bonus) * (m + n + 2) > _MOST_UNITS:
        raise ProblemError("points would overflow 64-bit costs", field="points")
    # A light bonus nearly always covers as many and solves in half the time; the prices tell.
    light = min(bonus, most + 1)
    value = np.where(value < 0, np.int32(REFUSED), value)
    chosen = likely_pairs(value, capacity)
    chosen, mentor_of, slot, child, rounds = _priced(value, capacity, chosen, light)
    if bonus > light:
        slot, child = _prices(_Arcs(chosen, value, bonus), mentor_of, m)
        used = np.bincount(mentor_of[mentor_of >= 0], minlength=m)
        proven = not (slot[used < capacity].any() or (child < 0).any())
        if not proven or len(_violating(value, slot, child - bonus)):
            _, mentor_of, slot, child, more = _priced(value, capacity, chosen, bonus)
            rounds += more
    taken = mentor_of >= 0
    total = int(value[mentor_of[taken], np.flatnonzero(taken)].sum(dtype=np.int64))
    return Assignment(mentor_of, total, slot, child, rounds)


def _priced(
    value: NDArray[np.int32], capacity: NDArray[np.int64], chosen: NDArray[np.int64], bonus: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], int]:
    m, n = value.shape
    rounds, pruned = 0, False
    while True:
        rounds += 1
        arcs = _Arcs(chosen, value, bonus)
        mentor_of = _flow(arcs, capacity, m, n)
        slot, child = _prices(arcs, mentor_of, m)
        wanted = _violating(value, slot, child - bonus)
        if not len(wanted):
            return chosen, mentor_of, slot, child, rounds
        if not pruned and len(wanted) <= 2 * (m + n):
            # The prices are nearly right: arcs far below them only slow the last flows down.
            short = slot[arcs.mentor] + child[arcs.child] - arcs.worth
            chosen = chosen[short <= int(value.max()) // _FAR_BELOW]
            pruned = True
        chosen = sorted_once(np.concatenate([chosen, wanted]))


class _Arcs:
    """Chosen pairs as arcs, sorted by mentor."""

    def __init__(self, chosen: NDArray[np.int64], value: NDArray[np.int32], bonus: int) -> None:
        self.mentor, self.child = np.divmod(chosen, value.shape[1])
        self.worth = value[self.mentor, self.child].astype(np.int64) + bonus
        self.starts = np.flatnonzero(np.diff(self.mentor, prepend=-1))


def _flow(arcs: _Arcs, capacity: NDArray[np.int64], m: int, n: int) -> NDArray[np.int64]:
    flow = min_cost_flow.SimpleMinCostFlow()
    has_arc = np.zeros(n, np.bool_)
    has_arc[arcs.child] = True
    node = np.cumsum(has_arc) + (m - 1)  # children without an arc need no node
    kids = int(has_arc.sum())
    places = np.minimum(capacity, kids)
    hub = m + kids
    pairs = flow.add_arcs_with_capacity_and_unit_cost(
        arcs.mentor, node[arcs.child], np.ones(len(arcs.mentor), np.int64), -arcs.worth
    )
    # The hub takes the places left over and stands in for the mentor of a child without one.
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(m), np.full(m, hub), places, np.zeros(m, np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(kids, hub), np.arange(m, hub), np.ones(kids, np.int64), np.zeros(kids, np.int64)
    )
    supply = np.concatenate([places, np.full(kids, -1), [kids - int(places.sum())]])
    flow.set_nodes_supplies(np.arange(hub + 1), supply)
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ProblemError(f"the flow ended with status {status}", field="points")
    used = np.asarray(flow.flows(pairs)) > 0
    mentor_of = np.full(n, -1, np.int64)
    mentor_of[arcs.child[used]] = arcs.mentor[used]
    return mentor_of


def _prices(
    arcs: _Arcs, mentor_of: NDArray[np.int64], m: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Longest paths in the residual graph: the least slot prices, the greatest child prices."""
    taken = mentor_of[arcs.child] == arcs.mentor
    paid = np.zeros(len(mentor_of), np.int64)
    paid[arcs.child[taken]] = arcs.worth[taken]
    matched = mentor_of >= 0
    slot = np.zeros(m, np.int64)
    rows = arcs.mentor[arcs.starts]
    while True:
        child = np.where(matched, paid - slot[mentor_of], 0)
        best = np.maximum.reduceat(arcs.worth - child[arcs.child], arcs.starts)
        raised = np.maximum(slot[rows], best)
        if np.array_equal(raised, slot[rows]):
            return slot, child
        slot[rows] = raised


def _violating(
    value: NDArray[np.int32], slot: NDArray[np.int64], child: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Flat positions of allowed pairs worth more than their two prices, the worst if many."""
    m, n = value.shape
    step = max(1, _CELLS_AT_ONCE // n)
    found = []
    for start in range(0, m, step):
        over = _over(value[start : start + step], slot[start : start + step], child)
        found.append(np.flatnonzero(over > 0) + start * n)
    if sum(len(some) for some in found) <= _FEW * (m + n):
        return np.concatenate(found)
    return _worst(_over(value, slot, child))


def _over(
    value: NDArray[np.int32], slot: NDArray[np.int64], child: NDArray[np.int64]
) -> NDArray[Any]:
    """What pairs are worth above their two prices, negative where refused."""
    prices = [slot.min(), slot.max(), child.min(), child.max(), value.max()]
    if max(map(abs, map(int, prices))) < _NARROW:
        over = value - slot[:, None].astype(np.int32)
        over -= child.astype(np.int32)
        return over
    wide = value - slot[:, None] - child
    np.putmask(wide, value < 0, -1)
    return wide


def _worst(over: NDArray[Any]) -> NDArray[np.int64]:
    """Flat positions of the pairs most above their prices, some of each child and mentor."""
    m, n = over.shape
    spots, found = best_of_rows(np.array(over.T, order="C"), _NEXT[0])
    child, mentor = np.divmod(spots[found > 0], m)
    spots, found = best_of_rows(over, _NEXT[1])
    return sorted_once(np.concatenate([mentor * n + child, spots[found > 0]]))
