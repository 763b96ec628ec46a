"""Where one more mentor would help most: profiles from the prices, checked by solving again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import combinations
from typing import NamedTuple

import numpy as np

from matching.block import Block
from matching.change import diff, resolve
from matching.columns import Ints
from matching.errors import ProblemError
from matching.people import Clearance, Mentor, PersonId
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.rules import refused, refused_people
from matching.scores import points as points_of

_TONGUES = 3
_INTERESTS = 3


class Recruit(NamedTuple):
    """One mentor to look for.

    ``children`` get a mentor who had none, ``points`` is what the plan gains: both by solving
    again with this mentor and those before added. ``reach_km`` in kilometres.
    """

    region: str
    lat: float
    lon: float
    reach_km: int
    languages: tuple[str, ...]
    interests: tuple[str, ...]
    sex: str
    children: tuple[PersonId, ...]
    pairs: int
    points: int


class Brief(NamedTuple):
    """Mentors of one kind to look for: how many, where, and what they would give."""

    mentors: int
    region: str
    lat: float
    lon: float
    reach_km: int
    languages: tuple[str, ...]
    children: int
    points: int


@dataclass(frozen=True)
class Recruitment:
    """A recruitment brief.

    Parameters
    ----------
    recruits : tuple of Recruit
        In the order in which they help most.
    briefs : tuple of Brief
        The same grouped by place and languages.
    """

    recruits: tuple[Recruit, ...]
    briefs: tuple[Brief, ...]


def recruit(
    problem: Problem,
    policy: Policy | None,
    plan: Plan,
    k: int,
    *,
    reach_km: int = 40,
) -> Recruitment:
    """Find the profiles of k more mentors, one after another, that raise the plan most.

    Parameters
    ----------
    problem : Problem
        Made of mentors and children, not of columns.
    policy : Policy or None
    plan : Plan
        Optimal, of this problem and policy.
    k : int
        At most 100.
    reach_km : int
        How far a new mentor is taken to travel.

    Returns
    -------
    Recruitment
        Fewer than k where one more mentor of no profile adds anything.

    Raises
    ------
    ProblemError
        The problem was made of columns, which do not tell where a centre is.

    Notes
    -----
    A new mentor with one place adds the greatest of (points of a pair - price of the child), which
    the certificate's child prices give exactly; each choice is then solved again. Profiles live at
    a centre, are fluent in one or two of the languages that unmatched children there speak, and
    share the commonest interests of those children.
    """
    policy = policy or Policy.default()
    if len(problem.children) != len(problem.child_ids):
        raise ProblemError("needs mentors and children, not only columns", field="children")
    found: list[Recruit] = []
    for number in range(min(k, 100)):
        best = _best(problem, policy, plan, number, reach_km)
        if best is None:
            break
        wider = problem.with_mentors([best])
        made = resolve(problem, policy, plan, wider, (set(), set()))
        change = diff(plan, made)
        found.append(
            Recruit(
                best.region,
                best.lat,
                best.lon,
                reach_km,
                tuple(best.languages),
                tuple(sorted(best.interests)),
                best.sex,
                tuple(moved.child for moved in change.gained),
                change.pairs,
                change.points,
            )
        )
        problem, plan = wider, made
    return Recruitment(tuple(found), tuple(_briefs(found)))


def _best(
    problem: Problem, policy: Policy, plan: Plan, number: int, reach_km: int
) -> Mentor | None:
    """The profile with the greatest gain by the prices, None where none gains."""
    price = np.array(plan.certificate.child_price, np.int64) - plan.certificate.per_pair
    _, out = refused_people(Block.of(problem, policy, np.empty(0, np.int32)))
    alive = np.flatnonzero(~out).astype(np.int32)
    best: tuple[int, Mentor | None] = (0, None)
    matched = {problem.child_row[pair.child] for pair in plan.pairs}
    for children in _sites(problem, alive, matched):
        profiles = list(_profiles(problem, policy, children, number, reach_km))
        block = _trial(problem, policy, profiles, alive)
        worth = points_of(block).astype(np.int64)
        gain = np.where(refused(block), -1, worth - price[alive][None, :])
        if gain.size and int(gain.max()) > best[0]:
            row, _ = np.unravel_index(int(gain.argmax()), gain.shape)
            best = int(gain.max()), profiles[int(row)]
    return best[1]


def _sites(problem: Problem, alive: Ints, matched: set[int]) -> Iterator[list[int]]:
    """Unmatched children of each site that has any."""
    sites: dict[int, list[int]] = {}
    for row in alive.tolist():
        if row not in matched:
            sites.setdefault(int(problem.child_columns.site[row]), []).append(row)
    yield from sites.values()


def _trial(problem: Problem, policy: Policy, profiles: Sequence[Mentor], alive: Ints) -> Block:
    wider = problem.with_mentors(profiles)
    rows = np.arange(len(problem.mentor_ids), len(wider.mentor_ids), dtype=np.int32)
    return Block.of(wider, policy, rows, alive)


def _profiles(
    problem: Problem, policy: Policy, children: list[int], number: int, reach_km: int
) -> Iterator[Mentor]:
    people = [problem.children[row] for row in children]
    tongues = Counter(
        code for child in people for code, level in child.languages.items() if level == "fluent"
    )
    likes = Counter(code for child in people for code in sorted(child.interests))
    wishes = {child.mentor_sex_wish for child in people}
    interests = frozenset(code for code, _ in likes.most_common(_INTERESTS))
    at = people[0]
    common = [code for code, _ in tongues.most_common(_TONGUES)]
    sets = [(code,) for code in common] + list(combinations(common, 2))
    for spoken in sets:
        for sex in ("female", "male") if wishes - {None} else ("female",):
            yield replace(
                _newcomer(problem.start_on, policy, f"new mentor {number + 1}.{spoken}.{sex}"),
                region=at.region,
                lat=at.lat,
                lon=at.lon,
                reach_km=reach_km,
                languages=dict.fromkeys(sorted(spoken), "fluent"),
                interests=interests,
                sex=sex,
            )


def _newcomer(start: date, policy: Policy, name: str) -> Mentor:
    """Somebody whom no rule about mentors refuses, just certified and free for one child."""
    checked = start - timedelta(days=1)
    later = start + timedelta(days=policy.number("points.certificate.commitment_days"))
    return Mentor(
        id=name,
        birth_date=date(start.year - 35, 1, 1),
        sex="female",
        active=True,
        capacity=1,
        region="71",
        lat=0.0,
        lon=0.0,
        reach_km=0,
        languages={},
        interests=frozenset(),
        certificate_expires_on=later,
        clearances=tuple(
            Clearance(kind, "clear", checked, later)
            for kind in policy["limits.required_clearances"]
        ),
    )


def _briefs(found: list[Recruit]) -> Iterator[Brief]:
    groups: dict[tuple[str, float, float, int, tuple[str, ...]], list[Recruit]] = {}
    for one in found:
        key = (one.region, one.lat, one.lon, one.reach_km, one.languages)
        groups.setdefault(key, []).append(one)
    for (region, lat, lon, reach, languages), alike in groups.items():
        yield Brief(
            len(alike),
            region,
            lat,
            lon,
            reach,
            languages,
            sum(one.pairs for one in alike),
            sum(one.points for one in alike),
        )
