"""Hard rules: each one function of columns that says which pairs it refuses.

No weight can buy a refused pair: the solver never sees it. A rule returns a boolean array that
broadcasts to (mentors, children): (m, 1) where only the mentor matters, (1, n) where only the
child does. A single pair is the 1 x 1 case of the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import CONFLICT, DECLINED, FORBIDDEN
from matching.people import Child, Mentor
from matching.policy import Policy
from matching.problem import PairId, Problem

Refused = NDArray[np.bool_]


def mentor_under_age(block: Block) -> Refused:
    """The mentor has not completed ``limits.mentor_min_age_years`` on the start date."""
    years = (block.start_ymd - block.mentors.birth) // 10_000
    return (years < block.policy.number("limits.mentor_min_age_years"))[:, None]


def mentor_not_active(block: Block) -> Refused:
    """The mentor is not active."""
    return ~block.mentors.active[:, None]


def certificate_not_current(block: Block) -> Refused:
    """The certificate is missing or ends before the start date; on its last day it is current."""
    return (block.mentors.certificate < block.start_day)[:, None]


def clearance_not_current(block: Block) -> Refused:
    """A required check is missing, pending, adverse, not yet issued or past its last day.

    On its last day a check is current. A check without a last day is refused unless
    ``limits.clearances_without_end`` names its kind.
    """
    refused = np.zeros(len(block.mentors), np.bool_)
    endless = block.policy["limits.clearances_without_end"]
    for kind in block.policy["limits.required_clearances"]:
        if kind not in block.clearances:
            return np.ones((len(block.mentors), 1), np.bool_)
        spot = block.clearances.index(kind)
        until = block.mentors.clearance_until[:, spot]
        ended = until < block.start_day
        if kind in endless:
            ended &= until != 0
        refused |= ended | (block.mentors.clearance_result[:, spot] != 0)
        refused |= block.mentors.clearance_issued[:, spot] > block.start_day
    return refused[:, None]


def no_capacity(block: Block) -> Refused:
    """The mentor has no place left."""
    return (block.mentors.capacity < 1)[:, None]


def child_age_out_of_range(block: Block) -> Refused:
    """The child's completed years on the start date are outside the limits."""
    years = (block.start_ymd - block.children.birth) // 10_000
    low = block.policy.number("limits.child_min_age_years")
    high = block.policy.number("limits.child_max_age_years")
    return block.of_child((years < low) | (years > high))


def child_not_in_organisation(block: Block) -> Refused:
    """The child does not live in an organisation for orphans."""
    return block.of_child(~block.children.in_organisation)


def no_guardian_consent(block: Block) -> Refused:
    """The legal representative has not consented."""
    return block.of_child(~block.children.guardian_consent)


def no_child_consent(block: Block) -> Refused:
    """The child has not consented."""
    return block.of_child(~block.children.own_consent)


def no_data_consent(block: Block) -> Refused:
    """The legal representative has not consented to the processing of the child's data."""
    return block.of_child(~block.children.data_consent)


def no_shared_language(block: Block) -> Refused:
    """There is no language in which both are fluent."""
    few = block.one_of_each("fluent")
    shared = few.of_mentor(few.mentors.fluent) & few.of_child(few.children.fluent)
    return block.to_all("fluent", np.asarray(shared == 0))


def out_of_reach(block: Block) -> Refused:
    """The centre is farther than the mentor's reach, or in another area where policy forbids it.

    Distance is the great circle rounded half up to whole kilometres; equal to the reach is within.
    """
    sites = block.one_of_each("site")
    refused = sites.km > sites.of_mentor(sites.mentors.reach)
    if not block.policy["limits.across_areas"]:
        refused |= sites.abroad
    return block.to_all("site", refused)


def conflict_of_interest(block: Block) -> Refused:
    """The mentor works in the child's centre, is a relative with a conflict, or has another one."""
    return block.linked(CONFLICT)


