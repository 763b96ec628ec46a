"""The command line: python -m matching propose ..."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from matching.errors import PlanError, ProblemError
from matching.policy import Policy
from matching.problem import Problem
from matching.register import read_children, read_mentors
from matching.solve import propose


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 2 when the input is wrong."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except (ProblemError, PlanError, OSError) as wrong:
        print(f"matching: {wrong}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    command = commands.add_parser("propose", help="find the best plan for two registers")
    command.add_argument("--mentors", required=True, metavar="FILE", help="JSON or CSV")
    command.add_argument("--children", required=True, metavar="FILE", help="JSON or CSV")
    command.add_argument("--policy", metavar="FILE", help="TOML; the default policy if left out")
    command.add_argument("--start-on", metavar="DATE", help="ISO date; today if left out")
    command.add_argument("--seed", type=int, default=0, help="decides between equal plans")
    command.add_argument("--time-limit", type=float, metavar="SECONDS")
    command.add_argument("--out", metavar="FILE", help="where to write the plan as JSON")
    command.add_argument("--json", action="store_true", help="print a summary as JSON")
    command.set_defaults(run=_propose)
    return parser


def _propose(chosen: argparse.Namespace) -> int:
    start = date.fromisoformat(chosen.start_on) if chosen.start_on else date.today()
    policy = Policy.load(chosen.policy) if chosen.policy else Policy.default()
    problem = Problem(read_mentors(chosen.mentors), read_children(chosen.children), start)
    plan = propose(problem, policy, seed=chosen.seed, time_limit_s=chosen.time_limit)
    if chosen.out:
        Path(chosen.out).write_text(plan.to_json(indent=1), encoding="utf-8")
    summary = {
        "mentors": len(problem.mentors),
        "children": len(problem.children),
        "proposals": len(plan.pairs),
        "points": plan.points,
        "bound": plan.bound,
        "status": plan.status,
        "seconds": round(plan.seconds["total"], 3),
    }
    if chosen.json:
        print(json.dumps(summary))
    else:
        print(", ".join(f"{name} {value}" for name, value in summary.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
