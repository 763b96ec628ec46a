from dataclasses import replace
from datetime import timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_people import START, best_by_trying_all, child, mentor, random_problem

from matching import (
    CRITERIA,
    UNMATCHED_CODES,
    Certificate,
    Plan,
    PlanError,
    Policy,
    Problem,
    ProblemError,
    propose,
    refusals,
    score,
    verify,
)
from matching.places import unit_vectors
from matching.versions import problem_digest

FIRST = Policy.default()
QUALITY = FIRST.with_values({"objective.coverage": "quality"})


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**9), st.integers(1, 12), st.integers(1, 25))
def test_no_proposed_pair_is_refused(seed, mentors, children):
    problem = random_problem(seed, mentors, children)
    plan = propose(problem)
    by_id = {c.id: c for c in problem.children}
    for pair in plan.pairs:
        m, c = problem.mentors[pair.mentor], by_id[pair.child]
        assert refusals(m, c, START, FIRST, problem.refused_pairs) == ()


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, 10**9), st.integers(1, 4), st.integers(1, 4), st.sampled_from([FIRST, QUALITY])
)
def test_the_plan_is_the_best_of_all_plans(seed, mentors, children, policy):
    problem = random_problem(seed, mentors, children)
    plan = propose(problem, policy)
    pairs, points = best_by_trying_all(problem, policy)
    assert plan.points == points
    if policy is FIRST:
        assert len(plan.pairs) == pairs


@pytest.mark.parametrize("seed", range(6))
def test_every_plan_carries_a_certificate_that_proves_it(seed):
    problem = random_problem(seed, 30, 120)
    plan = propose(problem, seed=seed)
    proof = plan.certificate
    paid = sum(
        m.capacity * price for m, price in zip(problem.mentors, proof.slot_price, strict=True)
    )
    reached = plan.points + proof.per_pair * len(plan.pairs)
    assert paid + sum(proof.child_price) == reached
    assert plan.status == "optimal"
    assert plan.bound == plan.points
    verify(problem, None, plan)


def test_a_child_who_waits_longer_is_worth_more_without_end():
    problem = Problem(
        [mentor()],
        [child(n, waiting_since=START - timedelta(days=360 * n)) for n in (1, 5, 80)],
        START,
    )
    waited = [score(1, n, problem)["waiting"] for n in (1, 5, 80)]
    assert waited == [240, 1200, 19200]
    assert [pair.child for pair in propose(problem).pairs] == [80]


def test_points_of_a_pair_are_the_sum_of_its_parts_and_the_one_by_one_case():
    problem = random_problem(3, 20, 60)
    for pair in propose(problem).pairs:
        assert pair.points == sum(pair.parts.values())
        assert dict(pair.parts) == dict(score(pair.mentor, pair.child, problem))
        assert tuple(pair.parts) == CRITERIA


def test_coverage_first_gives_up_points_for_one_more_child_and_quality_does_not():
    near = mentor(1, capacity=1, languages={"kk": "fluent"})
    only_russian = mentor(2, languages={"ru": "fluent"}, interests=frozenset())
    both = child(1, languages={"kk": "fluent", "ru": "fluent"}, interests=frozenset({"chess"}))
    kazakh = child(2, waiting_since=START, interests=frozenset())
    problem = Problem([near, only_russian], [both, kazakh], START)
    assert len(propose(problem, FIRST).pairs) == 2
    assert propose(problem, QUALITY).points >= propose(problem, FIRST).points


def test_same_problem_policy_and_seed_give_the_same_plan_whatever_the_order_of_rows():
    problem = random_problem(11, 25, 80)
    plan = propose(problem, seed=4)
    assert propose(problem, seed=4).as_dict() | {"seconds": {}} == plan.as_dict() | {"seconds": {}}
    mentors, children = list(problem.mentors), list(problem.children)
    Random(1).shuffle(mentors)
    Random(2).shuffle(children)
    other = propose(Problem(mentors, children, START, problem.refused_pairs), seed=4)
    assert set(map(str, other.pairs)) == set(map(str, plan.pairs))


