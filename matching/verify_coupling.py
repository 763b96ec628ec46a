"""Checks of what couples children: siblings, centres and floors, with code of their own."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from matching.columns import Ints
from matching.errors import PlanError
from matching.people import SIBLING_RULES
from matching.plan import Plan
from matching.policy import Policy
from matching.policy_check import Floor
from matching.problem import Problem

_PREFER = SIBLING_RULES.index("prefer")


def check_coupling(
    problem: Problem,
    policy: Policy,
    plan: Plan,
    mentors: Ints,
    children: Ints,
    in_round: tuple[Ints, Ints],
) -> None:
    """Check siblings, the limit for one centre, and floors.

    Parameters
    ----------
    problem : Problem
    policy : Policy
    plan : Plan
    mentors, children : (k,) int arrays
        Rows of the pairs.
    in_round : (int array, int array)
        Rows of the mentors and children whom nothing leaves out of the round.

    Raises
    ------
    PlanError
    """
    mentor_of = dict(zip(children.tolist(), mentors.tolist(), strict=True))
    _check_siblings(problem, mentor_of, in_round[1])
    _check_shared(problem, policy, plan, mentor_of)
    limit = policy.number("coupling.most_children_per_centre")
    centre = problem.child_columns.centre
    together = Counter((mentor, int(centre[child])) for child, mentor in mentor_of.items())
    if limit and max(together.values(), default=0) > limit:
        (mentor, _), count = together.most_common(1)[0]
        raise PlanError(
            f"mentor {problem.mentor_id(mentor)!r} has {count} children of one centre, "
            f"{limit} are allowed"
        )
    if plan.stopped is None:
        _check_floors(problem, policy, plan, set(mentor_of), in_round)


def _check_siblings(problem: Problem, mentor_of: dict[int, int], in_round: Ints) -> None:
    groups: dict[int, list[int]] = defaultdict(list)
    columns = problem.child_columns
    for row in in_round[columns.group[in_round] >= 0].tolist():
        groups[int(columns.group[row])].append(row)
    for members in groups.values():
        if columns.group_rule[members[0]] == _PREFER:
            continue
        found = {mentor_of.get(row, -1) for row in members}
        one_mentor = columns.group_rule[members[0]] == 0
        split = len(found) > 1 if one_mentor else -1 in found and len(found) > 1
        if split:
            ids = [problem.child_id(row) for row in members]
            raise PlanError(f"the siblings {ids} are not decided together")


def _check_shared(problem: Problem, policy: Policy, plan: Plan, mentor_of: dict[int, int]) -> None:
    columns = problem.child_columns
    with_one = Counter(
        (int(columns.group[child]), mentor)
        for child, mentor in mentor_of.items()
        if columns.group[child] >= 0 and columns.group_rule[child] == _PREFER
    )
    each = policy.number("coupling.siblings_same_mentor_points")
    points = sum(count - 1 for count in with_one.values()) * each
    if points != plan.siblings:
        raise PlanError(
            f"siblings with one mentor make {points} points, the plan says {plan.siblings}"
        )


def _check_floors(
    problem: Problem,
    policy: Policy,
    plan: Plan,
    matched: set[int],
    in_round: tuple[Ints, Ints],
) -> None:
    places = int(problem.mentor_columns.capacity[in_round[0]].sum(dtype=np.int64))
    owed = 0
    for floor in policy.floors:
        need = floor.share_percent * places // 100
        reached = sum(_is_in(problem, row, floor) for row in matched)
        if floor.hard and reached < need:
            raise PlanError(f"floor {floor.code}: {reached} children, {need} are required")
        owed += max(0, need - reached) * floor.points_per_child
    if owed != plan.penalty:
        raise PlanError(f"the missed floors cost {owed} points, the plan says {plan.penalty}")


def _is_in(problem: Problem, row: int, floor: Floor) -> bool:
    columns = problem.child_columns
    if floor.by == "region":
        return f"{columns.region[row]:02}" == floor.group
    if floor.by == "sex":
        return ("female", "male")[columns.sex[row]].startswith(floor.group[0])
    if floor.by == "disability":
        return str(bool(columns.disability[row])).lower() == floor.group
    tongue = int(columns.first_language[row])
    return tongue >= 0 and problem.vocabulary.languages[tongue] == floor.group
