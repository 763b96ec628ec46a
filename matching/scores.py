"""Preferences: each one function of columns that gives whole points to every pair.

All points are integers of at least 0 from integer arithmetic, so that every machine finds the same
plan. A criterion returns an array that broadcasts to (mentors, children). Points order the plan
of a programme: they do not measure people.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import EARLIER_GOOD
from matching.people import PersonId
from matching.policy import Policy
from matching.policy_check import PriorityClass
from matching.problem import Problem

Points = NDArray[np.int32]
_DAYS_PER_MONTH = 30


def distance(block: Block) -> Points:
    """All points within ``full_within_km``, falling evenly to 0 at ``zero_at_km``.

    ``other_area_loss`` is taken off, down to 0, where home and centre lie in different commuting
    areas; a city and the oblast around it are one area.
    """
    most = block.policy.number("points.distance.most")
    near = block.policy.number("points.distance.full_within_km")
    far = block.policy.number("points.distance.zero_at_km")
    sites = block.at_sites
    left = np.clip(far - sites.km.astype(np.int64), 0, far - near)
    points = most * left // max(1, far - near)
    points -= sites.abroad * block.policy.number("points.distance.other_area_loss")
    return block.from_sites(np.maximum(points, 0).astype(np.int32))


def first_language(block: Block) -> Points:
    """Points where the mentor is fluent in the child's first language, fewer where basic."""
    tongue = block.children.first_language
    shift = np.arange(64, dtype=np.uint64)
    fluent = (block.mentors.fluent[:, None] >> shift) & np.uint64(1)
    basic = (block.mentors.basic[:, None] >> shift) & np.uint64(1)
    points = np.maximum(
        fluent.astype(np.int32) * block.policy.number("points.first_language.fluent"),
        basic.astype(np.int32) * block.policy.number("points.first_language.basic"),
    )
    points = np.concatenate([points, np.zeros((len(points), 1), np.int32)], axis=1)
    column = np.where(tongue < 0, 64, tongue)
    if block.paired:
        return points[np.arange(len(points)), column][:, None]
    return np.take(points, column, axis=1)


def interests(block: Block) -> Points:
    """Weighted overlap: ``floor(most * shared weight / weight of all interests of either)``.

    The weight of an interest is its rarity in the whole problem, see
    ``Problem.interest_weight``; this is the weighted Jaccard similarity.
    """
    weight = block.interest_weight
    own = np.unpackbits(block.mentors.interests, axis=1, count=len(weight))
    theirs = np.unpackbits(block.children.interests, axis=1, count=len(weight))
    if block.paired:
        shared = ((own & theirs) @ weight)[:, None]
    else:
        shared = _shared_weight(own, theirs, weight)
    # No wider than the sum that was made for it: these are the largest arrays of all.
    mine = block.of_mentor((own @ weight).astype(shared.dtype))
    either = mine + block.of_child((theirs @ weight).astype(shared.dtype)) - shared
    most = float(block.policy.number("points.interests.most"))
    # Correctly rounded division of whole numbers cannot reach one that the quotient does not.
    return np.asarray((most * shared / np.maximum(either, 1)).astype(np.int32))


def _shared_weight(
    own: NDArray[np.uint8], theirs: NDArray[np.uint8], weight: NDArray[np.int64]
) -> NDArray[Any]:
    wide = np.int32 if 2 * int(weight.sum()) < 2**31 else np.int64
    shared = np.zeros((len(own), len(theirs)), wide)
    # A few people have each interest: adding where both do beats a matrix product, and does not
    # wake the threads of a linear algebra library, which would fight with the other workers.
    (code, row), (other, column) = np.nonzero(own.T), np.nonzero(theirs.T)
    edges = np.arange(len(weight) + 1)
    starts, stops = np.searchsorted(code, edges).tolist(), np.searchsorted(other, edges).tolist()
    for one, each in enumerate(weight.tolist()):
        rows = row[starts[one] : starts[one + 1]]
        columns = column[stops[one] : stops[one + 1]]
        if len(rows) and len(columns):
            shared[rows[:, None], columns] += wide(each)
    return shared


