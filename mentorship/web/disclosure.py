"""Cells that add up, some of them hidden: can a reader work a hidden one out, and what covers it?

Nothing here knows of tables. A system is a list of cells with what may be known of each when it
is hidden (a least and a most), and of sums: these cells add up to that one. A hidden cell cannot
be worked out exactly when a second set of whole numbers fits everything that is shown and has
another number there. Such a set is kept as proof of every cell it changes, and stays a proof
when more is hidden: so one look at each cell is enough.

For a cell without a proof the cheapest change is sought, where changing a shown cell costs what
hiding it costs the reader; what it changes is hidden. A linear program (GLOP, started from its
last answer) finds it; where its answer is not whole, HiGHS searches whole numbers. Deterministic.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.linear_solver import pywraplp
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

Whole = NDArray[np.int64]
UNKNOWN = 10**9  # no upper end


@dataclass
class Cell:
    """One number; `cost` None means that it may not be hidden, `low` and `high` hold if it is."""

    value: int
    low: int
    high: int = UNKNOWN
    cost: int | None = None
    hidden: bool = False
    secret: bool = False  # hidden, and must not be worked out


class System:
    """Cells and their sums; `cover` hides what must be hidden besides."""

    def __init__(self, cells: Sequence[Cell], sums: Iterable[tuple[Sequence[int], int]]) -> None:
        self.cells = list(cells)
        self.sums = [(list(parts), total) for parts, total in sums]
        self.proven = np.zeros(len(self.cells), dtype=bool)
        self._solver: _Solver | None = None

    def open_cells(self) -> list[int]:
        """Secret cells of which no proof is known yet."""
        return [k for k, cell in enumerate(self.cells) if cell.secret and not self.proven[k]]

    def changed(self) -> None:
        """To be called after cells were hidden from outside: proofs hold, the solver does not."""
        self._solver = None

    def cover(self) -> int | None:
        """Prove every secret cell, hiding others; the first cell that nothing can cover, if any."""
        for k in self.open_cells():
            if self.proven[k]:
                continue
            change = self._cheapest(k)
            if change is None:
                return k
            for j in np.flatnonzero(change):
                if not self.cells[j].hidden:
                    self.cells[j].hidden = self.cells[j].secret = True
                    self._solver.hide(int(j)) if self._solver else None
            self.proven |= change != 0
        return None

    def _cheapest(self, k: int) -> Whole | None:
        if self._solver is None:
            self._solver = _Solver(self)
        found = []
        for step in (1, -1):
            change = self._solver.change(k, step)
            if change is not None:
                price = self._price(change)
                if price == 0:
                    return change
                found.append((price, -step, change))
        return min(found, key=lambda each: each[:2])[2] if found else None

    def _price(self, change: Whole) -> int:
        touched = [self.cells[j] for j in np.flatnonzero(change)]
        return sum(cell.cost or 0 for cell in touched if not cell.hidden)

    def fits(self, change: Whole) -> bool:
        """Whether the numbers with this change are what a reader could believe as well."""
        for cell, step in zip(self.cells, change.tolist(), strict=True):
            if step and not (cell.hidden or cell.cost is not None):
                return False
            if step and not cell.low <= cell.value + step <= cell.high:
                return False
        return all(sum(change[parts]) == change[total] for parts, total in self.sums)


class _Solver:
    """The linear program of all changes: a hidden cell moves freely, a shown one for its cost."""

    def __init__(self, system: System) -> None:
        self.system = system
        self.size = len(system.cells)
        self.lp = pywraplp.Solver.CreateSolver("GLOP")
        self.asking = pywraplp.MPSolverParameters()
        self.asking.SetIntegerParam(
            pywraplp.MPSolverParameters.INCREMENTALITY,
            pywraplp.MPSolverParameters.INCREMENTALITY_ON,
        )
        self.asking.SetIntegerParam(
            pywraplp.MPSolverParameters.PRESOLVE, pywraplp.MPSolverParameters.PRESOLVE_OFF
        )
        self.moves: dict[int, list[tuple[int, pywraplp.Variable]]] = {}
        self.objective = self.lp.Objective()
        self.objective.SetMinimization()
        for k, cell in enumerate(system.cells):
            if cell.hidden or cell.cost is not None:
                self.moves[k] = self._moves(cell)
        for parts, total in system.sums:
            self._sum(parts, total)

    def _moves(self, cell: Cell) -> list[tuple[int, pywraplp.Variable]]:
        up, down = cell.high - cell.value, cell.value - cell.low
        moves = [(1, self.lp.NumVar(0, up, "")), (-1, self.lp.NumVar(0, down, ""))]
        for _, variable in moves:
            self.objective.SetCoefficient(variable, 0 if cell.hidden else cell.cost or 0)
        return moves

    def _sum(self, parts: list[int], total: int) -> None:
        if not any(k in self.moves for k in (*parts, total)):
            return
        line = self.lp.Constraint(0, 0)
        for k, side in [*((part, 1) for part in parts), (total, -1)]:
            for sign, variable in self.moves.get(k, ()):
                line.SetCoefficient(variable, sign * side)

    def hide(self, k: int) -> None:
        """A cell that was shown costs nothing any more."""
        for _, variable in self.moves[k]:
            self.objective.SetCoefficient(variable, 0)

    def change(self, k: int, step: int) -> Whole | None:
        """The cheapest change of all cells that moves cell `k` by one in the sense of `step`."""
        (_, along), (_, against) = self.moves[k][::step]
        most, back = along.ub(), against.ub()
        if most < 1:
            return None
        along.SetBounds(1, 1)
        against.SetBounds(0, 0)
        solved = self.lp.Solve(self.asking) == pywraplp.Solver.OPTIMAL
        found = self._read() if solved else None
        along.SetBounds(0, most)
        against.SetBounds(0, back)
        if not solved or (found is not None and self.system.fits(found)):
            return found
        return self._whole(k, step)

    def _read(self) -> Whole:
        change = np.zeros(self.size)
        for k, moves in self.moves.items():
            change[k] = sum(sign * variable.solution_value() for sign, variable in moves)
        return np.rint(change).astype(np.int64)

    def _whole(self, k: int, step: int) -> Whole | None:
        """The same among whole numbers; the change of `k` may be larger than one."""
        cells = self.system.cells
        moving = [cell.hidden or cell.cost is not None for cell in cells]
        up = np.array(
            [c.high - c.value if may else 0 for c, may in zip(cells, moving, strict=True)]
        )
        down = np.array(
            [c.value - c.low if may else 0 for c, may in zip(cells, moving, strict=True)]
        )
        least = np.zeros(2 * self.size)
        most = np.concatenate([up, down]).astype(float)
        ahead, behind = (k, k + self.size)[::step]
        least[ahead], most[behind] = 1, 0
        cost = np.array([0 if cell.hidden else cell.cost or 0 for cell in cells], dtype=float)
        matrix = sparse.lil_array((len(self.system.sums), self.size))
        for row, (parts, total) in enumerate(self.system.sums):
            matrix[row, parts], matrix[row, total] = 1, -1
        found = milp(
            np.concatenate([cost, cost]),
            integrality=np.ones(2 * self.size),
            bounds=Bounds(least, np.minimum(most, 10**6)),
            constraints=LinearConstraint(sparse.hstack([matrix, -matrix]).tocsc(), 0, 0),
        )
        if found.x is None:
            return None
        change = np.rint(found.x[: self.size] - found.x[self.size :]).astype(np.int64)
        return change if change[k] and self.system.fits(change) else None
