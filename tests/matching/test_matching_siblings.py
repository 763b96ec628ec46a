"""Siblings who had best share a mentor: a wish that the plan weighs and that refuses nobody."""

from dataclasses import replace
from random import Random

import numpy as np
import pytest
from matching_people import START, child, mentor, random_problem

from matching import (
    Locks,
    PlanError,
    Policy,
    Problem,
    Record,
    compare,
    diff,
    fairness,
    options,
    propose,
    recruit,
    replan,
    replay,
    score,
    verify,
    why,
    why_not,
)
from matching.bench.synthetic import synthetic, with_siblings
from matching.block import Block
from matching.component import values_of
from matching.coupling import coupling_of
from matching.cpsat import solve_coupled
from matching.cpsat_model import Model, cp_model

DEFAULT = Policy.default()
SETTING = "coupling.siblings_same_mentor_points"


def pair_of(**changes):
    """Two siblings whom each of two mentors with two places could take."""
    return [child(n, sibling_group="a", sibling_rule="prefer", **changes) for n in (1, 2)]


def crowd(seed, mentors=14, children=40):
    """A register of families of two or three who wish for one mentor."""
    dice = Random(seed)
    problem = random_problem(seed, mentors, children)
    kids = [
        replace(
            c,
            sibling_group=f"f{n // dice.choice([2, 2, 3])}" if n < 20 else None,
            sibling_rule="prefer",
            birth_date=START.replace(year=2013),
            waiting_since=START,
            leaves_care_on=None,
            kin_mentors=frozenset(),
            languages={"kk": "fluent"},
        )
        for n, c in enumerate(problem.children)
    ]
    adults = [
        replace(
            m,
            birth_date=START.replace(year=1990),
            capacity=m.capacity + 1,
            reach_km=60,
            languages={"kk": "fluent"},
        )
        for m in problem.mentors
    ]
    return Problem(adults, kids, START, problem.refused_pairs)


def test_siblings_get_one_mentor_where_that_costs_less_than_it_gives():
    near = mentor(1, capacity=2)
    far = mentor(2, capacity=2, lat=50.0)
    first, second = pair_of()
    problem = Problem([near, far], [first, second], START, {(1, 2): "forbidden"})
    plan = propose(problem)
    cost = score(1, 1, problem)["distance"] - score(2, 1, problem)["distance"]
    assert 0 < cost < DEFAULT[SETTING]
    assert [pair.mentor for pair in plan.pairs] == [2, 2]
    assert plan.siblings == DEFAULT[SETTING]
    assert plan.points == sum(pair.points for pair in plan.pairs) + plan.siblings
    cheap = DEFAULT.with_values({SETTING: cost - 1})
    assert [pair.mentor for pair in propose(problem, cheap).pairs] == [1, 2]


def test_nobody_goes_without_a_mentor_for_a_sibling():
    alone = propose(Problem([mentor(1)], pair_of(), START))
    assert (len(alone.pairs), alone.siblings) == (1, 0)
    apart = propose(Problem([mentor(1), mentor(2)], pair_of(), START))
    assert {pair.mentor for pair in apart.pairs} == {1, 2}
    assert apart.siblings == 0


def test_each_sibling_beyond_the_first_counts():
    kids = [child(n, sibling_group="a", sibling_rule="prefer") for n in range(4)]
    assert propose(Problem([mentor(capacity=4)], kids, START)).siblings == 3 * DEFAULT[SETTING]
    two = propose(Problem([mentor(1, capacity=2), mentor(2, capacity=2)], kids, START))
    assert two.siblings == 2 * DEFAULT[SETTING]


def test_a_sibling_whom_a_rule_refuses_does_not_count():
    kids = [*pair_of(), child(3, sibling_group="a", sibling_rule="prefer", own_consent=False)]
    assert propose(Problem([mentor(capacity=3)], kids, START)).siblings == DEFAULT[SETTING]


@pytest.mark.parametrize("coverage", ["first", "quality"])
@pytest.mark.parametrize("seed", range(6))
def test_the_search_among_few_pairs_finds_what_the_search_among_all_finds(seed, coverage):
    problem = crowd(seed)
    policy = DEFAULT.with_values(
        {"objective.coverage": coverage, SETTING: [40, 150, 700][seed % 3]}
    )
    block = Block.of(problem, policy)
    value = values_of(block)
    capacity = block.mentors.capacity.astype(np.int64)
    coupling = coupling_of(block)
    bonus = 10**6 if coverage == "first" else 0
    nobody = np.full(value.shape[1], -1, np.int64)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2
    model = Model(value, value >= 0, capacity, coupling, bonus, nobody)
    assert solver.solve(model.model) == cp_model.OPTIMAL
    found = solve_coupled(value, capacity, coupling, bonus)
    assert found.optimal
    assert found.worth == found.bound == round(solver.objective_value)