def test_another_seed_may_choose_between_equal_plans_but_never_loses_points():
    problem = Problem([mentor(n) for n in range(4)], [child(n) for n in range(8)], START)
    plans = [propose(problem, seed=seed) for seed in range(12)]
    assert len({plan.points for plan in plans}) == 1
    assert len({frozenset(pair.child for pair in plan.pairs) for plan in plans}) > 1


def test_a_plan_written_as_json_is_read_back_equal():
    plan = propose(random_problem(5, 10, 30))
    assert Plan.from_json(plan.to_json()) == plan


def test_each_unmatched_child_is_told_why_with_the_number_of_mentors_each_rule_refuses():
    problem = random_problem(8, 15, 60)
    plan = propose(problem)
    by_id = {c.id: c for c in problem.children}
    assert len(plan.pairs) + len(plan.unmatched) == len(problem.children)
    for told in plan.unmatched:
        found = [
            refusals(m, by_id[told.child], START, FIRST, problem.refused_pairs)
            for m in problem.mentors
        ]
        counted = {code: sum(code in each for each in found) for code in told.refusals}
        assert dict(told.refusals) == counted
        assert {code for each in found for code in each} == set(told.refusals)
        allowed = any(not each for each in found)
        assert told.code == ("places_taken" if allowed else "no_mentor_allowed")
        assert told.code in UNMATCHED_CODES


@pytest.mark.parametrize("sides", [(0, 0), (0, 3), (3, 0)])
def test_empty_sides_make_an_empty_plan_with_reasons(sides):
    problem = Problem(
        [mentor(n) for n in range(sides[0])], [child(n) for n in range(sides[1])], START
    )
    plan = propose(problem)
    assert (plan.pairs, plan.points, plan.status) == ((), 0, "optimal")
    assert [told.code for told in plan.unmatched] == ["no_mentor_allowed"] * sides[1]


def test_when_every_pair_is_refused_the_plan_is_empty_and_valid():
    problem = Problem([mentor(active=False)], [child()], START)
    plan = propose(problem)
    assert plan.pairs == ()
    assert dict(plan.unmatched[0].refusals) == {"mentor_not_active": 1}


def spoiled(plan):
    """Plans that each differ from a good one in one thing."""
    pair = plan.pairs[0]
    other = next(each for each in plan.pairs if each.mentor != pair.mentor)
    proof = plan.certificate
    dearer = (proof.child_price[0] + 1, *proof.child_price[1:])
    cheaper = tuple(max(0, price - 1) for price in proof.slot_price)
    below = (-1, *proof.slot_price[1:])
    yield "points", replace(plan, points=plan.points + 1)
    yield (
        "pair points",
        replace(plan, pairs=(pair._replace(points=pair.points + 1), *plan.pairs[1:])),
    )
    yield (
        "parts",
        replace(
            plan,
            pairs=(pair._replace(parts=dict(pair.parts) | {"waiting": 10**6}), *plan.pairs[1:]),
        ),
    )
    yield "unknown mentor", replace(plan, pairs=(pair._replace(mentor=999), *plan.pairs[1:]))
    yield "child twice", replace(plan, pairs=(pair, pair, *plan.pairs[1:]))
    yield (
        "swapped",
        replace(
            plan,
            pairs=(
                pair._replace(mentor=other.mentor),
                other._replace(mentor=pair.mentor),
                *(each for each in plan.pairs if each not in (pair, other)),
            ),
        ),
    )
    yield "left out", replace(plan, pairs=plan.pairs[1:], points=plan.points - pair.points)
    yield "unmatched left out", replace(plan, unmatched=plan.unmatched[1:])
    yield "child price", replace(plan, certificate=replace(proof, child_price=dearer))
    yield "slot price", replace(plan, certificate=replace(proof, slot_price=cheaper))
    yield "negative price", replace(plan, certificate=replace(proof, slot_price=below))
    yield "no coverage", replace(plan, certificate=replace(proof, per_pair=0))
    yield "short", replace(plan, certificate=Certificate((), (), proof.per_pair))
    yield "bound", replace(plan, bound=plan.bound + 5)
    yield "status", replace(plan, status="feasible")


