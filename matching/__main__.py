"""The command line of the engine: python -m matching COMMAND."""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Sequence

from matching import commands
from matching.errors import PlanError, ProblemError

WRONG_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Returns
    -------
    int
        0 when it did what was asked, 1 when a check failed, 2 when the input is wrong.
    """
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.run(chosen))
    except PlanError as failed:
        print(f"matching: {failed}", file=sys.stderr)
        return 1
    except (ProblemError, OSError, UnicodeDecodeError) as wrong:
        print(f"matching: {wrong}", file=sys.stderr)
        return WRONG_INPUT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching", description=__doc__)
    added = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_propose(added)
    for name, run, about in (
        ("explain", commands.explain, "why a pair, why not, why no mentor, and fairness"),
        ("recruit", commands.recruit, "which further mentors would help most"),
        ("replay", commands.replay, "make a recorded plan again and compare"),
        ("verify", commands.verify, "check a recorded plan against rules and its certificate"),
    ):
        command = added.add_parser(name, help=about)
        command.add_argument("plan", metavar="PLAN", help="a file that propose --out wrote")
        command.add_argument("--json", action="store_true", help="answer in JSON")
        command.set_defaults(run=run)
        if name == "explain":
            command.add_argument("--mentor", metavar="ID")
            command.add_argument("--child", metavar="ID")
        if name == "recruit":
            command.add_argument("--count", type=int, default=5, metavar="K")
            command.add_argument("--reach-km", type=int, default=40, metavar="KM")
    bench = added.add_parser("bench", help="measure beside other solvers (needs the bench extra)")
    bench.add_argument("--json", action="store_true", help="answer in JSON")
    bench.add_argument("--only", action="append", metavar="PART", help="run some parts only")
    bench.add_argument("--runs", type=int, default=5, help="medians of so many runs")
    bench.add_argument("--civil-service", metavar="FOLDER", help="mentors.csv and mentees.csv")
    bench.add_argument("--mentor-match", metavar="PYTHON", help="a Python that has mentor-match")
    bench.set_defaults(run=_bench)
    return parser


def _add_propose(added: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = added.add_parser("propose", help="find the best plan for two registers")
    command.add_argument("--mentors", required=True, metavar="FILE", help="JSON or CSV")
    command.add_argument("--children", required=True, metavar="FILE", help="JSON or CSV")
    command.add_argument("--policy", metavar="FILE", help="TOML; the default policy if left out")
    command.add_argument("--start-on", metavar="DATE", help="ISO date; today if left out")
    command.add_argument("--seed", type=int, default=0, help="decides between equal plans")
    command.add_argument("--time-limit", type=float, metavar="SECONDS")
    command.add_argument("--workers", type=int, default=1, help="processes on this machine")
    command.add_argument("--cluster", metavar="ADDRESS", help="a Dask scheduler, tcp://host:port")
    command.add_argument("--out", metavar="FILE", help="where to write the plan as JSON")
    command.add_argument("--json", action="store_true", help="print the summary as JSON")
    command.set_defaults(run=commands.propose)


def _bench(chosen: argparse.Namespace) -> int:
    # The bench needs SciPy and more, which nothing else does.
    return int(importlib.import_module("matching.bench.run").run(chosen))


if __name__ == "__main__":
    sys.exit(main())
