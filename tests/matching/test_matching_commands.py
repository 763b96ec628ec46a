import json
from pathlib import Path

import pytest
from matching_people import START, random_problem

from matching import Plan, PlanError, Policy, ProblemError, propose, why_unmatched
from matching.__main__ import main
from matching.cluster import cluster_executor
from matching.register import as_row
from matching.replay import Record, problem_as_dict, problem_from_dict, replay


@pytest.fixture
def recorded(tmp_path, capsys):
    problem = random_problem(1, 12, 30)
    paths = [tmp_path / name for name in ("mentors.json", "children.json", "plan.json")]
    for path, people in zip(paths, (problem.mentors, problem.children), strict=False):
        path.write_text(json.dumps([as_row(person) for person in people]), encoding="utf-8")
    asked = ["propose", "--mentors", str(paths[0]), "--children", str(paths[1])]
    assert (
        main([*asked, "--start-on", START.isoformat(), "--out", str(paths[2]), "--seed", "5"]) == 0
    )
    capsys.readouterr()
    return str(paths[2])


def told(capsys):
    return json.loads(capsys.readouterr().out)


def test_a_recorded_plan_is_made_again_the_same(recorded, capsys):
    assert main(["replay", recorded, "--json"]) == 0
    assert told(capsys)["same"] is True


def test_a_recorded_plan_is_verified(recorded, capsys):
    assert main(["verify", recorded, "--json"]) == 0
    assert told(capsys)["verified"] is True


@pytest.mark.parametrize("part", ["points", "child", "policy", "seed"])
def test_a_record_that_was_changed_is_caught(recorded, capsys, part):
    data = json.loads(Path(recorded).read_text(encoding="utf-8"))
    if part == "points":
        data["pairs"][0]["points"] += 1
    elif part == "child":
        data["problem"]["children"][0]["waiting_since"] = "2020-01-01"
    elif part == "policy":
        data["policy"]["points"]["waiting"]["per_month"]["value"] = 1
    else:
        data["pairs"].pop()
    Path(recorded).write_text(json.dumps(data), encoding="utf-8")
    assert main(["replay", recorded]) == 1
    assert capsys.readouterr().err.startswith("matching: ")


def test_explain_tells_a_pair_a_child_without_mentor_and_who_was_reached(recorded, capsys):
    record = Record.load(recorded)
    pair, left = record.plan.pairs[0], record.plan.unmatched[0]
    assert main(["explain", recorded, "--child", str(pair.child), "--json"]) == 0
    assert told(capsys)["parts"] == dict(pair.parts)
    assert main(["explain", recorded, "--child", str(left.child), "--json"]) == 0
    answer = told(capsys)
    direct = why_unmatched(record.problem, record.policy, record.plan, left.child)
    assert answer["refusals"] == dict(direct.refusals)
    assert answer["nearest"][0]["mentor"] == direct.nearest[0].mentor
    other = next(m.id for m in record.problem.mentors if m.id != pair.mentor)
    asked = ["explain", recorded, "--child", str(pair.child), "--mentor", str(other)]
    assert main([*asked, "--json"]) == 0
    assert set(told(capsys)) >= {"refusals", "points_lost", "pairs_lost", "diff"}
    assert main(["explain", recorded, "--json"]) == 0
    assert told(capsys)["worst"]["children"] >= 5
    assert main(["explain", recorded]) == 0
    assert "groups:" in capsys.readouterr().out


def test_recruit_prints_a_brief(recorded, capsys):
    assert main(["recruit", recorded, "--count", "2", "--json"]) == 0
    answer = told(capsys)
    assert len(answer["recruits"]) == 2
    assert sum(brief["mentors"] for brief in answer["briefs"]) == 2


def test_an_unknown_id_and_a_file_that_is_no_plan_are_told_in_one_line(recorded, capsys, tmp_path):
    assert main(["explain", recorded, "--child", "nobody"]) == 2
    assert "nobody" in capsys.readouterr().err
    other = tmp_path / "other.json"
    other.write_text("{}", encoding="utf-8")
    assert main(["replay", str(other)]) == 2
    assert "not a recorded plan" in capsys.readouterr().err


def test_a_problem_written_as_json_is_read_back_the_same():
    problem = random_problem(7, 6, 12)
    back = problem_from_dict(json.loads(json.dumps(problem_as_dict(problem))))
    assert back.mentors == problem.mentors and back.children == problem.children
    assert propose(back) == propose(problem)


def test_a_stopped_plan_is_not_made_again():
    problem = random_problem(7, 6, 12)
    plan = propose(problem, cancel=lambda: True)
    with pytest.raises(PlanError, match="stopped"):
        replay(Record(plan, problem, Policy.default()))


def test_a_record_keeps_the_plan_readable_as_a_plan(recorded):
    text = Path(recorded).read_text(encoding="utf-8")
    assert Plan.from_json(text) == Record.load(recorded).plan


def test_a_cluster_that_is_not_there_is_told():
    pytest.importorskip("distributed")
    nobody = cluster_executor("tcp://127.0.0.1:9", timeout_s=1)
    with pytest.raises(ProblemError, match="no scheduler"), nobody:
        pass
