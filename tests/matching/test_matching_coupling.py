from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matching_people import START, child, mentor, random_problem

from matching import Plan, PlanError, Policy, Problem, ProblemError, propose, verify
from matching.block import Block
from matching.component import values_of
from matching.rules import refused_people

FIRST = Policy.default()
QUALITY = FIRST.with_values({"objective.coverage": "quality"})


def floor(**changes):
    table = {
        "code": "girls",
        "by": "sex",
        "is": "female",
        "share_percent": 50,
        "hard": False,
        "points_per_child": 400,
        "source": "test",
        "owner": "test",
    }
    table |= changes
    if table["hard"]:
        del table["points_per_child"]
    return table


def with_floor(policy, **changes):
    return Policy.from_dict(policy.as_dict() | {"floor": [floor(**changes)]})


def best_coupled(problem, policy):
    """The best plan by trying all, as (pairs, points) or (0, points)."""
    value = values_of(Block.of(problem, policy)).tolist()
    columns = problem.child_columns
    places = [m.capacity for m in problem.mentors]
    alive = [
        any(row[c] >= 0 for row in value) or _eligible(problem, policy, c)
        for c in range(len(columns))
    ]
    limit = policy["coupling.most_children_per_centre"]
    free = sum(
        m.capacity for r, m in enumerate(problem.mentors) if not _mentor_out(problem, policy, r)
    )
    best = None
    for chosen in product(range(-1, len(places)), repeat=len(columns)):
        pairs = [(m, c) for c, m in enumerate(chosen) if m >= 0]
        if any(value[m][c] < 0 for m, c in pairs):
            continue
        if any(chosen.count(m) > room for m, room in enumerate(places)):
            continue
        if limit and any(
            sum(columns.centre[c] == centre for m, c in pairs if m == who) > limit
            for who in range(len(places))
            for centre in range(4)
        ):
            continue
        if _siblings_split(problem, chosen, alive):
            continue
        points = sum(value[m][c] for m, c in pairs)
        points += sibling_points(problem, policy, dict(enumerate(chosen)))
        missed = False
        for rule in policy.floors:
            need = rule.share_percent * free // 100
            reached = sum(columns.sex[c] == 0 for _, c in pairs)
            missed |= rule.hard and reached < need
            points -= max(0, need - reached) * rule.points_per_child
        if missed:
            continue
        found = (len(pairs) if policy["objective.coverage"] == "first" else 0, points)
        best = found if best is None else max(best, found)
    return best


def _mentor_out(problem, policy, row):
    return bool(refused_people(Block.of(problem, policy))[0][row])


def _eligible(problem, policy, column):
    return not refused_people(Block.of(problem, policy))[1][column]


def sibling_points(problem, policy, mentor_of):
    """What siblings with one mentor give, counted pair of siblings by pair of siblings."""
    groups = {}
    for row, one in enumerate(problem.children):
        if one.sibling_group and one.sibling_rule == "prefer" and mentor_of.get(row, -1) != -1:
            groups.setdefault((one.sibling_group, mentor_of[row]), []).append(row)
    each = policy["coupling.siblings_same_mentor_points"]
    return sum(each * (len(rows) - 1) for rows in groups.values())


def _siblings_split(problem, chosen, alive):
    columns = problem.child_columns
    for group in set(columns.group.tolist()) - {-1}:
        if columns.group_rule[columns.group == group][0] == 2:
            continue
        found = {chosen[c] for c in range(len(chosen)) if columns.group[c] == group and alive[c]}
        together = columns.group_rule[columns.group == group][0] == 1
        if len(found) > 1 and not (together and -1 not in found):
            return True
    return False


def coupled_problem(seed, mentors, children, rule):
    problem = random_problem(seed, mentors, children)
    changed = [
        replace(c, sibling_group=f"g{n // 2}" if n % 5 < 2 or n < 2 else None, sibling_rule=rule)
        for n, c in enumerate(problem.children)
    ]
    return Problem(problem.mentors, changed, START, problem.refused_pairs)


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**9),
    st.integers(1, 4),
    st.integers(2, 5),
    st.sampled_from(["same_mentor", "together", "prefer"]),
    st.sampled_from([FIRST, QUALITY]),
    st.sampled_from([0, 1]),
    st.booleans(),
)
def test_siblings_centres_and_floors_give_the_best_of_all_plans(
    seed, mentors, children, rule, policy, limit, floored
):
    problem = coupled_problem(seed, mentors, children, rule)
    policy = policy.with_values({"coupling.most_children_per_centre": limit})
    if floored:
        policy = with_floor(policy)
    plan = propose(problem, policy, seed=seed)
    pairs = len(plan.pairs) if policy["objective.coverage"] == "first" else 0
    assert (pairs, plan.points) == best_coupled(problem, policy)
    assert plan.status == "optimal"


