"""Both sides of a problem as columns: one NumPy array a field, one row a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]


class _Columns:
    """Arrays of one length that are cut together."""

    def take(self, rows: NDArray[Any]) -> Self:
        """Return the same columns for some rows.

        Parameters
        ----------
        rows : (k,) int array, or (n,) bool array
        """
        cut = {f.name: getattr(self, f.name)[rows] for f in fields(self)}  # type: ignore[arg-type]
        return type(self)(**cut)

    def joined(self, other: Self) -> Self:
        """These rows and then the other's, numbered on."""
        both = {
            f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
            for f in fields(self)  # type: ignore[arg-type]
        }
        both["row"] = np.arange(len(self) + len(other), dtype=np.int32)
        return type(self)(**both)

    def __len__(self) -> int:
        return len(self.row)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class MentorColumns(_Columns):
    """Mentors as columns of length m.

    Dates are days of the proleptic Gregorian calendar (``date.toordinal``), 0 where missing;
    birth dates are ``yyyymmdd`` so that completed years need no calendar. Sets are bit masks over
    the problem's vocabulary.
    """

    row: Ints
    """Row number in the problem."""
    birth: Ints
    sex: NDArray[np.int8]
    """0 female, 1 male."""
    active: Bools
    capacity: Ints
    region: Ints
    area: Ints
    """KATO code of the commuting area."""
    xyz: NDArray[np.float64]
    """(m, 3) unit vector of the home."""
    reach: Ints
    """Kilometres."""
    fluent: Words
    basic: Words
    interests: NDArray[np.uint8]
    """(m, ceil(v / 8)) packed bits, most significant first."""
    certificate: Ints
    clearance_result: NDArray[np.int8]
    """(m, k): -1 none, 0 clear, 1 pending, 2 adverse."""
    clearance_issued: Ints
    clearance_until: Ints
    """(m, k), 0 where the paper names no end."""
    skills: Words
    weekdays: NDArray[np.uint8]
    good_matches: Ints
    child_wish_sex: NDArray[np.int8]
    """-1 no wish."""
    child_wish_age_min: Ints
    child_wish_age_max: Ints
    """-1 and -1: no wish."""


@dataclass(frozen=True)
class ChildColumns(_Columns):
    """Children as columns of length n; encodings as in :class:`MentorColumns`."""

    row: Ints
    birth: Ints
    sex: NDArray[np.int8]
    region: Ints
    area: Ints
    centre: Ints
    """Row in the vocabulary's centres."""
    site: Ints
    """Equal where both the place and the region are equal."""
    xyz: NDArray[np.float64]
    in_organisation: Bools
    guardian_consent: Bools
    own_consent: Bools
    data_consent: Bools
    fluent: Words
    basic: Words
    first_language: NDArray[np.int16]
    """Row in the vocabulary's languages, -1 when not known."""
    interests: NDArray[np.uint8]
    waiting_since: Ints
    wish_sex: NDArray[np.int8]
    """-1 no wish."""
    wish_age_min: Ints
    wish_age_max: Ints
    """0 and 0: no wish."""
    needs: Words
    weekdays: NDArray[np.uint8]
    leaves_care: Ints
    mentor_lost: Bools
    disability: Bools
    group: Ints
    """Row in the vocabulary's sibling groups, -1 for none."""
    group_rule: NDArray[np.int8]
    """Row in ``SIBLING_RULES``: 0 same mentor, 1 together, 2 prefer."""


INTRODUCED: Final[Mapping[str, int]] = {
    "data_consent": True,
    "child_wish_sex": -1,
    "child_wish_age_min": -1,
    "child_wish_age_max": -1,
}
"""Columns that came after version 1.1, each with the value of whoever says nothing."""


@dataclass(frozen=True)
class Vocabulary:
    """What the codes in the columns stand for."""

    languages: tuple[str, ...]
    interests: tuple[str, ...]
    skills: tuple[str, ...]
    clearances: tuple[str, ...]
    centres: tuple[int | str, ...]
    groups: tuple[str, ...]


FORBIDDEN, DECLINED, EARLIER_GOOD, CONFLICT, KIN = range(5)


@dataclass(frozen=True)
class Links:
    """Facts about single pairs, sparse: row numbers of mentor and child, and the kind of fact."""

    mentor: Ints
    child: Ints
    kind: NDArray[np.int8]

    @staticmethod
    def none() -> Links:
        """Return links about nobody."""
        return Links(np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int8))

    @staticmethod
    def of(rows: Sequence[tuple[int, int, int]]) -> Links:
        """Make links of (mentor row, child row, kind)."""
        table = np.array(rows, np.int32).reshape(-1, 3)
        return Links(table[:, 0].copy(), table[:, 1].copy(), table[:, 2].astype(np.int8))

    def joined(self, other: Links) -> Links:
        """These links and the other's."""
        return Links(
            np.concatenate([self.mentor, other.mentor]),
            np.concatenate([self.child, other.child]),
            np.concatenate([self.kind, other.kind]),
        )

    def within(self, mentors: Ints, children: Ints) -> Links:
        """Keep the links inside some rows, renumbered to positions in them.

        Parameters
        ----------
        mentors, children : int arrays
            Row numbers in the problem, each at most once.
        """
        if not len(self.mentor) or not len(mentors) or not len(children):
            return Links.none()
        left = _positions(mentors, self.mentor)
        right = _positions(children, self.child)
        keep = (left >= 0) & (right >= 0)
        return Links(left[keep], right[keep], self.kind[keep])


def _positions(rows: Ints, wanted: Ints) -> Ints:
    order = np.argsort(rows, kind="stable")
    spot = np.searchsorted(rows, wanted, sorter=order)
    found = order[np.minimum(spot, len(rows) - 1)]
    return np.where(rows[found] == wanted, found, -1).astype(np.int32)
