"""A linear or mixed-integer program, row by row, solved by HiGHS."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

Index = NDArray[np.intp]
MIP_GAP = 1e-4  # share of the gain at which whole numbers are settled well enough
NODES = 20_000  # of the search for whole numbers: the same end on every machine

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

    Matrix: TypeAlias = "csr_matrix[np.float64]"


@dataclass(frozen=True)
class Optimum:
    """The best point found.

    at     (variables,)
    bound  what the solver says that no point exceeds
    """

    at: Array
    bound: float


class Linear:
    """Gathers variables and rows low <= coefficients @ variables <= high; maximises the gain."""

    def __init__(self) -> None:
        self._gain: list[Array] = []
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
        whole: bool = False,
    ) -> Index:
        """New variables, from 0 to `high`; their indices."""
        for kept, given in (
            (self._gain, gain),
            (self._high, high),
            (self._whole, float(whole)),
        ):
            kept.append(np.broadcast_to(np.asarray(given, dtype=float), count))
        self._count += count
        return np.arange(self._count - count, self._count)

    def row(self, low: float, high: float, *terms: tuple[Index, Array]) -> None:
        """A new row."""
        number = len(self._rows)
        self._entries += [(number, index, coefficients) for index, coefficients in terms]
        self._rows.append((low, high))

    def maximise(self) -> Optimum | None:
        """The optimum; None where no point keeps all rows. TimeoutError: none found so far."""
        from scipy.optimize import Bounds, LinearConstraint, milp

        matrix, low, high = self._matrix()
        whole = np.concatenate(self._whole)
        found = milp(
            -np.concatenate(self._gain),
            integrality=whole.astype(np.intp),
            bounds=Bounds(0.0, np.concatenate(self._high)),
            constraints=LinearConstraint(matrix, low, high),
            options={"node_limit": NODES, "mip_rel_gap": MIP_GAP},
        )
        if found.x is None:
            if found.status == 1:
                raise TimeoutError
            return None
        return Optimum(found.x, -float(found.mip_dual_bound if whole.any() else found.fun))

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
