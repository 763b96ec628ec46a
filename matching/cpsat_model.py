"""One component with coupled children as a CP-SAT model.

Imports ``cp_model``, which takes half a second: see :mod:`matching.cpsat`.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from ortools.sat.python import cp_model

from matching.coupling import Coupling


class Model:
    """The assignment as booleans: one a pair, and one a mentor and sibling group to be shared."""

    def __init__(
        self,
        value: NDArray[np.int32],
        near: NDArray[np.bool_],
        capacity: NDArray[np.int64],
        coupling: Coupling,
        bonus: int,
        hint: NDArray[np.int64],
    ) -> None:
        self.model = cp_model.CpModel()
        self.value, self.bonus, self.coupling, self.hint = value, bonus, coupling, hint
        self.children = value.shape[1]
        # Each entry: variable, mentor, children it gives that mentor.
        self.choices: list[tuple[cp_model.IntVar, int, tuple[int, ...]]] = []
        self.missing: list[tuple[cp_model.IntVar, int]] = []
        grouped = {child for group in coupling.same_mentor for child in group}
        for group in coupling.same_mentor:
            self._choose(np.flatnonzero(near[:, list(group)].all(axis=1)), group)
        for child in range(self.children):
            if child not in grouped:
                self._choose(np.flatnonzero(near[:, child]), (child,))
        self._places(capacity)
        self._once()
        self._floors()
        worth = [
            sum(int(value[mentor, c]) + bonus for c in given) * chosen
            for chosen, mentor, given in self.choices
        ]
        worth += [coupling.prefer_points * beyond for beyond in self._beyond(capacity)]
        self.model.maximize(sum(worth) - sum(price * short for short, price in self.missing))

    def _choose(self, mentors: NDArray[np.intp], given: tuple[int, ...]) -> None:
        for mentor in mentors.tolist():
            chosen = self.model.new_bool_var("")
            self.choices.append((chosen, mentor, given))
            self.model.add_hint(chosen, all(self.hint[child] == mentor for child in given))

    def _places(self, capacity: NDArray[np.int64]) -> None:
        by_mentor: dict[int, list[tuple[cp_model.IntVar, tuple[int, ...]]]] = {}
        for chosen, mentor, given in self.choices:
            by_mentor.setdefault(mentor, []).append((chosen, given))
        limit = self.coupling.most_per_centre
        for mentor, listed in by_mentor.items():
            self.model.add(sum(len(given) * one for one, given in listed) <= int(capacity[mentor]))
            if limit and capacity[mentor] > limit:
                by_centre: dict[int, list[cp_model.IntVar]] = {}
                for one, given in listed:
                    for child in given:
                        by_centre.setdefault(int(self.coupling.centre[child]), []).append(one)
                for several in by_centre.values():
                    self.model.add(sum(several) <= limit)

    def _once(self) -> None:
        self.of_child: list[list[cp_model.IntVar]] = [[] for _ in range(self.children)]
        for chosen, _, given in self.choices:
            for child in given:
                self.of_child[child].append(chosen)
        fixed = {child for _, child in self.coupling.fixed}
        for child, listed in enumerate(self.of_child):
            if child in fixed:
                self.model.add(sum(listed) == 1)
            elif len(listed) > 1:
                self.model.add_at_most_one(listed)
        for group in self.coupling.together:
            first = sum(self.of_child[group[0]])
            for child in group[1:]:
                self.model.add(sum(self.of_child[child]) == first)

    def _floors(self) -> None:
        for quota in self.coupling.quotas:
            reached = sum(one for child in quota.members.tolist() for one in self.of_child[child])
            if quota.floor.hard:
                self.model.add(reached >= quota.need)
            else:
                short = self.model.new_int_var(0, quota.need, "")
                self.model.add(reached + short >= quota.need)
                self.missing.append((short, quota.floor.points_per_child))

    def _beyond(self, capacity: NDArray[np.int64]) -> Iterator[cp_model.IntVar]:
        """Variables of which as many are true as siblings beyond the first have one mentor."""
        alone = {
            (given[0], mentor): chosen for chosen, mentor, given in self.choices if len(given) == 1
        }
        mentors = sorted({mentor for _, mentor in alone})
        for group in self.coupling.prefer:
            for mentor in mentors:
                here = [alone[child, mentor] for child in group if (child, mentor) in alone]
                hinted = sum(self.hint[child] == mentor for child in group)
                for count in range(2, min(len(here), int(capacity[mentor])) + 1):
                    reached = self.model.new_bool_var("")
                    self.model.add_hint(reached, bool(hinted >= count))
                    # So many are here, whichever one of them is left out of the counting.
                    for left_out in range(len(here)):
                        others = here[:left_out] + here[left_out + 1 :]
                        self.model.add(sum(others) >= (count - 1) * reached)
                    yield reached

    def read(self, solver: cp_model.CpSolver) -> tuple[NDArray[np.int64], int]:
        mentor_of = np.full(self.children, -1, np.int64)
        for chosen, mentor, given in self.choices:
            if solver.boolean_value(chosen):
                mentor_of[list(given)] = mentor
        return mentor_of, sum(price * solver.value(short) for short, price in self.missing)
