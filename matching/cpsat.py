"""One component with coupled children as OR-Tools CP-SAT.

This is the only module that imports ``cp_model``, which takes half a second: it is itself imported
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
from matching.errors import ProblemError

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
        For each of at most three searches.

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
    relaxed = flow.solve(fine, capacity, bonus * scale)
    highest = relaxed.points + bonus * scale * int((relaxed.mentor_of >= 0).sum())
    top = highest // scale
    slot, child = -(-relaxed.slot_price // scale), -(-relaxed.child_price // scale)
    if coupling.kept(relaxed.mentor_of):
        return Coupled(relaxed.mentor_of, top, top, True, 0, slot, child)
    short = -(-_shortfall(relaxed, fine, bonus * scale, coupling) // scale)
    attempt = partial(
        _search,
        narrowed,
        capacity=capacity,
        coupling=coupling,
        bonus=bonus,
        seed=seed,
        time_limit_s=time_limit_s,
    )
    found, bound = _closing(attempt, narrowed >= 0, short, relaxed.mentor_of, top)
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
    hint: NDArray[np.int64],
    top: int,
) -> tuple[_Found, int]:
    """Search among the pairs near their prices, wider until no pair left out can matter."""
    margin: int | None = _FIRST_MARGIN
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
    if int(value.max(initial=0)) * scale >= 2**30:
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
    model = _Model(value, near, capacity, coupling, bonus, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.catch_sigint_signal = False
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


class _Model:
    """The assignment as booleans: one a pair, and one a mentor and sibling group to be shared."""

    def __init__(
        self,
        value: NDArray[np.int32],
        near: NDArray[np.bool_],
        capacity: NDArray[np.int64],
        coupling: Coupling,
        bonus: int,
        hint: NDArray[np.int64],
    ) -> None:
        self.model = cp_model.CpModel()
        self.value, self.bonus, self.coupling, self.hint = value, bonus, coupling, hint
        self.children = value.shape[1]
        # Each entry: variable, mentor, children it gives that mentor.
        self.choices: list[tuple[cp_model.IntVar, int, tuple[int, ...]]] = []
        self.missing: list[tuple[cp_model.IntVar, int]] = []
        grouped = {child for group in coupling.same_mentor for child in group}
        for group in coupling.same_mentor:
            self._choose(np.flatnonzero(near[:, list(group)].all(axis=1)), group)
        for child in range(self.children):
            if child not in grouped:
                self._choose(np.flatnonzero(near[:, child]), (child,))
        self._places(capacity)
        self._once()
        self._floors()
        worth = [
            sum(int(value[mentor, c]) + bonus for c in given) * chosen
            for chosen, mentor, given in self.choices
        ]
        self.model.maximize(sum(worth) - sum(price * short for short, price in self.missing))

    def _choose(self, mentors: NDArray[np.intp], given: tuple[int, ...]) -> None:
        for mentor in mentors.tolist():
            chosen = self.model.new_bool_var("")
            self.choices.append((chosen, mentor, given))
            self.model.add_hint(chosen, all(self.hint[child] == mentor for child in given))

    def _places(self, capacity: NDArray[np.int64]) -> None:
        by_mentor: dict[int, list[tuple[cp_model.IntVar, tuple[int, ...]]]] = {}
        for chosen, mentor, given in self.choices:
            by_mentor.setdefault(mentor, []).append((chosen, given))
        limit = self.coupling.most_per_centre
        for mentor, listed in by_mentor.items():
            self.model.add(sum(len(given) * one for one, given in listed) <= int(capacity[mentor]))
            if limit and capacity[mentor] > limit:
                by_centre: dict[int, list[cp_model.IntVar]] = {}
                for one, given in listed:
                    for child in given:
                        by_centre.setdefault(int(self.coupling.centre[child]), []).append(one)
                for several in by_centre.values():
                    self.model.add(sum(several) <= limit)

    def _once(self) -> None:
        self.of_child: list[list[cp_model.IntVar]] = [[] for _ in range(self.children)]
        for chosen, _, given in self.choices:
            for child in given:
                self.of_child[child].append(chosen)
        fixed = {child for _, child in self.coupling.fixed}
        for child, listed in enumerate(self.of_child):
            if child in fixed:
                self.model.add(sum(listed) == 1)
            elif len(listed) > 1:
                self.model.add_at_most_one(listed)
        for group in self.coupling.together:
            first = sum(self.of_child[group[0]])
            for child in group[1:]:
                self.model.add(sum(self.of_child[child]) == first)

    def _floors(self) -> None:
        for quota in self.coupling.quotas:
            reached = sum(one for child in quota.members.tolist() for one in self.of_child[child])
            if quota.floor.hard:
                self.model.add(reached >= quota.need)
            else:
                short = self.model.new_int_var(0, quota.need, "")
                self.model.add(reached + short >= quota.need)
                self.missing.append((short, quota.floor.points_per_child))

    def read(self, solver: cp_model.CpSolver) -> tuple[NDArray[np.int64], int]:
        mentor_of = np.full(self.children, -1, np.int64)
        for chosen, mentor, given in self.choices:
            if solver.boolean_value(chosen):
                mentor_of[list(given)] = mentor
        return mentor_of, sum(price * solver.value(short) for short, price in self.missing)