@pytest.mark.parametrize("seed", range(3))
def test_what_a_forced_pair_costs_is_what_solving_all_again_says(seed):
    problem = crowd(seed)
    plan = propose(problem)
    assert plan.siblings > 0
    formed = {(pair.mentor, pair.child) for pair in plan.pairs}
    asked = [(m.id, c.id) for m in problem.mentors[::5] for c in problem.children[:20:7]]
    for pair in set(asked) - formed:
        told = why_not(problem, None, plan, *pair)
        if told.refusals:
            continue
        forced = propose(problem.with_locks(Locks(fixed=frozenset({pair}))))
        assert told.points_lost == plan.points - forced.points
        assert told.pairs_lost == len(plan.pairs) - len(forced.pairs)
        assert told.diff == diff(plan, forced)


@pytest.mark.parametrize("seed", range(3))
def test_other_parts_of_the_engine_count_siblings_as_the_plan_does(seed):
    problem = crowd(seed, 10, 30)
    plan = propose(problem)
    pair = plan.pairs[0]
    assert sum(why(plan, pair.child).values()) == pair.points
    locks = Locks(held_mentors=frozenset({pair.mentor}))
    after, made, change = replan(problem, None, plan, locks)
    assert made.pairs == propose(after).pairs
    assert (made.points, made.siblings) == (propose(after).points, propose(after).siblings)
    assert change.points == made.points - plan.points
    record = Record.from_json(Record(plan, problem, DEFAULT).to_json())
    assert replay(record) == plan
    without = DEFAULT.with_values({SETTING: 0})
    assert compare(problem, without, DEFAULT).second == plan
    told = fairness(problem, None, plan)
    assert sum(g.matched for g in told.groups if g.by == "sex") == len(plan.pairs)
    found = recruit(problem, None, plan, 2)
    assert all(one.points > 0 or one.pairs > 0 for one in found.recruits)


def test_replanning_one_component_takes_over_the_siblings_of_another():
    here = [child(n, sibling_group="a", sibling_rule="prefer") for n in (1, 2)]
    there = [
        child(n, sibling_group="b", sibling_rule="prefer", region="75", lat=43.2, lon=76.9)
        for n in (3, 4)
    ]
    mentors = [
        mentor(1, capacity=2),
        mentor(2, capacity=2, region="75", lat=43.2, lon=76.9),
    ]
    problem = Problem(mentors, here + there, START)
    plan = propose(problem)
    assert plan.siblings == 2 * DEFAULT[SETTING]
    _, made, change = replan(problem, None, plan, Locks(held_children=frozenset({1})))
    assert made.siblings == DEFAULT[SETTING]
    assert change.points == made.points - plan.points


def test_the_mentor_of_a_sibling_is_offered_first():
    kids = [*pair_of(), child(3, waiting_since=START)]
    mentors = [mentor(1), mentor(2, capacity=2, lat=49.95), mentor(3, lat=49.95)]
    problem = Problem(mentors, kids, START, {(1, 1): "forbidden", (3, 1): "forbidden"})
    plan = propose(problem)
    told = {pair.child: pair.mentor for pair in plan.pairs}
    assert (told[1], told[2], plan.siblings) == (2, 2, DEFAULT[SETTING])
    assert options(problem, None, plan, 2)[0].mentor == 2


@pytest.mark.parametrize("change", [{"siblings": 0}, {"siblings": 300}])
def test_a_plan_that_counts_siblings_wrongly_is_caught(change):
    problem = Problem([mentor(capacity=2)], pair_of(), START)
    plan = propose(problem)
    with pytest.raises(PlanError):
        verify(problem, None, replace(plan, **change))
    points = plan.points - plan.siblings + change["siblings"]
    with pytest.raises(PlanError, match="siblings"):
        verify(problem, None, replace(plan, **change, points=points, bound=points))


def test_a_large_register_with_families_is_solved_and_a_hurried_one_keeps_its_bound():
    problem = with_siblings(synthetic(120, 1200, seed=1), 0.1, rule="prefer")
    plan = propose(problem)
    assert plan.status == "optimal"
    assert plan.siblings > 0
    hurried = propose(problem, time_limit_s=0.001)
    assert hurried.stopped == "time_limit"
    assert hurried.bound >= hurried.points
