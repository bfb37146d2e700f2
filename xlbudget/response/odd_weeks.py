"""Weeks whose outcome nothing explains: set aside, so that one promotion bends no curve."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import carry_over, kernels
from xlbudget.response.baseline import baseline_of
from xlbudget.tabular import Array

LIMIT = 5.0  # robust standard deviations from what is expected
MOST = 0.05  # of the weeks, at most this share is set aside
ROUNDS = 4


def odd_weeks(data: Dataset) -> NDArray[np.bool_]:
    """(W, R) weeks to set aside: far from a plain fit that did not see them."""
    out = np.zeros(data.outcome.shape, dtype=bool)
    for region in range(len(data.regions)):
        seen = ~np.isnan(data.outcome[:, region])
        if seen.sum() >= 26 and np.nanstd(data.outcome[:, region]) > 0:
            out[:, region] = _odd(*_plain(data, region), data.outcome[:, region], seen)
    return out


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
) -> NDArray[np.bool_]:
    """(W,) weeks beyond LIMIT, found in rounds: a large one hides smaller ones."""
    odd = np.zeros(len(outcome), dtype=bool)
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
    return odd
