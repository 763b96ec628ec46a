"""A block: some mentors against some children, what every rule and preference is a function of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from matching.columns import ChildColumns, Ints, Links, MentorColumns
from matching.places import whole_km
from matching.policy import Policy
from matching.problem import Problem


@dataclass(frozen=True)
class Block:
    """The columns of m mentors and n children, and what they are judged by.

    Parameters
    ----------
    mentors : MentorColumns
        Length m.
    children : ChildColumns
        Length n.
    links : Links
        Facts about single pairs, numbered by position in this block.
    start_day : int
        Day number of the start date.
    start_ymd : int
        The start date as ``yyyymmdd``.
    interest_weight : (v,) int64 array
        Rarity of each interest in the whole problem.
    skills, clearances : tuple of str
        Vocabulary of the masks and of the clearance columns.
    policy : Policy
    """

    mentors: MentorColumns
    children: ChildColumns
    links: Links
    start_day: int
    start_ymd: int
    interest_weight: NDArray[np.int64]
    clearances: tuple[str, ...]
    policy: Policy

    @staticmethod
    def of(
        problem: Problem, policy: Policy, mentors: Ints | None = None, children: Ints | None = None
    ) -> Block:
        """Cut a block out of a problem.

        Parameters
        ----------
        problem : Problem
        policy : Policy
        mentors, children : int arrays, optional
            Row numbers, all by default.
        """
        left, right, links = problem.mentor_columns, problem.child_columns, problem.links
        if mentors is not None:
            left = left.take(mentors)
        if children is not None:
            right = right.take(children)
        day = problem.start_on
        return Block(
            left,
            right,
            links.within(left.row, right.row),
            problem.start_day,
            day.year * 10_000 + day.month * 100 + day.day,
            problem.interest_weight,
            problem.vocabulary.clearances,
            policy,
        )

    def cut(self, mentors: NDArray[np.intp], children: NDArray[np.intp]) -> Block:
        """A smaller block; positions in this one, in the order wanted."""
        links = self.links.within(mentors.astype(np.int32), children.astype(np.int32))
        return Block(
            self.mentors.take(mentors),
            self.children.take(children),
            links,
            self.start_day,
            self.start_ymd,
            self.interest_weight,
            self.clearances,
            self.policy,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Mentors and children."""
        return len(self.mentors), len(self.children)

    @cached_property
    def sites(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """One child for each site, and each child's site as a position among them."""
        _, first, inverse = np.unique(self.children.site, return_index=True, return_inverse=True)
        return first, inverse

    @cached_property
    def site_km(self) -> NDArray[np.int32]:
        """(m, sites) whole kilometres from each mentor's home to each site."""
        first, _ = self.sites
        return whole_km(self.mentors.xyz, self.children.xyz[first])

    @cached_property
    def site_abroad(self) -> NDArray[np.bool_]:
        """(m, sites): home and site lie in different commuting areas."""
        first, _ = self.sites
        return np.asarray(self.mentors.area[:, None] != self.children.area[first][None, :])

    def linked(self, kind: int) -> NDArray[np.bool_]:
        """(m, n), or (1, 1) where no pair has it: pairs with a fact of one kind."""
        chosen = self.links.kind == kind
        if not chosen.any():
            return np.zeros((1, 1), np.bool_)
        pairs = np.zeros(self.shape, np.bool_)
        pairs[self.links.mentor[chosen], self.links.child[chosen]] = True
        return pairs
