"""Which other mentors a child could have, the cheapest for the whole plan first."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from matching.block import Block
from matching.columns import Ints
from matching.errors import ProblemError
from matching.people import PersonId
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.rules import refused
from matching.scores import points as points_of
from matching.scores import sibling_points


class Option(NamedTuple):
    """A mentor whom no rule refuses for a child; ``km`` in whole kilometres."""

    mentor: PersonId
    points: int
    km: int


def options(
    problem: Problem, policy: Policy | None, plan: Plan, child: PersonId
) -> tuple[Option, ...]:
    """Every mentor whom no rule refuses for a child and whom nobody holds back.

    Parameters
    ----------
    problem : Problem
    policy : Policy or None
    plan : Plan
        Optimal, of this problem and policy.
    child : int or str

    Returns
    -------
    tuple of Option
        In the order of what forcing the pair costs the plan at least, by the prices of the
        certificate: mentor's and child's price less what the pair is worth, and less what the plan
        gains where a sibling who had best share a mentor is with that mentor. Of equal ones the
        pair with more points comes first. :func:`matching.why_not` gives the exact cost.

    Raises
    ------
    ProblemError
        The child is unknown.
    """
    policy = policy or Policy.default()
    if child not in problem.child_row:
        raise ProblemError("no such child", side="child", row=child)
    block = Block.of(problem, policy, None, np.array([problem.child_row[child]], np.int32))
    points = np.broadcast_to(points_of(block), block.shape)[:, 0].astype(np.int64)
    least = np.array(plan.certificate.slot_price, np.int64) - points
    least[_with_siblings(problem, plan, child)] -= sibling_points(block)
    free = ~refused(block)[:, 0]
    for held in problem.locks.held_mentors:
        free[problem.mentor_row[held]] = False
    rows = np.flatnonzero(free)
    order = rows[np.lexsort((rows, -points[rows], least[rows]))]
    km = block.km[:, 0]
    return tuple(
        Option(problem.mentor_id(row), int(points[row]), int(km[row])) for row in order.tolist()
    )


def _with_siblings(problem: Problem, plan: Plan, child: PersonId) -> Ints:
    """Rows of the mentors who have a sibling of the child in the plan."""
    group = problem.child_columns.group
    own = int(group[problem.child_row[child]])
    rows = {
        problem.mentor_row[pair.mentor]
        for pair in plan.pairs
        if pair.child != child and own >= 0 and group[problem.child_row[pair.child]] == own
    }
    return np.array(sorted(rows), np.int32)
