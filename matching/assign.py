"""The exact assignment of plain arrays: the solver without people."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from matching import flow
from matching.errors import ProblemError
from matching.flow import Assignment
from matching.partition import order_keys, split_allowed


def assign(
    points: ArrayLike, refused: ArrayLike, capacity: ArrayLike, *, seed: int = 0
) -> Assignment:
    """Assign columns to rows with capacities so that the points are as many as can be.

    Parameters
    ----------
    points : (m, n) int array
        At least 0, below 2**31 - 1.
    refused : (m, n) bool array
        Pairs that may not be formed.
    capacity : (m,) int array
        Places of each row, at least 0.
    seed : int
        Decides between assignments of equal points, by a shuffle of rows and columns.

    Returns
    -------
    Assignment
        ``mentor_of`` (n,) with -1 for none, ``points``, ``slot_price`` (m,), ``child_price`` (n,).

    Raises
    ------
    ProblemError
        Wrong shapes or types, negative points or capacities, points that would overflow.

    Notes
    -----
    A pair worth 0 points adds nothing and may be left out. Deterministic for one seed and one
    version of OR-Tools and NumPy.
    """
    value, places = _checked(np.asarray(points), np.asarray(refused), np.asarray(capacity))
    m, n = value.shape
    rows = np.argsort(order_keys(np.arange(m), seed), kind="stable")
    columns = np.argsort(order_keys(np.arange(n), seed + 1), kind="stable")
    value = value[np.ix_(rows, columns)]
    mentor_of = np.full(n, -1, np.int64)
    slot, child = np.zeros(m, np.int64), np.zeros(n, np.int64)
    total, rounds = 0, 0
    for some, others in split_allowed(value >= 0):
        found = flow.solve(value[np.ix_(some, others)], places[rows[some]])
        taken = found.mentor_of >= 0
        mentor_of[columns[others[taken]]] = rows[some[found.mentor_of[taken]]]
        slot[rows[some]], child[columns[others]] = found.slot_price, found.child_price
        total, rounds = total + found.points, max(rounds, found.rounds)
    return Assignment(mentor_of, total, slot, child, rounds)


def _checked(
    points: NDArray[Any], refused: NDArray[Any], capacity: NDArray[Any]
) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
    if points.ndim != 2 or not np.issubdtype(points.dtype, np.integer):
        raise ProblemError("must be a whole-number array of two dimensions", field="points")
    if refused.shape != points.shape or refused.dtype != np.bool_:
        raise ProblemError("must be true or false, of the shape of points", field="refused")
    if capacity.shape != points.shape[:1] or not np.issubdtype(capacity.dtype, np.integer):
        raise ProblemError("must be one whole number for each row", field="capacity")
    if capacity.min(initial=0) < 0:
        raise ProblemError("must not be negative", row=int(np.argmin(capacity)), field="capacity")
    wrong = (points < 0) & ~refused
    if wrong.any():
        row, column = np.unravel_index(int(np.argmax(wrong)), wrong.shape)
        raise ProblemError("must not be negative", row=(int(row), int(column)), field="points")
    if points.max(initial=0) >= 2**31 - 1:
        raise ProblemError("would overflow: must be below 2**31 - 1", field="points")
    return np.where(refused, -1, points).astype(np.int32), capacity.astype(np.int64)
