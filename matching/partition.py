"""Independent components: groups of people with no allowed pair between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import Ints
from matching.policy import Policy
from matching.problem import Problem
from matching.rules import out_of_reach, refused_people

_TILE = 4_000_000


@dataclass(frozen=True)
class Component:
    """Rows of the mentors and children that may depend on each other, in solving order."""

    mentors: Ints
    children: Ints


@dataclass(frozen=True)
class Partition:
    """Components, largest first, and who is in none.

    Parameters
    ----------
    components : tuple of Component
    mentors_out, children_out : bool arrays over the problem
        Refused by a rule whatever the other side.
    """

    components: tuple[Component, ...]
    mentors_out: NDArray[np.bool_]
    children_out: NDArray[np.bool_]


def partition(problem: Problem, policy: Policy, seed: int = 0) -> Partition:
    """Split a problem into components by who can reach whom, siblings kept in one.

    Parameters
    ----------
    problem : Problem
    policy : Policy
    seed : int
        Orders the people inside each component, by a hash of their ids: this decides between
        plans of equal points, whatever the order of the input.

    Returns
    -------
    Partition

    Notes
    -----
    A component found here may fall apart further when all rules are applied; see
    :func:`split_allowed`.
    """
    whole = Block.of(problem, policy)
    mentors_out, children_out = refused_people(whole)
    mentors_out = mentors_out | _held(problem.mentor_ids, problem.locks.held_mentors)
    children_out = children_out | _held(problem.child_ids, problem.locks.held_children)
    left = np.flatnonzero(~mentors_out).astype(np.int32)
    right = np.flatnonzero(~children_out).astype(np.int32)
    left = left[np.argsort(order_keys(problem.mentor_ids[left], seed), kind="stable")]
    right = right[np.argsort(order_keys(problem.child_ids[right], seed + 1), kind="stable")]
    sites, first, site_of = np.unique(
        problem.child_columns.site[right], return_index=True, return_inverse=True
    )
    tail, head = _reach(problem, policy, left, right[first])
    group = problem.child_columns.group[right]
    related = group >= 0
    tail = np.concatenate([tail, len(left) + group[related]])
    head = np.concatenate([head, site_of[related]])
    nodes = len(left) + len(problem.vocabulary.groups)
    mentor_label, site_label = connected(nodes, len(sites), tail, head)
    parts = _gather(left, mentor_label[: len(left)], right, site_label[site_of])
    return Partition(tuple(parts), mentors_out, children_out)


def order_keys(ids: NDArray[Any], seed: int) -> NDArray[np.uint64]:
    """A pseudo-random number for each id, the same on every machine.

    Parameters
    ----------
    ids : (n,) int64 or object array
    seed : int

    Returns
    -------
    (n,) uint64 array
    """
    if ids.dtype != object:
        mixed = ids.astype(np.int64).view(np.uint64) + np.uint64(seed * 0x9E3779B97F4A7C15 % 2**64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return np.asarray(mixed ^ (mixed >> np.uint64(31)), np.uint64)
    hashes = (
        blake2b(f"{seed}:{type(key).__name__}:{key}".encode(), digest_size=8).digest()
        for key in ids
    )
    return np.fromiter((int.from_bytes(h, "big") for h in hashes), np.uint64, len(ids))


def connected(
    left: int, right: int, tail: NDArray[np.intp], head: NDArray[np.intp]
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Connected components of a bipartite graph, by passing the least label to and fro.

    Parameters
    ----------
    left, right : int
        Nodes on each side.
    tail, head : (a,) int arrays
        Arcs.

    Returns
    -------
    (left,) and (right,) int arrays
        Equal labels within a component; ``right`` where a left node has no arc.
    """
    left_label = np.full(left, right)
    right_label = np.arange(right)
    if not len(tail):
        return left_label, right_label
    by_tail, by_head = np.argsort(tail, kind="stable"), np.argsort(head, kind="stable")
    tails, tail_starts = np.unique(tail[by_tail], return_index=True)
    heads, head_starts = np.unique(head[by_head], return_index=True)
    while True:
        left_label[tails] = np.minimum.reduceat(right_label[head[by_tail]], tail_starts)
        least = np.minimum.reduceat(left_label[tail[by_head]], head_starts)
        if np.array_equal(least, right_label[heads]):
            return left_label, right_label
        right_label[heads] = least
        right_label = right_label[right_label]  # jump along, so that long chains are short


def split_allowed(
    allowed: NDArray[np.bool_],
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Components of a block: positions of mentors and children joined by allowed pairs.

    Parameters
    ----------
    allowed : (m, n) bool array

    Yields
    ------
    (k,) int array, (l,) int array
        Ascending; people with no allowed pair are in none.
    """
    free = np.asarray(allowed.any(axis=1))
    while free.any():
        mentors = np.zeros(len(free), np.bool_)
        children = np.zeros(allowed.shape[1], np.bool_)
        front = np.array([int(np.argmax(free))])
        while len(front):
            mentors[front] = True
            fresh = allowed[front].any(axis=0) & ~children
            children |= fresh
            front = np.flatnonzero(allowed[:, fresh].any(axis=1) & ~mentors)
        free &= ~mentors
        yield np.flatnonzero(mentors), np.flatnonzero(children)


def _held(ids: NDArray[Any], held: frozenset[Any]) -> NDArray[np.bool_]:
    if not held:
        return np.zeros(len(ids), np.bool_)
    return np.fromiter((key in held for key in ids.tolist()), np.bool_, len(ids))


def _reach(
    problem: Problem, policy: Policy, mentors: Ints, sites: Ints
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    tails, heads = [np.empty(0, np.intp)], [np.empty(0, np.intp)]
    step = max(1, _TILE // max(1, len(sites)))
    for start in range(0, len(mentors) if len(sites) else 0, step):
        block = Block.of(problem, policy, mentors[start : start + step], sites)
        tail, head = np.nonzero(~out_of_reach(block))
        tails.append(tail + start)
        heads.append(head)
    return np.concatenate(tails), np.concatenate(heads)


def _gather(
    left: Ints, left_label: NDArray[np.intp], right: Ints, right_label: NDArray[np.intp]
) -> list[Component]:
    left_order = np.argsort(left_label, kind="stable")
    right_order = np.argsort(right_label, kind="stable")
    parts = []
    for label in np.unique(right_label).tolist():
        low, high = np.searchsorted(left_label, [label, label + 1], sorter=left_order)
        rows = left[left_order[low:high]]
        low, high = np.searchsorted(right_label, [label, label + 1], sorter=right_order)
        if len(rows):
            parts.append(Component(rows, right[right_order[low:high]]))
    parts.sort(key=lambda part: (-len(part.mentors) * len(part.children), int(part.children[0])))
    return parts
