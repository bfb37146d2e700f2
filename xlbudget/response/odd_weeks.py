"""Weeks whose outcome nothing explains: set aside, so that one promotion bends no curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import carry_over, kernels
from xlbudget.response.baseline import baseline_of
from xlbudget.tabular import Array

LIMIT = 5.0  # robust standard deviations from what is expected
MOST = 0.05  # of the weeks, at most this share is set aside
ROUNDS = 4
FEWEST = 26  # weeks below which nothing is called odd


@dataclass(frozen=True)
class FirstLook:
    """What a plain fit says of the weeks before anything else is done.

    odd       (W, R) weeks to set aside: far from a fit that did not see them
    together  mean correlation of the regions' noise, 0 to 1: shocks that hit them all at once
    """

    odd: NDArray[np.bool_]
    together: float


def first_look(data: Dataset) -> FirstLook:
    """Odd weeks and shared noise, from one plain ridge fit a region."""
    odd = np.zeros(data.outcome.shape, dtype=bool)
    left = np.full(data.outcome.shape, np.nan)
    for region in range(len(data.regions)):
        outcome = data.outcome[:, region]
        seen = ~np.isnan(outcome)
        if seen.sum() >= FEWEST and np.nanstd(outcome) > 0:
            odd[:, region], away = _odd(*_plain(data, region), outcome, seen)
            left[:, region] = np.where(seen & ~odd[:, region], away, np.nan)
    return FirstLook(odd, _together(left))


def _together(left: Array) -> float:
    """Mean correlation between the columns (W, R) over the weeks that all of them have."""
    left = left[:, ~np.isnan(left).all(axis=0)]
    left = left[~np.isnan(left).any(axis=1)]
    regions = left.shape[1]
    if regions < 2 or len(left) < FEWEST:
        return 0.0
    mean = (np.corrcoef(left.T).sum() - regions) / (regions * (regions - 1))
    return float(np.clip(mean, 0.0, 1.0))


def _plain(data: Dataset, region: int) -> tuple[Array, Array]:
    """Columns (W, q) of a plain ridge fit and its penalty (q,): baseline and typical media."""
    base = baseline_of(data, region)
    middle = len(base.variance) // 2
    typical = kernels(np.array([False]), np.array([1.3]), np.array([0.0]))
    spend = data.spend[:, region].T
    level = carry_over(spend, typical)[:, 0]  # (M, W)
    mean = level.mean(axis=1, keepdims=True)
    effect = level / np.where(mean > 0, level + mean, 1.0)
    spread = effect.std(axis=1, keepdims=True)
    moving = spread[:, 0] > 1e-9
    media = ((effect - effect.mean(axis=1, keepdims=True))[moving] / spread[moving]).T
    columns = np.concatenate([base.basis[: len(data.weeks)], media], axis=1)
    penalty = np.concatenate([1.0 / base.variance[middle], np.full(media.shape[1], 0.25)])
    return columns, penalty


def _odd(
    columns: Array, penalty: Array, outcome: Array, seen: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], Array]:
    """(W,) weeks beyond LIMIT, found in rounds: a large one hides smaller ones; what is left."""
    odd, left = np.zeros(len(outcome), dtype=bool), np.zeros(len(outcome))
    values = np.where(seen, outcome, 0.0)
    for _ in range(ROUNDS):
        use = seen & ~odd
        kept = columns * use[:, None]
        inverse = np.linalg.inv(kept.T @ kept + np.diag(penalty))
        left = values - columns @ (inverse @ (kept.T @ values))
        reach = np.einsum("wq,qp,wp->w", columns, inverse, columns, optimize=True)
        left /= np.sqrt(np.where(use, np.maximum(1.0 - reach, 0.1), 1.0 + reach))
        spread = 1.4826 * np.median(np.abs(left[use] - np.median(left[use])))
        far = np.abs(left) / max(spread, 1e-300)
        worst = np.argsort(-np.where(seen, far, 0.0))[: int(MOST * seen.sum())]
        fresh = np.zeros_like(odd)
        fresh[worst] = far[worst] > LIMIT
        if (fresh == odd).all():
            break
        odd = fresh
    return odd, left
