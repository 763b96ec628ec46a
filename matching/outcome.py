"""Outcomes of components gathered into one plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from matching import rules
from matching.block import Block
from matching.component import Outcome, Stopwatch
from matching.plan import Certificate, Pair, Plan, pairs_digest
from matching.policy import Policy
from matching.problem import Problem
from matching.reasons import unmatched_children
from matching.scores import CRITERIA
from matching.versions import problem_digest, versions_of

if TYPE_CHECKING:
    from matching.solve import Jobs


class Collected:
    """Columns of a whole plan, filled component by component in any order."""

    def __init__(self, problem: Problem, policy: Policy, bonus: int, jobs: Jobs) -> None:
        self.problem, self.policy, self.bonus, self.jobs = problem, policy, bonus, jobs
        children = len(problem.child_ids)
        self.seconds: dict[str, float] = {}
        self.done, self.points, self.penalty, self.siblings = 0, -jobs.owed, jobs.owed, 0
        self.mentor_of = np.full(children, -1, np.int64)
        self.parts = np.zeros((children, len(CRITERIA)), np.int32)
        self.slot = np.zeros(len(problem.mentor_ids), np.int64)
        self.child = np.zeros(children, np.int64)
        self.reachable = np.zeros(children, np.bool_)
        self.seen = np.zeros(children, np.bool_)
        self.outcomes: dict[int, Outcome] = {}

    def keep(self, number: int, found: Outcome) -> None:
        """Add the outcome of one component."""
        part = self.jobs.components[number]
        self.mentor_of[found.children] = found.mentors
        self.parts[found.children] = found.parts
        self.slot[part.mentors] = found.slot_price
        self.child[part.children] = found.child_price
        self.reachable[part.children] = found.reachable
        self.seen[part.children] = found.optimal or bool(found.reachable.any())
        self.done += 1
        self.points += found.points
        self.penalty += found.penalty
        self.siblings += found.siblings
        for phase, seconds in found.seconds.items():
            self.seconds[phase] = self.seconds.get(phase, 0.0) + seconds
        found.parts = found.parts[:0]  # kept above; the outcomes of large rounds add up
        self.outcomes[number] = found

    def plan(self, seed: int, stopped: str | None, watch: Stopwatch) -> Plan:
        """Make the plan of what has been kept."""
        pairs = self._pairs()
        left = np.flatnonzero(self.mentor_of < 0).astype(np.int32)
        unmatched = unmatched_children(self.problem, self.policy, left, self._codes(left))
        watch.lap("reasons")
        bound, most_pairs, optimal = self._bounds()
        hashes = {
            "problem": problem_digest(self.problem),
            "policy": self.policy.digest,
            "pairs": pairs_digest(pairs),
        }
        watch.lap("hashes")
        return Plan(
            pairs=pairs,
            points=self.points,
            bound=bound,
            status="optimal" if optimal and stopped is None else "feasible",
            unmatched=unmatched,
            certificate=Certificate(
                tuple(self.slot.tolist()),
                tuple(self.child.tolist()),
                self.bonus,
                tuple(self._searched()),
            ),
            seed=seed,
            versions=versions_of(self.policy),
            hashes=hashes,
            seconds={},
            penalty=self.penalty,
            stopped=stopped,
            most_pairs=most_pairs,
            siblings=self.siblings,
        )

    def _bounds(self) -> tuple[int, int, bool]:
        bound, most_pairs = -self.jobs.owed, 0
        optimal = True
        for number in range(len(self.jobs.components)):
            found = self.outcomes.get(number) or self.jobs.unsolved(number)
            bound, most_pairs = bound + found.bound, most_pairs + found.most_pairs
            optimal = optimal and found.optimal
        return bound, most_pairs, optimal

    def _searched(self) -> list[tuple[tuple[int, ...], tuple[int, ...], int]]:
        return [
            (
                tuple(self.jobs.components[number].mentors.tolist()),
                tuple(self.jobs.components[number].children.tolist()),
                found.bound,
            )
            for number, found in sorted(self.outcomes.items())
            if found.searched
        ]

    def _pairs(self) -> tuple[Pair, ...]:
        rows = np.flatnonzero(self.mentor_of >= 0)
        parts = self.parts[rows]
        return tuple(
            Pair(mentor, child, total, dict(zip(CRITERIA, each, strict=True)))
            for mentor, child, total, each in zip(
                self.problem.mentor_ids[self.mentor_of[rows]].tolist(),
                self.problem.child_ids[rows].tolist(),
                parts.sum(axis=1, dtype=np.int64).tolist(),
                parts.tolist(),
                strict=True,
            )
        )

    def _codes(self, left: NDArray[np.int32]) -> list[str]:
        """In one word for each child why there is no mentor."""
        held = _rows(self.problem, "held_children")
        split = self.jobs.split
        inside = np.zeros(len(self.problem.child_ids), np.bool_)
        for part in self.jobs.components:
            inside[part.children] = True
        missed = inside & ~self.seen
        waits = self._only_held_mentors(left)
        codes = []
        for row, behind in zip(left.tolist(), waits.tolist(), strict=True):
            if row in held and not self._refused_outright(row):
                codes.append("held_back")
            elif missed[row] and not split.children_out[row]:
                codes.append("not_reached")
            elif self.reachable[row]:
                codes.append("places_taken")
            else:
                codes.append("held_back" if behind else "no_mentor_allowed")
        return codes

    def _refused_outright(self, row: int) -> bool:
        one = Block.of(self.problem, self.policy, np.empty(0, np.int32), np.array([row], np.int32))
        return bool(rules.refused_people(one)[1][0])

    def _only_held_mentors(self, left: NDArray[np.int32]) -> NDArray[np.bool_]:
        held = sorted(_rows(self.problem, "held_mentors"))
        if not held:
            return np.zeros(len(left), np.bool_)
        block = Block.of(self.problem, self.policy, np.array(held, np.int32), left)
        return np.asarray((~rules.refused(block)).any(axis=0))


def _rows(problem: Problem, name: str) -> set[int]:
    known = problem.mentor_row if name == "held_mentors" else problem.child_row
    return {known[key] for key in getattr(problem.locks, name)}
