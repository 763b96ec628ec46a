"""One component from columns to an outcome: the unit of work that an executor carries."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching import flow, rules, scores
from matching.block import Block
from matching.coupling import Coupling, Quota, coupling_of
from matching.greedy import greedy
from matching.partition import split_allowed

# Measured with room to spare: below these a component is not started before a deadline.
_SECONDS_PER_CELL = 6e-7
_SECONDS_PER_CELL_GREEDY = 2e-7


@dataclass(frozen=True)
class Job:
    """A component as plain columns.

    Parameters
    ----------
    block : Block
        People whom no rule refuses outright, in solving order.
    bonus : int
        Added to each pair while solving; see ``Certificate.per_pair``.
    quotas : tuple of Quota
        Floors, members as rows of the problem.
    fixed : tuple of (int, int)
        Positions of mentors and children that must be paired.
    seed : int
    deadline : float or None
        ``time.time()`` after which the component is no longer worth starting.
    """

    block: Block
    bonus: int = 0
    quotas: tuple[Quota, ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()
    seed: int = 0
    deadline: float | None = None


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
    points, bound : int
        Points of the pairs and for siblings, less penalties; no assignment with as many pairs has
        more than the bound.
    most_pairs : int
        No assignment has more pairs where coverage comes first.
    optimal : bool
    searched : bool
        The proof is the bound of a search, not the prices.
    penalty : int
    siblings : int
        Points, part of `points`, for siblings with one mentor.
    seconds : dict
    """

    mentors: NDArray[np.int64]
    children: NDArray[np.int64]
    parts: NDArray[np.int32]
    slot_price: NDArray[np.int64]
    child_price: NDArray[np.int64]
    reachable: NDArray[np.bool_]
    points: int
    bound: int
    most_pairs: int
    optimal: bool = True
    searched: bool = False
    penalty: int = 0
    siblings: int = 0
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


@dataclass
class _Found:
    """Positions and prices of one block, before they are told as rows."""

    mentor_of: NDArray[np.int64]
    slot: NDArray[np.int64]
    child: NDArray[np.int64]
    optimal: bool = True
    searched: bool = False
    penalty: int = 0
    siblings: int = 0
    over: int = 0
    """Points by which the bound exceeds the assignment."""


def solve_job(job: Job) -> Outcome:
    """Apply rules and preferences to one component and solve it.

    Parameters
    ----------
    job : Job

    Returns
    -------
    Outcome
        Optimal, unless the deadline is too near: then greedy, or empty. A function of the job
        alone where there is no deadline.

    Raises
    ------
    ProblemError
        Fixed pairs and hard floors cannot all be kept.
    """
    watch = Stopwatch()
    m, n = job.block.shape
    left = None if job.deadline is None else job.deadline - time.time()
    if left is not None and left < m * n * _SECONDS_PER_CELL_GREEDY:
        return nothing(job)
    value = values_of(job.block, watch)
    reachable = np.asarray((value >= 0).any(axis=0))
    coupling = coupling_of(job.block, job.quotas, job.fixed)
    if left is not None and left < m * n * _SECONDS_PER_CELL:
        found = _greedy(job, value, coupling)
    else:
        found = _flows(job, value) if coupling is None else _search(job, value, coupling)
    found.siblings = 0 if coupling is None else coupling.shared(found.mentor_of)
    watch.lap("solve")
    return _outcome(job, found, value, reachable, watch)


def _flows(job: Job, value: NDArray[np.int32]) -> _Found:
    m, n = value.shape
    found = _Found(np.full(n, -1, np.int64), np.zeros(m, np.int64), np.zeros(n, np.int64))
    capacity = job.block.mentors.capacity.astype(np.int64)
    if job.fixed:
        value = value.copy()
        for mentor, child in job.fixed:
            capacity[mentor] -= 1
            value[:, child] = -1
    for mentors, children in split_allowed(value >= 0):
        whole = value.shape == (len(mentors), len(children))
        piece = value if whole else value[np.ix_(mentors, children)]
        solved = flow.solve(piece, capacity[mentors], job.bonus)
        taken = solved.mentor_of >= 0
        found.mentor_of[children[taken]] = mentors[solved.mentor_of[taken]]
        found.slot[mentors], found.child[children] = solved.slot_price, solved.child_price
    for mentor, child in job.fixed:
        found.mentor_of[child] = mentor
    return found


