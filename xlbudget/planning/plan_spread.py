"""How money is spread where the plan does not say: as in the last 13 weeks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.tabular import Array

RECENT = 13  # weeks that say how a line's money is usually spread


def usual_share(data: Dataset, cells: NDArray[np.bool_]) -> Array:
    """(R, M) each cell's share of the money of `cells` (R, M); adds up to 1 over them.

    As in the last 13 weeks; where they are silent as in all weeks; where those are silent evenly.
    """
    for money in (data.spend[-RECENT:].sum(axis=0), data.spend.sum(axis=0)):
        inside = np.where(cells, money, 0.0)
        if inside.sum() > 0:
            return np.asarray(inside / inside.sum())
    return np.asarray(cells / max(cells.sum(), 1))


def repeated(data: Dataset) -> Array:
    """(H, R, M) the last 13 weeks over again until the horizon is full."""
    recent = data.spend[-RECENT:]
    return np.asarray(recent[np.arange(data.settings.horizon_weeks) % len(recent)])
