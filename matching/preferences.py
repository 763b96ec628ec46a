"""Preferences: each one function of columns that gives whole points to every pair.

All points are integers of at least 0 from integer arithmetic, so that every machine finds the same
plan. A criterion returns an array that broadcasts to (mentors, children).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.block import Block
from matching.columns import EARLIER_GOOD, KIN
from matching.policy_check import PriorityClass

Points = NDArray[np.int32]
_DAYS_PER_MONTH = 30
_TILE = (16, 256)  # of a product: so small that a linear algebra library starts no threads for it
_CELLS_AT_ONCE = 2**15


def distance(block: Block) -> Points:
    """All points within ``full_within_km``, falling evenly to 0 at ``zero_at_km``.

    ``other_area_loss`` is taken off, down to 0, where home and centre lie in different commuting
    areas; a city and the oblast around it are one area.
    """
    most = block.policy.number("points.distance.most")
    near = block.policy.number("points.distance.full_within_km")
    far = block.policy.number("points.distance.zero_at_km")
    sites = block.one_of_each("site")
    left = np.clip(far - sites.km.astype(np.int64), 0, far - near)
    points = most * left // max(1, far - near)
    points -= sites.abroad * block.policy.number("points.distance.other_area_loss")
    return block.to_all("site", np.maximum(points, 0).astype(np.int32))


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
    most = float(block.policy.number("points.interests.most"))
    # Sums of whole numbers are exact in either kind, in any order of adding.
    kind = np.float32 if int(weight.sum()) < 2**24 else np.float64
    own = np.unpackbits(block.mentors.interests, axis=1, count=len(weight))
    others = np.unpackbits(block.children.interests, axis=1, count=len(weight))
    heavy: NDArray[Any]
    theirs: NDArray[Any]
    heavy, theirs = (own * weight).astype(kind), others.astype(kind)
    mine, other = heavy.sum(axis=1), (others @ weight).astype(kind)
    if block.paired:
        shared = (heavy * theirs).sum(axis=1)
        return _share(most, shared, mine + other - shared)[:, None]
    points = np.empty(block.shape, np.int32)
    shared = _products(heavy, theirs)
    step = max(1, _CELLS_AT_ONCE // max(1, len(theirs)))
    for start in range(0, len(own), step):
        rows = slice(start, start + step)
        points[rows] = _share(most, shared[rows], mine[rows, None] + other - shared[rows])
    return points


def _products(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """``left @ right.T`` in tiles that stay in the cache of one processor."""
    out = np.empty((len(left), len(right)), left.dtype)
    rows, columns = _TILE
    for start in range(0, len(right), columns):
        part = right[start : start + columns].T
        for top in range(0, len(left), rows):
            out[top : top + rows, start : start + columns] = left[top : top + rows] @ part
    return out


def _share(most: float, part: NDArray[Any], whole: NDArray[Any]) -> Points:
    # Correctly rounded division of whole numbers cannot reach one that the quotient does not.
    share = most * part.astype(np.float64) / np.maximum(whole, 1)
    return np.asarray(share.astype(np.int32))


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


def mentor_wishes(block: Block) -> Points:
    """Points where the child's sex, and age, are what the mentor is ready for."""
    policy, mentors, children = block.policy, block.mentors, block.children
    points = np.zeros((1, 1), np.int32)
    if (mentors.child_wish_sex >= 0).any():
        same = block.of_mentor(mentors.child_wish_sex) == block.of_child(children.sex)
        points = points + same * np.int32(policy.number("points.mentor_wishes.sex"))
    if (mentors.child_wish_age_max >= 0).any():
        years = block.of_child((block.start_ymd - children.birth) // 10_000)
        fits = years >= block.of_mentor(mentors.child_wish_age_min)
        fits &= years <= block.of_mentor(mentors.child_wish_age_max)
        points = points + fits * np.int32(policy.number("points.mentor_wishes.age"))
    return points


def weekdays(block: Block) -> Points:
    """Points for each weekday that suits both, up to ``most_days``."""
    few = block.one_of_each("weekdays")
    shared = few.of_mentor(few.mentors.weekdays) & few.of_child(few.children.weekdays)
    days = np.minimum(np.bitwise_count(shared), block.policy.number("points.weekdays.most_days"))
    points = days * np.int32(block.policy.number("points.weekdays.per_day"))
    return block.to_all("weekdays", points)


def training(block: Block) -> Points:
    """Points for each need of the child that the mentor is trained for, up to ``most_needs``."""
    if not block.children.needs.any():
        return np.zeros((1, 1), np.int32)
    few = block.one_of_each("needs")
    shared = few.of_mentor(few.mentors.skills) & few.of_child(few.children.needs)
    met = np.minimum(np.bitwise_count(shared), block.policy.number("points.training.most_needs"))
    points = met * np.int32(block.policy.number("points.training.per_need"))
    return block.to_all("needs", points)


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


def kin(block: Block) -> Points:
    """All points where the mentor is the child's relative."""
    return np.asarray(block.linked(KIN) * np.int32(block.policy.number("points.kin.most")))
