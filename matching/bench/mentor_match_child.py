"""Runs the tool `mentor-match` on its own sample, in its own environment, and prints JSON.

Started as a file by another Python, because that tool installs a package that is also called
``matching``: nothing of this repository is imported here.
"""

import contextlib
import csv
import json
import operator
import sys
import time
from pathlib import Path
from typing import Any

import matching.rules.rule as rules  # type: ignore[import-not-found]
from matching.mentee import Mentee  # type: ignore[import-not-found]
from matching.mentor import Mentor  # type: ignore[import-not-found]
from matching.process import process_data  # type: ignore[import-not-found]

GRADES = [
    *("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"),
]


def _read(folder: str, name: str, kind: Any) -> list[Any]:
    with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
        people = []
        for row in csv.DictReader(file):
            person = kind(
                **{
                    "grade": GRADES.index(row["grade"]),
                    "organisation": row["organisation"],
                    "profession": row["profession"],
                    "email": row["email address"],
                }
            )
            person.characteristics = (row.get("characteristics") or "").split(", ")
            person.wanted = row.get("identity to match") or ""
            people.append(person)
        return people


def _points(mentor: Any, mentee: Any) -> int:
    step = mentor.grade - mentee.grade
    shared = bool(mentee.wanted) and mentee.wanted in mentor.characteristics
    same = mentor.profession == mentee.profession
    return int({1: 9, 2: 12}[step] + 10 * same + 6 * shared)


def _rules() -> list[Any]:
    return [
        rules.Disqualify(lambda pair: pair.mentee.organisation == pair.mentor.organisation),
        rules.Disqualify(rules.Grade(2, operator.gt).evaluate),
        rules.Disqualify(rules.Grade(0, operator.le).evaluate),
        rules.Grade(1, operator.eq, {True: 9, False: 0}),
        rules.Grade(2, operator.eq, {True: 12, False: 0}),
        rules.Equivalent("profession", {True: 10, False: 0}),
        rules.Generic(
            {True: 6, False: 0},
            lambda pair: (
                bool(pair.mentee.wanted) and pair.mentee.wanted in pair.mentor.characteristics
            ),
        ),
    ]


def main(folder: str) -> None:
    """Match the sample once and print pairs, points, seconds and peak memory."""
    mentors = _read(folder, "mentors.csv", Mentor)
    mentees = _read(folder, "mentees.csv", Mentee)
    began, worked = time.perf_counter(), time.process_time()
    with contextlib.redirect_stdout(sys.stderr):
        process_data(mentors, mentees, [_rules()])
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    pairs = [(mentor, mentee) for mentee in mentees for mentor in mentee.mentors]
    peak = next(
        int(line.split()[1]) // 1024
        for line in Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
        if line.startswith("VmHWM")
    )
    print(
        json.dumps(
            {
                "points": sum(_points(*pair) for pair in pairs),
                "pairs": len(pairs),
                "seconds": [seconds],
                "cpu": [cpu],
                "peak_mb": peak,
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1])
