from dataclasses import replace

import pytest
from matching_people import START, child, mentor, random_problem

from matching import (
    Locks,
    Policy,
    Problem,
    ProblemError,
    compare,
    diff,
    fairness,
    propose,
    recruit,
    refusals,
    replan,
    verify,
    why,
    why_not,
    why_unmatched,
)

DEFAULT = Policy.default()


def allowed_pairs(problem, plan):
    formed = {(pair.mentor, pair.child) for pair in plan.pairs}
    for m in problem.mentors:
        for c in problem.children:
            free = not refusals(m, c, START, DEFAULT, problem.refused_pairs)
            if free and (m.id, c.id) not in formed:
                yield m.id, c.id


def test_why_tells_the_points_of_the_pair():
    problem = random_problem(1, 10, 20)
    plan = propose(problem)
    pair = plan.pairs[0]
    assert why(plan, pair.child) == pair.parts
    with pytest.raises(ProblemError):
        why(plan, plan.unmatched[0].child)


@pytest.mark.parametrize("seed", range(3))
def test_why_not_tells_what_forcing_the_pair_would_cost_as_solving_all_again_does(seed):
    problem = random_problem(seed, 12, 25)
    plan = propose(problem)
    pairs = list(allowed_pairs(problem, plan))[::9]
    assert pairs
    for pair in pairs:
        told = why_not(problem, None, plan, *pair)
        forced = propose(problem.with_locks(Locks(fixed=frozenset({pair}))))
        assert told.points_lost == plan.points - forced.points
        assert told.pairs_lost == len(plan.pairs) - len(forced.pairs)
        assert told.pairs_lost >= 0
        assert told.diff == diff(plan, forced)


def test_why_not_names_every_rule_that_refuses_the_pair():
    problem = Problem([mentor(active=False, reach_km=1)], [child()], START)
    told = why_not(problem, None, propose(problem), 1, 1)
    assert told.refusals == ("mentor_not_active", "out_of_reach")
    assert told.diff is None


def test_unmatched_counts_every_rule_and_names_the_nearest_mentors_by_fewest_rules():
    problem = random_problem(4, 15, 40)
    plan = propose(problem)
    for left in plan.unmatched[:8]:
        told = why_unmatched(problem, None, plan, left.child)
        assert dict(told.refusals) == dict(left.refusals)
        one = problem.children[problem.child_row[left.child]]
        everyone = [
            refusals(m, one, START, DEFAULT, problem.refused_pairs) for m in problem.mentors
        ]
        assert told.allowed == sum(not codes for codes in everyone)
        fewest = sorted(len(codes) for codes in everyone)[:5]
        assert [len(near.refusals) for near in told.nearest] == fewest
        for near in told.nearest:
            assert near.refusals == everyone[near.mentor]


@pytest.mark.parametrize(
    ("m", "c", "wanted"),
    [
        ({"active": False}, {}, ("mentor_not_active",)),
        ({"capacity": 0}, {}, ("no_capacity",)),
        ({}, {"own_consent": False}, ("no_child_consent",)),
        (
            {"reach_km": 1, "languages": {"ru": "fluent"}},
            {},
            ("no_shared_language", "out_of_reach"),
        ),
    ],
)
def test_the_smallest_set_of_rules_to_relax_gives_the_child_a_mentor(m, c, wanted):
    far = mentor(2, active=False, capacity=0, reach_km=1, languages={"en": "fluent"})
    problem = Problem([mentor(1, **m), far], [child(**c)], START)
    told = why_unmatched(problem, None, propose(problem), 1)
    assert (told.relax, told.relax_mentor) == (wanted, 1)


def test_relaxing_is_of_no_use_where_every_place_is_worth_more_elsewhere():
    long, new = child(1), child(2, waiting_since=START)
    problem = Problem([mentor()], [long, new], START)
    told = why_unmatched(problem, None, propose(problem), 2)
    assert (told.allowed, told.relax) == (1, None)


def test_a_relaxed_rule_counts_only_if_solving_again_gives_the_child_that_mentor():
    # Mentor 2 is allowed for nobody but would be free; mentor 1 is taken by a child worth more.
    kids = [child(1), child(2, waiting_since=START)]
    mentors = [mentor(1), mentor(2, languages={"ru": "fluent"})]
    told = why_unmatched(
        Problem(mentors, kids, START), None, propose(Problem(mentors, kids, START)), 2
    )
    assert (told.relax, told.relax_mentor) == (("no_shared_language",), 2)
    speaks = [mentors[0], replace(mentors[1], languages={"kk": "fluent"})]
    assert len(propose(Problem(speaks, kids, START)).pairs) == 2


