"""Checks any plan against rules, capacities and its certificate, knowing nothing of the solver.

Weak duality in one pass: when every price is at least 0, every allowed pair is worth no more than
its two prices, and the places times their prices plus the children's prices add up to the plan's
points, then no other plan can have more.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching import rules, scores
from matching.block import Block
from matching.columns import Ints
from matching.errors import PlanError
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.spread import spread
from matching.verify_coupling import check_coupling

_CELLS_AT_ONCE = 400_000


def verify(
    problem: Problem, policy: Policy | None, plan: Plan, *, executor: Executor | None = None
) -> None:
    """Check a plan.

    Parameters
    ----------
    problem : Problem
    policy : Policy or None
        The default policy when None.
    plan : Plan
    executor : concurrent.futures.Executor, optional
        Checks prices of several blocks at the same time.

    Raises
    ------
    PlanError
        Somebody is in no problem or in two pairs, a hard rule refuses a pair, a mentor has too many
        children, points are not what the policy gives, or the certificate proves nothing.

    Notes
    -----
    Rules and points of every pair within reach are computed again: about the price of computing
    them once.
    """
    policy = policy or Policy.default()
    mentors, children = _rows(problem, plan)
    _check_people(problem, plan, mentors, children)
    _check_pairs(problem, policy, plan, mentors, children)
    if plan.points != sum(pair.points for pair in plan.pairs) + plan.siblings - plan.penalty:
        raise PlanError(f"the points of the pairs do not add up to {plan.points}")
    _check_locks(problem, plan)
    check_coupling(problem, policy, plan, mentors, children, _in_round(problem, policy))
    _check_certificate(problem, policy, plan, mentors, executor)


def _rows(problem: Problem, plan: Plan) -> tuple[Ints, Ints]:
    try:
        mentors = [problem.mentor_row[pair.mentor] for pair in plan.pairs]
        children = [problem.child_row[pair.child] for pair in plan.pairs]
    except KeyError as unknown:
        raise PlanError(f"nobody in the problem has the id {unknown.args[0]!r}") from None
    return np.array(mentors, np.int32), np.array(children, np.int32)


def _check_people(problem: Problem, plan: Plan, mentors: Ints, children: Ints) -> None:
    places = problem.mentor_columns.capacity
    used = np.bincount(mentors, minlength=len(places))
    if (used > places).any():
        row = int(np.argmax(used - places))
        raise PlanError(
            f"mentor {problem.mentor_id(row)!r} has {used[row]} children for {places[row]} places"
        )
    told = [problem.child_row.get(child.child, -1) for child in plan.unmatched]
    seen = np.bincount(
        np.concatenate([children, np.array(told, np.int32)]) + 1,
        minlength=len(problem.child_ids) + 1,
    )
    if seen[0] or (seen[1:] != 1).any():
        row = int(np.argmax(seen[1:] != 1))
        raise PlanError(
            f"child {problem.child_id(row)!r} must be in one pair or once among the unmatched"
        )


def _check_locks(problem: Problem, plan: Plan) -> None:
    locks = problem.locks
    formed = {(pair.mentor, pair.child) for pair in plan.pairs}
    if plan.stopped is None and not locks.fixed <= formed:
        raise PlanError(f"a fixed pair is not in the plan: {min(locks.fixed - formed, key=repr)}")
    for mentor, child in formed:
        if mentor in locks.held_mentors or child in locks.held_children:
            raise PlanError(f"{mentor!r} with {child!r}: one of them is held back")


def _check_pairs(
    problem: Problem, policy: Policy, plan: Plan, mentors: Ints, children: Ints
) -> None:
    block = Block.of(problem, policy).pairs(mentors, children)
    for rule in rules.ALL_RULES:
        hit = np.broadcast_to(rule.refuses(block), block.shape)[:, 0]
        if hit.any():
            pair = plan.pairs[int(np.argmax(hit))]
            raise PlanError(f"{rule.code} refuses {pair.mentor!r} with {pair.child!r}")
    parts = scores.parts_of_pairs(block).tolist()
    for pair, fresh in zip(plan.pairs, parts, strict=True):
        if scores.told_parts(pair.parts) != fresh:
            raise PlanError(f"points of {pair.mentor!r} with {pair.child!r} are {fresh}")
        if pair.points != sum(fresh):
            raise PlanError(f"parts of {pair.mentor!r} with {pair.child!r} make {sum(fresh)}")


def _check_certificate(
    problem: Problem, policy: Policy, plan: Plan, mentors: Ints, executor: Executor | None
) -> None:
    proof = plan.certificate
    slot = np.array(proof.slot_price, np.int64)
    child = np.array(proof.child_price, np.int64)
    if slot.shape != problem.mentor_ids.shape or child.shape != problem.child_ids.shape:
        raise PlanError("the certificate is for another number of people")
    if slot.min(initial=0) < 0 or child.min(initial=0) < 0:
        raise PlanError("a price in the certificate is negative")
    if plan.bound < plan.points:
        raise PlanError(f"the bound {plan.bound} is below the points {plan.points}")
    if plan.stopped is not None:
        if plan.status == "optimal":
            raise PlanError("a plan that was stopped must not claim to be optimal")
        return
    if plan.status != "optimal" or plan.bound != plan.points:
        raise PlanError("a plan that was not stopped must be optimal with its own bound")
    left, right = _searched(problem, plan)
    places = problem.mentor_columns.capacity.astype(np.int64)
    for mentor, _ in problem.locks.fixed:
        places[problem.mentor_row[mentor]] -= 1
    proven = int((places * slot)[left < 0].sum()) + int(child[right < 0].sum())
    reached = sum(
        pair.points + proof.per_pair
        for pair, mentor in zip(plan.pairs, mentors.tolist(), strict=True)
        if left[mentor] < 0 and (pair.mentor, pair.child) not in problem.locks.fixed
    )
    if proven != reached:
        raise PlanError(f"the prices add up to {proven}, the plan to {reached}")
    prices = slot, child - proof.per_pair
    most = _check_prices(problem, policy, prices, (left, right), executor)
    most += scores.sibling_points(Block.of(problem, policy))
    _check_bonus(policy, plan, most, min(int(places.sum()), len(child)))


def _searched(problem: Problem, plan: Plan) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Number of the searched component that each mentor and each child is in, -1 for none."""
    left = np.full(len(problem.mentor_ids), -1, np.int64)
    right = np.full(len(problem.child_ids), -1, np.int64)
    reached = []
    for number, (mentors, children, _) in enumerate(plan.certificate.proven_otherwise):
        left[list(mentors)] = number
        right[list(children)] = number
        reached.append(0)
    for pair in plan.pairs:
        number = int(right[problem.child_row[pair.child]])
        if number != left[problem.mentor_row[pair.mentor]]:
            raise PlanError(f"{pair.mentor!r} with {pair.child!r} joins two components")
        if number >= 0:
            reached[number] += pair.points
    told = sum(bound for _, _, bound in plan.certificate.proven_otherwise)
    # A floor that nobody can fill costs its price outside every component.
    found = sum(reached) + plan.siblings
    if plan.stopped is None and told not in (found, found - plan.penalty):
        raise PlanError(f"the bounds of the searches add up to {told}, their pairs to {found}")
    return left, right


