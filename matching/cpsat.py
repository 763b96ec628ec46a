"""One component with coupled children as OR-Tools CP-SAT.

``cp_model`` takes half a second to import: this module and :mod:`matching.cpsat_model` are imported
only when a component has coupled children.

The flow without the coupling gives an upper bound and prices. A pair whose points fall short of its
prices by more than the gap between that bound and a plan in hand is in no better plan, so the
search sees only the few pairs that remain.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching import flow
from matching.coupling import Coupling
from matching.cpsat_model import Model
from matching.errors import ProblemError
from matching.siblings import Relaxed, relax

_FINER = 8  # parts of a point in which siblings' dues are counted
_FIRST_MARGIN = 60  # points below its prices that a pair may be in the first search


@dataclass(frozen=True)
class Coupled:
    """The outcome of a search.

    Parameters
    ----------
    mentor_of : (n,) int array
    worth : int
        Points and bonus of the pairs, less the penalties.
    bound : int
        No assignment is worth more.
    optimal : bool
    penalty : int
        Points paid for soft floors that were missed.
    slot_price, child_price : int arrays
        Of the relaxation: an upper bound, not a proof.
    """

    mentor_of: NDArray[np.int64]
    worth: int
    bound: int
    optimal: bool
    penalty: int
    slot_price: NDArray[np.int64]
    child_price: NDArray[np.int64]


def solve_coupled(
    value: NDArray[np.int32],
    capacity: NDArray[np.int64],
    coupling: Coupling,
    bonus: int,
    *,
    seed: int = 0,
    time_limit_s: float | None = None,
) -> Coupled:
    """The best assignment that keeps what couples the children.

    Parameters
    ----------
    value : (m, n) int32 array
        Points, -1 where refused.
    capacity : (m,) int64 array
    coupling : Coupling
    bonus : int
        Added to each pair.
    seed : int
    time_limit_s : float, optional
        For the flows, and for each of at most three searches.

    Returns
    -------
    Coupled

    Raises
    ------
    ProblemError
        The fixed pairs and hard floors cannot all be kept.

    Notes
    -----
    One search thread and a fixed seed: deterministic unless the time limit strikes.
    """
    narrowed = _narrowed(value, capacity, coupling)
    fine, scale = _shared_out(narrowed, coupling)
    relaxed = relax(narrowed, fine, scale, capacity, coupling, bonus, time_limit_s)
    prices, top = relaxed.assignment, relaxed.bound // scale
    slot, child = -(-prices.slot_price // scale), -(-prices.child_price // scale)
    if relaxed.worth == top:
        return Coupled(relaxed.mentor_of, top, top, True, 0, slot, child)
    short = -(-_shortfall(prices, relaxed.value, bonus * scale, coupling) // scale)
    attempt = partial(
        _search,
        narrowed,
        capacity=capacity,
        coupling=coupling,
        bonus=bonus,
        seed=seed,
        time_limit_s=time_limit_s,
    )
    found, bound = _closing(attempt, narrowed >= 0, short, relaxed, top)
    if relaxed.worth is not None and relaxed.worth > found.worth:  # out of time
        found = _Found(relaxed.mentor_of, relaxed.worth, bound, False, 0)
    bound = max(found.worth, min(top, bound))
    return Coupled(
        found.mentor_of, found.worth, bound, bound == found.worth, found.penalty, slot, child
    )


class _Found(NamedTuple):
    mentor_of: NDArray[np.int64]
    worth: int
    bound: int
    optimal: bool
    penalty: int


def _closing(
    attempt: Callable[..., _Found | None],
    allowed: NDArray[np.bool_],
    short: NDArray[np.int64],
    relaxed: Relaxed,
    top: int,
) -> tuple[_Found, int]:
    """Search among the pairs near their prices, wider until no pair left out can matter."""
    margin: int | None = _FIRST_MARGIN
    if relaxed.worth is not None:
        margin = min(_FIRST_MARGIN, top - relaxed.worth)
    hint = relaxed.mentor_of
    while True:
        found = attempt(near=allowed if margin is None else allowed & (short <= margin), hint=hint)
        if found is None:
            if margin is None:
                raise ProblemError("the fixed pairs and hard floors cannot all be kept")
            margin = None
            continue
        if margin is None:
            return found, found.bound
        gap = top - found.worth
        if gap <= margin or not found.optimal:
            # Whatever uses a pair left out falls short of the top by the margin at least.
            return found, max(found.bound, top - margin)
        margin, hint = gap, found.mentor_of


def _shared_out(value: NDArray[np.int32], coupling: Coupling) -> tuple[NDArray[np.int32], int]:
    """Share the points of siblings who stay together equally, in whole units of a point's part.

    Their sum with one mentor is the same, but apart they gain nothing any more: the relaxation
    becomes as strong as that of the sibling group as one person with several places.
    """
    scale = math.lcm(1, *(len(group) for group in coupling.same_mentor))
    if coupling.prefer:
        scale *= _FINER
    if (int(value.max(initial=0)) + coupling.prefer_points) * scale >= 2**30:
        return value, 1
    fine = np.where(value >= 0, value * np.int32(scale), -1)
    for group in coupling.same_mentor:
        members = list(group)
        whole = value[:, members].sum(axis=1, dtype=np.int64) * (scale // len(members))
        allowed = (value[:, members] >= 0).all(axis=1)
        fine[:, members] = np.where(allowed, whole, -1)[:, None]
    return fine.astype(np.int32), scale


def _shortfall(
    relaxed: flow.Assignment, fine: NDArray[np.int32], bonus: int, coupling: Coupling
) -> NDArray[np.int64]:
    """How far each pair falls short of its prices; siblings who stay together as one."""
    short = relaxed.slot_price[:, None] + relaxed.child_price[None, :] - bonus - fine
    for group in coupling.same_mentor:
        members = list(group)
        short[:, members] = short[:, members].sum(axis=1)[:, None]
    return np.asarray(short)


def _narrowed(
    value: NDArray[np.int32], capacity: NDArray[np.int64], coupling: Coupling
) -> NDArray[np.int32]:
    """Refuse what the coupling makes impossible, which brings the relaxation nearer the truth."""
    out = value.copy()
    for group in coupling.same_mentor:
        members = list(group)
        room = (value[:, members] >= 0).all(axis=1) & (capacity >= len(members))
        limit = coupling.most_per_centre
        if limit:
            _, counts = np.unique(coupling.centre[members], return_counts=True)
            room &= int(counts.max()) <= limit
        out[np.flatnonzero(~room)[:, None], members] = -1
    for group in coupling.together:
        members = list(group)
        if not (out[:, members] >= 0).any(axis=0).all():
            out[:, members] = -1
    for mentor, child in coupling.fixed:
        others = np.arange(len(out)) != mentor
        out[others, child] = -1
    return out


def _search(
    value: NDArray[np.int32],
    *,
    near: NDArray[np.bool_],
    capacity: NDArray[np.int64],
    coupling: Coupling,
    bonus: int,
    hint: NDArray[np.int64],
    seed: int,
    time_limit_s: float | None,
) -> _Found | None:
    model = Model(value, near, capacity, coupling, bonus, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.catch_sigint_signal = False
    if coupling.prefer:
        # Without the linear relaxation of what siblings bring along the search does not end.
        solver.parameters.linearization_level = 2
    if time_limit_s is not None:
        solver.parameters.max_time_in_seconds = max(0.01, time_limit_s)
    status = solver.solve(model.model)
    if status == cp_model.INFEASIBLE:
        return None
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        if coupling.fixed or any(q.floor.hard for q in coupling.quotas):
            return None
        nobody = np.full(value.shape[1], -1, np.int64)
        owed = sum(q.need * q.floor.points_per_child for q in coupling.quotas)
        return _Found(nobody, -owed, round(solver.best_objective_bound), False, owed)
    mentor_of, penalty = model.read(solver)
    worth, bound = round(solver.objective_value), round(solver.best_objective_bound)
    return _Found(mentor_of, worth, bound, status == cp_model.OPTIMAL, penalty)
