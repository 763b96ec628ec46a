"""What-if: decide some things by hand, solve again what depends on them, see the difference."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from matching.component import Outcome, Stopwatch, solve_job
from matching.locks import check_locks
from matching.outcome import Collected
from matching.partition import Component
from matching.people import PersonId
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Locks, Problem
from matching.scores import CRITERIA, told_parts
from matching.solve import Jobs, jobs_of, propose
from matching.verify import verify


class Moved(NamedTuple):
    """A child whose mentor changes; None for no mentor. ``points``: after less before."""

    child: PersonId
    before: PersonId | None
    after: PersonId | None
    points: int


@dataclass(frozen=True)
class Diff:
    """How one plan differs from another.

    Parameters
    ----------
    gained, lost, moved : tuple of Moved
        Children who get a mentor, lose theirs, or get another.
    points, pairs : int
        After less before.
    worst_off : Moved or None
        The child who loses most points; None when none loses any.
    """

    gained: tuple[Moved, ...]
    lost: tuple[Moved, ...]
    moved: tuple[Moved, ...]
    points: int
    pairs: int
    worst_off: Moved | None


def diff(before: Plan, after: Plan) -> Diff:
    """Compare two plans of the same children.

    Parameters
    ----------
    before, after : Plan

    Returns
    -------
    Diff
        Children in the order of the plans.
    """
    old = {pair.child: pair for pair in before.pairs}
    new = {pair.child: pair for pair in after.pairs}
    changes = []
    for child in dict.fromkeys([*old, *new]):
        was, now = old.get(child), new.get(child)
        if was is None or now is None or was.mentor != now.mentor or was.points != now.points:
            changes.append(
                Moved(
                    child,
                    was.mentor if was else None,
                    now.mentor if now else None,
                    (now.points if now else 0) - (was.points if was else 0),
                )
            )
    worst = min(changes, key=lambda change: change.points, default=None)
    return Diff(
        tuple(change for change in changes if change.before is None),
        tuple(change for change in changes if change.after is None),
        tuple(
            change
            for change in changes
            if None not in (change.before, change.after) and change.before != change.after
        ),
        after.points - before.points,
        len(after.pairs) - len(before.pairs),
        worst if worst is not None and worst.points < 0 else None,
    )


def replan(
    problem: Problem, policy: Policy | None, plan: Plan, locks: Locks
) -> tuple[Problem, Plan, Diff]:
    """Solve again with other locks, touching only the components concerned.

    Parameters
    ----------
    problem : Problem
        The problem that `plan` was made for.
    policy : Policy or None
    plan : Plan
    locks : Locks
        All locks of the new plan, not only the added ones.

    Returns
    -------
    Problem, Plan, Diff
        The problem with the locks, its plan, and how it differs.

    Raises
    ------
    ProblemError
        A lock breaks a rule or contradicts another.
    """
    policy = policy or Policy.default()
    after = problem.with_locks(locks)
    old = problem.locks
    pairs = (old.fixed ^ locks.fixed) | (old.forbidden ^ locks.forbidden)
    mentors = {m for m, _ in pairs} | (old.held_mentors ^ locks.held_mentors)
    children = {c for _, c in pairs} | (old.held_children ^ locks.held_children)
    touched = (
        {problem.mentor_row[m] for m in mentors if m in problem.mentor_row},
        {problem.child_row[c] for c in children if c in problem.child_row},
    )
    made = resolve(problem, policy, plan, after, touched)
    return after, made, diff(plan, made)


def resolve(
    before: Problem,
    policy: Policy,
    plan: Plan,
    after: Problem,
    touched: tuple[set[int], set[int]],
) -> Plan:
    """The plan of a problem that differs little from a solved one.

    Parameters
    ----------
    before : Problem
    policy : Policy
    plan : Plan
        Of `before`, with the same policy.
    after : Problem
        The same people in the same rows; mentors may be added at the end.
    touched : (set of int, set of int)
        Rows of mentors and children about whom something changed.

    Returns
    -------
    Plan
        As :func:`matching.propose` would make it, verified.
    """
    began = time.perf_counter()
    watch = Stopwatch()
    bonus = plan.certificate.per_pair
    check_locks(after, policy)
    jobs = jobs_of(after, policy, plan.seed, bonus)
    known = _Known(before, policy, plan, touched)
    found = Collected(after, policy, bonus, jobs)
    reusable = plan.status == "optimal" and not jobs.quotas
    for number, part in enumerate(jobs.components):
        if reusable and known.same(part):
            found.keep(number, known.outcome(part))
        else:
            found.keep(number, solve_job(jobs.job(number)))
    watch.lap("components")
    made = found.plan(plan.seed, None, watch)
    verify(after, policy, made)
    return replace(made, seconds=found.seconds | {"total": time.perf_counter() - began})


class _Known:
    """Components of a solved problem, to be taken over as they are."""

    def __init__(
        self, problem: Problem, policy: Policy, plan: Plan, touched: tuple[set[int], set[int]]
    ) -> None:
        self.plan, self.touched = plan, touched
        jobs: Jobs = jobs_of(problem, policy, plan.seed, plan.certificate.per_pair)
        self.keys = {_key(part) for part in jobs.components}
        self.slot = np.array(plan.certificate.slot_price, np.int64)
        self.child = np.array(plan.certificate.child_price, np.int64)
        self.pairs = {problem.child_row[pair.child]: pair for pair in plan.pairs}
        self.mentor_row = problem.mentor_row
        self.reachable = np.ones(len(problem.child_ids), np.bool_)
        for left in plan.unmatched:
            if left.code != "places_taken":
                self.reachable[problem.child_row[left.child]] = False
        self.searched = {
            (frozenset(mentors), frozenset(children)): bound
            for mentors, children, bound in plan.certificate.proven_otherwise
        }

    def same(self, part: Component) -> bool:
        """Whether the component existed before and nothing about its people has changed."""
        mentors, children = part.mentors.tolist(), part.children.tolist()
        if self.touched[0].intersection(mentors) or self.touched[1].intersection(children):
            return False
        return _key(part) in self.keys

    def outcome(self, part: Component) -> Outcome:
        """The outcome that the component had."""
        rows = [row for row in part.children.tolist() if row in self.pairs]
        pairs = [self.pairs[row] for row in rows]
        table = [told_parts(pair.parts) for pair in pairs]
        parts = np.array(table, np.int32).reshape(-1, len(CRITERIA))
        points = int(parts.sum(dtype=np.int64))
        key = frozenset(part.mentors.tolist()), frozenset(part.children.tolist())
        # The plan is the best one and has no floors: what exceeds the pairs is for siblings.
        reached = self.searched.get(key, points)
        return Outcome(
            np.array([self.mentor_row[pair.mentor] for pair in pairs], np.int64),
            np.array(rows, np.int64),
            parts,
            self.slot[part.mentors],
            self.child[part.children],
            self.reachable[part.children],
            reached,
            reached,
            len(pairs),
            searched=key in self.searched,
            siblings=reached - points,
        )


def _key(part: Component) -> tuple[bytes, bytes]:
    return np.sort(part.mentors).tobytes(), np.sort(part.children).tobytes()


@dataclass(frozen=True)
class Comparison:
    """Two policies on one problem.

    Parameters
    ----------
    first, second : Plan
    diff : Diff
        From the first to the second; points are those of each plan's own policy.
    parts : mapping of criterion code to (int, int)
        Points by criterion, each plan by its own policy.
    """

    first: Plan
    second: Plan
    diff: Diff
    parts: Mapping[str, tuple[int, int]]


def compare(problem: Problem, first: Policy, second: Policy, *, seed: int = 0) -> Comparison:
    """Make a plan by each of two policies.

    Parameters
    ----------
    problem : Problem
    first, second : Policy
    seed : int

    Returns
    -------
    Comparison
    """
    one, other = propose(problem, first, seed=seed), propose(problem, second, seed=seed)
    parts = {
        code: (
            sum(pair.parts[code] for pair in one.pairs),
            sum(pair.parts[code] for pair in other.pairs),
        )
        for code in CRITERIA
    }
    return Comparison(one, other, diff(one, other), parts)
