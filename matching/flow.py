"""One component as OR-Tools min-cost flow with mentor capacities, solved by pricing.

A few arcs are enough: the flow over the best arcs of each mentor and of each child gives prices,
and only a pair whose points exceed the sum of its two prices can improve the plan. When there is
none, the prices prove that the plan is best among all pairs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow

from matching.errors import ProblemError

_FIRST = (2, 8)  # arcs of each child and of each mentor before there are prices
_NEXT = (6, 12)  # arcs added for each child and each mentor while many pairs beat their prices
_FAR_BELOW = 24  # arcs this part of the most points below their prices are dropped once
_FEW = 8  # violating pairs for each person that are simply all added
_CELLS_AT_ONCE = 16_000_000
_MOST_UNITS = 2**58  # beyond it the flow's scaled costs could leave 64 bits
_REFUSED = -(2**30)
_TAKEN = -(2**31)


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
    Deterministic for one order of rows and columns and one version of OR-Tools. Time is dominated
    by one pass over the block per pricing round; two or three rounds are usual.
    """
    m, n = value.shape
    most = int(value.max(initial=-1))
    if most < 0:
        return Assignment(np.full(n, -1), 0, np.zeros(m, np.int64), np.zeros(n, np.int64), 0)
    if (most + bonus) * (m + n + 2) > _MOST_UNITS:
        raise ProblemError("points would overflow 64-bit costs", field="points")
    # A light bonus nearly always covers as many and solves in half the time; the prices tell.
    light = min(bonus, most + 1)
    chosen = _pick(value, _FIRST, -1)
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
        chosen = _sorted_once(np.concatenate([chosen, wanted]))


class _Arcs:
    """Chosen pairs as arcs, sorted by mentor."""

    def __init__(self, chosen: NDArray[np.int64], value: NDArray[np.int32], bonus: int) -> None:
        self.mentor, self.child = np.divmod(chosen, value.shape[1])
        self.worth = value[self.mentor, self.child].astype(np.int64) + bonus
        self.starts = np.flatnonzero(np.diff(self.mentor, prepend=-1))


def _pick(
    worth: NDArray[np.int32] | NDArray[np.int64], counts: tuple[int, int], above: int
) -> NDArray[np.int64]:
    """Flat positions of the best of each child and of each mentor that are worth more than that."""
    m, n = worth.shape
    child, mentor = np.divmod(_best(worth.T, counts[0], above), m)
    return _sorted_once(np.concatenate([mentor * n + child, _best(worth, counts[1], above)]))


def _best(
    worth: NDArray[np.int32] | NDArray[np.int64], count: int, above: int
) -> NDArray[np.int64]:
    """Flat positions of the `count` greatest of each row; of equals the first, on any machine."""
    rows, columns = worth.shape
    left = np.array(worth, order="C")
    flat, starts = left.ravel(), np.arange(rows) * columns
    found = []
    for _ in range(min(count, columns)):
        spot = starts + left.argmax(axis=1)
        found.append(spot[flat[spot] > above])
        flat[spot] = _TAKEN
    return np.concatenate(found)


def _sorted_once(values: NDArray[np.int64]) -> NDArray[np.int64]:
    # np.unique hashes whole numbers, which takes ten times as long as sorting these.
    ordered = np.sort(values)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) > 0])


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
    low = int(min(slot.min(initial=0), child.min(initial=0)))
    high = int(max(slot.max(initial=0), child.max(initial=0)))
    narrow = -low < 2**28 and high < 2**28 and int(value.max()) < 2**28
    kind = np.int32 if narrow else np.int64
    found = [np.empty(0, np.int64)]
    step = max(1, _CELLS_AT_ONCE // n)
    for start in range(0, m, step):
        rows = value[start : start + step]
        over = rows - slot[start : start + step, None].astype(kind)
        over -= child[None, :].astype(kind)
        np.putmask(over, rows < 0, _REFUSED)
        beaten = over > 0
        if np.count_nonzero(beaten) <= _FEW * (len(rows) + n):
            found.append(np.flatnonzero(beaten) + start * n)
        else:
            found.append(_pick(over, _NEXT, 0) + start * n)
    return np.concatenate(found)