def test_a_corrupted_plan_or_certificate_is_caught():
    problem = random_problem(2, 30, 120)
    plan = propose(problem)
    verify(problem, None, plan)
    for name, wrong in spoiled(plan):
        with pytest.raises(PlanError):
            verify(problem, None, wrong)
            pytest.fail(name)


def test_a_plan_that_is_not_the_best_is_caught_even_when_its_sums_agree():
    plain = mentor(interests=frozenset())
    long, new = child(1), child(2, waiting_since=START)
    problem = Problem([plain], [long, new], START)
    best = propose(problem)
    worse = propose(Problem([plain], [new], START))
    left = best.unmatched[0]._replace(child=1)
    forged = replace(
        worse,
        unmatched=(left,),
        certificate=Certificate(
            (0,), (0, worse.points + worse.certificate.per_pair), worse.certificate.per_pair
        ),
    )
    with pytest.raises(PlanError, match="not proven"):
        verify(problem, None, forged)


def test_a_plan_for_yesterdays_rules_fails_on_the_day_the_certificate_has_lapsed():
    m = mentor(certificate_expires_on=START)
    plan = propose(Problem([m], [child()], START))
    with pytest.raises(PlanError, match="certificate_not_current"):
        verify(Problem([m], [child()], START + timedelta(days=1)), None, plan)


@pytest.mark.parametrize(
    ("make", "row", "field"),
    [
        (lambda: Problem([mentor(1), mentor(1)], [], START), 1, "id"),
        (lambda: Problem([], [child("a"), child("a")], START), "a", "id"),
        (lambda: Problem([mentor(birth_date=START + timedelta(1))], [], START), 1, "birth_date"),
        (lambda: Problem([], [child(birth_date=START + timedelta(1))], START), 1, "birth_date"),
        (lambda: mentor(7, capacity=-1), 7, "capacity"),
        (lambda: mentor(7, capacity=True), 7, "capacity"),
        (lambda: mentor(7, region="99"), 7, "region"),
        (lambda: child(7, lat=float("nan")), 7, "lat"),
        (lambda: mentor(7, languages={"xx": "fluent"}), 7, "languages"),
        (lambda: mentor(7, languages={"kk": "good"}), 7, "languages"),
        (lambda: child(7, first_language="klingon"), 7, "first_language"),
        (lambda: child(7, waiting_since="2026-01-01"), 7, "waiting_since"),
        (lambda: child(7, own_consent=None), 7, "own_consent"),
        (lambda: mentor(7, sex="x"), 7, "sex"),
        (lambda: mentor("", sex="male"), "", "id"),
        (lambda: Problem([mentor()], [child()], START, {(1, 9): "forbidden"}), 9, "refused_pairs"),
        (lambda: Problem([mentor()], [child()], START, {(1, 1): "no"}), (1, 1), "refused_pairs"),
    ],
)
def test_bad_input_names_the_row_and_the_field(make, row, field):
    with pytest.raises(ProblemError) as caught:
        make()
    assert (caught.value.row, caught.value.field) == (row, field)
    assert repr(row) in str(caught.value) and field in str(caught.value)


def test_points_that_would_overflow_are_refused():
    policy = FIRST.with_values({"points.waiting.per_month": 1_000_000})
    problem = Problem([mentor()], [child(waiting_since=START - timedelta(days=200_000))], START)
    with pytest.raises(ProblemError, match="overflow"):
        propose(problem, policy)


def test_a_problem_made_twice_of_the_same_people_has_the_same_digest():
    """However its arrays lie in memory: NumPy's sines may differ in the last bit with the place."""
    people = [mentor(n, lat=49.8 + n / 7, lon=73.1 + n / 11) for n in range(50)]
    digests = set()
    for size in range(40):
        held = [np.empty(size * 8 + 1, np.uint8) for _ in range(5)]
        digests.add(problem_digest(Problem(people, [child()], START)))
        del held
    vectors = [
        unit_vectors(np.full(n, 49.83), np.full(n, 73.17))[-1].tolist() for n in range(1, 40)
    ]
    assert len(digests) == 1
    assert all(each == vectors[0] for each in vectors)
