"""Effects drift: what a medium brought over history, it need not bring in the horizon.

The log of each effect takes a random walk. Data of a few years say next to nothing about its step,
so the step is believed, not learned, and only what looks ahead is widened by it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.tabular import Array

STEP = 0.15  # sd of the log of an effect from one year to the next
YEAR = 52.18  # weeks


def drift_spread(data: Dataset) -> Array:
    """(M,) sd of the log of each effect in the middle of the horizon over that of its history.

    History counts week by week as money was spent. A step in week t moves the horizon against the
    share F(t) of the money that was spent before it, so the variance is the sum of all F squared.
    """
    spent = data.spend.sum(axis=1)  # (W, M)
    total = spent.sum(axis=0)
    before = np.cumsum(spent, axis=0) / np.where(total > 0, total, 1.0)
    until = (data.horizon[0] - data.weeks[-1]) / WEEK - 1.0 + len(data.horizon) / 2.0
    return np.asarray(STEP * np.sqrt(((before**2).sum(axis=0) + until) / YEAR))


def drifted(data: Dataset, draws: int, order: NDArray[np.intp], rng: np.random.Generator) -> Array:
    """(D, M) factor on the effects of history that gives those of the horizon, mean 1.

    order  (M,) of the media in which they are drawn, so that it matters for no digit
    """
    spread = drift_spread(data)
    walked = np.empty((draws, len(spread)))
    walked[:, order] = rng.standard_normal((draws, len(spread)))
    return np.asarray(np.exp(spread * walked - 0.5 * spread**2))
