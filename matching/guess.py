"""Prices guessed before any flow, and the few pairs that they leave in question.

Every mentor wants the children who have waited longest, so a mentor's best children are mostly
everybody's best: what tells pairs apart is what they are worth beyond the price of the child.
Two rounds of bidding find those prices nearly enough, so that the first flow over few arcs is
within a few pairs of the best plan. A wrong guess costs time, never the optimum.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_OF_CHILD, _OF_MENTOR = 4, 12  # arcs of each child and at least of each mentor
_BIDS = 2
_IN_QUESTION = 32  # a child's pair this part of the most points below its prices is left out
_FEW_PASSES = 16  # as many greatest of each row are found by as many passes, more by sorting
REFUSED = -(2**30)
_HIGHEST = 2**29  # of a guessed price: so that no difference leaves 32 bits
_TAKEN = -(2**31)


def likely_pairs(value: NDArray[np.int32], capacity: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs among which nearly all of the best plan is found.

    Parameters
    ----------
    value : (m, n) int32 array
        Points of each pair, ``REFUSED`` where it is refused; both sides at least 1.
    capacity : (m,) int64 array

    Returns
    -------
    (a,) int64 array
        Positions in the flattened block, ascending, each once.
    """
    m, n = value.shape
    by_child = np.array(value.T, order="C")
    places = np.minimum(capacity, n - 1)
    price = _wanted_twice(by_child, int(capacity.sum()))
    for _ in range(_BIDS):
        _, found = best_of_rows(value - price, int(places.max()) + 1)
        slot = _clipped(found[places, np.arange(m)])
        _, found = best_of_rows(by_child - slot, 2)
        price = price // 4 + _clipped(found[-1]) // 4 * 3
    count = max(_OF_MENTOR, 2 * int(places.max()))
    of_mentor, _ = best_of_rows(value - price, count)
    of_child, found = best_of_rows(by_child - slot, _OF_CHILD)
    child, mentor = np.divmod(of_child[found > -int(value.max()) // _IN_QUESTION - 1], m)
    chosen = sorted_once(np.concatenate([of_mentor.ravel(), mentor * n + child]))
    return chosen[value.ravel()[chosen] >= 0]


def _wanted_twice(by_child: NDArray[np.int32], places: int) -> NDArray[np.int32]:
    """A child's first price: what a second mentor would give, above what places go for."""
    _, found = best_of_rows(by_child.copy(), 2)
    second = _clipped(found[-1])
    if places < len(second):
        second -= np.partition(second, -places - 1)[-places - 1]
    return _clipped(second)


def _clipped(price: NDArray[Any]) -> NDArray[np.int32]:
    return np.asarray(np.clip(price, 0, _HIGHEST), np.int32)


def best_of_rows(worth: NDArray[Any], count: int) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """The greatest of each row, descending; of equals the first, on any machine.

    Parameters
    ----------
    worth : (r, c) int array
        Is spoiled.
    count : int
        At most c are found.

    Returns
    -------
    (count, r) int array, (count, r) int array
        Positions in the flattened array, and what was there.
    """
    rows, columns = worth.shape
    count = min(count, columns)
    starts = np.arange(rows) * columns
    flat = worth.reshape(-1)
    if count > _FEW_PASSES:
        order = np.argsort(-worth.astype(np.int64), axis=1, kind="stable")[:, :count]
        spots = (order + starts[:, None]).T
        return spots, flat[spots]
    spots = np.empty((count, rows), np.int64)
    found = np.empty((count, rows), worth.dtype)
    for turn in range(count):
        spots[turn] = starts + worth.argmax(axis=1)
        found[turn] = flat[spots[turn]]
        flat[spots[turn]] = _TAKEN
    return spots, found


def sorted_once(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Ascending, each once."""
    # np.unique hashes whole numbers, which takes ten times as long as sorting these.
    ordered = np.sort(values)
    return np.asarray(ordered[np.diff(ordered, prepend=-1) > 0])