def pair_forbidden(block: Block) -> Refused:
    """People have forbidden this pair."""
    return block.linked(FORBIDDEN)


def pair_declined_before(block: Block) -> Refused:
    """This pair was proposed before and declined."""
    return block.linked(DECLINED)


@dataclass(frozen=True)
class Rule:
    """A hard rule.

    Parameters
    ----------
    refuses : callable
        From a block to a boolean array that broadcasts to (m, n).
    reads : str
        ``"mentor"``, ``"child"``, ``"pair"`` or ``"links"``.
    child_column : str
        For a pair rule: children equal in this column get the same answers.
    """

    refuses: Callable[[Block], Refused]
    reads: str
    child_column: str = ""

    @property
    def code(self) -> str:
        """The stable name of the rule."""
        return self.refuses.__name__


ALL_RULES = (
    Rule(mentor_under_age, "mentor"),
    Rule(mentor_not_active, "mentor"),
    Rule(certificate_not_current, "mentor"),
    Rule(clearance_not_current, "mentor"),
    Rule(no_capacity, "mentor"),
    Rule(child_age_out_of_range, "child"),
    Rule(child_not_in_organisation, "child"),
    Rule(no_guardian_consent, "child"),
    Rule(no_child_consent, "child"),
    Rule(no_data_consent, "child"),
    Rule(no_shared_language, "pair", "fluent"),
    Rule(out_of_reach, "pair", "site"),
    Rule(conflict_of_interest, "links"),
    Rule(pair_forbidden, "links"),
    Rule(pair_declined_before, "links"),
)

RULES: tuple[str, ...] = tuple(rule.code for rule in ALL_RULES)
"""Codes of all hard rules, in the order in which they are told."""


def refused(block: Block, reads: tuple[str, ...] = ("mentor", "child", "pair", "links")) -> Refused:
    """Pairs that any rule refuses.

    Parameters
    ----------
    block : Block
    reads : tuple of str
        Only the rules that read these.

    Returns
    -------
    (m, n) bool array
    """
    total = np.zeros(block.shape, np.bool_)
    for rule in ALL_RULES:
        if rule.reads in reads:
            total |= rule.refuses(block)
    return total


def refused_people(block: Block) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Mentors and children whom a rule refuses whatever the other side.

    Returns
    -------
    (m,) bool array, (n,) bool array
    """
    mentors = np.zeros(len(block.mentors), np.bool_)
    children = np.zeros(len(block.children), np.bool_)
    for rule in ALL_RULES:
        if rule.reads == "mentor":
            mentors |= rule.refuses(block)[:, 0]
        elif rule.reads == "child":
            children |= rule.refuses(block)[0, :]
    return mentors, children


def codes_at(block: Block) -> tuple[str, ...]:
    """Codes of all rules that refuse the one pair of a 1 x 1 block."""
    return tuple(rule.code for rule in ALL_RULES if bool(rule.refuses(block)[0, 0]))


def refusals(
    mentor: Mentor,
    child: Child,
    start_on: date,
    policy: Policy | None = None,
    refused_pairs: Mapping[PairId, str] | None = None,
) -> tuple[str, ...]:
    """Every hard rule that refuses one pair on one day.

    Parameters
    ----------
    mentor : Mentor
    child : Child
    start_on : date
    policy : Policy, optional
        The default policy by default.
    refused_pairs : mapping of (mentor id, child id) to str, optional
        As for :class:`matching.Problem`; pairs of other people are ignored.

    Returns
    -------
    tuple of str
        Codes in the order of ``RULES``; empty when the pair is allowed.

    Raises
    ------
    ProblemError
    """
    own = (mentor.id, child.id)
    known = {own: refused_pairs[own]} if refused_pairs and own in refused_pairs else {}
    problem = Problem([mentor], [child], start_on, known)
    return codes_at(Block.of(problem, policy or Policy.default()))
