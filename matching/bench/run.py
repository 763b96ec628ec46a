"""python -m matching bench: the engine beside other solvers, each in a process of its own.

Elapsed seconds and processor seconds are printed; ratios are of processor seconds, because every
solver works in one thread and other work on the machine then weighs less.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from matching.people import SIBLING_RULES

CASES = {
    "demo": ("360x3744", ("scipy", "lapjv", "one_flow", "greedy")),
    "large": ("1000x10000", ("scipy", "lapjv", "one_flow", "greedy")),
    # lapjv would need a square of 20,798 rows: 3.5 GB of costs and as much again to work on.
    "national": ("5000x20798", ("scipy", "one_flow", "greedy")),
}
GROWTH = (1, 2, 4, 8)
PARTS = ("civil", *CASES, "siblings", "growth", "million")


def run(chosen: argparse.Namespace) -> int:
    """Run the parts that were asked for, all but ``million`` when none was.

    Returns
    -------
    int
        0; 1 when an exact solver and the engine disagree.
    """
    wanted = chosen.only or [part for part in PARTS if part != "million"]
    results: dict[str, Any] = {}
    for part in wanted:
        if part not in PARTS:
            print(f"matching: unknown part {part}; known: {', '.join(PARTS)}", file=sys.stderr)
            return 2
        for name, found in _part(part, chosen):
            results.setdefault(part, {})[name] = found
            if not chosen.json:
                print(_line(part, name, found), flush=True)
        if not chosen.json:
            for line in _ratios(part, results.get(part, {})):
                print(line, flush=True)
    if chosen.json:
        print(json.dumps(results))
    return int(
        any(_disagree(found) for part, found in results.items() if part in ("civil", *CASES))
    )


def _part(part: str, chosen: argparse.Namespace) -> Iterator[tuple[str, dict[str, Any]]]:
    runs = ["--runs", str(chosen.runs)]
    if part == "civil":
        yield from _civil(chosen, runs)
    elif part in CASES:
        case, solvers = CASES[part]
        for solver in ("engine", *solvers):
            yield solver, _child(case, solver, *runs)
    elif part == "siblings":
        yield "without", _child("360x3744", "engine", *runs)
        for rule in SIBLING_RULES[::2]:
            yield rule, _child(f"360x3744+{rule}", "engine", *runs)
    elif part == "growth":
        for factor in GROWTH:
            yield f"{factor}x", _child(f"{360 * factor}x{3744 * factor}", "engine", *runs)
    else:
        yield "engine", _child("100000x1000000x200", "engine", "--runs", "1", "--workers", "2")


def _civil(chosen: argparse.Namespace, runs: list[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    if not chosen.civil_service:
        yield "skipped", {"why": "needs --civil-service FOLDER with mentors.csv and mentees.csv"}
        return
    folder = ["--folder", chosen.civil_service]
    for solver in ("engine", "scipy", "lapjv", "one_flow", "greedy"):
        yield solver, _child("civil", solver, *runs, *folder)
    if not chosen.mentor_match:
        yield "mentor_match", {"why": "needs --mentor-match PYTHON of its own environment"}
        return
    script = Path(__file__).with_name("mentor_match_child.py")
    alone = [
        _json([chosen.mentor_match, str(script), chosen.civil_service]) for _ in range(chosen.runs)
    ]
    yield "mentor_match", _medians(alone)


def _medians(alone: list[dict[str, Any]]) -> dict[str, Any]:
    if any("why" in one for one in alone):
        return alone[0]
    return alone[0] | {
        "seconds": [one["seconds"][0] for one in alone],
        "median_s": round(median(one["seconds"][0] for one in alone), 4),
        "median_cpu_s": round(median(one["cpu"][0] for one in alone), 4),
    }


def _child(case: str, solver: str, *more: str) -> dict[str, Any]:
    return _json([sys.executable, "-m", "matching.bench.child", case, solver, *more])


def _json(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"why": f"failed: {done.stderr.strip().splitlines()[-1:]}"}
    found = json.loads(done.stdout)
    return dict(found) | {
        "median_s": round(median(found["seconds"]), 4),
        "median_cpu_s": round(median(found["cpu"]), 4),
    }


def _line(part: str, name: str, found: dict[str, Any]) -> str:
    if "why" in found:
        return f"{part:9} {name:13} {found['why']}"
    own = f", {found['own_mb']:,} without libraries" if "own_mb" in found else ""
    text = (
        f"{part:9} {name:13} {found['pairs']:>7,} pairs {found['points']:>13,} points "
        f"{found['median_s']:9.3f} s {found['median_cpu_s']:9.3f} s cpu "
        f"{found['peak_mb']:>6,} MiB{own} ({len(found['seconds'])} runs)"
    )
    phases = found.get("phases")
    if phases:
        text += "\n" + " " * 24 + ", ".join(f"{k} {v:.3f}" for k, v in phases.items())
    return text


def _ratios(part: str, found: dict[str, Any]) -> Iterator[str]:
    measured = {name: one for name, one in found.items() if "median_s" in one}
    if part == "siblings" and "without" in measured:
        for rule in SIBLING_RULES[::2]:
            yield f"{part:9} {rule} / without: {_ratio(measured[rule], measured['without'])}"
    elif part == "growth" and len(measured) == len(GROWTH):
        for key in ("median_cpu_s", "peak_mb"):
            values = np.log([one[key] for one in measured.values()])
            slope = np.polyfit(np.log(GROWTH), values, 1)[0]
            yield f"{part:9} {key} grows with the register to the power {slope:.2f}"
    elif "engine" in measured:
        own = measured["engine"]
        for name, other in measured.items():
            if name != "engine":
                lost = own["points"] - other["points"]
                note = "same optimum" if not lost else f"{lost:,} points fewer"
                yield (
                    f"{part:9} {name} / engine: {_ratio(other, own)} the processor time, "
                    f"the engine with {_memory(own, other)} of its memory, {note}"
                )


def _ratio(one: dict[str, Any], other: dict[str, Any]) -> str:
    return f"{one['median_cpu_s'] / max(other['median_cpu_s'], 1e-4):.1f}x"


def _memory(own: dict[str, Any], other: dict[str, Any]) -> str:
    whole = own["peak_mb"] / other["peak_mb"]
    if "own_mb" not in other:
        return f"{whole:.2f}"
    return f"{whole:.2f} ({own['own_mb'] / max(1, other['own_mb']):.2f} without libraries)"


def _disagree(found: dict[str, Any]) -> bool:
    totals = {
        (one["pairs"], one["points"])
        for name, one in found.items()
        if name in ("engine", "scipy", "lapjv", "one_flow") and "points" in one
    }
    return len(totals) > 1
