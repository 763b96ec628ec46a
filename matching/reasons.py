"""Why a child has no mentor: each rule by how many mentors it refuses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import CONFLICT, DECLINED, FORBIDDEN, Ints
from matching.plan import Unmatched
from matching.policy import Policy
from matching.problem import Problem
from matching.rules import ALL_RULES, RULES, Rule

_TILE = 4_000_000
_LINK_KIND = {
    "conflict_of_interest": CONFLICT,
    "pair_forbidden": FORBIDDEN,
    "pair_declined_before": DECLINED,
}


def refusal_counts(problem: Problem, policy: Policy, children: Ints) -> NDArray[np.int64]:
    """How many of all mentors each rule refuses for each child.

    Parameters
    ----------
    problem : Problem
    policy : Policy
    children : (k,) int array
        Rows in the problem.

    Returns
    -------
    (k, rules) int64 array
        Columns in the order of ``RULES``; a mentor refused by two rules counts under both.
    """
    counts = np.zeros((len(children), len(RULES)), np.int64)
    mentors = len(problem.mentor_ids)
    whole = Block.of(problem, policy, None, children)
    for spot, rule in enumerate(ALL_RULES):
        if rule.reads == "mentor":
            counts[:, spot] = int(rule.refuses(whole).sum())
        elif rule.reads == "child":
            counts[:, spot] = rule.refuses(whole)[0] * mentors
        elif rule.reads == "links":
            links = whole.links.child[whole.links.kind == _LINK_KIND[rule.code]]
            counts[:, spot] = np.bincount(links, minlength=len(children))
        else:
            counts[:, spot] = _pair_counts(problem, policy, children, rule)
    return counts


def _pair_counts(problem: Problem, policy: Policy, children: Ints, rule: Rule) -> NDArray[np.int64]:
    """Counts of a pair rule: children equal in what the rule reads are asked for once."""
    if not len(children):
        return np.zeros(0, np.int64)
    key = getattr(problem.child_columns, rule.child_column)[children]
    _, first, inverse = np.unique(key, return_index=True, return_inverse=True)
    found = np.zeros(len(first), np.int64)
    everyone = np.arange(len(problem.mentor_ids), dtype=np.int32)
    step = max(1, _TILE // len(first))
    for start in range(0, len(everyone), step):
        rows = everyone[start : start + step]
        found += rule.refuses(Block.of(problem, policy, rows, children[first])).sum(axis=0)
    return found[inverse.reshape(-1)]


def unmatched_children(
    problem: Problem, policy: Policy, children: Ints, codes: Sequence[str]
) -> tuple[Unmatched, ...]:
    """Unmatched children with their reasons.

    Parameters
    ----------
    problem : Problem
    policy : Policy
    children : (k,) int array
        Rows in the problem.
    codes : sequence of k str
        Why, in one word; see :class:`matching.plan.Unmatched`.

    Returns
    -------
    tuple of Unmatched
        Children with the same counts share one mapping, which keeps large plans small.
    """
    counts = refusal_counts(problem, policy, children)
    first, kind_of = _alike(counts)
    told: list[Mapping[str, int]] = [
        {code: n for code, n in zip(RULES, row, strict=True) if n} for row in counts[first].tolist()
    ]
    ids = problem.child_ids[children].tolist()
    return tuple(
        Unmatched(child, code, told[kind])
        for child, code, kind in zip(ids, codes, kind_of.tolist(), strict=True)
    )


def _alike(counts: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """One row of each kind, and the kind of each row, column by column.

    Sorting whole rows, as ``np.unique`` does, takes ten times as long.
    """
    kind = np.zeros(len(counts), np.intp)
    first = kind[:1]
    for column in counts.T:
        if len(column) and (column != column[0]).any():
            _, column = np.unique(column, return_inverse=True)
            _, first, kind = np.unique(
                kind * (int(column.max()) + 1) + column, return_index=True, return_inverse=True
            )
    return first, kind
