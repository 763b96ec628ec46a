"""What makes children of one component depend on each other beyond the mentors' places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import ChildColumns
from matching.people import SIBLING_RULES
from matching.policy import Policy
from matching.policy_check import Floor
from matching.problem import Problem


@dataclass(frozen=True)
class Quota:
    """A floor with its number: at least `need` of the members get a mentor.

    Parameters
    ----------
    floor : Floor
    members : int array
        Rows of the problem.
    need : int
    """

    floor: Floor
    members: NDArray[np.int64]
    need: int


@dataclass(frozen=True)
class Coupling:
    """Constraints over the columns of one block.

    Parameters
    ----------
    same_mentor, together, prefer : tuple of tuple of int
        Sibling groups of at least two, as positions in the block.
    prefer_points : int
        For each child beyond the first of a group of `prefer` with one mentor.
    centre : (n,) int array
    most_per_centre : int
        Children of one centre for one mentor; 0: no limit.
    quotas : tuple of Quota
        Members as positions in the block.
    fixed : tuple of (int, int)
        Mentor and child positions that must be paired.
    """

    same_mentor: tuple[tuple[int, ...], ...] = ()
    together: tuple[tuple[int, ...], ...] = ()
    prefer: tuple[tuple[int, ...], ...] = ()
    prefer_points: int = 0
    centre: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    most_per_centre: int = 0
    quotas: tuple[Quota, ...] = ()
    fixed: tuple[tuple[int, int], ...] = ()

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Sibling groups that bind their children."""
        return self.same_mentor + self.together

    def shared(self, mentor_of: NDArray[np.int64]) -> int:
        """Points of an assignment of the block for siblings with one mentor.

        Parameters
        ----------
        mentor_of : (n,) int array
            -1 for none.
        """
        beyond = 0
        for group in self.prefer:
            found = [int(mentor_of[child]) for child in group if mentor_of[child] >= 0]
            beyond += len(found) - len(set(found))
        return beyond * self.prefer_points

    def kept(self, mentor_of: NDArray[np.int64]) -> bool:
        """Whether an assignment of the block satisfies everything; a missed soft floor does not.

        Parameters
        ----------
        mentor_of : (n,) int array
            -1 for none.
        """
        if any(len({int(mentor_of[c]) for c in group}) > 1 for group in self.same_mentor):
            return False
        if any(len({mentor_of[c] >= 0 for c in group}) > 1 for group in self.together):
            return False
        if any(mentor_of[child] != mentor for mentor, child in self.fixed):
            return False
        if any(int((mentor_of[q.members] >= 0).sum()) < q.need for q in self.quotas):
            return False
        if not self.most_per_centre:
            return True
        taken = mentor_of >= 0
        pairs = np.stack([mentor_of[taken], self.centre[taken]])
        _, counts = np.unique(pairs, axis=1, return_counts=True)
        return int(counts.max(initial=0)) <= self.most_per_centre


def coupling_of(
    block: Block, quotas: tuple[Quota, ...] = (), fixed: tuple[tuple[int, int], ...] = ()
) -> Coupling | None:
    """Find what couples the children of a block; None where nothing does.

    A sibling whom a rule refuses outright, or who is held back, is not in the block and does not
    bind the others.
    """
    limit = block.policy.number("coupling.most_children_per_centre")
    if limit >= int(block.mentors.capacity.max(initial=0)):
        limit = 0
    points = block.policy.number("coupling.siblings_same_mentor_points")
    same, together, prefer = _sibling_groups(block.children)
    prefer = prefer if points else ()
    if not (same or together or prefer or quotas or limit):
        return None
    where = {row: spot for spot, row in enumerate(block.children.row.tolist())}
    placed = tuple(
        Quota(q.floor, np.array([where[r] for r in q.members.tolist()], np.int64), q.need)
        for q in quotas
    )
    return Coupling(
        *(same, together, prefer, points if prefer else 0),
        block.children.centre,
        limit,
        placed,
        fixed,
    )


def _sibling_groups(children: ChildColumns) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Groups of at least two by rule, in the order of ``SIBLING_RULES``."""
    related = np.flatnonzero(children.group >= 0)
    groups: dict[int, list[int]] = {}
    for spot in related.tolist():
        groups.setdefault(int(children.group[spot]), []).append(spot)
    kinds: list[list[tuple[int, ...]]] = [[] for _ in SIBLING_RULES]
    for members in groups.values():
        if len(members) > 1:
            kinds[int(children.group_rule[members[0]])].append(tuple(members))
    return tuple(tuple(kind) for kind in kinds)


def quotas_of(
    problem: Problem, policy: Policy, eligible: NDArray[np.bool_], places: int
) -> tuple[Quota, ...]:
    """Numbers of the policy's floors: the share of all places, rounded down.

    Parameters
    ----------
    problem : Problem
    policy : Policy
    eligible : (n,) bool array
        Children whom no rule refuses outright; the others cannot count towards a floor.
    places : int
        Places of all mentors whom no rule refuses outright.
    """
    return tuple(
        Quota(floor, np.flatnonzero(inside & eligible), floor.share_percent * places // 100)
        for floor, inside in _members(problem, policy)
    )


def _members(problem: Problem, policy: Policy) -> Iterator[tuple[Floor, NDArray[np.bool_]]]:
    children = problem.child_columns
    for floor in policy.floors:
        if floor.by == "region":
            inside = children.region == int(floor.group)
        elif floor.by == "sex":
            inside = children.sex == (floor.group[0] == "m")
        elif floor.by == "disability":
            inside = children.disability == (floor.group == "true")
        else:
            tongues = problem.vocabulary.languages
            spot = tongues.index(floor.group) if floor.group in tongues else -2
            inside = children.first_language == spot
        yield floor, inside
