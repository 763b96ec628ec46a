"""Why a pair, why not, and why nobody: each answer exact, by rules, prices and re-solving."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.change import Diff, replan
from matching.columns import Ints
from matching.component import solve_job
from matching.errors import ProblemError
from matching.people import PersonId
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.reasons import refusal_counts
from matching.rules import ALL_RULES, RULES, codes_at
from matching.scores import points as points_of
from matching.scores import score
from matching.solve import Jobs, jobs_of


@dataclass(frozen=True)
class WhyNot:
    """Why a pair is not in the plan.

    Parameters
    ----------
    refusals : tuple of str
        Every hard rule that refuses it; nothing else is said then.
    parts : mapping of criterion code to points
        What the pair itself would get.
    points_lost, pairs_lost : int
        What the whole plan would lose if the pair were forced.
    diff : Diff or None
        Who else would change.
    """

    refusals: tuple[str, ...]
    parts: Mapping[str, int]
    points_lost: int = 0
    pairs_lost: int = 0
    diff: Diff | None = None


class NearMentor(NamedTuple):
    """A mentor whom few rules refuse for a child; ``km`` in whole kilometres."""

    mentor: PersonId
    refusals: tuple[str, ...]
    km: int


@dataclass(frozen=True)
class WhyUnmatched:
    """Why a child has no mentor.

    Parameters
    ----------
    refusals : mapping of rule code to int
        How many of all mentors each rule refuses for this child.
    allowed : int
        Mentors whom no rule refuses; their places went to pairs worth more.
    nearest : tuple of NearMentor
        Mentors refused by the fewest rules, then the nearest.
    relax : tuple of str or None
        The smallest set of rules whose relaxing, for this child alone, would give the child a
        mentor in the best plan; None where no set would. A question for people: the engine never
        relaxes a rule.
    relax_mentor : int, str or None
        The mentor whom the child would get.
    """

    refusals: Mapping[str, int]
    allowed: int
    nearest: tuple[NearMentor, ...]
    relax: tuple[str, ...] | None
    relax_mentor: PersonId | None


def why(plan: Plan, child: PersonId) -> Mapping[str, int]:
    """Points by criterion of a child's pair.

    Parameters
    ----------
    plan : Plan
    child : int or str

    Returns
    -------
    mapping of criterion code to points

    Raises
    ------
    ProblemError
        The child has no mentor in the plan.
    """
    for pair in plan.pairs:
        if pair.child == child:
            return pair.parts
    raise ProblemError("has no mentor in this plan", side="child", row=child)


def why_not(
    problem: Problem, policy: Policy | None, plan: Plan, mentor: PersonId, child: PersonId
) -> WhyNot:
    """Why a pair is not in the plan, and what forcing it would cost.

    Parameters
    ----------
    problem : Problem
    policy : Policy or None
    plan : Plan
        Optimal, of this problem and policy.
    mentor, child : int or str

    Returns
    -------
    WhyNot
        The loss is found by solving the pair's component again with the pair fixed.

    Raises
    ------
    ProblemError
        Nobody has one of the ids, the pair is in the plan, or a lock stands against it.
    """
    policy = policy or Policy.default()
    row, column = problem.rows_of((mentor, child), "id")
    if any((pair.mentor, pair.child) == (mentor, child) for pair in plan.pairs):
        raise ProblemError("is in the plan", row=(mentor, child))
    parts = score(mentor, child, problem, policy)
    broken = codes_at(Block.of(problem, policy, _one(row), _one(column)))
    if broken:
        return WhyNot(broken, parts)
    locks = replace(problem.locks, fixed=problem.locks.fixed | {(mentor, child)})
    _, forced, change = replan(problem, policy, plan, locks)
    return WhyNot(
        (), parts, plan.points - forced.points, len(plan.pairs) - len(forced.pairs), change
    )


def why_unmatched(
    problem: Problem,
    policy: Policy | None,
    plan: Plan,
    child: PersonId,
    *,
    nearest: int = 5,
    relaxable: Collection[str] = RULES,
) -> WhyUnmatched:
    """Why a child has no mentor, and what would give one.

    Parameters
    ----------
    problem : Problem
    policy : Policy or None
    plan : Plan
        Optimal, of this problem and policy.
    child : int or str
    nearest : int
        How many near mentors to name.
    relaxable : collection of str
        The only rules that ``relax`` may name.

    Returns
    -------
    WhyUnmatched

    Raises
    ------
    ProblemError
        The child is unknown or has a mentor.

    Notes
    -----
    Siblings of the child are not moved along: the answer is about the child alone. What the plan
    gains where siblings share a mentor is not counted for the pair asked about, so that a mentor
    is named only if the child would get one even without it.
    """
    policy = policy or Policy.default()
    if child not in problem.child_row:
        raise ProblemError("no such child", side="child", row=child)
    if any(pair.child == child for pair in plan.pairs):
        raise ProblemError("has a mentor in this plan", side="child", row=child)
    column = problem.child_row[child]
    block = Block.of(problem, policy, None, _one(column))
    hits = np.stack([np.broadcast_to(r.refuses(block), block.shape)[:, 0] for r in ALL_RULES])
    count = hits.sum(axis=0)
    km = block.km[:, 0]
    order = np.lexsort((np.arange(len(km)), km, count))
    told = refusal_counts(problem, policy, _one(column))[0].tolist()
    firm = np.array([code not in relaxable for code in RULES])
    within = ~hits[firm].any(axis=0)
    relax, who = _smallest(_Counterfactual(problem, policy, plan), block, hits, within)
    return WhyUnmatched(
        {code: number for code, number in zip(RULES, told, strict=True) if number},
        int((count == 0).sum()),
        tuple(
            NearMentor(problem.mentor_id(row), _codes(hits[:, row]), int(km[row]))
            for row in order[:nearest].tolist()
        ),
        relax,
        who,
    )


def _one(row: int) -> Ints:
    return np.array([row], np.int32)


def _codes(hit: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(code for code, yes in zip(RULES, hit.tolist(), strict=True) if yes)


class _Counterfactual:
    """What one place of a mentor is worth to the plan, by solving without it."""

    def __init__(self, problem: Problem, policy: Policy, plan: Plan) -> None:
        self.problem, self.plan = problem, plan
        self.bonus = plan.certificate.per_pair
        self.slot = np.array(plan.certificate.slot_price, np.int64)
        self.jobs: Jobs = jobs_of(problem, policy, plan.seed, self.bonus)
        self.part_of = {
            row: number
            for number, part in enumerate(self.jobs.components)
            for row in part.mentors.tolist()
        }
        self.worth: dict[int, int] = {}
        used = np.bincount(
            np.array([problem.mentor_row[p.mentor] for p in plan.pairs], np.int64),
            minlength=len(problem.mentor_ids),
        )
        self.spare = problem.mentor_columns.capacity - used

    def price(self, mentor: int) -> int:
        """Points and bonus that the plan loses with one place of a mentor."""
        if mentor not in self.part_of or self.spare[mentor] > 0:
            return 0
        number = self.part_of[mentor]
        job = self.jobs.job(number)
        if number not in self.worth:
            self.worth[number] = self._solved(number, job.block)
        columns = job.block.mentors
        fewer = columns.capacity - (columns.row == mentor).astype(np.int32)
        block = replace(job.block, mentors=replace(columns, capacity=fewer))
        return self.worth[number] - self._solved(number, block)

    def _solved(self, number: int, block: Block) -> int:
        found = solve_job(replace(self.jobs.job(number), block=block))
        return found.points + self.bonus * len(found.mentors)


def _smallest(
    world: _Counterfactual, block: Block, hits: NDArray[np.bool_], within: NDArray[np.bool_]
) -> tuple[tuple[str, ...] | None, PersonId | None]:
    """The fewest rules to relax for one child, and the mentor whom the child would get.

    One pair more lets the plan gain its points less what the mentor's place is worth elsewhere;
    the child gets a mentor when that is more than nothing. The slot price of the certificate is
    the least that a place can be worth, so most mentors need no solving.
    """
    worth = np.broadcast_to(points_of(block), block.shape)[:, 0].astype(np.int64) + world.bonus
    count = hits.sum(axis=0)
    for row in np.lexsort((-worth, count)).tolist():
        if within[row] and worth[row] > world.slot[row] and worth[row] > world.price(row):
            return _codes(hits[:, row]), world.problem.mentor_id(row)
    return None, None