@st.composite
def families(draw):
    """A tiny problem in which siblings of two families had best share a mentor, some must."""
    seed = draw(st.integers(0, 10**9))
    problem = random_problem(seed, draw(st.integers(1, 4)), draw(st.integers(2, 6)))
    rules = {name: draw(st.sampled_from(["prefer", "prefer", "same_mentor"])) for name in "ab"}
    names = draw(st.lists(st.sampled_from(["a", "a", "b", None]), min_size=6, max_size=6))
    children = [
        replace(
            c,
            sibling_group=name,
            sibling_rule=rules.get(name, "prefer"),
            birth_date=START.replace(year=2013),
            languages={"kk": "fluent", "ru": "fluent"},
        )
        for c, name in zip(problem.children, names, strict=False)
    ]
    mentors = [
        replace(m, birth_date=START.replace(year=1990), reach_km=60) for m in problem.mentors
    ]
    return Problem(mentors, children, START, problem.refused_pairs)


@settings(max_examples=150, deadline=None)
@given(
    families(),
    st.sampled_from([FIRST, QUALITY]),
    st.sampled_from([0, 1, 40, 150, 5000]),
    st.sampled_from([0, 2]),
    st.booleans(),
)
def test_siblings_who_had_best_share_a_mentor_give_the_best_of_all_plans(
    problem, policy, points, limit, floored
):
    policy = policy.with_values(
        {
            "coupling.siblings_same_mentor_points": points,
            "coupling.most_children_per_centre": limit,
        }
    )
    if floored:
        policy = with_floor(policy)
    plan = propose(problem, policy)
    pairs = len(plan.pairs) if policy["objective.coverage"] == "first" else 0
    assert (pairs, plan.points) == best_coupled(problem, policy)
    rows = {problem.child_row[pair.child]: problem.mentor_row[pair.mentor] for pair in plan.pairs}
    assert plan.siblings == sibling_points(problem, policy, rows)
    assert Plan.from_json(plan.to_json()) == plan


@settings(max_examples=25, deadline=None)
@given(
    st.integers(0, 10**9), st.integers(2, 15), st.integers(2, 40), st.sampled_from([FIRST, QUALITY])
)
def test_flow_and_search_agree_where_nothing_couples(seed, mentors, children, policy):
    problem = random_problem(seed, mentors, children)
    plan = propose(problem, policy)
    idle = with_floor(policy, share_percent=1, points_per_child=0)
    searched = propose(problem, idle)
    assert (searched.points, len(searched.pairs)) == (plan.points, len(plan.pairs))


def test_siblings_share_a_mentor_or_wait_together():
    kids = [child(n, sibling_group="a") for n in (1, 2)]
    apart = Problem([mentor(1), mentor(2)], kids, START)
    assert propose(apart).pairs == ()
    room = Problem([mentor(1), mentor(2, capacity=2)], kids, START)
    assert [pair.mentor for pair in propose(room).pairs] == [2, 2]
    either = Problem(
        [mentor(1), mentor(2)], [replace(c, sibling_rule="together") for c in kids], START
    )
    assert {pair.mentor for pair in propose(either).pairs} == {1, 2}


def test_a_sibling_whom_a_rule_refuses_does_not_bind_the_others():
    kids = [child(1, sibling_group="a"), child(2, sibling_group="a", own_consent=False)]
    assert [pair.child for pair in propose(Problem([mentor()], kids, START)).pairs] == [1]


def test_a_plan_that_parts_siblings_is_caught():
    kids = [child(n, sibling_group="a") for n in (1, 2)]
    mentors = [mentor(1, capacity=2), mentor(2, capacity=2)]
    plan = propose(Problem(mentors, kids, START))
    first, second = plan.pairs
    parted = replace(plan, pairs=(first._replace(mentor=3 - first.mentor), second))
    with pytest.raises(PlanError, match="siblings"):
        verify(Problem(mentors, kids, START), None, parted)


def test_at_most_so_many_children_of_one_centre_go_to_one_mentor():
    kids = [child(n) for n in range(4)]
    policy = FIRST.with_values({"coupling.most_children_per_centre": 2})
    assert len(propose(Problem([mentor(capacity=4)], kids, START), policy).pairs) == 2
    assert len(propose(Problem([mentor(capacity=4)], kids, START)).pairs) == 4


def test_a_hard_floor_gives_places_to_the_group_and_a_soft_one_has_its_price():
    boys = [child(n) for n in range(4)]
    girls = [child(10 + n, sex="female", waiting_since=START) for n in range(4)]
    problem = Problem([mentor(n) for n in range(4)], boys + girls, START)

    def count(policy):
        return sum(pair.child >= 10 for pair in propose(problem, policy).pairs)

    assert count(FIRST) == 0
    assert count(with_floor(FIRST, hard=True)) == 2
    assert count(with_floor(FIRST, points_per_child=10_000)) == 2
    cheap = propose(problem, with_floor(FIRST, points_per_child=1))
    assert cheap.penalty == 2
    assert cheap.points == sum(pair.points for pair in cheap.pairs) - 2


def test_a_hard_floor_that_cannot_be_reached_names_itself():
    problem = Problem([mentor(n) for n in range(4)], [child(1)], START)
    with pytest.raises(ProblemError, match="girls"):
        propose(problem, with_floor(FIRST, hard=True))
