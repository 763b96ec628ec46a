"""The engine's rules and points against a second reading of the policy, person by person."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from matching_people import KINDS, START, random_problem
from matching_plain import points_plainly, refused_plainly

from matching import Clearance, Policy, Problem, propose, score
from matching.rules import refusals

POLICIES = (
    Policy.default(),
    Policy.default().with_values({"limits.across_areas": False, "points.distance.most": 77}),
    Policy.default().with_values({"limits.clearances_without_end": ["health"]}),
)


def messy(seed: int) -> Problem:
    """A small register with papers, places and dates on both sides of every edge."""
    dice = Random(seed)
    plain = random_problem(seed, 4, 6)

    def near(day: date) -> date:
        return day + timedelta(days=dice.choice([-1, 0, 1, 400]))

    def check(kind: str) -> Clearance:
        until = dice.choice([near(START)] * 9 + [None])
        return Clearance(
            kind, dice.choice(["clear"] * 9 + ["pending", "adverse"]), near(START), until
        )

    def papers() -> tuple[Clearance, ...]:
        good = [Clearance(kind, "clear", date(2026, 1, 1), near(START)) for kind in KINDS]
        return (*good, check(dice.choice(KINDS))) if dice.random() < 0.6 else tuple(good[1:])

    mentors = [
        replace(
            m,
            clearances=papers(),
            birth_date=near(date(START.year - 18, START.month, START.day)),
            certificate_expires_on=near(START),
            region=dice.choice(["35", "62", "71", "11"]),
            reach_km=dice.choice([5, 11, 12, 13, 400]),
        )
        for m in plain.mentors
    ]
    children = [
        replace(
            c,
            birth_date=near(date(START.year - dice.choice([10, 18]), START.month, START.day)),
            in_organisation=dice.random() < 0.9,
            guardian_consent=dice.random() < 0.9,
            data_consent=dice.random() < 0.9,
            mentor_lost=dice.random() < 0.3,
            leaves_care_on=dice.choice([None, near(date(2028, 3, 1))]),
            waiting_since=near(date(2025, 3, 1)) - timedelta(days=dice.choice([0, 0, 500])),
            region=dice.choice(["35", "11"]),
        )
        for c in plain.children
    ]
    return Problem(mentors, children, START)


@given(st.integers(0, 2**32), st.sampled_from(POLICIES))
def test_every_rule_says_what_a_second_reading_of_the_policy_says(seed, policy):
    problem = messy(seed)
    for mentor in problem.mentors:
        for child in problem.children:
            told = set(refusals(mentor, child, START, policy))
            assert told == refused_plainly(mentor, child, START, policy)


@given(st.integers(0, 2**32), st.sampled_from(POLICIES))
def test_every_point_is_what_a_second_reading_of_the_policy_gives(seed, policy):
    problem = messy(seed)
    people = problem.mentors, problem.children
    for mentor in problem.mentors:
        for child in problem.children:
            told = dict(score(mentor.id, child.id, problem, policy))
            assert told == points_plainly(mentor, child, START, policy, people)


@given(st.integers(0, 2**32))
def test_no_plan_holds_a_pair_that_a_second_reading_of_the_policy_refuses(seed):
    problem = random_problem(seed, 6, 9)
    mentors = {m.id: m for m in problem.mentors}
    children = {c.id: c for c in problem.children}
    for pair in propose(problem).pairs:
        assert not refused_plainly(
            mentors[pair.mentor], children[pair.child], START, Policy.default()
        )