@pytest.mark.parametrize("seed", range(3))
def test_a_recruit_adds_what_solving_all_again_with_that_mentor_adds(seed):
    problem = random_problem(seed, 8, 30)
    plan = propose(problem)
    found = recruit(problem, None, plan, 3)
    assert found.recruits
    total = sum(one.points for one in found.recruits)
    assert sum(one.pairs for one in found.recruits) <= len(found.recruits)
    assert sum(brief.points for brief in found.briefs) == total
    assert sum(brief.mentors for brief in found.briefs) == len(found.recruits)
    first = found.recruits[0]
    added = mentor(
        "new",
        sex=first.sex,
        birth_date=START.replace(year=START.year - 35, month=1, day=1),
        region=first.region,
        lat=first.lat,
        lon=first.lon,
        reach_km=first.reach_km,
        languages=dict.fromkeys(first.languages, "fluent"),
        interests=frozenset(first.interests),
        certificate_expires_on=START.replace(year=START.year + 1),
    )
    wider = propose(problem.with_mentors([added]))
    assert wider.points - plan.points == first.points
    assert len(wider.pairs) - len(plan.pairs) == first.pairs


def test_nobody_is_recruited_where_every_child_has_a_mentor_that_suits_best():
    problem = Problem([mentor(interests=frozenset({"chess", "football"}))], [], START)
    assert recruit(problem, None, propose(problem), 2).recruits == ()


def test_replan_touches_what_depends_on_the_locks_and_equals_solving_all_again():
    problem = random_problem(6, 20, 60)
    plan = propose(problem)
    first, second, third = plan.pairs[:3]
    locks = Locks(
        forbidden=frozenset({(first.mentor, first.child)}),
        held_mentors=frozenset({second.mentor}),
        held_children=frozenset({third.child}),
    )
    after, made, change = replan(problem, None, plan, locks)
    again = propose(after)
    assert (made.points, len(made.pairs)) == (again.points, len(again.pairs))
    assert made.pairs == again.pairs
    verify(after, None, made)
    assert (first.mentor, first.child) not in {(p.mentor, p.child) for p in made.pairs}
    assert second.mentor not in {p.mentor for p in made.pairs}
    held = {left.child: left.code for left in made.unmatched}
    assert held[third.child] == "held_back"
    assert change == diff(plan, made)
    assert change.points == made.points - plan.points <= 0


def test_diff_tells_who_gained_lost_and_moved_and_who_is_worst_off():
    problem = Problem([mentor(n) for n in (1, 2)], [child(n) for n in (1, 2, 3)], START)
    plan = propose(problem)
    (left,) = (told.child for told in plan.unmatched)
    taken = plan.pairs[0]
    _, made, change = replan(problem, None, plan, Locks(held_children=frozenset({taken.child})))
    assert [gained.child for gained in change.gained] == [left]
    assert [lost.child for lost in change.lost] == [taken.child]
    assert change.worst_off.child == taken.child
    assert change.worst_off.points == -taken.points
    assert change.pairs == len(made.pairs) - len(plan.pairs) == 0


@pytest.mark.parametrize(
    ("locks", "field"),
    [
        (Locks(fixed=frozenset({(2, 1)})), "locks.fixed"),
        (Locks(fixed=frozenset({(1, 1), (1, 2)})), "locks.fixed"),
        (Locks(fixed=frozenset({(1, 1)}), held_children=frozenset({1})), "locks.fixed"),
        (Locks(fixed=frozenset({(9, 1)})), "locks.fixed"),
        (Locks(held_mentors=frozenset({9})), "locks.held"),
        (Locks(forbidden=frozenset({(1, 9)})), "locks.forbidden"),
    ],
)
def test_a_lock_that_breaks_a_rule_or_names_nobody_is_refused(locks, field):
    people = [mentor(1), mentor(2, active=False)], [child(1), child(2)]
    with pytest.raises(ProblemError) as caught:
        propose(Problem(*people, START, locks=locks))
    assert caught.value.field == field


def test_a_fixed_pair_is_in_the_plan_and_the_rest_is_the_best_around_it():
    problem = random_problem(9, 12, 25)
    plan = propose(problem)
    pair = next(allowed_pairs(problem, plan))
    made = propose(problem.with_locks(Locks(fixed=frozenset({pair}))))
    assert pair in {(p.mentor, p.child) for p in made.pairs}
    assert made.status == "optimal"


def test_two_policies_are_compared_on_one_problem():
    problem = random_problem(3, 12, 40)
    other = DEFAULT.with_values({"points.waiting.per_month": 0}, "no waiting")
    found = compare(problem, DEFAULT, other)
    assert found.second.versions["policy"] == "no waiting"
    assert found.parts["waiting"][1] == 0
    assert len(found.first.pairs) == len(found.second.pairs)
    assert found.second.points >= found.first.points - found.parts["waiting"][0]
    assert found.diff == diff(found.first, found.second)


def test_fairness_counts_each_waiting_child_once_in_every_kind_of_group():
    problem = random_problem(2, 20, 80)
    plan = propose(problem)
    told = fairness(problem, None, plan)
    kinds = {group.by for group in told.groups}
    assert kinds == {"region", "sex", "first_language", "age", "disability", "waiting"}
    totals = {
        by: (
            sum(g.children for g in told.groups if g.by == by),
            sum(g.matched for g in told.groups if g.by == by),
        )
        for by in kinds
    }
    assert len(set(totals.values())) == 1
    count, matched = totals["sex"]
    assert matched == len(plan.pairs)
    assert told.overall == matched / count
    assert told.worst.share == min(g.share for g in told.groups if g.children >= 5)
