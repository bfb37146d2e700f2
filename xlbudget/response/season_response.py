"""Do effects swing with the season: one exponent for all media, of which data say little.

In a season of high demand more people convert, so the same advertising may bring more. The effect
of a week is multiplied by exp(swing x demand of that week), demand being the season and shopping
days of the baseline, standardised.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import TAIL
from xlbudget.response.baseline import NOISE_SHARE, NOISE_WEIGHT, yearly_columns
from xlbudget.response.posterior import Draws
from xlbudget.response.problem import Problem, Projection
from xlbudget.tabular import Array

SWINGS = np.array([-0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.45])  # of the log, per sd of demand
SPREAD = 0.2  # sd of the swing where there is one
NONE = 0.35  # chance that there is none, as where effects add to demand
AGAINST = 0.15  # how likely a swing against demand is, of one with it, as where they multiply it
FREE = 1e4  # variance of the season beside a swing, in noise variances
DOUBT = 0.01  # chance that there is none, above which the fit looks for shapes as if none were
FAR = 3.0  # sds of demand beyond which a week counts as this far
LOOKS = 4  # sweeps of a run that are asked
FEWEST = 104  # weeks: a season has to be seen twice


@dataclass(frozen=True)
class SeasonBelief:
    """How effects may swing with the season: K swings of the log per sd of demand.

    swing, weight  (K,) and how likely each is; the weights add up to 1
    demand         (W + H + TAIL,) standardised over the W weeks of the past
    weeks          W
    """

    swing: Array
    weight: Array
    demand: Array
    weeks: int

    @property
    def accepted(self) -> Array:
        """(W + H + TAIL,) factor on every effect while shapes are looked for: ones while in doubt.

        Of the mean swing once no swing at all is all but ruled out.
        """
        doubt = float(self.weight[self.swing == 0.0].sum())
        mean = 0.0 if doubt > DOUBT else float(self.weight @ self.swing)
        return np.asarray(self._factors(np.array([mean]))[0])

    @property
    def possible(self) -> Array:
        """(K, W + H + TAIL) the factor of each swing."""
        return self._factors(self.swing)

    def drawn(self, draws: int, rng: np.random.Generator) -> NDArray[np.intp]:
        """(D,) a swing for every draw, whatever else it holds: each has as many as it is likely."""
        share = (np.arange(draws) + 0.5) / draws
        which = np.searchsorted(np.cumsum(self.weight), share).clip(max=len(self.weight) - 1)
        return np.asarray(rng.permutation(which), dtype=np.intp)

    def _factors(self, swing: Array) -> Array:
        """(K, W + H + TAIL), mean 1 over the past."""
        factor = np.exp(swing[:, None] * self.demand)
        return np.asarray(factor / factor[:, : self.weeks].mean(axis=1, keepdims=True))


def season_belief(data: Dataset, problem: Problem, first: Draws) -> SeasonBelief:
    """The posterior of the swing over a grid, given what a first run says of the rest."""
    weeks = len(data.weeks)
    demand = _demand(data, problem, first)
    if weeks < FEWEST or not demand.any():
        return SeasonBelief(np.zeros(1), np.ones(1), demand, weeks)
    log_weight = _log_evidence(problem, first, demand[:weeks], yearly_columns(data, TAIL)[1])
    likely = np.exp(-0.5 * (SWINGS / SPREAD) ** 2) * np.where(SWINGS < 0.0, AGAINST, SWINGS != 0.0)
    log_weight += np.log(np.where(SWINGS == 0.0, NONE, (1.0 - NONE) * likely / likely.sum()))
    weight = np.exp(log_weight - log_weight.max())
    return SeasonBelief(SWINGS, weight / weight.sum(), demand, weeks)


def _demand(data: Dataset, problem: Problem, first: Draws) -> Array:
    """(W + H + TAIL,) season and shopping days as a first run sees them, standardised."""
    columns, place = yearly_columns(data, TAIL)
    weeks = len(data.weeks)
    mean = first.baseline.mean(axis=(0, 1))[:, place]  # (R, columns)
    path = columns @ (problem.unit @ mean)
    path = path - path[:weeks].mean()
    spread = path[:weeks].std()
    return np.asarray(np.clip(path / spread, -FAR, FAR) if spread > 0 else np.zeros_like(path))


def _log_evidence(problem: Problem, first: Draws, demand: Array, yearly: slice) -> Array:
    """(K,) log evidence for each swing against none, over the states of a first run.

    The season is free to be of any size: demand is the season that was found, so a swing explains a
    part of it, and where a smaller season is likelier beforehand that alone would speak for one.
    """
    solves = [_with_free(part, yearly) for part in problem.projection]
    looks = range(len(first.pick) - 1, -1, -2)[:LOOKS]
    factor = np.exp(SWINGS[:, None] * demand)  # (K, W)
    total = np.concatenate(
        [_log_likelihoods(problem, first, sweep, factor, solves) for sweep in looks]
    )
    total -= total[:, SWINGS == 0.0]
    best = total.max(axis=0)
    return np.asarray(best + np.log(np.exp(total - best).mean(axis=0)))


def _with_free(part: Projection, columns: slice) -> Array:
    """(J, p, p) as `solve`, with nothing known beforehand of these columns of the baseline."""
    variance = part.variance.copy()
    variance[:, columns] = FREE
    gram = part.basis.T @ part.basis
    return np.asarray(np.linalg.inv(gram + np.eye(len(gram)) / variance[:, :, None]))


def _log_likelihoods(
    problem: Problem, first: Draws, sweep: int, factor: Array, solves: Sequence[Array]
) -> Array:
    """(C, K) of each chain's state in one sweep, were its effects multiplied by factor (K, W)."""
    repeated = 1.0 + (len(problem.regions) - 1) * problem.look.together
    pick = first.pick[sweep]
    total = np.zeros((len(pick), len(factor)))
    for region, (part, solve) in enumerate(zip(problem.projection, solves, strict=True)):
        columns = (each[region] for each in problem.columns)
        effect = np.stack([each[shape] for each, shape in zip(columns, pick.T, strict=True)], 1)
        brought = first.roi[sweep, :, region] * effect.sum(axis=2)  # (C, M) in all, swing or not
        share = brought[:, None] / np.maximum(factor @ effect.transpose(0, 2, 1), 1e-300)
        left = problem.outcome[region] - factor * (share @ effect)  # (C, K, W)
        onto = left @ part.basis
        rest = np.einsum("ckw,ckw->ck", left, left) + NOISE_WEIGHT * NOISE_SHARE
        scale = first.scale[sweep, :, region]
        for combination in np.unique(scale):
            at = scale == combination
            rest[at] -= (onto[at] @ solve[combination] * onto[at]).sum(axis=2)
        total -= (part.weeks + NOISE_WEIGHT) / 2.0 / repeated * np.log(rest)
    return total