def _check_bonus(policy: Policy, plan: Plan, most: int, pairs: int) -> None:
    bonus = plan.certificate.per_pair
    first = policy["objective.coverage"] == "first"
    if first and bonus <= most * min(pairs, len(plan.pairs)):
        raise PlanError(f"{bonus} points for each pair do not put coverage first")
    if not first and bonus:
        raise PlanError("the policy puts no points on coverage")


class _Piece(NamedTuple):
    """A block with the prices of its people and the searched components they are in."""

    block: Block
    slot: NDArray[np.int64]
    child: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64]


def _check_prices(
    problem: Problem,
    policy: Policy,
    prices: tuple[NDArray[np.int64], NDArray[np.int64]],
    searched: tuple[NDArray[np.int64], NDArray[np.int64]],
    executor: Executor | None,
) -> int:
    """Look for an allowed pair worth more than its prices; return the most points seen."""
    pieces = (
        _Piece(
            Block.of(problem, policy, mentors, children),
            *(prices[0][mentors], prices[1][children]),
            *(searched[0][mentors], searched[1][children]),
        )
        for mentors, children in _within_reach(problem, policy)
    )
    most = 0
    for _, (points, beaten) in spread(executor, _beaten, pieces):
        most = max(most, points)
        if beaten is not None:
            mentor, child = problem.mentor_id(beaten[0]), problem.child_id(beaten[1])
            raise PlanError(
                f"{mentor!r} with {child!r} is worth more than its prices: the plan is not proven"
            )
    return most


