"""Hidden cells of tables that are plainly covered: a look at all of them at once.

Two people who trade places change four cells and no total; a person who moves from one region
to another changes a column of every table. Where such a trade or move stays within what is
known of the hidden cells it touches, none of these can be worked out. A few products of matrices
find them all, and leave few cells to the linear program.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mentorship.web.disclosure import Flags, System

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Level:
    """The cells of linked tables: rows, last their totals, by columns; and the row totals."""

    tables: list[Places]
    totals: Places


@dataclass(frozen=True)
class Rests:
    """What is left of wholes (cells) without their parts (cells): cells nobody shows."""

    wholes: Places
    parts: Places
    rests: Places


def plainly_proven(system: System, levels: Sequence[Level], rests: Rests) -> Flags:
    """The cells, of any level, that some trade or move of people changes."""
    proven = np.zeros(len(system.value), dtype=bool)
    for first, last in _spans(len(levels)):
        changed = np.zeros(len(system.value), dtype=bool)
        moves = _Moves(system, levels, first, last)
        for level in levels[first : last + 1]:
            for table, ways in enumerate(moves.tables):
                changed[level.tables[table][_traded(*ways) | _moved(moves.pairs, *ways)]] = True
            changed[level.totals[moves.pairs.any(0) | moves.pairs.any(1)]] = True
        changed[rests.rests] = changed[rests.wholes] ^ changed[rests.parts]
        proven |= changed
    return proven


def _spans(levels: int) -> Iterator[tuple[int, int]]:
    for first in range(levels):
        for last in range(first, levels):
            yield first, last


class _Moves:
    """Which cells could be one more or less in all levels of a span, the others staying as is."""

    def __init__(self, system: System, levels: Sequence[Level], first: int, last: int) -> None:
        self.system, self.levels, self.first, self.last = system, levels, first, last
        self.up, self.down = system.up, system.down
        every = zip(*(level.tables for level in levels), strict=True)
        self.tables = [self._ways(list(places)) for places in every]
        more, less = self._ways([level.totals for level in levels])
        self.pairs = less[:, None] & more[None, :]  # somebody moves from the one to the other
        for up, down in self.tables:
            self.pairs &= down.astype(int) @ up.T.astype(int) > 0
        np.fill_diagonal(self.pairs, False)

    def _ways(self, places: list[Places]) -> tuple[Flags, Flags]:
        """A total moves against its parts, so in the last row more is less."""
        value = self.system.value
        span = places[self.first : self.last + 1]
        more = np.logical_and.reduce([self.up[each] for each in span])
        less = np.logical_and.reduce([self.down[each] for each in span])
        if self.first:
            more &= value[places[self.first - 1]] > value[places[self.first]]
        if self.last + 1 < len(places):
            less &= value[places[self.last]] > value[places[self.last + 1]]
        more[-1], less[-1] = less[-1].copy(), more[-1].copy()
        return more, less


def _traded(more: Flags, less: Flags) -> Flags:
    """Cells of one table that four corners change."""
    up, down = more.astype(int), less.astype(int)
    return _corner(up, down) | _corner(down, up)


def _corner(up: NDArray[np.int64], down: NDArray[np.int64]) -> Flags:
    """Cells that could be one more: another of the row less, another row the other way round."""
    ways = down @ up.T  # columns in which the first row could be less and the second more
    np.fill_diagonal(ways, 0)
    elsewhere = ways[:, :, None] - down[:, None, :] * up[None, :, :] > 0
    return (up > 0) & (elsewhere & (down > 0)[None, :, :]).any(1)


def _moved(pairs: Flags, more: Flags, less: Flags) -> Flags:
    """Cells of one table that somebody leaves or enters who moves between two rows."""
    left = less & (pairs.astype(int) @ more.astype(int) > 0)
    entered = more & (pairs.T.astype(int) @ less.astype(int) > 0)
    found: Flags = left | entered
    return found
