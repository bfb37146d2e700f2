"""Concave piecewise-linear programs, solved by a dual simplex with long steps.

Maximise the sum of gains of x (N,) while every row keeps its sum matrix @ x between two ends.
Rows are variables too: what they add up to, without gain of their own. As many variables as there
are rows are basic, that is, they follow from the others. Each of the others stands at a breakpoint
that is best at its price; each basic one has the price of a segment of its gain. What remains is
to move the basic ones into their segments, which can only lower the bound that the prices give
(Fourer 1985; long steps: Maros 2003). Any basis can be made such a start, so that a program that
differs little from one solved before takes few steps.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

Index = NDArray[np.intp]
Flags = NDArray[np.bool_]

NEAR = 1e-10  # by how much a variable may miss its segment
ZERO = 1e-9  # coefficients below this count as none
STEPS_PER_ROW = 50  # after which a program is left with the bound reached


@dataclass(frozen=True)
class Gains:
    """Concave gains of V variables, then of the rows.

    at     (V, S + 1) breakpoints, rising; the last is repeated where there are fewer
    slope  (V, S) gain per unit between them, falling
    """

    at: Array
    slope: Array


@dataclass(frozen=True)
class Optimum:
    """The best point.

    at      (V,) variables, then what the rows add up to
    prices  (rows,) gain per unit of each row's limit: above 0 at its high end, below 0 at its low
    basis   (rows,) the basic variables
    steps   how many it took; kept: whether every row is kept (else only the prices are of use)
    """

    at: Array
    prices: Array
    basis: Index
    steps: int
    kept: bool


def maximise(matrix: Array, gains: Gains, start: Optimum | None = None) -> Optimum | None:
    """The optimum, begun where a similar program ended; None where not all rows can be kept."""
    state = _State(matrix, gains, start)
    for steps in range(STEPS_PER_ROW * (len(matrix) + 1)):
        row, missing = state.worst()
        if missing == 0:
            return state.optimum(steps, kept=True)
        if not state.bring_back(row, missing):
            return None
    return state.optimum(steps, kept=False)


def sums(matrix: Array, low: Array, high: Array) -> tuple[Array, Array]:
    """The least and the most that rows of matrix (R, N) add up to, low <= x <= high (N,)."""
    up, down = np.maximum(matrix, 0.0), np.minimum(matrix, 0.0)
    return up @ low + down @ high, up @ high + down @ low


class _State:
    """Basic and free variables on the way to the optimum.

    table  (rows, V - rows): basic variables = table @ free ones
    where  breakpoint at which a free variable stands; segment whose slope a basic one is priced at
    """

    def __init__(self, matrix: Array, gains: Gains, start: Optimum | None) -> None:
        rows, count = matrix.shape
        self.count, self.at, self.slope = count, gains.at, gains.slope
        self.width = np.diff(gains.at, axis=1)
        self.basis = np.arange(count, count + rows) if start is None else start.basis.copy()
        self.free = np.setdiff1d(np.arange(count + rows), self.basis)
        self.table = _table(matrix, self.basis, self.free)
        self.where = np.zeros(count + rows, dtype=np.intp)
        if start is not None:
            before = (self.at[self.basis, 1:-1] < start.at[self.basis, None]).sum(axis=1)
            last = np.maximum((self.width[self.basis] > 0).sum(axis=1) - 1, 0)
            self.where[self.basis] = np.minimum(before, last)
        better = self.slope[self.free] > self.prices[:, None]
        self.where[self.free] = (better & (self.width[self.free] > 0)).sum(axis=1)

    @property
    def basic_prices(self) -> Array:
        """(rows,) slopes of the segments of the basic variables."""
        return np.asarray(self.slope[self.basis, self.where[self.basis]])

    @property
    def prices(self) -> Array:
        """(V - rows,) what one more unit of a free variable takes from the basic ones' gains."""
        return np.asarray(-self.basic_prices @ self.table)

    def worst(self) -> tuple[int, float]:
        """The basic variable furthest from its segment, by its row's length, and how far above."""
        if not len(self.basis):
            return 0, 0.0
        found = self.table @ self.at[self.free, self.where[self.free]]
        over = found - self.at[self.basis, self.where[self.basis] + 1]
        under = self.at[self.basis, self.where[self.basis]] - found
        length = np.sqrt(1.0 + np.einsum("rf,rf->r", self.table, self.table))
        row = int((np.maximum(over, under) / length).argmax())
        if max(over[row], under[row]) <= NEAR:
            return row, 0.0
        return row, float(over[row] if over[row] > under[row] else -under[row])

    def bring_back(self, row: int, missing: float) -> bool:
        """Move a row's price until its variable is back in a segment; False where it cannot be.

        Breakpoint after breakpoint the variables that become worse than the price move on, until
        they have made up for what is missing; the last of them becomes basic.
        """
        leaves, falls = self.basis[row], missing > 0
        who = np.append(self.free, leaves)
        pull = np.append(self.table[row], -1.0) * np.sign(missing)
        size, onward = np.abs(pull), pull < 0
        price = np.append(self.prices, self.slope[leaves, self.where[leaves]])
        place = self.where[who]
        place[-1] += falls
        ahead = (np.arange(self.slope.shape[1]) >= place[:, None]) == onward[:, None]
        ahead &= (self.width[who] > 0) & (size > ZERO)[:, None]
        passer, segment = np.nonzero(ahead)
        wait = np.abs(price[passer] - self.slope[who[passer], segment]) / size[passer]
        order = np.argsort(wait, kind="stable")
        room = np.cumsum((size[passer] * self.width[who[passer], segment])[order])
        stop = int(np.searchsorted(room, abs(missing)))
        if stop == len(order):
            return False
        moves = np.bincount(passer[order[:stop]], minlength=len(who))
        place = place + np.where(onward, moves, -moves)
        enters, onto = int(passer[order[stop]]), segment[order[stop]]
        self.where[who] = place
        self.where[who[enters]] = onto
        if who[enters] != leaves:
            self.basis[row], self.free[enters] = self.free[enters], leaves
            _exchange(self.table, row, enters)
        return True

    def optimum(self, steps: int, kept: bool) -> Optimum:
        """The point and the prices of the rows as they are."""
        at, price = np.empty(len(self.at)), np.empty(len(self.at))
        at[self.free] = self.at[self.free, self.where[self.free]]
        at[self.basis] = self.table @ at[self.free]
        price[self.free], price[self.basis] = -self.prices, -self.basic_prices
        return Optimum(at, price[self.count :], self.basis, steps, kept)


def _table(matrix: Array, basis: Index, free: Index) -> Array:
    """(rows, V - rows) the basic variables by the free ones."""
    rows, count = matrix.shape
    if (basis >= count).all():
        return np.asarray(matrix[basis - count][:, free])
    every = np.concatenate([matrix, -np.eye(rows)], axis=1)
    return np.asarray(-np.linalg.solve(every[:, basis], every[:, free]))


def _exchange(table: Array, row: int, column: int) -> None:
    """The basic variable of a row and the free one of a column change places."""
    pivot = table[row, column]
    line = table[row] / -pivot
    line[column] = 1.0 / pivot
    factor = table[:, column].copy()
    table[:, column] = 0.0
    table += factor[:, None] * line
    table[row] = line
