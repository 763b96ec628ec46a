"""Who gets a mentor: shares of the waiting children matched, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from matching import rules
from matching.block import Block
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem

_AGE_BANDS = (10, 12, 14, 16, 18)
_WAIT_BANDS = (0, 183, 365, 730)


class GroupShare(NamedTuple):
    """Children of one group: ``share`` is matched / children, 0 to 1."""

    by: str
    group: str
    children: int
    matched: int
    share: float


@dataclass(frozen=True)
class Fairness:
    """Shares of waiting children matched.

    Parameters
    ----------
    groups : tuple of GroupShare
        By region, sex, first language, age band, disability and waiting time.
    overall : float
        Share of all waiting children.
    worst : GroupShare or None
        The group with the least share among those of at least `smallest` children; of equal shares
        the largest group.
    """

    groups: tuple[GroupShare, ...]
    overall: float
    worst: GroupShare | None


def fairness(problem: Problem, policy: Policy | None, plan: Plan, *, smallest: int = 5) -> Fairness:
    """Measure a plan's fairness.

    Parameters
    ----------
    problem : Problem
    policy : Policy or None
    plan : Plan
    smallest : int
        Smaller groups cannot be named the worst. Suppress them on any page.

    Returns
    -------
    Fairness

    Notes
    -----
    Waiting children are those whom no rule refuses whatever the mentor. A share says who was
    reached, not why: groups differ in how many mentors live near them.
    """
    _, out = rules.refused_people(Block.of(problem, policy or Policy.default()))
    matched = np.zeros(len(out), np.bool_)
    matched[[problem.child_row[pair.child] for pair in plan.pairs]] = True
    groups = []
    for by, labels in _labels(problem).items():
        for label in sorted(set(labels[~out].tolist())):
            inside = (labels == label) & ~out
            count, got = int(inside.sum()), int((inside & matched).sum())
            groups.append(GroupShare(by, label, count, got, got / count))
    large = [group for group in groups if group.children >= smallest]
    worst = min(large, key=lambda group: (group.share, -group.children), default=None)
    waiting = int((~out).sum())
    return Fairness(tuple(groups), int(matched.sum()) / waiting if waiting else 0.0, worst)


def _labels(problem: Problem) -> dict[str, np.ndarray[tuple[int], np.dtype[np.str_]]]:
    children = problem.child_columns
    day = problem.start_on
    years = (day.year * 10_000 + day.month * 100 + day.day - children.birth) // 10_000
    days = problem.start_day - children.waiting_since
    tongues = np.array([*problem.vocabulary.languages, "unknown"])
    return {
        "region": np.char.zfill(children.region.astype(str), 2),
        "sex": np.array(["female", "male"])[children.sex],
        "first_language": tongues[children.first_language],
        "age": _bands(years, _AGE_BANDS, "years"),
        "disability": np.array(["no", "yes"])[children.disability.astype(int)],
        "waiting": _bands(days, _WAIT_BANDS, "days"),
    }


def _bands(
    values: np.ndarray[tuple[int], np.dtype[np.int32]], edges: tuple[int, ...], unit: str
) -> np.ndarray[tuple[int], np.dtype[np.str_]]:
    names = [f"below {edges[0]} {unit}"]
    names += [f"{low} to {high - 1} {unit}" for low, high in pairwise(edges)]
    names.append(f"{edges[-1]} {unit} or more")
    return np.array(names)[np.searchsorted(np.array(edges), values, side="right")]