def _search(job: Job, value: NDArray[np.int32], coupling: Coupling) -> _Found:
    # cp_model takes half a second to import and must stay out of processes that never need it.
    cpsat = importlib.import_module("matching.cpsat")
    capacity = job.block.mentors.capacity.astype(np.int64)
    pairs = min(int(capacity.sum()), value.shape[1])
    # Enough to put coverage first inside this component; small numbers search faster.
    most = int(value.max(initial=0)) + _owed(coupling) + coupling.prefer_points
    bonus = min(job.bonus, most * pairs + 1)
    left = None if job.deadline is None else job.deadline - time.time()
    solved = cpsat.solve_coupled(value, capacity, coupling, bonus, seed=job.seed, time_limit_s=left)
    return _Found(
        solved.mentor_of,
        solved.slot_price,
        solved.child_price,
        solved.optimal,
        True,
        solved.penalty,
        solved.bound - solved.worth,
    )


def _owed(coupling: Coupling) -> int:
    return max((q.floor.points_per_child for q in coupling.quotas), default=0)


def _greedy(job: Job, value: NDArray[np.int32], coupling: Coupling | None) -> _Found:
    mentor_of, best = greedy(value, job.block.mentors.capacity.astype(np.int64), job.fixed)
    if coupling is not None and not coupling.kept(mentor_of):
        mentor_of[:] = -1
    if coupling is not None:
        # No place is worth more to a sibling than if the others were there already.
        siblings = [child for group in coupling.prefer for child in group]
        best[siblings] += coupling.prefer_points
    m, n = value.shape
    found = _Found(mentor_of, np.zeros(m, np.int64), np.zeros(n, np.int64), False)
    taken = np.flatnonzero(mentor_of >= 0)
    reached = int(value[mentor_of[taken], taken].sum(dtype=np.int64))
    places = int(job.block.mentors.capacity.sum())
    found.over = int(np.sort(np.maximum(best, 0))[::-1][:places].sum()) - reached
    found.over -= 0 if coupling is None else coupling.shared(mentor_of)
    return found


def nothing(job: Job) -> Outcome:
    """The empty outcome of a component that was not solved, with a bound from ceilings."""
    m, n = job.block.shape
    none = np.empty(0, np.int64)
    best = np.sort(scores.ceilings(job.block))[::-1]
    places = min(int(job.block.mentors.capacity.sum()), n)
    return Outcome(
        *(none, none, np.empty((0, len(scores.CRITERIA)), np.int32)),
        *(np.zeros(m, np.int64), np.zeros(n, np.int64), np.zeros(n, np.bool_)),
        points=0,
        bound=int(best[:places].sum()),
        most_pairs=places,
        optimal=False,
    )


def _outcome(
    job: Job,
    found: _Found,
    value: NDArray[np.int32],
    reachable: NDArray[np.bool_],
    watch: Stopwatch,
) -> Outcome:
    block = job.block
    columns = np.flatnonzero(found.mentor_of >= 0)
    rows = found.mentor_of[columns]
    parts = scores.parts_of_pairs(block.pairs(rows, columns))
    watch.lap("points")
    points = int(parts.sum(dtype=np.int64)) + found.siblings - found.penalty
    places = min(int(block.mentors.capacity.sum()), len(reachable))
    return Outcome(
        block.mentors.row[rows].astype(np.int64),
        block.children.row[columns].astype(np.int64),
        parts,
        found.slot,
        found.child,
        reachable,
        points,
        points + found.over,
        len(rows) if found.optimal else places,
        found.optimal,
        found.searched,
        found.penalty,
        found.siblings,
        watch.seconds,
    )
