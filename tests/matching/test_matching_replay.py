from dataclasses import replace
from pathlib import Path

import pytest
from matching_people import START, child, mentor

from matching import PlanError, Policy, Problem, Record, propose, replay, score, verify
from matching.policy_check import INTRODUCED
from matching.versions import problem_digest

OLD = Path(__file__).with_name("record_of_1_1.json")


def test_a_record_that_version_1_1_wrote_still_fits_its_digests():
    record = Record.load(OLD)
    assert record.plan.versions["matching"] == "1.1.0"
    assert record.plan.hashes["problem"] == problem_digest(record.problem)
    assert record.plan.hashes["policy"] == record.policy.digest


def test_a_record_that_version_1_1_wrote_is_made_again_with_the_same_pairs_and_points():
    record = Record.load(OLD)
    verify(record.problem, record.policy, record.plan)
    made = replay(record)
    assert [pair[:3] for pair in made.pairs] == [pair[:3] for pair in record.plan.pairs]
    assert (made.points, made.certificate) == (record.plan.points, record.plan.certificate)


def test_a_record_that_version_1_1_wrote_with_other_points_is_refused():
    record = Record.load(OLD)
    first, *others = record.plan.pairs
    other = first._replace(parts=dict(first.parts) | {"waiting": first.parts["waiting"] - 1})
    with pytest.raises(PlanError):
        replay(replace(record, plan=replace(record.plan, pairs=(other, *others))))


def test_a_policy_without_the_settings_that_came_later_counts_them_as_nothing():
    policy = Record.load(OLD).policy
    assert all(policy[key] == nothing for key, nothing in INTRODUCED.items())
    assert not {"kin", "mentor_wishes"} & policy.as_dict()["points"].keys()
    problem = Problem([mentor(child_sex_wish="male")], [child(kin_mentors=frozenset({1}))], START)
    told = score(1, 1, problem, policy)
    assert (told["kin"], told["mentor_wishes"]) == (0, 0)
    other = policy.with_values({"points.kin.most": 7})
    assert score(1, 1, problem, other)["kin"] == 7
    assert policy.digest == Record.load(OLD).policy.digest


@pytest.mark.parametrize(
    ("of_mentor", "of_child"),
    [
        ({}, {"data_consent": False}),
        ({"child_sex_wish": "female"}, {}),
        ({"child_age_wish": (10, 12)}, {}),
        ({}, {"kin_mentors": frozenset({1})}),
    ],
)
def test_a_fact_that_came_later_changes_the_digest_and_is_kept_in_a_record(of_mentor, of_child):
    plain = Problem([mentor()], [child()], START)
    told = Problem([mentor(**of_mentor)], [child(**of_child)], START)
    assert problem_digest(plain) != problem_digest(told)
    record = Record.from_json(Record(propose(told), told, Policy.default()).to_json())
    assert problem_digest(record.problem) == problem_digest(told)
    assert replay(record) == record.plan
