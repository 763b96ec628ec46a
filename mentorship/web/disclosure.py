"""Cells that add up, some of them hidden: can a reader work a hidden one out, and what covers it?

Nothing here knows of tables. A system is a list of cells with what may be known of each when it
is hidden (a least and a most), and of sums: these cells add up to that one. A hidden cell cannot
be worked out exactly when a second set of whole numbers fits everything that is shown and has
another number there. Such a set proves every cell it changes, and goes on proving them when
more is hidden: so one look at each cell is enough.

For a cell without a proof the cheapest change is sought, where changing a shown cell costs what
hiding it costs the reader; what it changes is hidden. A linear program (GLOP, started from its
last answer) finds it; where its answer is not whole, HiGHS searches whole numbers. Deterministic.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver.python.model_builder_helper import (
    ModelBuilderHelper,
    ModelSolverHelper,
    SolveStatus,
)
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
UNKNOWN = 10**9  # no upper end


@dataclass(frozen=True)
class Cell:
    """One number; `cost` None means that it may not be hidden, `low` and `high` hold if it is."""

    value: int
    low: int
    high: int = UNKNOWN
    cost: int | None = None
    hidden: bool = False
    secret: bool = False  # hidden, and must not be worked out


class System:
    """Cells and their sums; `cover` hides what must be hidden besides.

    `shortcut` may name cells that are plainly proven, by a cheaper look than a linear program's;
    it is asked whenever something more is hidden.
    """

    def __init__(
        self,
        cells: Sequence[Cell],
        sums: Iterable[tuple[Sequence[int], int]],
        shortcut: "Callable[[System], Flags] | None" = None,
    ) -> None:
        self.value, self.low, self.high, self.cost = (
            np.array(column, dtype=np.int64)
            for column in zip(
                *((c.value, c.low, c.high, -1 if c.cost is None else c.cost) for c in cells),
                strict=True,
            )
        )
        self.hidden = np.array([cell.hidden for cell in cells])
        self.secret = np.array([cell.secret for cell in cells])
        self.proven = np.zeros(len(cells), dtype=bool)
        self.scope = np.ones(len(cells), dtype=bool)
        self.sums = _matrix([(list(parts), total) for parts, total in sums], len(cells))
        self._shortcut = shortcut
        self._looked = False
        self._solver: _Solver | None = None

    @property
    def up(self) -> Flags:
        """Hidden cells that could be one more."""
        found: Flags = self.scope & self.hidden & (self.value < self.high)
        return found

    @property
    def down(self) -> Flags:
        """Hidden cells that could be one less."""
        found: Flags = self.scope & self.hidden & (self.value > self.low)
        return found

    @property
    def free(self) -> Flags:
        """Cells that are hidden or may be."""
        return self.scope & (self.hidden | (self.cost >= 0))

    def withhold(self, k: Sequence[int]) -> bool:
        """Hide cells so that nothing is known of them; whether that is news."""
        there = self.hidden[k] & (self.low[k] == 0) & (self.high[k] == UNKNOWN)
        if there.all():
            return False
        self.low[k], self.high[k], self.hidden[k] = 0, UNKNOWN, True
        self.secret[k] = self.value[k] > 0
        self._solver, self._looked = None, False
        return True

    def cover(self) -> int | None:
        """Prove every secret cell, hiding others; the first cell that nothing can cover, if any."""
        while (k := self._next()) is not None:
            change = self._cheapest(k)
            if change is None:
                return k
            for j in np.flatnonzero((change != 0) & ~self.hidden).tolist():
                self.hidden[j] = self.secret[j] = True
                self._looked = False
                if self._solver:
                    self._solver.hide(j)
            self.proven |= change != 0
        return None

    def cover_alone(self, scope: Flags, most: Whole, sums: int) -> None:
        """`cover`, as far as it goes, while every other cell stays as it is.

        That makes a much smaller linear program. `most` is then an upper end of each cell, and
        the first sums alone count.
        """
        kept = self.high, self.sums
        self.scope, self.high, self.sums = scope, np.minimum(self.high, most), self.sums[:sums]
        self.cover()
        self.scope, (self.high, self.sums) = np.ones(len(scope), dtype=bool), kept
        self._solver, self._looked = None, False

    def fits(self, change: Whole) -> bool:
        """Whether the numbers with this change are what a reader could believe as well."""
        there = self.value + change
        moved = change != 0
        within = self.free & (self.low <= there) & (there <= self.high)
        return bool(within[moved].all() and not (self.sums @ change).any())

    def _next(self) -> int | None:
        if self._shortcut and not self._looked and (self.scope & self.secret & ~self.proven).any():
            self.proven |= self._shortcut(self)
            self._looked = True
        unproven = np.flatnonzero(self.scope & self.secret & ~self.proven)
        return int(unproven[0]) if len(unproven) else None

    def _cheapest(self, k: int) -> Whole | None:
        if self._solver is None:
            self._solver = _Solver(self)
        found = []
        for step in (1, -1):
            change = self._solver.change(k, step)
            if change is not None:
                price = int(self.cost[(change != 0) & ~self.hidden].sum())
                if price == 0:
                    return change
                found.append((price, -step, change))
        return min(found, key=lambda each: each[:2])[2] if found else None


def _matrix(sums: Sequence[tuple[list[int], int]], size: int) -> sparse.csr_array:
    rows = [row for row, (parts, _) in enumerate(sums) for _ in range(len(parts) + 1)]
    columns = [k for parts, total in sums for k in (*parts, total)]
    signs = [sign for parts, _ in sums for sign in (*[1] * len(parts), -1)]
    return sparse.csr_array((signs, (rows, columns)), shape=(len(sums), size), dtype=np.int64)


class _Solver:
    """The linear program of all changes: a hidden cell moves freely, a shown one for its cost.

    It has each cell twice, as more and as less. A hidden cell costs a little too, which makes
    for short ways round, and these are whole numbers.
    """

    def __init__(self, system: System) -> None:
        self.system = system
        self.cells = np.flatnonzero(system.free)
        self.size = len(self.cells)
        sums = system.sums[:, self.cells]
        self.sums = sparse.hstack([sums, -sums]).tocsr()[np.diff(sums.indptr) > 0].astype(float)
        ends = system.high - system.value, system.value - system.low
        self.most = np.concatenate([end[self.cells] for end in ends]).astype(float)
        cost = np.where(system.hidden, 1, 10 * system.cost)[self.cells]
        self.cost = np.concatenate([cost, cost]).astype(float)
        nothing = np.zeros(self.sums.shape[0])
        self.lp = ModelBuilderHelper()
        fill: Any = self.lp.fill_model_from_sparse_data
        fill(np.zeros(2 * self.size), self.most, self.cost, nothing, nothing, self.sums)
        self.solver = ModelSolverHelper("GLOP")
        # Changing nothing costs nothing: a good start for the dual method.
        self.solver.set_solver_specific_parameters("use_dual_simplex:true use_preprocessing:false")

    def hide(self, k: int) -> None:
        """A cell that was shown costs next to nothing any more."""
        place = int(np.searchsorted(self.cells, k))
        for each in (place, place + self.size):
            self.cost[each] = 1
            self.lp.set_var_objective_coefficient(each, 1.0)

    def change(self, k: int, step: int) -> Whole | None:
        """The cheapest change of all cells that moves cell `k` in the sense of `step`."""
        place = int(np.searchsorted(self.cells, k))
        ahead, behind = (place, place + self.size)[::step]
        if self.most[ahead] < 1:
            return None
        self._bounds(ahead, 1, 1)
        self._bounds(behind, 0, 0)
        self.solver.solve(self.lp)
        solved = self.solver.status() == SolveStatus.OPTIMAL
        found = self._read(self.solver.variable_values()) if solved else None
        self._bounds(ahead, 0, self.most[ahead])
        self._bounds(behind, 0, self.most[behind])
        if found is None or self.system.fits(found):
            return found
        return self._whole(ahead, behind)

    def _bounds(self, place: int, low: float, high: float) -> None:
        self.lp.set_var_lower_bound(place, low)
        self.lp.set_var_upper_bound(place, high)

    def _read(self, values: Any) -> Whole:
        change = np.zeros(len(self.system.value), dtype=np.int64)
        more, less = np.asarray(values).reshape(2, self.size)
        change[self.cells] = np.rint(more - less)
        return change

    def _whole(self, ahead: int, behind: int) -> Whole | None:
        """The same among whole numbers; the cell may then change by more than one."""
        least, most = np.zeros(2 * self.size), np.minimum(self.most, 10**6)
        least[ahead], most[behind] = 1, 0
        found = milp(
            self.cost,
            integrality=np.ones(2 * self.size),
            bounds=Bounds(least, most),
            constraints=LinearConstraint(self.sums, 0, 0),
        )
        change = None if found.x is None else self._read(found.x)
        return change if change is not None and self.system.fits(change) else None
