"""The weights of the draws under which a cautious plan is bounded best.

Whatever weights the cautious mean could use, the best plan under them is worth no less than the
best cautious plan. Of all mixtures of the weights met so far, the lowest such bound is found
together with the plan that goes with it, as one linear program over the points of the tables.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.blends import Rows, blends_of, linear_optimum
from xlbudget.planning.program import Program
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
    blends = blends_of(program, spend)
    net = ceilings - cost * spend
    matrix = np.zeros((len(blends.low) + cuts, lines * points + 1))
    matrix[:, :-1] = np.concatenate([blends.matrix, net.reshape(cuts, -1)])
    matrix[-cuts:, -1] = -1.0  # the last variable is below every cut's total
    rows = Rows(
        matrix,
        np.append(blends.low, np.zeros(cuts)),
        np.append(blends.high, np.full(cuts, np.inf)),
    )
    box = np.tile([0.0, 1.0], (matrix.shape[1], 1))
    box[-1] = net.min(axis=2).sum(axis=1).min(), net.max(axis=2).sum(axis=1).max()
    gain = np.append(np.zeros(lines * points), 1.0)
    found = linear_optimum(gain, box, rows)
    if found is None or not found.kept:
        return None
    shares = np.maximum(-found.prices[-cuts:], 0.0)
    return Mixture(
        shares / max(float(shares.sum()), 1e-12),
        (found.at[: lines * points].reshape(spend.shape) * spend).sum(axis=1),
        float(found.at[lines * points]),
    )
