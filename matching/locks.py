"""What people have fixed in advance must itself pass every hard rule."""

from __future__ import annotations

from collections import Counter

import numpy as np

from matching.block import Block
from matching.errors import ProblemError
from matching.policy import Policy
from matching.problem import Problem
from matching.rules import codes_at


def check_locks(problem: Problem, policy: Policy) -> None:
    """Check a problem's locks.

    Parameters
    ----------
    problem : Problem
    policy : Policy

    Raises
    ------
    ProblemError
        A lock names somebody unknown or held back, breaks a rule, gives a child two mentors or a
        mentor more children than places.
    """
    locks = problem.locks
    for side, held, known in (
        ("mentor", locks.held_mentors, problem.mentor_row),
        ("child", locks.held_children, problem.child_row),
    ):
        for key in sorted(held, key=repr):
            if key not in known:
                raise ProblemError("nobody has this id", side=side, row=key, field="locks.held")
    used: Counter[int] = Counter()
    taken: set[int] = set()
    for pair in sorted(locks.fixed, key=repr):
        mentor, child = problem.rows_of(pair, "locks.fixed")
        if pair[0] in locks.held_mentors or pair[1] in locks.held_children:
            raise ProblemError("fixes somebody who is held back", row=pair, field="locks.fixed")
        block = Block.of(problem, policy, np.array([mentor], np.int32), np.array([child], np.int32))
        broken = codes_at(block)
        if broken:
            raise ProblemError(
                f"breaks a hard rule: {', '.join(broken)}", row=pair, field="locks.fixed"
            )
        used[mentor] += 1
        if child in taken:
            raise ProblemError("fixes a child twice", row=pair, field="locks.fixed")
        taken.add(child)
        if used[mentor] > int(problem.mentor_columns.capacity[mentor]):
            raise ProblemError("fixes more children than places", row=pair, field="locks.fixed")
