"""Small counts are not shown, and cannot be worked out from what is shown.

A count of 1 to 4 reads "fewer than 5". Where a total would give it away by subtraction, one
or more further cells of the same table are left out as well ("not shown"); where a whole line
adds up to fewer than 5, its zeros read "fewer than 5" too.

How it is known to be enough: hidden cells are the arcs of a graph whose nodes are the rows and
columns of the table with its totals. A reader who knows every shown number, and what each
label allows, can work out a hidden cell exactly when no cycle runs through it along which one
could be added and taken away in turn. For every hidden cell the cheapest such cycle is sought,
and the shown cells on it, if any, are hidden. O(cells x cells log cells).
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LEAST = 5
_PLAIN, _TOTAL, _GRAND = 1, 1_000, 1_000_000  # a total is worth more to the reader


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


def protect_list(counts: Sequence[int]) -> list[Count]:
    """The counts and, last, their total, as a reader may see them."""
    total = sum(counts)
    few = 0 < total < LEAST
    cells = [_Cell(value, 0, 0, 1, _PLAIN, few) for value in counts]
    cells.append(_Cell(total, 0, 0, -1, _GRAND, False))
    return [cell.seen for cell in _protect(cells)]


def protect(
    counts: Sequence[Sequence[int]], within: Sequence[Sequence[Count]] | None = None
) -> list[list[Count]]:
    """The table with a total at the end of each row and, last, a row of totals.

    `within` is an answer of this function about the same groups of which these are parts:
    what is not shown there is not shown here, unless its line is plainly empty.
    """
    if not counts:
        return [[Count(Mark.SHOWN, 0)]]
    table = [[*row, sum(row)] for row in counts]
    table.append([sum(column) for column in zip(*table, strict=True)])
    lines = _Lines(table, within)
    cells = []
    for i, row in enumerate(table):
        for j, value in enumerate(row):
            cell = _Cell(value, i, j, *lines.place(i, j))
            if within and not within[i][j].is_shown and not lines.is_empty(i, j):
                cell.withhold(within[i][j].mark)
            cells.append(cell)
    seen = iter(_protect(cells))
    return [[next(seen).seen for _ in row] for row in table]


class _Lines:
    """What the totals of a table say about the lines they end."""

    def __init__(self, table: list[list[int]], within: Sequence[Sequence[Count]] | None) -> None:
        self.last = (len(table) - 1, len(table[0]) - 1)
        totals = ([row[-1] for row in table], table[-1])
        self.grand_few = 0 < table[-1][-1] < LEAST
        self.few = [[0 < n < LEAST or (self.grand_few and not n) for n in line] for line in totals]
        self.empty = [[not n and not self.grand_few for n in line] for line in totals]
        if within:  # a total that is not shown says nothing of its line
            marks = ([row[-1] for row in within], within[-1])
            for line, shown in zip(self.empty, marks, strict=True):
                line[:] = [no and count.is_shown for no, count in zip(line, shown, strict=True)]

    def is_empty(self, i: int, j: int) -> bool:
        """Whether everybody sees that this cell is zero, because its line's total is."""
        return self.empty[0][i] or self.empty[1][j]

    def place(self, i: int, j: int) -> tuple[int, int, bool]:
        """A cell's sign in its lines, its worth, and whether its zero would read as few."""
        if (i, j) == self.last:
            return 1, _GRAND, False
        if i == self.last[0] or j == self.last[1]:
            return -1, _TOTAL, self.grand_few
        return 1, _PLAIN, (self.few[0][i] or self.few[1][j]) and not self.is_empty(i, j)


class _Cell:
    """A cell as an arc from its row to its column; what its label tells a reader."""

    def __init__(
        self, value: int, row: int, column: int, sign: int, worth: int, in_few: bool
    ) -> None:
        self.value, self.row, self.column, self.sign = value, row, column, sign
        self.cost, self.is_grand = value * worth, worth == _GRAND
        self.mark = Mark.FEW if 0 < value < LEAST or (in_few and not value) else Mark.SHOWN
        self.least = 0 if in_few else 1
        self.needs_cover = True

    def withhold(self, mark: Mark) -> None:
        """Hide what is hidden elsewhere; should it be none at all, that may become known."""
        self.mark, self.least = mark, 0
        self.needs_cover = self.value > 0

    def hide(self) -> None:
        self.mark, self.least = Mark.HIDDEN, LEAST

    @property
    def seen(self) -> Count:
        return Count(self.mark, self.value if self.mark is Mark.SHOWN else None)

    def arcs(self, rows: int) -> list[tuple[int, int, int]]:
        """(from, to, cost) of each way the value could differ: more, less, or neither."""
        if self.mark is Mark.SHOWN and self.value < LEAST:
            return []  # a zero that everybody may see
        least = LEAST if self.mark is Mark.SHOWN else self.least
        cost = self.cost if self.mark is Mark.SHOWN else 0
        ends = (self.row, rows + self.column)
        more = ends if self.sign > 0 else ends[::-1]
        found = []
        if self.mark is not Mark.FEW or self.value < LEAST - 1:
            found.append((*more, cost))
        if self.value > least:
            found.append((*more[::-1], cost))
        return found


def _protect(cells: list[_Cell]) -> list[_Cell]:
    rows = 1 + max(cell.row for cell in cells)
    for cell in [cell for cell in cells if cell.mark is not Mark.SHOWN and cell.needs_cover]:
        cycle = _cheapest_cycle(cells, cell, rows)
        if cycle is None:  # nothing in the table can cover it: show only how many there are in all
            for each in cells:
                if not (each.is_grand and each.value >= LEAST and each.mark is Mark.SHOWN):
                    each.withhold(Mark.HIDDEN)
            return cells
        for each in cycle:
            if each.mark is Mark.SHOWN:
                each.hide()
    return cells


def _cheapest_cycle(cells: list[_Cell], through: _Cell, rows: int) -> list[_Cell] | None:
    """The cells, besides `through`, that would have to be hidden or are hidden already."""
    graph: dict[int, list[tuple[int, int, _Cell]]] = {}
    for cell in cells:
        if cell is not through:
            for start, end, cost in cell.arcs(rows):
                graph.setdefault(start, []).append((end, cost, cell))
    found = [_cheapest_path(graph, end, start) for start, end, _ in through.arcs(rows)]
    paths = [path for path in found if path is not None]
    return min(paths, key=lambda path: path[0])[1] if paths else None


def _cheapest_path(
    graph: dict[int, list[tuple[int, int, _Cell]]], start: int, goal: int
) -> tuple[int, list[_Cell]] | None:
    best = {start: 0}
    came: dict[int, tuple[int, _Cell]] = {}
    queue = [(0, start)]
    while queue:
        cost, node = heapq.heappop(queue)
        if node == goal:
            path = []
            while node != start:
                node, cell = came[node]
                path.append(cell)
            return cost, path
        if cost > best[node]:
            continue
        for end, step, cell in graph.get(node, ()):
            if cost + step < best.get(end, cost + step + 1):
                best[end] = cost + step
                came[end] = (node, cell)
                heapq.heappush(queue, (cost + step, end))
    return None
