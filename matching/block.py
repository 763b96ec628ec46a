"""A block: some mentors against some children, what every rule and preference is a function of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

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
    clearances : tuple of str
        Vocabulary of the clearance columns.
    policy : Policy
    paired : bool
        False: every mentor with every child, arrays are (m, n). True: the k-th mentor with the
        k-th child only, arrays are (k, 1).
    """

    mentors: MentorColumns
    children: ChildColumns
    links: Links
    start_day: int
    start_ymd: int
    interest_weight: NDArray[np.int64]
    clearances: tuple[str, ...]
    policy: Policy
    paired: bool = False

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
            Row numbers, each at most once; all by default.
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

    def pairs(self, mentors: NDArray[np.integer], children: NDArray[np.integer]) -> Block:
        """Some pairs of this block, one a row.

        Parameters
        ----------
        mentors, children : (k,) int arrays
            Positions in this block.
        """
        width = len(self.children)
        facts = self.links.mentor.astype(np.int64) * width + self.links.child
        wanted = np.asarray(mentors, np.int64) * width + children
        found = [np.flatnonzero(wanted == fact) for fact in facts[np.isin(facts, wanted)]]
        kinds = self.links.kind[np.isin(facts, wanted)]
        rows = np.concatenate([np.empty(0, np.intp), *found]).astype(np.int32)
        kind = np.repeat(kinds, [len(each) for each in found])
        return replace(
            self,
            mentors=self.mentors.take(mentors),
            children=self.children.take(children),
            links=Links(rows, np.zeros(len(rows), np.int32), kind),
            paired=True,
        )

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of every array of this block."""
        return len(self.mentors), 1 if self.paired else len(self.children)

    def of_mentor(self, column: NDArray[Any]) -> NDArray[Any]:
        """A mentors' column as (m, 1)."""
        return column[:, None]

    def of_child(self, column: NDArray[Any]) -> NDArray[Any]:
        """A children's column as (1, n), or (k, 1) where paired."""
        return column[:, None] if self.paired else column[None, :]

    @cached_property
    def _kinds(self) -> dict[str, tuple[Block, NDArray[np.intp]]]:
        return {}

    def one_of_each(self, column: str) -> Block:
        """This block with one child for each value of a column, so that equals are asked once.

        Parameters
        ----------
        column : str
            Of :class:`ChildColumns`; facts about single pairs are left out.
        """
        if self.paired:
            return self
        if column not in self._kinds:
            values = getattr(self.children, column)
            _, first, kind = np.unique(values, return_index=True, return_inverse=True)
            few = replace(self, children=self.children.take(first), links=Links.none())
            self._kinds[column] = few, kind
        return self._kinds[column][0]

    def to_all(self, column: str, array: NDArray[Any]) -> NDArray[Any]:
        """Spread what was found for :meth:`one_of_each` over all children."""
        return array if self.paired else np.take(array, self._kinds[column][1], axis=1)

    @cached_property
    def km(self) -> NDArray[np.int32]:
        """Whole kilometres from home to centre; ask it of one child of each site."""
        centres = self.children.xyz
        shape = (len(centres), 1, 3) if self.paired else (1, len(centres), 3)
        return whole_km(self.mentors.xyz[:, None, :], centres.reshape(shape))

    @property
    def abroad(self) -> NDArray[np.bool_]:
        """Home and centre lie in different commuting areas."""
        return np.asarray(self.of_mentor(self.mentors.area) != self.of_child(self.children.area))

    def linked(self, kind: int) -> NDArray[np.bool_]:
        """Pairs with a fact of one kind; (1, 1) where no pair has it."""
        chosen = self.links.kind == kind
        if not chosen.any():
            return np.zeros((1, 1), np.bool_)
        pairs = np.zeros(self.shape, np.bool_)
        pairs[self.links.mentor[chosen], self.links.child[chosen]] = True
        return pairs
