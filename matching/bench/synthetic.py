"""Made-up registers of any size, as columns; nobody in them is real."""

from __future__ import annotations

from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.columns import ChildColumns, MentorColumns, Vocabulary
from matching.people import SIBLING_RULES
from matching.places import unit_vectors
from matching.policy import Policy
from matching.problem import Problem

START = date(2026, 9, 1)
_DAY = START.toordinal()
_INTERESTS = 68
_LANGUAGES = ("en", "kk", "ru", "ug", "uz")
_SKILLS = ("disability", "sign_language", "trauma")

# Administrative centres of the twenty regions: KATO code, degrees north and east.
_CENTRES = (
    (10, 50.42, 80.23), (11, 53.29, 69.38), (15, 50.28, 57.17), (19, 43.86, 77.06),
    (23, 47.11, 51.92), (27, 51.23, 51.37), (31, 42.90, 71.37), (33, 45.02, 78.38),
    (35, 49.80, 73.10), (39, 53.21, 63.63), (43, 44.85, 65.51), (47, 43.65, 51.16),
    (55, 52.29, 76.97), (59, 54.87, 69.16), (61, 43.30, 68.27), (62, 47.79, 67.71),
    (63, 49.95, 82.61), (71, 51.17, 71.43), (75, 43.24, 76.89), (79, 42.32, 69.60),
)  # fmt: skip


def synthetic(
    mentors: int, children: int, *, districts: int = 20, centres: int = 116, seed: int = 0
) -> Problem:
    """Make a register of children in centres and of mentors who live around them.

    Parameters
    ----------
    mentors, children : int
    districts : int
        20: the regions of Kazakhstan; more: a grid of districts that cannot reach each other.
    centres : int
        Children's centres in all.
    seed : int

    Returns
    -------
    Problem
        About one pair in nine of one district is refused for want of a shared language.
    """
    dice = np.random.default_rng(seed)
    region, lat, lon = _districts(districts)
    home = dice.integers(0, districts, mentors)
    centre_in = np.arange(centres) % districts
    spread = dice.normal(0, 0.08, (centres, 2))
    centre_lat, centre_lon = lat[centre_in] + spread[:, 0], lon[centre_in] + spread[:, 1]
    centre = dice.integers(0, centres, children)
    around = dice.normal(0, 0.10, (mentors, 2))
    return Problem.from_columns(
        np.arange(mentors),
        _mentors(dice, region[home], lat[home] + around[:, 0], lon[home] + around[:, 1]),
        np.arange(children),
        _children(dice, region[centre_in], centre_lat, centre_lon, centre),
        Vocabulary(
            _LANGUAGES,
            tuple(f"interest_{n:02}" for n in range(_INTERESTS)),
            _SKILLS,
            tuple(sorted(Policy.default()["limits.required_clearances"])),
            tuple(range(centres)),
            tuple(f"family_{n}" for n in range(children)),
        ),
        START,
    )


def with_siblings(
    problem: Problem, share: float, seed: int = 0, rule: str = "same_mentor"
) -> Problem:
    """The same register with a share of the children in pairs of siblings under a rule.

    Siblings live in one centre and speak the same languages.
    """
    dice = np.random.default_rng(seed)
    columns = problem.child_columns
    group = np.full(len(columns), -1, np.int32)
    order = np.lexsort((columns.fluent, columns.centre))
    twins = order[: len(order) // 2 * 2].reshape(-1, 2)
    alike = columns.centre[twins[:, 0]] == columns.centre[twins[:, 1]]
    alike &= columns.fluent[twins[:, 0]] == columns.fluent[twins[:, 1]]
    twins = dice.permutation(twins[alike])[: int(len(columns) * share / 2)]
    group[twins] = np.arange(len(twins), dtype=np.int32)[:, None]
    rules = np.full(len(columns), SIBLING_RULES.index(rule), np.int8)
    changed = {name: getattr(columns, name) for name in columns.__dataclass_fields__}
    return Problem.from_columns(
        problem.mentor_ids,
        problem.mentor_columns,
        problem.child_ids,
        ChildColumns(**(changed | {"group": group, "group_rule": rules})),
        problem.vocabulary,
        problem.start_on,
    )


def _districts(
    count: int,
) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
    if count <= len(_CENTRES):
        table = np.array(_CENTRES[:count])
        table = table.astype(np.float64)
        return table[:, 0].astype(np.int32), table[:, 1], table[:, 2]
    side = int(np.ceil(np.sqrt(count)))
    spot = np.arange(count)
    codes = np.array([row[0] for row in _CENTRES], np.int32)
    # 1.5 degrees apart no mentor reaches the next district.
    north, east = np.divmod(spot, side)
    return (
        codes[spot % 20],
        np.asarray(30.0 + 1.5 * north, np.float64),
        np.asarray(45.0 + 2.5 * east, np.float64),
    )


def _tongues(
    dice: np.random.Generator, count: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.int16]]:
    """Masks of fluent and basic languages and the first language: most speak Kazakh or Russian."""
    first = dice.choice(5, count, p=[0.0, 0.66, 0.28, 0.02, 0.04])
    also = np.where(first == 1, 2, 1)
    both = dice.random(count) < 0.62
    bit = np.uint64(1)
    fluent = bit << first.astype(np.uint64)
    second = bit << also.astype(np.uint64)
    return (
        np.where(both, fluent | second, fluent),
        np.where(both, np.uint64(0), second) | np.uint64(1),
        first.astype(np.int16),
    )


