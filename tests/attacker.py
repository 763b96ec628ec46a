"""Somebody who sees only what is shown, knows what the labels mean and adds up as well as anybody.

Written apart from the service: numbers known by their names, sums between them, and either a
linear program (with whole numbers at the last) or, for tiny tables, every way to fill them in.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from mentorship.web.suppression import LEAST, Count, Mark

Name = Hashable
Sum = tuple[list[Name], Name]
MANY = 10**6
# What a mark says by itself. That a line or a whole of few hides its zeros, and that where
# nothing else helps whole rows are hidden with theirs, is known to everybody.
FEW, FEW_OR_NONE, NOT_SHOWN, ANY = (1, LEAST - 1), (0, LEAST - 1), (LEAST, MANY), (0, MANY)


class Attacker:
    """Numbers with what is known of each, and the sums that bind them."""

    def __init__(self, known: Mapping[Name, tuple[int, int]], sums: Iterable[Sum]) -> None:
        self.names = list(known)
        self.place = {name: k for k, name in enumerate(self.names)}
        self.low = np.array([known[name][0] for name in self.names], dtype=float)
        self.high = np.array([known[name][1] for name in self.names], dtype=float)
        self.sums = [(parts, total) for parts, total in sums]
        self.matrix = sparse.lil_array((len(self.sums), len(self.names)))
        for row, (parts, total) in enumerate(self.sums):
            for part in parts:
                self.matrix[row, self.place[part]] += 1
            self.matrix[row, self.place[total]] -= 1
        self.matrix = self.matrix.tocsr()

    def known(self, names: Iterable[Name]) -> set[Name]:
        """Of these numbers, those that can be nothing but one number."""
        places = {name: self.place[name] for name in names}
        return {name for name, k in places.items() if self._least(k, 1) == -self._least(k, -1)}

    def _least(self, k: int, sign: int) -> int:
        aim = np.zeros(len(self.names))
        aim[k] = sign
        found = linprog(
            aim,
            A_eq=self.matrix,
            b_eq=np.zeros(len(self.sums)),
            bounds=np.column_stack([self.low, self.high]),
        )
        assert found.status == 0, found.message
        if np.abs(found.x - np.rint(found.x)).max() > 1e-6:
            found = milp(
                aim,
                integrality=np.ones(len(self.names)),
                bounds=Bounds(self.low, self.high),
                constraints=LinearConstraint(self.matrix, 0, 0),
            )
        return round(found.fun)

    def fillings(self) -> Iterator[dict[Name, int]]:
        """Every way to fill the numbers in; ranges must be short."""
        yield from self._fill(
            [], list(zip(self.low.astype(int), self.high.astype(int), strict=True))
        )

    def _fill(self, so_far: list[int], ranges: list[tuple[int, int]]) -> Iterator[dict[Name, int]]:
        if len(so_far) == len(ranges):
            yield dict(zip(self.names, so_far, strict=True))
            return
        low, high = ranges[len(so_far)]
        for value in range(low, high + 1):
            filled = [*so_far, value]
            if self._may_still_be(filled):
                yield from self._fill(filled, ranges)

    def _may_still_be(self, filled: Sequence[int]) -> bool:
        for parts, total in self.sums:
            places = [self.place[part] for part in parts]
            complete = max(*places, self.place[total]) == len(filled) - 1
            if complete and sum(filled[k] for k in places) != filled[self.place[total]]:
                return False
        return True


def linked(answers: Mapping[str, list[list[Count]]], stage: int = 0) -> Mapping[Name, Count]:
    """The counts of linked tables by their names: the same total has the same name."""
    found: dict[Name, Count] = {}
    for table, answer in answers.items():
        for i, row in enumerate(answer):
            for j, count in enumerate(row):
                name = (stage, *cell_name(answer, table, i, j))
                assert found.setdefault(name, count) == count, "linked totals must be marked alike"
    return found


def cell_name(answer: Sequence[Sequence[object]], table: str, i: int, j: int) -> tuple[Name, Name]:
    row = i if i < len(answer) - 1 else None
    return row, (table, j) if j < len(answer[0]) - 1 else None


def sums_of(answers: Mapping[str, Sequence[Sequence[object]]], stage: int = 0) -> Iterator[Sum]:
    for table, answer in answers.items():
        rows, columns = range(len(answer)), range(len(answer[0]))
        names = [[(stage, *cell_name(answer, table, i, j)) for j in columns] for i in rows]
        for line in [*names, *map(list, zip(*names, strict=True))]:
            if len(line) > 1:
                yield list(line[:-1]), line[-1]


def known_by_marks(counts: Mapping[Name, Count]) -> dict[Name, tuple[int, int]]:
    """What each mark says; of cells, that a line of few hides its zeros, and rows hidden whole."""
    few = {name for name, count in counts.items() if count.mark is Mark.FEW}
    few_left = any(name[1] is None and name[2] is None for name in few)
    found = {}
    for name, count in counts.items():
        if count.value is not None:
            found[name] = (count.value, count.value)
        elif count.mark is Mark.FEW:
            found[name] = FEW_OR_NONE if _lines(name) & few or few_left else FEW
        else:
            found[name] = ANY if _is_whole(counts, name) else NOT_SHOWN
    return found


def _lines(name: tuple[int, Name, Name]) -> set[Name]:
    stage, row, column = name
    lines = {(stage, row, None), (stage, None, column), (stage, None, None)} - {name}
    return lines | {(each, row, column) for each in range(stage)}


def _is_whole(counts: Mapping[Name, Count], name: tuple[int, Name, Name]) -> bool:
    """Whether the row of a number, or all but the grand total, is hidden to the last cell."""
    stage, row, _ = name
    alike = [c for n, c in counts.items() if n[0] == stage and n[1] == row]
    every = [c for n, c in counts.items() if n[0] == stage and n[1:] != (None, None)]
    return any(all(c.mark is Mark.HIDDEN for c in some) for some in (alike, every))
