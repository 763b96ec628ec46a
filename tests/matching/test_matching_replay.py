from dataclasses import replace
from pathlib import Path

import pytest
from matching_people import START, child, mentor

from matching import PlanError, Policy, Problem, Record, propose, replay, verify
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


@pytest.mark.parametrize("changes", [{"data_consent": False}])
def test_a_new_fact_about_a_child_changes_the_digest_of_the_problem(changes):
    plain = Problem([mentor()], [child()], START)
    told = Problem([mentor()], [child(**changes)], START)
    assert problem_digest(plain) != problem_digest(told)
    record = Record(propose(told), told, Policy.default())
    assert problem_digest(Record.from_json(record.to_json()).problem) == problem_digest(told)