def _interests(dice: np.random.Generator, count: int) -> NDArray[np.uint8]:
    weight = 1.0 / np.arange(2, _INTERESTS + 2)
    chosen = dice.choice(_INTERESTS, (count, 4), p=weight / weight.sum())
    bits = np.zeros((count, _INTERESTS), np.uint8)
    np.put_along_axis(bits, chosen, 1, axis=1)
    return np.packbits(bits, axis=1)


def _mentors(
    dice: np.random.Generator,
    region: NDArray[np.int32],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
) -> MentorColumns:
    count = len(region)
    fluent, basic, _ = _tongues(dice, count)
    checks = (count, len(Policy.default()["limits.required_clearances"]))
    return MentorColumns(
        row=np.arange(count, dtype=np.int32),
        birth=(dice.integers(1960, 2004, count) * 10_000 + 615).astype(np.int32),
        sex=dice.choice(np.array([0, 0, 1], np.int8), count),
        active=dice.random(count) < 0.98,
        capacity=dice.choice(np.array([1, 1, 2, 2, 3], np.int32), count),
        region=region,
        area=_areas(region),
        xyz=unit_vectors(lat, lon),
        reach=dice.choice(np.array([60, 80, 90], np.int32), count),
        fluent=fluent,
        basic=basic,
        interests=_interests(dice, count),
        certificate=(_DAY + dice.integers(-20, 900, count)).astype(np.int32),
        clearance_result=np.zeros(checks, np.int8),
        clearance_issued=np.full(checks, _DAY - 100, np.int32),
        clearance_until=np.full(checks, _DAY + 265, np.int32),
        skills=dice.integers(0, 8, count).astype(np.uint64),
        weekdays=dice.integers(0, 128, count).astype(np.uint8),
        good_matches=dice.integers(0, 4, count).astype(np.int32),
        child_wish_sex=np.full(count, -1, np.int8),
        child_wish_age_min=np.full(count, -1, np.int32),
        child_wish_age_max=np.full(count, -1, np.int32),
    )


def _children(
    dice: np.random.Generator,
    region: NDArray[np.int32],
    lat: NDArray[np.float64],
    lon: NDArray[np.float64],
    centre: NDArray[np.int64],
) -> ChildColumns:
    count = len(centre)
    fluent, basic, first = _tongues(dice, count)
    at = region[centre].astype(np.int32)
    wish = dice.random(count) < 0.25
    return ChildColumns(
        row=np.arange(count, dtype=np.int32),
        birth=(dice.integers(2009, 2016, count) * 10_000 + 315).astype(np.int32),
        sex=dice.integers(0, 2, count).astype(np.int8),
        region=at,
        area=_areas(at),
        centre=centre.astype(np.int32),
        site=centre.astype(np.int32),
        xyz=unit_vectors(lat, lon)[centre],
        in_organisation=np.ones(count, np.bool_),
        guardian_consent=dice.random(count) < 0.99,
        own_consent=dice.random(count) < 0.98,
        data_consent=np.ones(count, np.bool_),
        fluent=fluent,
        basic=basic,
        first_language=first,
        interests=_interests(dice, count),
        waiting_since=(_DAY - dice.gamma(2.0, 200.0, count)).astype(np.int32),
        wish_sex=np.where(wish, dice.integers(0, 2, count), -1).astype(np.int8),
        wish_age_min=np.zeros(count, np.int32),
        wish_age_max=np.zeros(count, np.int32),
        needs=np.where(dice.random(count) < 0.3, dice.integers(0, 8, count), 0).astype(np.uint64),
        weekdays=dice.integers(0, 128, count).astype(np.uint8),
        leaves_care=np.where(dice.random(count) < 0.1, _DAY + 300, 0).astype(np.int32),
        mentor_lost=dice.random(count) < 0.05,
        disability=dice.random(count) < 0.08,
        group=np.full(count, -1, np.int32),
        group_rule=np.zeros(count, np.int8),
    )


def _areas(region: NDArray[np.int32]) -> NDArray[np.int32]:
    area = region.copy()
    for city, oblast in ((71, 11), (75, 19), (79, 61)):
        area[region == city] = oblast
    return area
