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

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
UNKNOWN = 10**9  # no upper end
_ON = pywraplp.MPSolverParameters.INCREMENTALITY_ON
_OFF = pywraplp.MPSolverParameters.PRESOLVE_OFF


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
        self.sums = _matrix([(list(parts), total) for parts, total in sums], len(cells))
        self._shortcut = shortcut
        self._looked = False
        self._solver: _Solver | None = None

    @property
    def up(self) -> Flags:
        """Hidden cells that could be one more."""
        return self.hidden & (self.value < self.high)

    @property
    def down(self) -> Flags:
        """Hidden cells that could be one less."""
        return self.hidden & (self.value > self.low)

    @property
    def free(self) -> Flags:
        """Cells that are hidden or may be."""
        return self.hidden | (self.cost >= 0)

    def withhold(self, k: Sequence[int]) -> bool:
        """Hide cells so that nothing is known of them; whether that is news."""
        there = self.hidden[k] & (self.low[k] == 0) & (self.high[k] == UNKNOWN)
        self.low[k], self.high[k], self.hidden[k] = 0, UNKNOWN, True
        self.secret[k] = self.value[k] > 0
        self._solver, self._looked = None, False
        return not there.all()

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

    def fits(self, change: Whole) -> bool:
        """Whether the numbers with this change are what a reader could believe as well."""
        there = self.value + change
        moved = change != 0
        within = self.free & (self.low <= there) & (there <= self.high)
        return bool(within[moved].all() and not (self.sums @ change).any())

    def _next(self) -> int | None:
        if self._shortcut and not self._looked and (self.secret & ~self.proven).any():
            self.proven |= self._shortcut(self)
            self._looked = True
        unproven = np.flatnonzero(self.secret & ~self.proven)
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
    """The linear program of all changes: a hidden cell moves freely, a shown one for its cost."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.asking = pywraplp.MPSolverParameters()
        self.asking.SetIntegerParam(pywraplp.MPSolverParameters.INCREMENTALITY, _ON)
        self.asking.SetIntegerParam(pywraplp.MPSolverParameters.PRESOLVE, _OFF)
        self.objective = self.lp.Objective()
        self.objective.SetMinimization()
        self.cells = np.flatnonzero(system.free).tolist()
        self.more, self.less = {}, {}
        for k in self.cells:
            self.more[k] = self.lp.NumVar(0, int(system.high[k] - system.value[k]), "")
            self.less[k] = self.lp.NumVar(0, int(system.value[k] - system.low[k]), "")
            if not system.hidden[k]:
                self._cost(k, int(system.cost[k]))
        for row in range(system.sums.shape[0]):
            self._sum(
                *(a[slice(*system.sums.indptr[row : row + 2])].tolist() for a in self._arrays)
            )

    @property
    def _arrays(self) -> tuple[Whole, Whole]:
        return self.system.sums.indices, self.system.sums.data

    def _sum(self, cells: list[int], signs: list[int]) -> None:
        line = None
        for k, sign in zip(cells, signs, strict=True):
            if k in self.more:
                line = line or self.lp.Constraint(0, 0)
                line.SetCoefficient(self.more[k], sign)
                line.SetCoefficient(self.less[k], -sign)

    def _cost(self, k: int, cost: int) -> None:
        self.objective.SetCoefficient(self.more[k], cost)
        self.objective.SetCoefficient(self.less[k], cost)

    def hide(self, k: int) -> None:
        """A cell that was shown costs nothing any more."""
        self._cost(k, 0)

    def change(self, k: int, step: int) -> Whole | None:
        """The cheapest change of all cells that moves cell `k` in the sense of `step`."""
        along, against = (self.more[k], self.less[k])[::step]
        most, back = along.ub(), against.ub()
        if most < 1:
            return None
        along.SetBounds(1, 1)
        against.SetBounds(0, 0)
        solved = self.lp.Solve(self.asking) == pywraplp.Solver.OPTIMAL
        found = self._read() if solved else None
        along.SetBounds(0, most)
        against.SetBounds(0, back)
        if found is None or self.system.fits(found):
            return found
        return self._whole(k, step)

    def _read(self) -> Whole:
        change = np.zeros(len(self.system.value))
        more = [variable.solution_value() for variable in self.more.values()]
        less = [variable.solution_value() for variable in self.less.values()]
        change[self.cells] = np.subtract(more, less)
        return np.rint(change).astype(np.int64)

    def _whole(self, k: int, step: int) -> Whole | None:
        """The same among whole numbers; the change of `k` may be larger than one."""
        system, size = self.system, len(self.system.value)
        ends = system.high - system.value, system.value - system.low
        most = np.where(system.free, ends, 0).ravel()
        least = np.zeros(2 * size)
        ahead, behind = (k, k + size)[::step]
        least[ahead], most[behind] = 1, 0
        found = milp(
            np.tile(np.where(system.hidden, 0, system.cost), 2),
            integrality=np.ones(2 * size),
            bounds=Bounds(least, np.minimum(most, 10**6)),
            constraints=LinearConstraint(sparse.hstack([system.sums, -system.sums]), 0, 0),
        )
        if found.x is None:
            return None
        change = np.rint(found.x[:size] - found.x[size:]).astype(np.int64)
        return change if change[k] and system.fits(change) else None
