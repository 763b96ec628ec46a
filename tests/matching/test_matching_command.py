import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from matching_people import START, random_problem

from matching import Plan, propose
from matching.__main__ import main
from matching.register import as_row, read_children, read_mentors


@pytest.fixture
def files(tmp_path):
    problem = random_problem(1, 12, 30)
    paths = tmp_path / "mentors.json", tmp_path / "children.json"
    for path, people in zip(paths, (problem.mentors, problem.children), strict=True):
        path.write_text(json.dumps([as_row(person) for person in people]), encoding="utf-8")
    return problem, *map(str, paths)


def test_a_register_in_json_is_read_back_equal(files):
    problem, mentors, children = files
    assert tuple(read_mentors(mentors)) == problem.mentors
    assert tuple(read_children(children)) == problem.children


def test_a_register_in_csv_is_read_back_equal(files, tmp_path):
    problem, _, _ = files

    def cell(name, value):
        if value is None:
            return ""
        if name == "clearances":
            return "|".join(
                f"{c['kind']}:{c['result']}:{c['issued_on']}:{c['valid_until'] or ''}"
                for c in value
            )
        if isinstance(value, dict):
            return "|".join(f"{code}:{level}" for code, level in value.items())
        if isinstance(value, list):
            return "|".join(str(part) for part in value)
        return str(value).lower() if isinstance(value, bool) else str(value)

    for people, read, name in (
        (problem.mentors, read_mentors, "mentors.csv"),
        (problem.children, read_children, "children.csv"),
    ):
        path = tmp_path / name
        rows = [{k: cell(k, v) for k, v in as_row(p).items()} for p in people]
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        found = [as_row(p) | {"centre": None} for p in read(path)]
        assert found == [as_row(p) | {"centre": None} for p in people]


def test_propose_writes_the_plan_and_prints_a_summary(files, tmp_path, capsys):
    problem, mentors, children = files
    out = tmp_path / "plan.json"
    asked = ["propose", "--mentors", mentors, "--children", children]
    status = main([*asked, "--start-on", START.isoformat(), "--out", str(out), "--json"])
    assert status == 0
    plan = Plan.from_json(out.read_text(encoding="utf-8"))
    assert plan.pairs == propose(problem).pairs
    told = json.loads(capsys.readouterr().out)
    assert (told["proposals"], told["points"]) == (len(plan.pairs), plan.points)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"capacity": "many"}, "capacity"),
        ({"birth_date": "31.12.1990"}, "birth_date"),
        ({"colour": "red"}, "colour"),
        ({"active": "perhaps"}, "active"),
    ],
)
def test_a_wrong_cell_is_told_in_one_line_with_row_and_field(files, capsys, change, word):
    _, mentors, children = files
    rows = json.loads(Path(mentors).read_text(encoding="utf-8"))
    rows[3] |= change
    Path(mentors).write_text(json.dumps(rows), encoding="utf-8")
    assert main(["propose", "--mentors", mentors, "--children", children]) == 2
    told = capsys.readouterr().err
    assert told.count("\n") == 1 and "mentor 3" in told and word in told


def test_a_file_that_is_not_there_is_told_in_one_line(capsys):
    assert main(["propose", "--mentors", "no.json", "--children", "no.json"]) == 2
    assert "no.json" in capsys.readouterr().err


def test_web_workers_never_load_the_slow_part_of_the_solver():
    code = "import matching, sys; sys.exit('ortools.sat.python.cp_model' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
