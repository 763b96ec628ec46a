import pytest
from matching_people import random_problem

from matching import Locks, Policy, ProblemError, options, propose, refusals, why_not, why_unmatched


@pytest.mark.parametrize("seed", range(6))
def test_options_are_all_mentors_whom_no_rule_refuses(seed):
    problem = random_problem(seed, 8, 12)
    plan = propose(problem)
    for child in problem.children:
        offered = {option.mentor for option in options(problem, None, plan, child.id)}
        allowed = {
            mentor.id
            for mentor in problem.mentors
            if not refusals(mentor, child, problem.start_on, None, problem.refused_pairs)
        }
        assert offered == allowed


@pytest.mark.parametrize("seed", range(6))
def test_the_order_of_options_is_a_lower_bound_of_what_each_costs(seed):
    problem = random_problem(seed, 8, 12)
    plan = propose(problem)
    proof = plan.certificate
    for pair in plan.pairs:
        for option in options(problem, None, plan, pair.child):
            if option.mentor == pair.mentor:
                continue
            found = why_not(problem, None, plan, option.mentor, pair.child)
            least = (
                proof.slot_price[problem.mentor_row[option.mentor]]
                + proof.child_price[problem.child_row[pair.child]]
                - option.points
                - proof.per_pair
            )
            assert found.points_lost + found.pairs_lost * proof.per_pair >= least
            assert option.points == sum(found.parts.values())


def test_a_mentor_who_is_held_back_is_no_option_and_an_unknown_child_is_refused():
    problem = random_problem(1, 8, 12)
    child = problem.children[0].id
    offered = options(problem, None, propose(problem), child)
    held = problem.with_locks(Locks(held_mentors=frozenset({offered[0].mentor})))
    left = {option.mentor for option in options(held, None, propose(held), child)}
    assert left == {option.mentor for option in offered[1:]}
    with pytest.raises(ProblemError):
        options(problem, None, propose(problem), "nobody")


@pytest.mark.parametrize("seed", range(8))
def test_only_rules_that_may_be_relaxed_are_named_when_asked(seed):
    problem = random_problem(seed, 6, 14)
    plan = propose(problem)
    may = ("out_of_reach", "no_shared_language")
    for left in plan.unmatched:
        any_rule = why_unmatched(problem, Policy.default(), plan, left.child)
        some = why_unmatched(problem, Policy.default(), plan, left.child, relaxable=may)
        assert some.relax is None or set(some.relax) <= set(may)
        if some.relax is not None and any_rule.relax is not None:
            assert len(some.relax) >= len(any_rule.relax)
