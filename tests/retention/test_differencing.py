"""Somebody takes what two choices of filters show from each other."""

from itertools import combinations

import numpy as np
import pytest

from mentorship.retention.spells import Spells
from mentorship.retention.study import Group, Study

REGIONS = ["35", "39", "55", "63"]
MONTHS = (3, 6, 12, 24)


def register(seed: int) -> Study:
    """Some hundred matches that nobody lost sight of, so that a share is a count of endings."""
    random = np.random.default_rng(seed)
    number = int(random.integers(60, 260))
    months = np.round(random.exponential(20, number), 1) + 0.1
    ended = (months < 26) & (random.random(number) < 0.8)
    groups = {
        name: random.choice(codes, number, p=random.dirichlet(np.ones(len(codes))))
        for name, codes in (("year", ["2024", "2025"]), ("language", ["kk", "other", "ru"]))
    }
    spells = Spells(
        random.choice(REGIONS, number, p=random.dirichlet(np.ones(len(REGIONS)))),
        np.full(number, "2024-01-01", "M8[D]"),
        np.where(ended, months, 26.0),
        np.where(ended, 2, 0),
        ended,
        groups,
    )
    return Study(
        spells, REGIONS, {name: np.unique(codes).tolist() for name, codes in groups.items()}
    )


def endings(group: Group, month: int) -> int | None:
    """What a reader works out of a share and a number: how many had ended."""
    found = group.at(month)
    if found is None or group.count.value is None:
        return None
    return round(group.count.value * (1 - found.share))


def lines(study: Study) -> list[tuple[Group, list[Group]]]:
    """Every whole a reader can ask for, with its parts."""
    found = [(study.group(REGIONS), [study.group([region]) for region in REGIONS])]
    for name, codes in study.codes.items():
        for regions in (REGIONS, *([region] for region in REGIONS)):
            found.append(
                (study.group(regions), [study.group(regions, name, code) for code in codes])
            )
        for code in codes:
            parts = [study.group([region], name, code) for region in REGIONS]
            found.append((study.group(REGIONS, name, code), parts))
    return found


@pytest.mark.parametrize("seed", range(25))
def test_no_count_of_one_to_four_is_what_a_whole_leaves_over(seed: int):
    for whole, parts in lines(register(seed)):
        values = [part.count.value for part in parts]
        if whole.count.value is not None and values.count(None) == 1:
            left = whole.count.value - sum(value for value in values if value is not None)
            assert not 0 < left < 5
        for month in MONTHS:
            ended = [endings(part, month) for part in parts if part.count.value != 0]
            total = endings(whole, month)
            if total is not None and ended.count(None) == 1:
                left = total - sum(value for value in ended if value is not None)
                assert not 0 < left < 5


@pytest.mark.parametrize("seed", range(25))
def test_no_two_months_of_one_choice_are_one_to_four_endings_apart(seed: int):
    for whole, parts in lines(register(seed)):
        for group in (whole, *parts):
            shown = [n for month in MONTHS if (n := endings(group, month)) is not None]
            for one, other in combinations([0, *shown], 2):
                assert not 0 < abs(one - other) < 5


@pytest.mark.parametrize("seed", range(25))
def test_some_regions_together_give_no_single_one_away(seed: int):
    study = register(seed)
    for some in combinations(REGIONS, 2):
        whole, parts = study.group(some), [study.group([region]) for region in some]
        for month in MONTHS:
            if endings(whole, month) is not None:
                assert all(part.at(month) for part in parts if part.count.value)
