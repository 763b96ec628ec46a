"""The table of all preferences, and the points they make together.

Points order the plan of a programme: they do not measure people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import KIN
from matching.people import SIBLING_RULES, PersonId
from matching.policy import Policy
from matching.preferences import (
    Points,
    certificate,
    distance,
    earlier_match,
    first_language,
    interests,
    kin,
    mentor_wishes,
    priority,
    training,
    waiting,
    weekdays,
    wishes,
)
from matching.problem import Problem

PREFER = SIBLING_RULES.index("prefer")
"""What ``ChildColumns.group_rule`` says of siblings who had best share a mentor."""


@dataclass(frozen=True)
class Criterion:
    """A preference.

    Parameters
    ----------
    points : callable
        From a block to an int32 array, at least 0, that broadcasts to (m, n).
    most : tuple of str
        Settings whose products and sums bound it: ``("a", "b*c")``; empty: no upper bound.
    unit : str
    source : str
    """

    points: Callable[[Block], Points]
    most: tuple[str, ...]
    unit: str
    source: str

    @property
    def code(self) -> str:
        """The stable name of the criterion."""
        return self.points.__name__

    def ceiling(self, policy: Policy) -> int | None:
        """The most points one pair can get, None where there is no upper bound."""
        if self.code == "priority":
            return sum(kind.points for kind in policy.priorities)
        if not self.most:
            return None
        total = 0
        for term in self.most:
            product = 1
            for factor in term.split("*"):
                product *= policy.number(f"points.{self.code}.{factor}")
            total += product
        return total


ALL_CRITERIA = (
    Criterion(distance, ("most",), "km", "default_policy.toml: points.distance"),
    Criterion(first_language, ("fluent",), "level", "default_policy.toml: points.first_language"),
    Criterion(interests, ("most",), "share of weight", "default_policy.toml: points.interests"),
    Criterion(waiting, (), "days", "default_policy.toml: points.waiting"),
    Criterion(priority, (), "classes", "default_policy.toml: priority"),
    Criterion(wishes, ("sex", "age"), "wishes met", "default_policy.toml: points.wishes"),
    Criterion(
        mentor_wishes,
        ("sex", "age"),
        "wishes met",
        "default_policy.toml: points.mentor_wishes",
    ),
    Criterion(weekdays, ("per_day*most_days",), "days", "default_policy.toml: points.weekdays"),
    Criterion(training, ("per_need*most_needs",), "needs", "default_policy.toml: points.training"),
    Criterion(certificate, ("most",), "days", "default_policy.toml: points.certificate"),
    Criterion(
        earlier_match,
        ("same_child", "per_good_match*most_matches"),
        "matches",
        "default_policy.toml: points.earlier_match",
    ),
    Criterion(kin, ("most",), "relatives", "default_policy.toml: points.kin"),
)

CRITERIA: tuple[str, ...] = tuple(criterion.code for criterion in ALL_CRITERIA)
"""Codes of all criteria, in the order in which they are told."""

_INTRODUCED = {"mentor_wishes", "kin"}  # after version 1.1: plans of before do not tell them


def told_parts(parts: Mapping[str, int]) -> list[int] | None:
    """Points by criterion of a pair of any plan, in the order of ``CRITERIA``.

    Parameters
    ----------
    parts : mapping of criterion code to points
        A criterion that came after the plan was made may be missing: it gave 0 points.

    Returns
    -------
    list of int, or None
        None where the codes are not those of the criteria, in their order.
    """
    known = tuple(code for code in CRITERIA if code in parts or code not in _INTRODUCED)
    return [parts.get(code, 0) for code in CRITERIA] if tuple(parts) == known else None


def ceilings(block: Block) -> NDArray[np.int64]:
    """No pair of a child can get more points than this.

    Returns
    -------
    (n,) int64 array
    """
    of_few = ("priority", "kin")
    bounded = (c.ceiling(block.policy) or 0 for c in ALL_CRITERIA if c.code not in of_few)
    own = waiting(block)[0].astype(np.int64) + priority(block)[0]
    own[block.children.group_rule == PREFER] += sibling_points(block)
    own[block.links.child[block.links.kind == KIN]] += block.policy.number("points.kin.most")
    return np.asarray(own + sum(bounded))


def sibling_points(block: Block) -> int:
    """Points for each sibling beyond the first with one mentor; 0 where no group prefers one."""
    if not (block.children.group_rule == PREFER).any():
        return 0
    return block.policy.number("coupling.siblings_same_mentor_points")


def points(block: Block) -> NDArray[np.int32]:
    """Points of every pair of a block, refused or not.

    Returns
    -------
    (m, n) int32 array
    """
    total = np.zeros(block.shape, np.int32)
    for criterion in ALL_CRITERIA:
        total += criterion.points(block)
    return total


def parts(block: Block) -> NDArray[np.int32]:
    """Points of every pair by criterion.

    Returns
    -------
    (criteria, m, n) int32 array
    """
    return np.stack([np.broadcast_to(c.points(block), block.shape) for c in ALL_CRITERIA])


def parts_of_pairs(block: Block) -> NDArray[np.int32]:
    """Points by criterion of the pairs of a paired block.

    Returns
    -------
    (k, criteria) int32 array
    """
    return parts(block)[:, :, 0].T


def score(
    mentor: PersonId, child: PersonId, problem: Problem, policy: Policy | None = None
) -> Mapping[str, int]:
    """Points of one pair by criterion: the 1 x 1 case of every criterion.

    Parameters
    ----------
    mentor, child : int or str
        Ids in the problem; the problem is needed because rare interests count by everybody's.
    problem : Problem
    policy : Policy, optional

    Returns
    -------
    mapping of criterion code to points
        In the order of ``CRITERIA``; a pair may get points and still be refused.

    Raises
    ------
    ProblemError
        Nobody has one of the ids.
    """
    row, column = problem.rows_of((mentor, child), "id")
    block = Block.of(
        problem,
        policy or Policy.default(),
        np.array([row], np.int32),
        np.array([column], np.int32),
    )
    return dict(zip(CRITERIA, parts(block)[:, 0, 0].tolist(), strict=True))
