"""The published sample of another mentoring tool, with that tool's published rules, as arrays.

A mentor works in another organisation and stands one or two grades above; 9 points for one grade,
12 for two, 10 for the same profession, 6 where the mentor shares the identity that the mentee
names.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

GRADES = (*("AA", "AO", "EO", "HEO", "SEO", "Grade 7", "Grade 6", "SCS1", "SCS2", "SCS3", "SCS4"),)


def civil_service(folder: str | Path) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read the sample.

    Parameters
    ----------
    folder : str or Path
        Holds ``mentors.csv`` and ``mentees.csv``.

    Returns
    -------
    points : (m, n) int64 array
    refused : (m, n) bool array
    """
    mentors, mentees = _rows(folder, "mentors.csv"), _rows(folder, "mentees.csv")
    step = _grades(mentors)[:, None] - _grades(mentees)[None, :]
    refused = _same(mentors, mentees, "organisation") | (step < 1) | (step > 2)
    points = np.where(step == 1, 9, 12)
    points += 10 * _same(mentors, mentees, "profession") + 6 * _shared(mentors, mentees)
    return points, refused


def _rows(folder: str | Path, name: str) -> list[dict[str, str]]:
    with (Path(folder) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _grades(rows: list[dict[str, str]]) -> NDArray[np.int64]:
    return np.array([GRADES.index(row["grade"]) for row in rows])


def _same(
    mentors: list[dict[str, str]], mentees: list[dict[str, str]], column: str
) -> NDArray[np.bool_]:
    left = np.array([row[column] for row in mentors])
    right = np.array([row[column] for row in mentees])
    return np.asarray(left[:, None] == right[None, :])


def _shared(mentors: list[dict[str, str]], mentees: list[dict[str, str]]) -> NDArray[np.bool_]:
    wanted = np.array([row["identity to match"] for row in mentees])
    shared = np.zeros((len(mentors), len(mentees)), np.bool_)
    for row, mentor in enumerate(mentors):
        shared[row] = np.isin(wanted, mentor["characteristics"].split(", "))
    return np.asarray(shared & (wanted != "")[None, :])
