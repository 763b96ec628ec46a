"""What each command of the command line does."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from matching.cluster import cluster_executor
from matching.errors import ProblemError
from matching.explain import why, why_not, why_unmatched
from matching.fairness import fairness
from matching.people import PersonId
from matching.plan import Plan
from matching.policy import Policy
from matching.problem import Problem
from matching.recruit import recruit as find_recruits
from matching.register import read_children, read_mentors
from matching.replay import Record
from matching.replay import replay as make_again
from matching.solve import propose as make_plan
from matching.verify import verify as check_plan


def propose(chosen: argparse.Namespace) -> int:
    """Find the best plan for two registers and write it with all it was made from."""
    try:
        start = date.fromisoformat(chosen.start_on) if chosen.start_on else date.today()
    except ValueError:
        raise ProblemError(f"not an ISO date: {chosen.start_on!r}", field="start-on") from None
    policy = Policy.load(chosen.policy) if chosen.policy else Policy.default()
    problem = Problem(read_mentors(chosen.mentors), read_children(chosen.children), start)
    with _executor(chosen) as executor:
        plan = make_plan(
            problem,
            policy,
            seed=chosen.seed,
            time_limit_s=chosen.time_limit,
            executor=executor,
        )
    if chosen.out:
        text = Record(plan, problem, policy).to_json(indent=1)
        Path(chosen.out).write_text(text, encoding="utf-8")
    _tell(chosen, _summary(problem, plan))
    return 0


def explain(chosen: argparse.Namespace) -> int:
    """Explain a pair, a child or, with neither, who was reached."""
    record = Record.load(chosen.plan)
    problem, policy, plan = record.problem, record.policy, record.plan
    mentor = _known(chosen.mentor, problem.mentor_row, "mentor")
    child = _known(chosen.child, problem.child_row, "child")
    pairs = {pair.child: pair for pair in plan.pairs}
    if mentor is not None and child is None:
        raise ProblemError("needs --child too", field="mentor")
    if child is None:
        told: Any = fairness(problem, policy, plan)
    elif child in pairs and mentor in (None, pairs[child].mentor):
        told = {"mentor": pairs[child].mentor, "child": child, "parts": dict(why(plan, child))}
    elif mentor is not None:
        told = why_not(problem, policy, plan, mentor, child)
    else:
        told = why_unmatched(problem, policy, plan, child)
    _tell(chosen, told)
    return 0


def recruit(chosen: argparse.Namespace) -> int:
    """Find which further mentors would help most."""
    record = Record.load(chosen.plan)
    found = find_recruits(
        record.problem, record.policy, record.plan, chosen.count, reach_km=chosen.reach_km
    )
    _tell(chosen, found)
    return 0


def replay(chosen: argparse.Namespace) -> int:
    """Make a recorded plan again and compare."""
    record = Record.load(chosen.plan)
    made = make_again(record)
    _tell(chosen, {"same": True} | _summary(record.problem, made))
    return 0


def verify(chosen: argparse.Namespace) -> int:
    """Check a recorded plan."""
    record = Record.load(chosen.plan)
    check_plan(record.problem, record.policy, record.plan)
    _tell(chosen, {"verified": True} | _summary(record.problem, record.plan))
    return 0


@contextmanager
def _executor(chosen: argparse.Namespace) -> Iterator[Executor | None]:
    if chosen.cluster:
        with cluster_executor(chosen.cluster) as executor:
            yield executor
    elif chosen.workers > 1:
        # Started afresh, workers share no locks or solver threads with this process.
        with ProcessPoolExecutor(chosen.workers, mp_context=get_context("spawn")) as executor:
            yield executor
    else:
        yield None


def _summary(problem: Problem, plan: Plan) -> dict[str, Any]:
    return {
        "mentors": len(problem.mentor_ids),
        "children": len(problem.child_ids),
        "proposals": len(plan.pairs),
        "points": plan.points,
        "bound": plan.bound,
        "status": plan.status,
        "seconds": round(plan.seconds["total"], 3),
    }


def _known(text: str | None, rows: Mapping[PersonId, int], side: str) -> PersonId | None:
    """An id from the command line: a text, or the number it spells."""
    if text is None or text in rows:
        return text
    if text.lstrip("-").isdecimal() and int(text) in rows:
        return int(text)
    raise ProblemError("nobody has this id", side=side, row=text)


def _plain(value: Any) -> Any:
    """Results as lists and dictionaries."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in fields(value)}
    if hasattr(value, "_asdict"):
        return {name: _plain(part) for name, part in value._asdict().items()}
    if isinstance(value, Mapping):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def _tell(chosen: argparse.Namespace, answer: object) -> None:
    told = _plain(answer)
    if chosen.json:
        print(json.dumps(told, ensure_ascii=False))
        return
    for name, value in told.items():
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            print(f"{name}:")
            for row in value:
                print("  " + ", ".join(f"{key} {cell}" for key, cell in row.items()))
        else:
            print(f"{name}: {value}")
