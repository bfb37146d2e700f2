"""Plans as blends of points of each line's range: whatever the curves, a linear program.

Its variables are the shares of the points, its rows keep the shares of a line at 1 together and
the limits at their ends; whoever solves it adds variables and rows of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.program import Program
from xlbudget.planning.relaxation import LOOSE
from xlbudget.planning.simplex import Gains, Optimum, maximise, sums
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Rows:
    """What matrix (R, V) @ x adds up to, kept between low and high (R,)."""

    matrix: Array
    low: Array
    high: Array


def blends_of(program: Program, spend: Array) -> Rows:
    """The rows of the shares (L x K) of points spend (L, K); switches and lots are left aside."""
    lines, points = spend.shape
    line, flat = np.repeat(np.arange(lines), points), spend.ravel()
    together = (line == np.arange(lines)[:, None]).astype(float)
    amounts = [
        limit.weights[line] * (flat if limit.around is None else np.abs(flat - limit.around[line]))
        for limit in program.limits
    ]
    return Rows(
        np.concatenate([together, *(amount[None] for amount in amounts)]),
        np.array([*np.ones(lines), *(limit.low for limit in program.limits)]),
        np.array([*np.ones(lines), *(limit.high for limit in program.limits)]),
    )


def linear_optimum(
    gain: Array, box: Array, rows: Rows, start: Optimum | None = None
) -> Optimum | None:
    """The most of gain (V,) @ x within box (V, 2) and the rows; None where not all can be kept.

    start  the optimum of the same program with fewer of the last rows, or with other gains
    """
    least, most = sums(rows.matrix, box[:, 0], box[:, 1])
    low, high = np.maximum(rows.low, least) - LOOSE, np.minimum(rows.high, most) + LOOSE
    if (low > high).any():
        return None
    ends = np.concatenate([box, np.stack([low, high], axis=1)])
    slope = np.concatenate([gain, np.zeros(len(low))])[:, None]
    begun = None if start is None else _with_rows(start, rows.matrix)
    return maximise(rows.matrix, Gains(ends, slope), begun)


def _with_rows(start: Optimum, matrix: Array) -> Optimum:
    """An optimum of the first rows as a start for all of them: what is new is basic."""
    every, variables = matrix.shape
    known = len(start.basis)
    return replace(
        start,
        at=np.append(start.at, matrix[known:] @ start.at[:variables]),
        basis=np.append(start.basis, variables + np.arange(known, every)),
    )
