"""Weeks whose outcome nothing explains: set aside, so that one promotion bends no curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import carry_over, kernels
from xlbudget.response.baseline import NOISE_SHARE, NOISE_WEIGHT, PLAIN, Baseline
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
    drifting  the same of how their trends wander
    evidence  (R, J) log evidence for each combination of the baseline's scales
    """

    odd: NDArray[np.bool_]
    together: float
    drifting: float
    evidence: Array


def first_look(data: Dataset, baselines: tuple[Baseline, ...]) -> FirstLook:
    """Odd weeks, shared noise and likely scales, from plain ridge fits of each region."""
    odd = np.zeros(data.outcome.shape, dtype=bool)
    left, drift = np.full(data.outcome.shape, np.nan), np.full(data.outcome.shape, np.nan)
    evidence = np.log([base.weight for base in baselines])
    for region, base in enumerate(baselines):
        outcome = data.outcome[:, region]
        seen = ~np.isnan(outcome)
        if seen.sum() >= FEWEST and np.nanstd(outcome) > 0:
            media = _typical_media(data, region)
            columns = np.concatenate([base.basis[: len(data.weeks)], media], axis=1)
            odd[:, region] = _odd(columns, _penalty(base, media, PLAIN), outcome, seen)
            kept = seen & ~odd[:, region]
            evidence[region] += _evidence(base, media, columns, outcome, kept)
            best = _penalty(base, media, int(evidence[region].argmax()))
            away, trend = _parts(base, columns, best, outcome, kept)
            left[kept, region], drift[:, region] = away[kept], trend
    return FirstLook(odd, _together(left), _together(drift), evidence)


def _penalty(base: Baseline, media: Array, combination: int) -> Array:
    """(q,) prior precision of baseline and media columns, in noise precisions."""
    return np.concatenate([1.0 / base.variance[combination], np.full(media.shape[1], 0.25)])


def _evidence(
    base: Baseline, media: Array, columns: Array, outcome: Array, kept: NDArray[np.bool_]
) -> Array:
    """(J,) log evidence of each combination, coefficients and noise integrated out."""
    use = columns[kept]
    values = outcome[kept] - outcome[kept].mean()
    values = values / values.std()
    penalty = np.stack([_penalty(base, media, j) for j in range(len(base.weight))])
    every = np.concatenate([use, values[:, None]], axis=1)
    bordered = np.repeat((every.T @ every)[None], len(penalty), axis=0)
    size = penalty.shape[1]
    bordered[:, range(size), range(size)] += penalty
    bordered[:, size, size] += NOISE_WEIGHT * NOISE_SHARE
    log_root = np.log(np.diagonal(np.linalg.cholesky(bordered), axis1=1, axis2=2))
    log_det = 2.0 * log_root[:, :size].sum(axis=1) - np.log(penalty).sum(axis=1)
    log_rest = 2.0 * log_root[:, size]  # what the columns leave of the values, squared
    return np.asarray(-0.5 * log_det - 0.5 * (len(values) + NOISE_WEIGHT) * log_rest)


def _parts(
    base: Baseline, columns: Array, penalty: Array, outcome: Array, kept: NDArray[np.bool_]
) -> tuple[Array, Array]:
    """(W,) what a ridge fit leaves, and the wandering part of its trend."""
    use = columns[kept]
    middle = outcome[kept].mean()
    fit = np.linalg.solve(use.T @ use + np.diag(penalty), use.T @ (outcome[kept] - middle))
    trend = base.basis[: len(columns), base.trend] @ fit[base.trend]
    return outcome - middle - columns @ fit, trend


def _together(left: Array) -> float:
    """Mean correlation between the columns (W, R) over the weeks that all of them have."""
    left = left[:, ~np.isnan(left).all(axis=0)]
    left = left[~np.isnan(left).any(axis=1)]
    regions = left.shape[1]
    if regions < 2 or len(left) < FEWEST:
        return 0.0
    mean = (np.corrcoef(left.T).sum() - regions) / (regions * (regions - 1))
    return float(np.clip(mean, 0.0, 1.0))


def _typical_media(data: Dataset, region: int) -> Array:
    """(W, N) the media that ran, carried over and saturated as is typical; standardised."""
    typical = kernels(np.array([False]), np.array([1.3]), np.array([0.0]))
    spend = data.spend[:, region].T
    level = carry_over(spend, typical)[:, 0]  # (M, W)
    mean = level.mean(axis=1, keepdims=True)
    effect = level / np.where(mean > 0, level + mean, 1.0)
    spread = effect.std(axis=1, keepdims=True)
    moving = spread[:, 0] > 1e-9
    return np.asarray(((effect - effect.mean(axis=1, keepdims=True))[moving] / spread[moving]).T)


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
