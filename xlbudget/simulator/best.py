"""The best split of a budget over tabulated curves, by dynamic programming: slow, plain, exact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlbudget.tabular import Array


def best_split(curves: Sequence[Array], steps: int) -> Array:
    """How many of `steps` equal portions each of L lines gets so that the sum is largest.

    curves  L arrays: value of 0, 1, 2 ... portions; a line takes no more than its curve has
    -> (L,) whole numbers that add up to `steps`. Curves may have any shape.
    """
    best = np.full(steps + 1, -np.inf)
    best[0] = 0.0
    taken = []
    for curve in curves:
        reached = np.full(steps + 1, -np.inf)
        choice = np.zeros(steps + 1, dtype=np.intp)
        for portions, value in enumerate(curve):
            candidate = best[: steps + 1 - portions] + value
            better = candidate > reached[portions:]
            reached[portions:][better] = candidate[better]
            choice[portions:][better] = portions
        best = reached
        taken.append(choice)
    if not np.isfinite(best[steps]):
        raise ValueError("the curves do not reach that many portions")
    split, left = [], steps
    for choice in reversed(taken):
        split.append(int(choice[left]))
        left -= split[-1]
    return np.array(split[::-1], dtype=float)
