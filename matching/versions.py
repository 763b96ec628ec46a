"""What a plan was made with: versions and hashes, so that it can be made again."""

from __future__ import annotations

import platform
from dataclasses import fields
from hashlib import sha256
from importlib.metadata import version

from matching.columns import INTRODUCED
from matching.policy import Policy
from matching.problem import Problem

ENGINE = "1.2.0"
"""Raised whenever the same problem, policy and seed could give another plan."""


def versions_of(policy: Policy) -> dict[str, str]:
    """Versions of everything that may change a plan."""
    return {
        "matching": ENGINE,
        "numpy": version("numpy"),
        "ortools": version("ortools"),
        "python": platform.python_version(),
        "policy": policy.version,
    }


def problem_digest(problem: Problem) -> str:
    """SHA-256 of a problem's content, hexadecimal; equal for equal input in equal order.

    A column that came after version 1.1 counts only where somebody's value is not the default, so
    that the digests of earlier problems still fit.
    """
    total = sha256()
    total.update(repr((problem.start_day, problem.vocabulary)).encode())
    locks = problem.locks
    for chosen in (locks.fixed, locks.forbidden, locks.held_mentors, locks.held_children):
        total.update(repr(sorted(chosen, key=repr)).encode())
    for ids in (problem.mentor_ids, problem.child_ids):
        total.update(repr(ids.tolist()).encode() if ids.dtype == object else ids.tobytes())
    for columns in (problem.mentor_columns, problem.child_columns, problem.links):
        for field in fields(columns):
            array = getattr(columns, field.name)
            if field.name in INTRODUCED and (array == INTRODUCED[field.name]).all():
                continue
            total.update(f"{field.name}{array.shape}{array.dtype}".encode())
            total.update(array.tobytes())
    return total.hexdigest()
