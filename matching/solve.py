"""A round: problem and policy in, proven plan out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from matching.block import Block
from matching.component import Job, Outcome, Stopwatch, nothing, solve_job
from matching.coupling import Quota, quotas_of
from matching.errors import ProblemError
from matching.locks import check_locks
from matching.outcome import Collected
from matching.partition import Component, Partition, partition
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.scores import ceilings, sibling_points
from matching.spread import spread
from matching.verify import verify

Progress = Callable[[int, int, int], None]
_MORE_PLACES = 100
_SECONDS_PER_PERSON = 2.5e-5
_TAIL_SHARE = 5.0
_PROOF_SHARE = 1.3


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
        Seconds for the whole call. A round stopped by it is ``feasible`` and carries its bound;
        so is one whose proof there was no time to check.
    seed : int
        Decides between plans of equal points.
    executor : concurrent.futures.Executor, optional
        Solves components at the same time; the plan does not depend on it.
    progress : callable, optional
        Called after each component with components done, components in all, points so far.
    cancel : callable, optional
        Asked before each component; true stops the round.

    Returns
    -------
    Plan
        Verified: rules, capacities and certificate have been checked again by other code.

    Raises
    ------
    ProblemError
        The points could overflow, a fixed pair breaks a rule or a hard floor cannot be reached.
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
    check_locks(problem, policy)
    jobs = jobs_of(problem, policy, seed, bonus)
    watch.lap("partition")
    deadline = None if time_limit_s is None else began + time_limit_s
    run = _Round(jobs, executor, deadline, cancel, time.perf_counter() - began)
    found = Collected(problem, policy, bonus, jobs)
    for number, outcome in run.outcomes():
        found.keep(number, outcome)
        if progress is not None:
            progress(found.done, len(jobs.components), found.points)
    watch.lap("components")
    if deadline is not None and not run.time_to_prove(deadline, found.seconds):
        run.stopped = run.stopped or "time_limit"
    plan = found.plan(seed, run.stopped, watch)
    verify(problem, policy, plan, executor=executor)
    watch.lap("verify")
    watch.seconds.pop("components")
    seconds = found.seconds | watch.seconds | {"total": time.perf_counter() - began}
    return replace(plan, seconds=seconds)


class Jobs:
    """The components of a problem and how each becomes a job."""

    def __init__(self, problem: Problem, policy: Policy, seed: int, bonus: int) -> None:
        self.problem, self.policy, self.seed, self.bonus = problem, policy, seed, bonus
        self.owed = 0
        split = partition(problem, policy, seed)
        self.split = split
        free = problem.mentor_columns.capacity[~split.mentors_out]
        places = int(free.sum(dtype=np.int64))
        self.quotas = quotas_of(problem, policy, ~split.children_out, places)
        reachable = np.zeros(len(problem.child_ids), np.bool_)
        for part in split.components:
            reachable[part.children] = True
        self.quotas = tuple(
            replace(quota, members=quota.members[reachable[quota.members]]) for quota in self.quotas
        )
        for quota in self.quotas:
            if quota.floor.hard and quota.need > len(quota.members):
                raise ProblemError(
                    f"{quota.need} children are required, {len(quota.members)} can be matched",
                    field=f"floor {quota.floor.code}",
                )
        self.components, self.floored = self._merged(split)

    def _merged(self, split: Partition) -> tuple[tuple[Component, ...], int]:
        """Floors bind whole components together; the merged one comes first, -1 where none."""
        if not self.quotas:
            return split.components, -1
        bound = np.zeros(len(self.problem.child_ids), np.bool_)
        for quota in self.quotas:
            bound[quota.members] = True
        inside = [part for part in split.components if bound[part.children].any()]
        others = [part for part in split.components if not bound[part.children].any()]
        if not inside:
            # Nobody of any floor can be reached: what it costs is a constant.
            self.owed = sum(q.need * q.floor.points_per_child for q in self.quotas)
            return split.components, -1
        merged = Component(
            np.concatenate([part.mentors for part in inside]),
            np.concatenate([part.children for part in inside]),
        )
        return (merged, *others), 0

    def job(self, number: int, deadline: float | None = None) -> Job:
        """One component as a job."""
        part = self.components[number]
        quotas: tuple[Quota, ...] = ()
        if number == self.floored:
            quotas = self.quotas
        return Job(
            Block.of(self.problem, self.policy, part.mentors, part.children),
            self.bonus,
            quotas,
            tuple(self._fixed(part)),
            self.seed,
            deadline,
        )

    def unsolved(self, number: int) -> Outcome:
        """What is known of a component that nobody started: a bound."""
        return nothing(self.job(number))

    def _fixed(self, part: Component) -> Iterator[tuple[int, int]]:
        if not self.problem.locks.fixed:
            return
        mentors = {row: spot for spot, row in enumerate(part.mentors.tolist())}
        children = {row: spot for spot, row in enumerate(part.children.tolist())}
        for pair in sorted(self.problem.locks.fixed, key=repr):
            mentor, child = self.problem.rows_of(pair, "locks.fixed")
            if child in children:
                yield mentors[mentor], children[child]


def jobs_of(problem: Problem, policy: Policy, seed: int, bonus: int) -> Jobs:
    """Split a problem into jobs."""
    return Jobs(problem, policy, seed, bonus)


def coverage_bonus(problem: Problem, policy: Policy) -> int:
    """Points that outweigh all others together where coverage comes first, else 0.

    Raises
    ------
    ProblemError
        The points of all pairs together would not fit in 62 bits, or one pair's in 30.
    """
    block = Block.of(problem, policy)
    most = int(ceilings(block).max(initial=0)) if len(block.children) else 0
    most += sibling_points(block)
    places = int(block.mentors.capacity.sum(dtype=np.int64))
    pairs = min(places, len(block.children))
    if most >= 2**30 or most * (pairs + 1) * (pairs + 1) >= 2**62:
        raise ProblemError(
            f"up to {most} points for each of {pairs} pairs would overflow", field="points"
        )
    owed = max((floor.points_per_child for floor in policy.floors), default=0)
    # Room for more places, so that a few mentors can be added without changing every price.
    return (
        (most + owed) * (pairs + _MORE_PLACES) + 1 if policy["objective.coverage"] == "first" else 0
    )


class _Round:
    """Runs jobs here or through an executor until they are done or the round is stopped."""

    def __init__(
        self,
        jobs: Jobs,
        executor: Executor | None,
        deadline: float | None,
        cancel: Callable[[], bool] | None,
        before_s: float,
    ) -> None:
        self.jobs, self.executor, self.cancel = jobs, executor, cancel
        people = len(jobs.problem.mentor_ids) + len(jobs.problem.child_ids)
        # What follows the solving takes time too: pairs, reasons and hashes. A busy machine shows
        # in what came before it.
        self.tail_s = max(people * _SECONDS_PER_PERSON, _TAIL_SHARE * before_s)
        self.deadline: float | None = None
        if deadline is not None:
            # Workers share no monotonic clock, only that of the wall.
            self.deadline = time.time() + deadline - time.perf_counter() - self.tail_s
        self.stopped: str | None = None

    def time_to_prove(self, deadline: float, seconds: Mapping[str, float]) -> bool:
        """Whether there is time to check every price, which costs rules and points once more."""
        again = _PROOF_SHARE * (seconds.get("rules", 0.0) + seconds.get("points", 0.0))
        return time.perf_counter() + self.tail_s + again <= deadline

    def outcomes(self) -> Iterator[tuple[int, Outcome]]:
        """Yield each component's number and outcome, in any order."""
        pieces = (self.jobs.job(n, self.deadline) for n in range(len(self.jobs.components)))
        for number, outcome in spread(self.executor, solve_job, pieces, self._cancelled):
            late = self.deadline is not None and not outcome.optimal
            if late and self.stopped is None:
                self.stopped = "time_limit"
            yield number, outcome

    def _cancelled(self) -> bool:
        if self.cancel is not None and self.cancel():
            self.stopped = "cancelled"
        return self.stopped == "cancelled"
