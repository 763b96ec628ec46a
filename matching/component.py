"""One component from columns to an outcome: the unit of work that an executor carries."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching import flow, rules, scores
from matching.block import Block
from matching.partition import split_allowed


@dataclass(frozen=True)
class Job:
    """A component as plain columns.

    Parameters
    ----------
    block : Block
        People whom no rule refuses outright, in solving order.
    bonus : int
        Added to each pair while solving; see ``Certificate.per_pair``.
    """

    block: Block
    bonus: int = 0


@dataclass
class Outcome:
    """What a component's solution is made of; rows are those of the problem.

    Parameters
    ----------
    mentors, children : (k,) int arrays
        The pairs.
    parts : (k, criteria) int array
    slot_price : (m,) int array
        In the order of the job's mentors.
    child_price : (n,) int array
        In the order of the job's children.
    reachable : (n,) bool array
        The child has an allowed mentor.
    seconds : dict
    """

    mentors: NDArray[np.int64]
    children: NDArray[np.int64]
    parts: NDArray[np.int32]
    slot_price: NDArray[np.int64]
    child_price: NDArray[np.int64]
    reachable: NDArray[np.bool_]
    seconds: dict[str, float] = field(default_factory=dict)


class Stopwatch:
    """Adds up seconds by phase."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self.seconds: dict[str, float] = {}
        self._clock = clock
        self._since = clock()

    def lap(self, phase: str) -> None:
        """Book the time since the last lap on a phase."""
        now = self._clock()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + now - self._since
        self._since = now


def values_of(block: Block, watch: Stopwatch | None = None) -> NDArray[np.int32]:
    """Points of each pair of a block, -1 where a rule refuses it.

    Returns
    -------
    (m, n) int32 array
    """
    watch = watch or Stopwatch()
    refused = rules.refused(block)
    watch.lap("rules")
    value = scores.points(block)
    np.putmask(value, refused, -1)
    watch.lap("points")
    return value


def solve_job(job: Job) -> Outcome:
    """Apply rules and preferences to one component and solve it.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Outcome
        Optimal; a function of the job alone.
    """
    watch = Stopwatch()
    block = job.block
    value = values_of(block, watch)
    m, n = value.shape
    mentor_of = np.full(n, -1, np.int64)
    slot, child = np.zeros(m, np.int64), np.zeros(n, np.int64)
    allowed = value >= 0
    capacity = block.mentors.capacity.astype(np.int64)
    for mentors, children in split_allowed(allowed):
        piece = value if allowed.shape == (len(mentors), len(children)) else None
        if piece is None:
            piece = value[np.ix_(mentors, children)]
        found = flow.solve(piece, capacity[mentors], job.bonus)
        taken = found.mentor_of >= 0
        mentor_of[children[taken]] = mentors[found.mentor_of[taken]]
        slot[mentors], child[children] = found.slot_price, found.child_price
    watch.lap("solve")
    return _outcome(block, mentor_of, slot, child, np.asarray(allowed.any(axis=0)), watch)


def _outcome(
    block: Block,
    mentor_of: NDArray[np.int64],
    slot: NDArray[np.int64],
    child: NDArray[np.int64],
    reachable: NDArray[np.bool_],
    watch: Stopwatch,
) -> Outcome:
    columns = np.flatnonzero(mentor_of >= 0)
    rows = mentor_of[columns]
    parts = scores.parts_of_pairs(block.pairs(rows, columns))
    watch.lap("points")
    return Outcome(
        block.mentors.row[rows].astype(np.int64),
        block.children.row[columns].astype(np.int64),
        parts,
        slot,
        child,
        reachable,
        watch.seconds,
    )