def _beaten(piece: _Piece) -> tuple[int, tuple[int, int] | None]:
    """The most points of a block, and the rows of a pair that is worth more than its prices."""
    block = piece.block
    worth = scores.points(block)
    np.putmask(worth, rules.refused(block, ("pair", "links")), -1)
    over = (worth >= 0) & _dearer(worth, piece.slot, piece.child)
    if (piece.left >= 0).any():
        over &= (piece.left[:, None] < 0) | (piece.left[:, None] != piece.right[None, :])
    most = int(worth.max(initial=0))
    if not over.any():
        return most, None
    row, column = np.unravel_index(int(np.argmax(over)), over.shape)
    return most, (int(block.mentors.row[row]), int(block.children.row[column]))


def _dearer(
    worth: NDArray[np.int32], slot: NDArray[np.int64], child: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each pair is worth more than its two prices."""
    prices = np.concatenate([slot, child])
    if max(-int(prices.min(initial=0)), int(prices.max(initial=0))) < 2**29:
        # Half as much to move about, and no sum of three such numbers leaves 32 bits.
        left = worth - slot.astype(np.int32)[:, None]
        return np.asarray(left > child.astype(np.int32))
    return np.asarray(worth > slot[:, None] + child)


def _in_round(problem: Problem, policy: Policy) -> tuple[Ints, Ints]:
    """Rows of whom no rule refuses outright and nobody holds back or has fixed."""
    mentors_out, children_out = rules.refused_people(Block.of(problem, policy))
    locks = problem.locks
    for key in locks.held_mentors:
        mentors_out[problem.mentor_row[key]] = True
    for key in locks.held_children:
        children_out[problem.child_row[key]] = True
    mentors, children = np.flatnonzero(~mentors_out), np.flatnonzero(~children_out)
    return mentors.astype(np.int32), children.astype(np.int32)


def _within_reach(problem: Problem, policy: Policy) -> Iterator[tuple[Ints, Ints]]:
    """Cover all pairs that might be allowed: children of near sites with who reaches one of them.

    Everybody left out is refused by a rule that has just been applied to them.
    """
    mentors, children = _in_round(problem, policy)
    fixed = [problem.child_row[child] for _, child in problem.locks.fixed]
    children = children[~np.isin(children, fixed)]
    columns = problem.child_columns
    children = children[np.lexsort((columns.site[children], columns.region[children]))]
    edges = np.flatnonzero(np.diff(columns.site[children], prepend=-1, append=-1))
    step = max(1, _CELLS_AT_ONCE * 10 // max(1, len(mentors)))
    for start in range(0, len(edges) - 1 if len(mentors) else 0, step):
        some = edges[start : start + step + 1]
        sites = Block.of(problem, policy, mentors, children[some[:-1]])
        yield from _batches(mentors, children, some, ~rules.out_of_reach(sites))


def _batches(
    mentors: Ints, children: Ints, edges: NDArray[np.intp], reach: NDArray[np.bool_]
) -> Iterator[tuple[Ints, Ints]]:
    """Neighbouring sites together, as long as the block of who reaches any of them is small."""
    spot = 0
    while spot < reach.shape[1]:
        first, reachers = spot, reach[:, spot]
        spot += 1
        while spot < reach.shape[1]:
            wider = reachers | reach[:, spot]
            if int(wider.sum()) * int(edges[spot + 1] - edges[first]) > _CELLS_AT_ONCE:
                break
            reachers, spot = wider, spot + 1
        yield mentors[reachers], children[edges[first] : edges[spot]]