def waiting(block: Block) -> Points:
    """``per_month`` points for each 30 days waited by the start date, without an upper limit."""
    days = np.maximum(block.start_day - block.children.waiting_since.astype(np.int64), 0)
    points = days * block.policy.number("points.waiting.per_month") // _DAYS_PER_MONTH
    return np.asarray(block.of_child(np.minimum(points, np.iinfo(np.int32).max).astype(np.int32)))


def priority(block: Block) -> Points:
    """The sum of the points of every priority class of the policy that the child is in."""
    total = np.zeros(len(block.children), np.int32)
    for kind in block.policy.priorities:
        total += in_class(block, kind) * np.int32(kind.points)
    return block.of_child(total)


def in_class(block: Block, kind: PriorityClass) -> NDArray[np.bool_]:
    """Children of a block who are in a priority class; months are calendar months.

    Returns
    -------
    (n,) bool array
    """
    children = block.children
    if kind.when == "mentor_lost":
        return children.mentor_lost
    months = block.start_ymd // 10_000 * 12 + block.start_ymd // 100 % 100 - 1
    if kind.when == "leaves_care_within_months":
        last = _day_of(months + kind.months, block.start_ymd % 100)
        return np.asarray((children.leaves_care > 0) & (children.leaves_care <= last))
    return children.waiting_since <= _day_of(months - kind.months, block.start_ymd % 100)


def _day_of(months: int, day: int) -> int:
    first = np.datetime64("0000-01", "M") + months
    length = int((first + 1).astype("M8[D]").astype(int) - first.astype("M8[D]").astype(int))
    epoch = 719_163  # the day number of 1 January 1970
    return int(first.astype("M8[D]").astype(int)) + min(day, length) - 1 + epoch


