"""One measurement in a process of its own, so that its peak memory is its own."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from matching.assign import assign
from matching.bench.civil import civil_service
from matching.bench.synthetic import synthetic, with_siblings
from matching.flow import Assignment
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.solve import propose

_LONG_ENOUGH = 240.0  # seconds after which no further run is started


def register(name: str) -> Problem:
    """The register of a case: ``mentors x children [x districts] [+sibling rule]``."""
    sizes, _, extra = name.partition("+")
    mentors, children, districts = ([int(part) for part in sizes.split("x")] + [20])[:3]
    made = synthetic(mentors, children, districts=districts, centres=max(116, 2 * districts))
    return with_siblings(made, 0.1, rule=extra) if extra else made


def resident_mb(field: str = "VmHWM") -> int:
    """Peak (``VmHWM``) or present (``VmRSS``) resident memory of this process, in MiB."""
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) // 1024 for line in status if line.startswith(field))


def measure(run: Callable[[], dict[str, Any]], runs: int) -> dict[str, Any]:
    """Run some times, keep the seconds of each and the answer of the last."""
    seconds: list[float] = []
    cpu: list[float] = []
    answer: dict[str, Any] = {}
    while len(seconds) < runs and sum(seconds) < _LONG_ENOUGH:
        answer = run()
        seconds.append(answer.pop("seconds"))
        cpu.append(answer.pop("cpu"))
    return answer | {"seconds": seconds, "cpu": cpu, "peak_mb": resident_mb()}


def timed(work: Callable[[], Any]) -> tuple[Any, dict[str, float]]:
    """A result, its elapsed seconds and the processor seconds, of ended workers too."""
    began, worked = time.perf_counter(), sum(os.times()[:4])
    result = work()
    elapsed = {"seconds": time.perf_counter() - began, "cpu": sum(os.times()[:4]) - worked}
    return result, elapsed


def engine(name: str, workers: int) -> dict[str, Any]:
    """The whole of `propose`: partition, rules, points, solve, reasons, certificate."""
    made = time.perf_counter()
    problem = register(name)
    made = time.perf_counter() - made

    def work() -> Plan:
        if workers < 2:
            return propose(problem)
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as executor:
            return propose(problem, executor=executor)

    plan, elapsed = timed(work)
    phases = {name: round(seconds, 3) for name, seconds in plan.seconds.items()}
    return {
        "pairs": len(plan.pairs),
        "points": plan.points,
        "status": plan.status,
        "phases": phases,
        "making_s": round(made, 2),
    } | elapsed


def engine_on_arrays(folder: str) -> dict[str, Any]:
    """Read, rules, points and solve of the sample."""

    def work() -> Assignment:
        points, refused = civil_service(folder)
        return assign(points, refused, np.ones(len(points), np.int64))

    found, elapsed = timed(work)
    return {"pairs": int((found.mentor_of >= 0).sum()), "points": found.points} | elapsed


def with_peers() -> int:
    """Present memory in MiB once the other solvers' libraries are loaded."""
    for name in ("matching.bench.peers", "lap"):
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    return resident_mb("VmRSS")


def peer(name: str, solver: str, folder: str) -> Callable[[], dict[str, Any]]:
    """A solver on the national array, only its own solve timed."""
    # SciPy and lap belong to the bench extra only.
    peers = importlib.import_module("matching.bench.peers")
    if name == "civil":
        points, refused = civil_service(folder)
        value = np.where(refused, -1, points).astype(np.int32)
        task = peers.Task(value, np.ones(len(value), np.int64), 0)
    else:
        task = peers.task_of(register(name), Policy.default())
    worth = peers.expanded(task) if solver in peers.NEEDS_EXPANDED else None

    def run() -> dict[str, Any]:
        found, elapsed = timed(lambda: peers.SOLVERS[solver](worth, task))
        return dict(found._asdict()) | elapsed

    return run


def main() -> None:
    """Measure one case with one solver and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("case")
    parser.add_argument("solver")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--folder", default="")
    chosen = parser.parse_args()
    # Python and the libraries weigh 60 MiB and more before anybody is in the register.
    empty_mb = resident_mb("VmRSS")
    if chosen.solver != "engine":
        empty_mb = max(empty_mb, with_peers())
        run = peer(chosen.case, chosen.solver, chosen.folder)
    elif chosen.case == "civil":
        run = lambda: engine_on_arrays(chosen.folder)  # noqa: E731 - a name for either call
    else:
        run = lambda: engine(chosen.case, chosen.workers)  # noqa: E731
    found = measure(run, chosen.runs)
    print(json.dumps(found | {"own_mb": found["peak_mb"] - empty_mb}))


if __name__ == "__main__":
    main()
