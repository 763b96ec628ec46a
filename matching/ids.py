"""The caller's ids as arrays, and the first row that is wrong."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from matching.errors import ProblemError
from matching.people import PersonId


def id_array(ids: Iterable[PersonId]) -> NDArray[Any]:
    """Ids as an array: 64-bit integers where all are integers, else objects."""
    listed = list(ids)
    if all(isinstance(key, int) for key in listed):
        return np.array(listed, np.int64)
    out = np.empty(len(listed), object)
    out[:] = listed
    return out


def repeated(ids: NDArray[Any]) -> NDArray[np.bool_]:
    """Rows whose id stands in an earlier row."""
    twice = np.zeros(len(ids), np.bool_)
    if ids.dtype != object:
        order = np.argsort(ids, kind="stable")
        twice[order[1:]] = ids[order][1:] == ids[order][:-1]
        return twice
    seen: set[PersonId] = set()
    for row, key in enumerate(ids):
        twice[row] = key in seen
        seen.add(key)
    return twice


def refuse_first(
    side: str, ids: NDArray[Any], name: str, wrong: NDArray[np.bool_], reason: str
) -> None:
    """Raise :class:`ProblemError` for the first wrong row, if any."""
    if wrong.any():
        row = ids[int(np.argmax(wrong))]
        raise ProblemError(
            reason, side=side, row=row.item() if hasattr(row, "item") else row, field=name
        )