def wishes(block: Block) -> Points:
    """Points where the mentor's sex, and age, are what the child wishes for."""
    policy, mentors, children = block.policy, block.mentors, block.children
    points = np.zeros((1, 1), np.int32)
    if (children.wish_sex >= 0).any():
        same = block.of_mentor(mentors.sex) == block.of_child(children.wish_sex)
        points = points + same * np.int32(policy.number("points.wishes.sex"))
    if (children.wish_age_max > 0).any():
        years = block.of_mentor((block.start_ymd - mentors.birth) // 10_000)
        fits = years >= block.of_child(children.wish_age_min)
        fits &= years <= block.of_child(children.wish_age_max)
        points = points + fits * np.int32(policy.number("points.wishes.age"))
    return points


def weekdays(block: Block) -> Points:
    """Points for each weekday that suits both, up to ``most_days``."""
    shared = block.of_mentor(block.mentors.weekdays) & block.of_child(block.children.weekdays)
    days = np.minimum(np.bitwise_count(shared), block.policy.number("points.weekdays.most_days"))
    return np.asarray(days * np.int32(block.policy.number("points.weekdays.per_day")))


def training(block: Block) -> Points:
    """Points for each need of the child that the mentor is trained for, up to ``most_needs``."""
    if not block.children.needs.any():
        return np.zeros((1, 1), np.int32)
    shared = block.of_mentor(block.mentors.skills) & block.of_child(block.children.needs)
    met = np.minimum(np.bitwise_count(shared), block.policy.number("points.training.most_needs"))
    return np.asarray(met * np.int32(block.policy.number("points.training.per_need")))


def certificate(block: Block) -> Points:
    """All points where the certificate lasts the commitment, in proportion where it lapses."""
    days = block.policy.number("points.certificate.commitment_days")
    covered = np.clip(block.mentors.certificate.astype(np.int64) - block.start_day, 0, days)
    points = block.policy.number("points.certificate.most") * covered // days
    return points.astype(np.int32)[:, None]


def earlier_match(block: Block) -> Points:
    """Points for an earlier good match of this pair, and for the mentor's good matches."""
    policy = block.policy
    known = np.minimum(
        block.mentors.good_matches, policy.number("points.earlier_match.most_matches")
    )
    points = known[:, None] * np.int32(policy.number("points.earlier_match.per_good_match"))
    same = np.int32(policy.number("points.earlier_match.same_child"))
    return np.asarray(points + block.linked(EARLIER_GOOD) * same, np.int32)


@dataclass(frozen=True)
class Criterion:
    """A preference.

    Parameters
    ----------
    points : callable
        From a block to an int32 array, at least 0, that broadcasts to (m, n).
    most : tuple of str
        Settings whose products and sums bound it: ``("a", "b*c")``; empty: no upper bound.
    unit : str
    source : str
    """

    points: Callable[[Block], Points]
    most: tuple[str, ...]
    unit: str
    source: str

    @property
    def code(self) -> str:
        """The stable name of the criterion."""
        return self.points.__name__

    def ceiling(self, policy: Policy) -> int | None:
        """The most points one pair can get, None where there is no upper bound."""
        if self.code == "priority":
            return sum(kind.points for kind in policy.priorities)
        if not self.most:
            return None
        total = 0
        for term in self.most:
            product = 1
            for factor in term.split("*"):
                product *= policy.number(f"points.{self.code}.{factor}")
            total += product
        return total


ALL_CRITERIA = (
    Criterion(distance, ("most",), "km", "default_policy.toml: points.distance"),
    Criterion(first_language, ("fluent",), "level", "default_policy.toml: points.first_language"),
    Criterion(interests, ("most",), "share of weight", "default_policy.toml: points.interests"),
    Criterion(waiting, (), "days", "default_policy.toml: points.waiting"),
    Criterion(priority, (), "classes", "default_policy.toml: priority"),
    Criterion(wishes, ("sex", "age"), "wishes met", "default_policy.toml: points.wishes"),
    Criterion(weekdays, ("per_day*most_days",), "days", "default_policy.toml: points.weekdays"),
    Criterion(training, ("per_need*most_needs",), "needs", "default_policy.toml: points.training"),
    Criterion(certificate, ("most",), "days", "default_policy.toml: points.certificate"),
    Criterion(
        earlier_match,
        ("same_child", "per_good_match*most_matches"),
        "matches",
        "default_policy.toml: points.earlier_match",
    ),
)

CRITERIA: tuple[str, ...] = tuple(criterion.code for criterion in ALL_CRITERIA)
"""Codes of all criteria, in the order in which they are told."""


def ceilings(block: Block) -> NDArray[np.int64]:
    """No pair of a child can get more points than this.

    Returns
    -------
    (n,) int64 array
    """
    bounded = (c.ceiling(block.policy) or 0 for c in ALL_CRITERIA if c.code != "priority")
    own = waiting(block)[0].astype(np.int64) + priority(block)[0]
    return np.asarray(own + sum(bounded))


def points(block: Block) -> NDArray[np.int32]:
    """Points of every pair of a block, refused or not.

    Returns
    -------
    (m, n) int32 array
    """
    total = np.zeros(block.shape, np.int32)
    for criterion in ALL_CRITERIA:
        total += criterion.points(block)
    return total


def parts(block: Block) -> NDArray[np.int32]:
    """Points of every pair by criterion.

    Returns
    -------
    (criteria, m, n) int32 array
    """
    return np.stack([np.broadcast_to(c.points(block), block.shape) for c in ALL_CRITERIA])


def parts_of_pairs(block: Block) -> NDArray[np.int32]:
    """Points by criterion of the pairs of a paired block.

    Returns
    -------
    (k, criteria) int32 array
    """
    return parts(block)[:, :, 0].T


def score(
    mentor: PersonId, child: PersonId, problem: Problem, policy: Policy | None = None
) -> Mapping[str, int]:
    """Points of one pair by criterion: the 1 x 1 case of every criterion.

    Parameters
    ----------
    mentor, child : int or str
        Ids in the problem; the problem is needed because rare interests count by everybody's.
    problem : Problem
    policy : Policy, optional

    Returns
    -------
    mapping of criterion code to points
        In the order of ``CRITERIA``; a pair may get points and still be refused.

    Raises
    ------
    ProblemError
        Nobody has one of the ids.
    """
    row, column = problem.rows_of((mentor, child), "id")
    block = Block.of(
        problem,
        policy or Policy.default(),
        np.array([row], np.int32),
        np.array([column], np.int32),
    )
    return dict(zip(CRITERIA, parts(block)[:, 0, 0].tolist(), strict=True))
