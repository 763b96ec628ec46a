"""Made-up mentors and children for the engine's tests; nobody real."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from random import Random
from typing import Any

from matching import Child, Clearance, Mentor, Policy, Problem
from matching.block import Block
from matching.component import values_of

START = date(2026, 9, 1)
YESTERDAY, TOMORROW = START - timedelta(days=1), START + timedelta(days=1)
KINDS = ("criminal_record", "prosecution", "psychiatric", "narcological", "health")
INTERESTS = ("art", "chess", "code", "cooking", "dombra", "football", "music", "reading")


def checks(**changes: Any) -> tuple[Clearance, ...]:
    """All required clearances, each changed in the same way."""
    common: dict[str, Any] = {
        "result": "clear",
        "issued_on": date(2026, 1, 10),
        "valid_until": date(2027, 1, 9),
    }
    return tuple(Clearance(kind=kind, **(common | changes)) for kind in KINDS)


def mentor(id: int | str = 1, **changes: Any) -> Mentor:
    """A mentor whom every rule allows."""
    values: dict[str, Any] = {
        "id": id,
        "birth_date": date(1988, 5, 17),
        "sex": "female",
        "active": True,
        "capacity": 1,
        "region": "35",
        "lat": 49.80,
        "lon": 73.10,
        "reach_km": 40,
        "languages": {"kk": "fluent", "ru": "basic"},
        "interests": frozenset({"chess", "music"}),
        "certificate_expires_on": date(2028, 1, 1),
        "clearances": checks(),
    }
    return Mentor(**(values | changes))


def child(id: int | str = 1, **changes: Any) -> Child:
    """A child whom every rule allows."""
    values: dict[str, Any] = {
        "id": id,
        "birth_date": date(2013, 2, 3),
        "sex": "male",
        "region": "35",
        "centre": "Karaganda 1",
        "lat": 49.85,
        "lon": 73.15,
        "in_organisation": True,
        "languages": {"kk": "fluent"},
        "first_language": "kk",
        "interests": frozenset({"chess", "football"}),
        "waiting_since": date(2026, 3, 1),
        "guardian_consent": True,
        "own_consent": True,
    }
    return Child(**(values | changes))


def random_problem(seed: int, mentors: int, children: int, **more: Any) -> Problem:
    """A small problem in which most rules refuse somebody and many plans have equal points."""
    dice = Random(seed)
    return Problem(
        [_random_mentor(dice, n) for n in range(mentors)],
        [_random_child(dice, n) for n in range(children)],
        START,
        {
            (dice.randrange(mentors), f"c{dice.randrange(children)}"): dice.choice(
                ["conflict", "forbidden", "declined_before"]
            )
            for _ in range(min(mentors, children) // 2)
        },
        **more,
    )


def _random_mentor(dice: Random, number: int) -> Mentor:
    return mentor(
        number,
        birth_date=date(dice.choice([1980, 1995, 2007, 2009]), dice.randint(1, 12), 1),
        sex=dice.choice(["female", "male"]),
        active=dice.random() < 0.95,
        capacity=dice.choice([0, 1, 1, 2, 3]),
        region=dice.choice(["35", "71", "11"]),
        lat=49.8 + dice.random() / 2,
        lon=73.1 + dice.random() / 2,
        reach_km=dice.choice([20, 40, 60]),
        languages={dice.choice(["kk", "ru"]): "fluent", "en": dice.choice(["fluent", "basic"])},
        interests=frozenset(dice.sample(INTERESTS, dice.randint(0, 3))),
        certificate_expires_on=dice.choice([None, START, YESTERDAY, *[date(2027, 3, 1)] * 6]),
        skills=frozenset(dice.sample(["trauma", "disability"], dice.randint(0, 2))),
        weekdays=frozenset(dice.sample(range(7), 3)),
        good_matches=dice.randint(0, 4),
        child_sex_wish=dice.choice([None, None, "female", "male"]),
        child_age_wish=dice.choice([None, (10, 12), (14, 17)]),
    )


def _random_child(dice: Random, number: int) -> Child:
    spot = dice.randrange(4)
    return child(
        f"c{number}",
        birth_date=date(dice.choice([2009, 2012, 2014, 2017]), dice.randint(1, 12), 15),
        sex=dice.choice(["female", "male"]),
        centre=spot,
        lat=49.8 + spot / 8,
        lon=73.1 + spot / 8,
        languages={dice.choice(["kk", "ru", "en"]): "fluent"},
        first_language=dice.choice(["kk", "ru", "en", None]),
        interests=frozenset(dice.sample(INTERESTS, dice.randint(0, 3))),
        waiting_since=START - timedelta(days=dice.choice([0, 30, 60, 800])),
        own_consent=dice.random() < 0.95,
        data_consent=dice.random() < 0.95,
        mentor_sex_wish=dice.choice([None, "female"]),
        mentor_age_wish=dice.choice([None, (20, 40)]),
        needs=frozenset(dice.sample(["trauma", "disability"], dice.randint(0, 1))),
        weekdays=frozenset(dice.sample(range(7), 2)),
        leaves_care_on=dice.choice([None, date(2027, 6, 1)]),
        good_mentors=frozenset(dice.sample(range(6), 1)),
        kin_mentors=frozenset(dice.choice([[], [], [], [dice.randrange(6)]])),
    )


def best_by_trying_all(problem: Problem, policy: Policy) -> tuple[int, int]:
    """Pairs and points of the best plan, by trying every one: coverage first or points alone."""
    value = values_of(Block.of(problem, policy)).tolist()
    places = [m.capacity for m in problem.mentors]
    slots = [row for row, count in enumerate(places) for _ in range(min(count, 3))]
    children = len(problem.children)
    slots += [-1] * children
    first = policy["objective.coverage"] == "first"
    best = (0, 0)
    for order in set(permutations(slots, children)):
        worth = [value[row][column] for column, row in enumerate(order) if row >= 0]
        if all(points >= 0 for points in worth):
            total = (len(worth), sum(worth))
            best = max(best, total) if first else max(best, total, key=lambda t: (t[1], t[0]))
    return best
