"""A plan with all it was made from, and the proof that it can be made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from matching.errors import PlanError, ProblemError
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Locks, Problem
from matching.register import as_row, children_from, mentors_from
from matching.scores import told_parts
from matching.solve import propose
from matching.versions import problem_digest, versions_of


@dataclass(frozen=True)
class Record:
    """A plan, its problem and its policy, as one JSON text.

    Parameters
    ----------
    plan : Plan
    problem : Problem
        Made of mentors and children, not of columns.
    policy : Policy
    """

    plan: Plan
    problem: Problem
    policy: Policy

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON; the plan's own keys are at the top, as in ``Plan.to_json``."""
        data = self.plan.as_dict()
        data["problem"] = problem_as_dict(self.problem)
        data["policy"] = self.policy.as_dict()
        return json.dumps(data, ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read what :meth:`to_json` wrote.

        Raises
        ------
        ProblemError
            The text is no record, or a row in it is wrong.
        """
        try:
            data = json.loads(text)
            plan = Plan.from_dict(data)
            parts = data["problem"], data["policy"]
        except (ValueError, KeyError, TypeError) as wrong:
            raise ProblemError(f"not a recorded plan: {wrong!r}") from None
        return cls(plan, problem_from_dict(parts[0]), Policy.from_dict(parts[1]))

    @classmethod
    def load(cls, path: str | Path) -> Record:
        """Read a record from a file."""
        return cls.from_json(Path(path).read_text(encoding="utf-8"))


def problem_as_dict(problem: Problem) -> dict[str, Any]:
    """A problem as plain lists and objects; :func:`problem_from_dict` gives it back equal."""
    locks = problem.locks
    return {
        "start_on": problem.start_on.isoformat(),
        "mentors": [as_row(mentor) for mentor in problem.mentors],
        "children": [as_row(child) for child in problem.children],
        "refused_pairs": [[*pair, kind] for pair, kind in problem.refused_pairs.items()],
        "locks": {
            "fixed": sorted(map(list, locks.fixed), key=repr),
            "forbidden": sorted(map(list, locks.forbidden), key=repr),
            "held_mentors": sorted(locks.held_mentors, key=repr),
            "held_children": sorted(locks.held_children, key=repr),
        },
    }


def problem_from_dict(data: Mapping[str, Any]) -> Problem:
    """The problem that :func:`problem_as_dict` described.

    Raises
    ------
    ProblemError
    """
    locks = data.get("locks", {})
    return Problem(
        mentors_from(data["mentors"]),
        children_from(data["children"]),
        date.fromisoformat(data["start_on"]),
        {(mentor, child): kind for mentor, child, kind in data.get("refused_pairs", [])},
        Locks(
            frozenset((m, c) for m, c in locks.get("fixed", [])),
            frozenset((m, c) for m, c in locks.get("forbidden", [])),
            frozenset(locks.get("held_mentors", [])),
            frozenset(locks.get("held_children", [])),
        ),
    )


def replay(record: Record) -> Plan:
    """Make a recorded plan again and compare.

    Parameters
    ----------
    record : Record

    Returns
    -------
    Plan
        The new plan, equal to the recorded one in everything but seconds.

    Raises
    ------
    PlanError
        Problem or policy are not those of the plan, versions differ, or the plan does.
    """
    plan = record.plan
    hashes = {"problem": problem_digest(record.problem), "policy": record.policy.digest}
    for name, digest in hashes.items():
        if plan.hashes[name] != digest:
            raise PlanError(f"the {name} is not the one the plan was made from")
    if plan.stopped is not None:
        raise PlanError("a plan that was stopped cannot be made again exactly")
    made = propose(record.problem, record.policy, seed=plan.seed)
    if made != plan:
        now, then = versions_of(record.policy), plan.versions
        changed = [name for name in now if now[name] != then.get(name)]
        reason = f"versions differ: {', '.join(changed)}" if changed else "the pairs differ"
        if _told(made) == _told(plan) and made.points == plan.points and changed:
            return made
        raise PlanError(f"the plan made now is another one; {reason}")
    return made


def _told(plan: Plan) -> list[tuple[Any, ...]]:
    return [(pair.mentor, pair.child, pair.points, told_parts(pair.parts)) for pair in plan.pairs]
