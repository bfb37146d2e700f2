"""Carry-over: how the effect of a week's spend is spread over the weeks after it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

TAIL = 26  # weeks after which an effect counts as faded


def kernels(delayed: NDArray[np.bool_], half_life: Array, delay: Array) -> Array:
    """Weights of the lags 0 to TAIL, adding up to 1: a steady spend keeps its level.

    delayed (S,) which form; half_life (S,) weeks until half of the peak is left; delay (S,)
    weeks to the peak, used by the delayed form only -> (S, TAIL + 1).

    Geometric: 2^(-lag / half_life). Delayed: 2^(-((lag - delay) / half_life)^2), the delayed
    adstock of Jin et al. 2017.
    """
    lag = np.arange(TAIL + 1.0)
    away = np.where(delayed[:, None], lag - delay[:, None], np.sqrt(lag * half_life[:, None]))
    weight = np.exp2(-((away / half_life[:, None]) ** 2))
    return np.asarray(weight / weight.sum(axis=1, keepdims=True))


def carry_over(spend: Array, kernel: Array) -> Array:
    """Spend as it works: each week's spend spread over the weeks from then on.

    spend (..., T), money a week, nothing before it; kernel (S, TAIL + 1) -> (..., S, T).
    """
    padded = np.concatenate([np.zeros((*spend.shape[:-1], TAIL)), spend], axis=-1)
    return np.asarray(kernel[:, ::-1] @ padded[..., _windows(spend.shape[-1])])


@lru_cache(maxsize=16)
def _windows(weeks: int) -> NDArray[np.intp]:
    """(TAIL + 1, weeks) where in padded weeks the spend of each lag stands, oldest lag first."""
    return np.arange(TAIL + 1)[:, None] + np.arange(weeks)
