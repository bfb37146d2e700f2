"""The weights of the draws under which a cautious plan is bounded best.

Whatever weights the cautious mean could use, the best plan under them is worth no less than the
best cautious plan. Of all mixtures of the weights met so far, the lowest such bound is found
together with the plan that goes with it, as one linear program over the points of the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.program import Program
from xlbudget.planning.relaxation import LOOSE
from xlbudget.planning.simplex import Gains, maximise, sums
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Mixture:
    """shares (C,) of the weights; spend (L,) and value of the plan that is best in the worst."""

    shares: Array
    spend: Array
    value: float


def lowest_mixture(program: Program, spend: Array, ceilings: Array, cost: float) -> Mixture | None:
    """The mixture of weights with the lowest bound; None where no plan is allowed.

    spend (L, K) points; ceilings (C, L, K) over-estimates there under each of the weights. A line
    is a blend of its points.
    """
    cuts, lines, points = ceilings.shape
    line = np.repeat(np.arange(lines), points)
    flat = spend.ravel()
    blends = (line == np.arange(lines)[:, None]).astype(float)
    amounts = [
        limit.weights[line] * (flat if limit.around is None else np.abs(flat - limit.around[line]))
        for limit in program.limits
    ]
    net = (ceilings - cost * spend).reshape(cuts, -1)
    matrix = np.zeros((lines + len(amounts) + cuts, len(flat) + 1))
    matrix[:, :-1] = np.concatenate([blends, *(amount[None] for amount in amounts), net])
    matrix[-cuts:, -1] = -1.0  # the last variable is below every cut's total
    low = np.array([*np.ones(lines), *(limit.low for limit in program.limits), *np.zeros(cuts)])
    high = low.copy()
    high[lines:] = [*(limit.high for limit in program.limits), *np.full(cuts, np.inf)]
    box = np.tile([0.0, 1.0], (len(flat) + 1, 1))
    box[-1] = (
        (ceilings - cost * spend).min(axis=2).sum(axis=1).min(),
        (ceilings - cost * spend).max(axis=2).sum(axis=1).max(),
    )
    least, most = sums(matrix, box[:, 0], box[:, 1])
    rows = np.stack([np.maximum(low, least) - LOOSE, np.minimum(high, most) + LOOSE], axis=1)
    slope = np.zeros((len(box) + len(rows), 1))
    slope[len(flat)] = 1.0
    found = maximise(matrix, Gains(np.concatenate([box, rows]), slope))
    if found is None or not found.kept:
        return None
    shares = np.maximum(-found.prices[-cuts:], 0.0)
    return Mixture(
        shares / max(float(shares.sum()), 1e-12),
        np.bincount(line, flat * found.at[: len(flat)], lines).astype(float),
        float(found.at[len(flat)]),
    )
