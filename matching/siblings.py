"""Siblings who had best share a mentor, in a flow: what each of them can bring along at most.

Children of a group who have one mentor give points for each beyond the first. A flow cannot count
that, but it can be told too much: each child brings all the points, less dues, and the dues of as
many siblings as fit with the mentor are never more than the points of one. So no assignment is
worth less in the flow than it is, whatever the dues. Flows find better dues one after another:
where siblings share a mentor, they share the dues, and a sibling who is alone pays them all.
"""

from __future__ import annotations

import time
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching import flow
from matching.coupling import Coupling

_FLOWS = 40
_NEAR = 10  # points between the bound and an assignment in hand that a search soon closes
_IDLE_FLOWS = 8  # after so many without a better bound there is no point in going on


class Relaxed(NamedTuple):
    """The flow with the lowest bound.

    Parameters
    ----------
    assignment : Assignment
    value : (m, n) int32 array
        What the flow was told that each pair is worth, in fine units.
    bound : int
        No assignment is worth more, in fine units.
    mentor_of : (n,) int array
        The best assignment in hand that keeps everything, by what it is truly worth.
    worth : int or None
        Of `mentor_of`, in points; None where no flow kept everything.
    """

    assignment: flow.Assignment
    value: NDArray[np.int32]
    bound: int
    mentor_of: NDArray[np.int64]
    worth: int | None


def relax(
    value: NDArray[np.int32],
    fine: NDArray[np.int32],
    scale: int,
    capacity: NDArray[np.int64],
    coupling: Coupling,
    bonus: int,
    time_limit_s: float | None = None,
) -> Relaxed:
    """Solve flows that know of the siblings until the bound is no longer lowered.

    Parameters
    ----------
    value : (m, n) int32 array
        Points, -1 where refused.
    fine : (m, n) int32 array
        The same in fine units, and what other coupling makes of it.
    scale : int
        Fine units in a point.
    capacity : (m,) int64 array
    coupling : Coupling
    bonus : int
        Added to each pair, in points.
    time_limit_s : float, optional
        No further flow is begun after it.

    Returns
    -------
    Relaxed
    """
    dues = [
        _Dues(value[:, list(group)] >= 0, capacity, coupling, scale) for group in coupling.prefer
    ]
    best: Relaxed | None = None
    idle, began = 0, time.perf_counter()
    for step in range(_FLOWS if coupling.prefer else 1):
        told = fine.copy()
        for group, due in zip(coupling.prefer, dues, strict=True):
            told[:, list(group)] += due.brought()
        found = flow.solve(told, capacity, bonus * scale)
        bound = found.points + bonus * scale * int((found.mentor_of >= 0).sum())
        mentor_of, worth = _in_hand(best, found.mentor_of, value, coupling, bonus)
        if best is None or bound < best.bound:
            best, idle = Relaxed(found, told, bound, mentor_of, worth), 0
        else:
            best, idle = best._replace(mentor_of=mentor_of, worth=worth), idle + 1
        near = best.worth is not None and best.bound // scale - best.worth <= _NEAR
        late = time_limit_s is not None and time.perf_counter() - began > time_limit_s
        if near or late or idle == _IDLE_FLOWS:
            break
        for group, due in zip(coupling.prefer, dues, strict=True):
            due.learn(found.mentor_of[list(group)], step)
    assert best is not None
    return best


def _in_hand(
    best: Relaxed | None,
    mentor_of: NDArray[np.int64],
    value: NDArray[np.int32],
    coupling: Coupling,
    bonus: int,
) -> tuple[NDArray[np.int64], int | None]:
    """The better one of an assignment and the best so far."""
    worth = None
    if coupling.kept(mentor_of):
        taken = np.flatnonzero(mentor_of >= 0)
        worth = int(value[mentor_of[taken], taken].sum(dtype=np.int64)) + bonus * len(taken)
        worth += coupling.shared(mentor_of)
    if best is None or (worth is not None and (best.worth is None or worth > best.worth)):
        return mentor_of, worth
    return best.mentor_of, best.worth


class _Dues:
    """What each child of one group pays with each mentor."""

    def __init__(
        self,
        allowed: NDArray[np.bool_],
        capacity: NDArray[np.int64],
        coupling: Coupling,
        scale: int,
    ) -> None:
        self.allowed, self.points = allowed, coupling.prefer_points * scale
        self.fit = np.minimum(allowed.sum(axis=1), capacity)
        """Children of the group who fit with each mentor."""
        self.whole = self.fit == allowed.sum(axis=1)
        due = self.points // np.maximum(self.fit, 1)
        self.dues = np.where(allowed, due[:, None], 0).astype(np.int64)
        self._round_up()

    def brought(self) -> NDArray[np.int32]:
        """What to add to the value of each pair; nothing where at most one child fits."""
        return np.where(self.allowed, self.points - self.dues, 0).astype(np.int32)

    def learn(self, mentor_of: NDArray[np.int64], step: int) -> None:
        """Move the dues, less and less, towards those that make an assignment's worth exact."""
        weight = max(1, step // 3) + 1
        for mentor in set(mentor_of.tolist()) - {-1}:
            if self.fit[mentor] < 2:
                continue
            here = mentor_of == mentor
            wanted = np.where(here, self.points // int(here.sum()), 0)
            self.dues[mentor] = ((weight - 1) * self.dues[mentor] + wanted) // weight
        self._round_up()

    def _round_up(self) -> None:
        """Let the first child pay what rounding has left over, where all of the group fit."""
        rows = np.flatnonzero(self.whole & (self.fit > 0))
        first = self.allowed[rows].argmax(axis=1)
        self.dues[rows, first] += self.points - self.dues[rows].sum(axis=1)
