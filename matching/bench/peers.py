"""The solvers beside which the engine is measured, each on the same objective."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python import min_cost_flow
from scipy.optimize import linear_sum_assignment

from matching.block import Block
from matching.component import values_of
from matching.greedy import greedy as greedy_block
from matching.policy import Policy
from matching.problem import Problem
from matching.solve import Jobs, coverage_bonus, jobs_of


class Task(NamedTuple):
    """A problem as one national array: points or -1, places, and what each pair gets on top."""

    value: NDArray[np.int32]
    capacity: NDArray[np.int64]
    bonus: int


class Answer(NamedTuple):
    """Pairs and points of a solver."""

    pairs: int
    points: int


def task_of(problem: Problem, policy: Policy) -> Task:
    """Rules and points of all pairs as one dense array, which the engine itself never makes."""
    bonus = coverage_bonus(problem, policy)
    jobs: Jobs = jobs_of(problem, policy, 0, bonus)
    value = np.full((len(problem.mentor_ids), len(problem.child_ids)), -1, np.int32)
    for part in jobs.components:
        block = Block.of(problem, policy, part.mentors, part.children)
        value[np.ix_(part.mentors, part.children)] = values_of(block)
    return Task(value, problem.mentor_columns.capacity.astype(np.int64), bonus)


def expanded(task: Task) -> NDArray[np.float64]:
    """One row a place: what solvers without capacities need."""
    used = np.flatnonzero((task.value >= 0).any(axis=1))
    rows = np.repeat(used, np.minimum(task.capacity[used], task.value.shape[1]))
    worth = np.empty((len(rows), task.value.shape[1]))
    for spot, row in enumerate(rows.tolist()):
        worth[spot] = np.where(task.value[row] >= 0, task.value[row] + float(task.bonus), 0.0)
    return worth


def scipy_solver(worth: NDArray[np.float64], task: Task) -> Answer:
    """``scipy.optimize.linear_sum_assignment`` on the expanded matrix."""
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return _answer(worth[rows, columns], task.bonus)


def lapjv_solver(worth: NDArray[np.float64], task: Task) -> Answer:
    """``lap.lapjv`` on the expanded matrix, which it makes square."""
    lap = importlib.import_module("lap")  # in the bench extra only, and without types
    _, found, _ = lap.lapjv(worth.max() - worth, extend_cost=True)
    rows = np.flatnonzero(found >= 0)
    return _answer(worth[rows, found[rows]], task.bonus)


def flow_solver(worth: NDArray[np.float64], task: Task) -> Answer:
    """One OR-Tools flow over all arcs of the country."""
    del worth
    m, n = task.value.shape
    mentor, child = np.nonzero(task.value >= 0)
    points = task.value[mentor, child].astype(np.int64)
    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(
        mentor, child + m, np.ones(len(mentor), np.int64), -(points + task.bonus)
    )
    places, hub = np.minimum(task.capacity, n), m + n
    flow.add_arcs_with_capacity_and_unit_cost(
        np.arange(m), np.full(m, hub), places, np.zeros(m, np.int64)
    )
    flow.add_arcs_with_capacity_and_unit_cost(
        np.full(n, hub), np.arange(m, hub), np.ones(n, np.int64), np.zeros(n, np.int64)
    )
    supply = np.concatenate([places, np.full(n, -1), [n - int(places.sum())]])
    flow.set_nodes_supplies(np.arange(hub + 1), supply)
    flow.solve()
    used = np.asarray(flow.flows(arcs)) > 0
    return Answer(int(used.sum()), int(points[used].sum()))


def greedy_solver(worth: NDArray[np.float64], task: Task) -> Answer:
    """Children choose in the order of their best pair."""
    del worth
    mentor_of, _ = greedy_block(task.value, task.capacity)
    taken = np.flatnonzero(mentor_of >= 0)
    return Answer(len(taken), int(task.value[mentor_of[taken], taken].sum(dtype=np.int64)))


def _answer(worth: NDArray[np.float64], bonus: int) -> Answer:
    formed = worth[worth > 0]
    return Answer(len(formed), round(float(formed.sum())) - bonus * len(formed))


SOLVERS: dict[str, Callable[[NDArray[np.float64], Task], Answer]] = {
    "scipy": scipy_solver,
    "lapjv": lapjv_solver,
    "one_flow": flow_solver,
    "greedy": greedy_solver,
}
"""Solvers by name; each is timed alone, its array made before."""

NEEDS_EXPANDED = ("scipy", "lapjv")
