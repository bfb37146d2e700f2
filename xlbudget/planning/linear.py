"""A linear or mixed-integer program, row by row, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

Index = NDArray[np.intp]
MIP_GAP = 1e-4  # share of the gain at which whole numbers are settled well enough
NODES = 20_000  # of the search for whole numbers: the same end on every machine
EMPTY = 1e-7  # by how much a row without variables may be missed

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    Matrix: TypeAlias = "csr_matrix[np.float64]"


@dataclass(frozen=True)
class Optimum:
    """The best point found.

    at      (variables,)
    bound   what the solver says that no point exceeds
    prices  (rows,) gain per unit of each row's limit: above 0 at the high side, below 0 at the
            low side; None with whole numbers
    """

    at: Array
    bound: float
    prices: Array | None


class Linear:
    """Gathers variables and rows low <= coefficients @ variables <= high; maximises the gain."""

    def __init__(self) -> None:
        self._gain: list[Array] = []
        self._low: list[Array] = []
        self._high: list[Array] = []
        self._whole: list[Array] = []
        self._count = 0
        self._entries: list[tuple[int, Index, Array]] = []
        self._rows: list[tuple[float, float]] = []

    def variables(
        self,
        count: int,
        high: Array | float = np.inf,
        gain: Array | float = 0.0,
        low: Array | float = 0.0,
        whole: bool = False,
    ) -> Index:
        """New variables; their indices."""
        for kept, given in (
            (self._gain, gain),
            (self._low, low),
            (self._high, high),
            (self._whole, float(whole)),
        ):
            kept.append(np.broadcast_to(np.asarray(given, dtype=float), count))
        self._count += count
        return np.arange(self._count - count, self._count)

    def row(self, low: float, high: float, *terms: tuple[Index, Array]) -> int:
        """A new row; its number."""
        number = len(self._rows)
        self._entries += [(number, index, coefficients) for index, coefficients in terms]
        self._rows.append((low, high))
        return number

    def maximise(self) -> Optimum | None:
        """The optimum; None where no point keeps all rows. TimeoutError: none found so far."""
        if self._count == 0:  # everything is fixed
            kept = all(low <= EMPTY and high >= -EMPTY for low, high in self._rows)
            return Optimum(np.empty(0), 0.0, np.zeros(len(self._rows))) if kept else None
        whole = np.concatenate(self._whole)
        return self._mixed(whole) if whole.any() else self._continuous()

    def _matrix(self) -> tuple[Matrix, Array, Array]:
        from scipy import sparse

        rows = np.repeat(
            [number for number, _, _ in self._entries], [len(i) for _, i, _ in self._entries]
        )
        columns = np.concatenate([index for _, index, _ in self._entries] or [np.empty(0, int)])
        values = np.concatenate([c for _, _, c in self._entries] or [np.empty(0)])
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(self._rows), self._count))
        low, high = np.array(self._rows, dtype=float).reshape(-1, 2).T
        return matrix, low, high

    def _continuous(self) -> Optimum | None:
        from scipy import sparse
        from scipy.optimize import linprog

        matrix, low, high = self._matrix()
        equal = np.flatnonzero(low == high)
        above = np.flatnonzero((low != high) & (high < np.inf))
        below = np.flatnonzero((low != high) & (low > -np.inf))
        # scipy takes sparse matrices and an array of bounds here; its type stubs do not say so
        sides: dict[str, Any] = {
            "A_ub": sparse.vstack([matrix[above], -matrix[below]]),
            "b_ub": np.concatenate([high[above], -low[below]]),
            "A_eq": matrix[equal],
            "b_eq": low[equal],
            "bounds": np.stack([np.concatenate(self._low), np.concatenate(self._high)], axis=1),
        }
        found = linprog(-np.concatenate(self._gain), **sides, method="highs")
        if found.x is None:
            return None
        prices = np.zeros(len(low))
        prices[equal] = -found.eqlin.marginals
        prices[above] -= found.ineqlin.marginals[: len(above)]
        prices[below] += found.ineqlin.marginals[len(above) :]
        assert found.fun is not None  # it stands beside x
        return Optimum(found.x, -float(found.fun), prices)

    def _mixed(self, whole: Array) -> Optimum | None:
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, low, high = self._matrix()
        found = milp(
            -np.concatenate(self._gain),
            integrality=whole.astype(np.intp),
            bounds=Bounds(np.concatenate(self._low), np.concatenate(self._high)),
            constraints=LinearConstraint(matrix, low, high),
            options={"node_limit": NODES, "mip_rel_gap": MIP_GAP},
        )
        if found.x is None:
            if found.status == 1:
                raise TimeoutError
            return None
        return Optimum(found.x, -float(found.mip_dual_bound), None)
