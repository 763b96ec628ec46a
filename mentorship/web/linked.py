"""Linked and nested tables as one system of cells and sums, and how each cell is marked.

What the marks tell a reader, and so what is assumed to be known of a hidden number: "few" is 1
to 4 (or 0 to 4 in a line or a whole that is itself few), "hidden" is 5 or more. Where that
leaves no way out, two rows, and at the last the whole table, are hidden with their zeros: a
person could then be of either row, and of a number nothing is known.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

import numpy as np

from mentorship.web.disclosure import UNKNOWN, Cell, System
from mentorship.web.swaps import Level, Places, Rests, plainly_proven

LEAST = 5
PLAIN, TOTAL, GRAND = 1, 100, 10_000  # what hiding one costs: a total is worth more to the reader
Table = Sequence[Sequence[int]]
Place = tuple[int | None, tuple[str, int] | None]  # row and column of a table; None: the total
Key = tuple[int, Place]  # within how many wholes, and where
Frozen = tuple[tuple[str, tuple[tuple[int, ...], ...]], ...]


class Mark(StrEnum):
    SHOWN = "shown"
    FEW = "few"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Count:
    """A count as a reader may see it: `value` is there only when it may be shown."""

    mark: Mark
    value: int | None = None

    @property
    def is_shown(self) -> bool:
        return self.mark is Mark.SHOWN


@dataclass(frozen=True)
class Seen:
    """A marked cell, and between which numbers it is known to be by its mark."""

    count: Count
    low: int
    high: int


def freeze(tables: Mapping[str, Table]) -> Frozen:
    """The tables as a value that can be compared; they must count the same people."""
    found = tuple((name, tuple(tuple(row) for row in table)) for name, table in tables.items())
    if len({tuple(sum(row) for row in table) for _, table in found}) > 1:
        raise ValueError("linked tables must have the same row totals")
    return found


def place_of(table: Table, name: str, i: int | None, j: int | None) -> Place:
    """A row or a column that is the only one of its table is the same as the total."""
    row = i if len(table) > 1 else None
    return row, (name, j) if j is not None and table and len(table[0]) > 1 else None


@lru_cache(maxsize=1024)
def marked(
    levels: tuple[Frozen, ...], totals: tuple[tuple[Count, ...], ...] = ()
) -> Mapping[Key, Seen]:
    """Every cell of the tables, widest level first; a level is marked as if no narrower existed.

    `totals`: of each level how its row totals and, last, all together are marked elsewhere.
    """
    if len({tuple((name, np.shape(table)) for name, table in level) for level in levels}) > 1:
        raise ValueError("parts must have the same tables as their wholes")
    known = marked(levels[:-1], totals[:-1]) if len(levels) > 1 else {}
    return _Protection(levels, known, totals).run()


class _Protection:
    """The tables of the last level, to be marked; those of the levels before are marked already."""

    def __init__(
        self,
        levels: tuple[Frozen, ...],
        known: Mapping[Key, Seen],
        totals: tuple[tuple[Count, ...], ...],
    ) -> None:
        self.depth = len(levels) - 1
        self.known, self.totals = known, totals
        self.values: dict[Key, int] = {}
        self.sums: dict[tuple[Key, str | None], list[Key]] = {}
        for depth, tables in enumerate(levels):
            for name, table in tables:
                self._read(depth, name, table)
        self.is_few: dict[Key, bool] = {}
        for key in sorted(
            self.values, key=lambda key: (key[0], sum(p is not None for p in key[1]))
        ):
            self.is_few[key] = self._reads_few(key)
        self.keys = list(self.values)
        self.place = {key: k for k, key in enumerate(self.keys)}
        self.system = self._system(levels)

    def _read(self, depth: int, name: str, table: Table) -> None:
        rows: list[int | None] = [*range(len(table)), None]
        columns: list[int | None] = [*range(len(table[0]) if table else 0), None]
        at = {(i, j): (depth, place_of(table, name, i, j)) for i in rows for j in columns}
        for (i, j), key in at.items():
            lines = table if i is None else [table[i]]
            self.values[key] = sum(sum(line) if j is None else line[j] for line in lines)
        if len(rows) > 2:
            for j in columns:
                self.sums[at[None, j], None] = [at[i, j] for i in rows[:-1]]
        if len(columns) > 2:
            for i in rows:
                self.sums[at[i, None], name] = [at[i, j] for j in columns[:-1]]

    def _above(self, key: Key) -> list[Key]:
        depth, (row, column) = key
        places: set[Place] = {(None, column), (row, None), (None, None)} - {(row, column)}
        found = [(depth, place) for place in places]
        return [*found, (depth - 1, (row, column))] if depth else found

    def _reads_few(self, key: Key) -> bool:
        """1 to 4; or none, in a line or a whole of which there are few, if it is not plain."""
        if self._is_given(key):
            return self._total(key).mark is Mark.FEW
        if self.values[key]:
            return self.values[key] < LEAST
        above = self._above(key)
        plain = any(not self.values[each] and not self.is_few[each] for each in above)
        return not plain and any(self.is_few[each] for each in above)

    def _system(self, levels: Sequence[Frozen]) -> System:
        cells = [self._cell(key) for key in self.keys]
        place = self.place
        sums = [([place[each] for each in parts], place[t]) for (t, _), parts in self.sums.items()]
        self.owners, rests = list(self.keys), []
        for whole, part in self._rests():
            rest = self.values[whole] - self.values[part]
            rests.append((place[whole], place[part], len(cells)))
            sums.append(([place[part], len(cells)], place[whole]))
            is_elsewhere = self._is_given(part) or self._is_left_out(part)
            secret = 0 < rest < LEAST and not is_elsewhere
            cells.append(Cell(rest, 0, hidden=True, secret=secret))
            self.owners.append(part)
            if secret and not cells[place[whole]].hidden:  # nothing else could cover the rest
                cells[place[part]] = replace(cells[place[part]], hidden=True, secret=True)
        self.rests = left = Rests(*np.array(rests, dtype=np.int64).reshape(-1, 3).T)
        found = [self._level(depth, tables) for depth, tables in enumerate(levels)]
        return System(cells, sums, lambda system: plainly_proven(system, found, left))

    def _level(self, depth: int, tables: Frozen) -> Level:
        """Where the cells of a level are; a table of one column is no more than its totals."""
        rows = [*range(len(tables[0][1])), None]
        wide = [(name, table) for name, table in tables if table and len(table[0]) > 1]
        return Level(
            [self._places(depth, name, table, rows, range(len(table[0]))) for name, table in wide],
            self._places(depth, *tables[0], rows, [None])[:, 0],
        )

    def _places(
        self,
        depth: int,
        name: str,
        table: Table,
        rows: Sequence[int | None],
        columns: Sequence[int | None],
    ) -> Places:
        every = [[self.place[depth, place_of(table, name, i, j)] for j in columns] for i in rows]
        return np.array(every)

    def _cell(self, key: Key) -> Cell:
        value = self.values[key]
        if self._is_given(key):
            return Cell(value, value, value)
        if self._is_left_out(key):
            few = self._total(key).mark is Mark.FEW
            return Cell(value, 0, LEAST - 1 if few else UNKNOWN, hidden=True)
        if key in self.known:
            seen = self.known[key]
            hidden = not seen.count.is_shown
            return Cell(value, seen.low, seen.high, None, hidden, hidden and value > 0)
        if self.is_few[key]:
            least = 0 if any(self.is_few[each] for each in self._above(key)) else 1
            return Cell(value, least, LEAST - 1, hidden=True, secret=True)
        if value < LEAST:
            return Cell(value, value, value)
        row, column = key[1]
        worth = PLAIN if None not in (row, column) else TOTAL if key[1] != (None, None) else GRAND
        return Cell(value, LEAST, cost=value * worth)

    def _total(self, key: Key) -> Count:
        """How the total of a cell's row is marked elsewhere."""
        depth, (row, _) = key
        return self.totals[depth][-1 if row is None else row]

    def _is_given(self, key: Key) -> bool:
        """A total that is marked elsewhere; nothing is covered by what could change it."""
        return bool(self.totals) and key[1][1] is None

    def _is_left_out(self, key: Key) -> bool:
        """A cell of a row whose total is not shown: the row follows whatever covers its total."""
        return bool(self.totals) and not self._total(key).is_shown

    def _rests(self) -> Iterator[tuple[Key, Key]]:
        """Wholes and parts of which the rest matters: of the next above; and every small one."""
        for depth, place in self.keys:
            for above in range(depth):
                rest = self.values[above, place] - self.values[depth, place]
                if rest < 0:
                    raise ValueError("a part must not be larger than its whole")
                if above == depth - 1 or 0 < rest < LEAST:
                    yield (above, place), (depth, place)

    def run(self) -> Mapping[Key, Seen]:
        """Hide until every secret is covered; what nothing can cover takes others along."""
        if self.depth:
            self._cover_level()
        while (uncovered := self.system.cover()) is not None:
            _, (row, _) = self.owners[uncovered]
            if not any(self.system.withhold(k) for k in self._surroundings(row)):
                self.system.secret[uncovered] = False  # the totals given from elsewhere tell it
        return {key: self._seen(k) for k, key in enumerate(self.keys)}

    def _cover_level(self) -> None:
        """First with the wholes as they are: a part is at most its whole, and the rest moves."""
        system, size = self.system, len(self.system.value)
        scope, most = np.zeros(size, dtype=bool), np.full(size, UNKNOWN)
        for key, k in self.place.items():
            if key[0] == self.depth:
                scope[k], most[k] = True, self.values[self.depth - 1, key[1]]
        system.cover_alone(scope, most, len(self.sums))
        system.proven[self.rests.rests] |= system.proven[self.rests.parts]

    def _surroundings(self, row: int | None) -> Iterator[list[int]]:
        """What to hide with a cell: its row and the smallest other one, then all but the total."""
        of_level = [
            (k, key[1])
            for k, key in enumerate(self.keys)
            if key[0] == self.depth and not self._is_given(key) and not self._is_empty(key)
        ]
        if row is not None:
            totals = {
                i: self.values[self.depth, (i, None)] for _, (i, _) in of_level if i is not None
            }
            others = sorted((n, i) for i, n in totals.items() if n and i != row)
            yield [k for k, place in of_level if place[0] in (row, *(i for _, i in others[:1]))]
        yield [k for k, place in of_level if place != (None, None)]
        yield [k for k, _ in of_level]

    def _is_empty(self, key: Key) -> bool:
        """In a row or a column of nobody, which everybody knows to be so: it covers nothing."""
        depth, (row, column) = key
        ends: list[Place] = [(row, None), (None, column)]
        return any(not self.values[depth, end] for end in ends)

    def _seen(self, k: int) -> Seen:
        system, key = self.system, self.keys[k]
        if self._is_given(key):
            return Seen(self._total(key), int(system.value[k]), int(system.value[k]))
        value, low, high = int(system.value[k]), int(system.low[k]), int(system.high[k])
        if not system.hidden[k]:
            return Seen(Count(Mark.SHOWN, value), value, value)
        return Seen(Count(Mark.FEW if high == LEAST - 1 else Mark.HIDDEN), low, high)
