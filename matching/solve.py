"""A round: problem and policy in, proven plan out."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from matching import verify as verification
from matching.block import Block
from matching.component import Job, Outcome, Stopwatch, solve_job
from matching.errors import ProblemError
from matching.partition import Component, Partition, partition
from matching.plan import Certificate, Pair, Plan, pairs_digest
from matching.policy import Policy
from matching.problem import Problem
from matching.reasons import unmatched_children
from matching.scores import ALL_CRITERIA, CRITERIA, waiting
from matching.versions import problem_digest, versions_of

Progress = Callable[[int, int, int], None]


def propose(
    problem: Problem,
    policy: Policy | None = None,
    *,
    time_limit_s: float | None = None,
    seed: int = 0,
    executor: Executor | None = None,
    progress: Progress | None = None,
    cancel: Callable[[], bool] | None = None,
) -> Plan:
    """Find the best plan, prove it and say why each other child has no mentor.

    Parameters
    ----------
    problem : Problem
    policy : Policy, optional
        The default policy by default.
    time_limit_s : float, optional
        Seconds; a round stopped by it is ``feasible`` with its bound.
    seed : int
        Decides between plans of equal points.
    executor : concurrent.futures.Executor, optional
        Solves components at the same time; the plan does not depend on it.
    progress : callable, optional
        Called with components done, components in all, points so far.
    cancel : callable, optional
        Asked before each component; true stops the round.

    Returns
    -------
    Plan
        Verified: rules, capacities and certificate have been checked again by other code.

    Raises
    ------
    ProblemError
        The points could overflow.
    PlanError
        The plan failed its own check: a defect of the engine, never of the input.

    Notes
    -----
    Deterministic for one problem, policy, seed and set of versions, unless it is stopped.
    """
    policy = policy or Policy.default()
    began = time.perf_counter()
    watch = Stopwatch()
    bonus = coverage_bonus(problem, policy)
    split = partition(problem, policy, seed)
    watch.lap("partition")
    run = _Run(problem, policy, bonus, split)
    run.solve(executor, progress, _stopper(began, time_limit_s, cancel))
    watch.lap("components")
    plan = run.plan(seed, watch)
    verification.verify(problem, policy, plan)
    watch.lap("verify")
    del watch.seconds["components"]
    for phase, seconds in watch.seconds.items():
        run.seconds[phase] = run.seconds.get(phase, 0.0) + seconds
    run.seconds["total"] = time.perf_counter() - began
    return replace(plan, seconds=run.seconds)


def coverage_bonus(problem: Problem, policy: Policy) -> int:
    """Points that outweigh all others together where coverage comes first, else 0.

    Raises
    ------
    ProblemError
        The points of all pairs together would not fit in 62 bits, or one pair's in 31.
    """
    block = Block.of(problem, policy)
    most = sum(criterion.ceiling(policy) or 0 for criterion in ALL_CRITERIA)
    most += int(waiting(block).max(initial=0))
    places = int(block.mentors.capacity.sum(dtype=np.int64))
    pairs = min(places, len(block.children))
    if most >= 2**31 - 1 or most * (pairs + 1) * (pairs + 1) >= 2**62:
        raise ProblemError(
            f"up to {most} points for each of {pairs} pairs would overflow", field="points"
        )
    return most * pairs + 1 if policy["objective.coverage"] == "first" else 0


def _stopper(
    began: float, limit: float | None, cancel: Callable[[], bool] | None
) -> Callable[[], str | None]:
    def stopped() -> str | None:
        if cancel is not None and cancel():
            return "cancelled"
        if limit is not None and time.perf_counter() - began >= limit:
            return "time_limit"
        return None

    return stopped


class _Run:
    """Collects the outcomes of a round's components."""

    def __init__(self, problem: Problem, policy: Policy, bonus: int, split: Partition) -> None:
        self.problem, self.policy, self.bonus, self.split = problem, policy, bonus, split
        self.seconds: dict[str, float] = {}
        self.stopped: str | None = None
        self.points = 0
        self.mentor_of = np.full(len(problem.child_ids), -1, np.int64)
        self.parts = np.zeros((len(problem.child_ids), len(CRITERIA)), np.int32)
        self.slot = np.zeros(len(problem.mentor_ids), np.int64)
        self.child = np.zeros(len(problem.child_ids), np.int64)
        self.reachable = np.zeros(len(problem.child_ids), np.bool_)

    def solve(
        self,
        executor: Executor | None,
        progress: Progress | None,
        stopped: Callable[[], str | None],
    ) -> None:
        components = self.split.components
        for done, part in enumerate(components, start=1):
            self.stopped = stopped()
            if self.stopped:
                return
            self.keep(part, solve_job(self.job(part)))
            if progress is not None:
                progress(done, len(components), self.points)

    def job(self, part: Component) -> Job:
        return Job(Block.of(self.problem, self.policy, part.mentors, part.children), self.bonus)

    def keep(self, part: Component, found: Outcome) -> None:
        self.mentor_of[found.children] = found.mentors
        self.parts[found.children] = found.parts
        self.slot[part.mentors] = found.slot_price
        self.child[part.children] = found.child_price
        self.reachable[part.children] = found.reachable
        self.points += int(found.parts.sum(dtype=np.int64))
        for phase, seconds in found.seconds.items():
            self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds

    def plan(self, seed: int, watch: Stopwatch) -> Plan:
        problem, policy = self.problem, self.policy
        pairs = self._pairs()
        left = np.flatnonzero(self.mentor_of < 0).astype(np.int32)
        unmatched = unmatched_children(problem, policy, left, self._codes(left))
        watch.lap("reasons")
        bound = self.points
        hashes = {
            "problem": problem_digest(problem),
            "policy": policy.digest,
            "pairs": pairs_digest(pairs),
        }
        watch.lap("hashes")
        return Plan(
            pairs=pairs,
            points=self.points,
            bound=bound,
            status="feasible" if self.stopped else "optimal",
            unmatched=unmatched,
            certificate=Certificate(
                tuple(self.slot.tolist()), tuple(self.child.tolist()), self.bonus
            ),
            seed=seed,
            versions=versions_of(policy),
            hashes=hashes,
            seconds={},
            stopped=self.stopped,
            most_pairs=len(pairs),
        )

    def _pairs(self) -> tuple[Pair, ...]:
        rows = np.flatnonzero(self.mentor_of >= 0)
        parts = self.parts[rows]
        return tuple(
            Pair(mentor, child, total, dict(zip(CRITERIA, each, strict=True)))
            for mentor, child, total, each in zip(
                self.problem.mentor_ids[self.mentor_of[rows]].tolist(),
                self.problem.child_ids[rows].tolist(),
                parts.sum(axis=1, dtype=np.int64).tolist(),
                parts.tolist(),
                strict=True,
            )
        )

    def _codes(self, left: NDArray[np.int32]) -> list[str]:
        return [
            "places_taken" if reachable else "no_mentor_allowed"
            for reachable in self.reachable[left].tolist()
        ]
