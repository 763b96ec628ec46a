"""A quick assignment for when there is no time for the best one, and to measure what that costs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def greedy(
    value: NDArray[np.int32],
    capacity: NDArray[np.int64],
    fixed: tuple[tuple[int, int], ...] = (),
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Let children choose in the order of their best pair: quick, and as good as it happens to be.

    Parameters
    ----------
    value : (m, n) int32 array
        -1 where refused.
    capacity : (m,) int64 array
    fixed : tuple of (mentor, child)

    Returns
    -------
    mentor_of : (n,) int64 array
    best : (n,) int64 array
        The most points each child could get, -1 for none.
    """
    left = capacity.copy()
    mentor_of = np.full(value.shape[1], -1, np.int64)
    for mentor, child in fixed:
        mentor_of[child], left[mentor] = mentor, left[mentor] - 1
    by_child = np.array(value.T, order="C")
    by_child[:, left <= 0] = -1
    best = value.max(axis=0, initial=-1).astype(np.int64)
    for child in np.argsort(-best, kind="stable").tolist():
        mentor = int(by_child[child].argmax()) if by_child.shape[1] else -1
        if mentor < 0 or by_child[child, mentor] < 0 or mentor_of[child] >= 0:
            continue
        mentor_of[child], left[mentor] = mentor, left[mentor] - 1
        if left[mentor] == 0:
            by_child[:, mentor] = -1
    return mentor_of, best
