"""The library of shapes: for each medium some hundred ways in which it may work.

A shape is a kernel (how the effect is spread over time) and a saturation (how it flattens). They
are drawn once from the prior, evenly spread, and the posterior says how likely each one is.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import TAIL, carry_over, kernels
from xlbudget.response.beliefs import Belief
from xlbudget.response.saturation import Kind, alike, saturate
from xlbudget.tabular import Array

SHAPES = 128
FINE = 384  # shapes of a medium of which the data leave few in use
FEW = 16  # such shapes: their number if all were used alike
DELAYED = 0.4  # share of the kernels whose effect peaks later than the spend
FORM_SHARES = (0.45, 0.2, 0.35)  # of the saturation forms, as FORMS names them
STEEPNESS_SPREAD = 0.6  # of the log of a Hill curve's steepness; half of them have none
LATENT = 6  # numbers that make a shape: kernel, half-life, delay, form, half-saturation, steepness


@dataclass(frozen=True)
class Library:
    """Shapes before they are scaled: standard normal under the prior.

    latent  (S, LATENT); log_weight (S,) of each shape's prior, up to a constant
    """

    latent: Array
    log_weight: Array


@dataclass(frozen=True)
class Shapes:
    """S shapes of one medium in R regions.

    kernel     (S, TAIL + 1) weights of the lags
    form       (S,) index into FORMS
    steepness  (S,) exponent of the Hill form, >= 1
    half       (R, S) half-saturation, money a week
    gain       (R, S) outcome a week per unit of saturation, where the ROI is 1
    half_life  (S,) weeks, for reports
    """

    kernel: Array
    form: NDArray[np.intp]
    steepness: Array
    half: Array
    gain: Array
    half_life: Array

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """Which shapes are of one form: every figure asks for it."""
        return tuple(alike(self.form, self.steepness))

    def picked(self, which: NDArray[np.intp]) -> Shapes:
        """Only these shapes."""
        return Shapes(
            self.kernel[which],
            self.form[which],
            self.steepness[which],
            self.half[:, which],
            self.gain[:, which],
            self.half_life[which],
        )


def evenly_spread(count: int, dimensions: int, offset: Array) -> Array:
    """(count, dimensions) points that fill the unit cube evenly.

    Additive recurrence on the powers of the root of x^(d+1) = x + 1 (Roberts 2018), shifted by
    `offset` (dimensions,).
    """
    root = 2.0
    for _ in range(60):
        root = (1.0 + root) ** (1.0 / (dimensions + 1))
    step = root ** -np.arange(1.0, dimensions + 1)
    points = (offset + np.arange(1.0, count + 1)[:, None] * step) % 1.0
    return np.asarray(np.clip(points, 1e-9, 1.0 - 1e-9))


def first_library(rng: np.random.Generator, count: int = 0) -> Library:
    """A library that is spread as the prior is."""
    from scipy.special import ndtri

    cube = evenly_spread(count or SHAPES, LATENT, rng.random(LATENT))
    return Library(ndtri(cube), np.zeros(len(cube)))


def refined_library(
    library: Library, picks: NDArray[np.intp], rng: np.random.Generator, fine: bool = True
) -> Library:
    """Half spread as the prior is, half around the shapes that a first run picked.

    picks (N,) of the first run. Each shape's weight is its prior over the density it was drawn
    from, so that the posterior stays the same while its grid becomes fine where it matters: finer
    still, if `fine`, where few shapes were picked, or the grid would make ranges too narrow.
    """
    which, times = np.unique(picks, return_counts=True)
    in_use = len(picks) ** 2 / (times.astype(float) ** 2).sum()
    count = FINE if fine and in_use < FEW else SHAPES
    near = library.latent[picks]
    width = np.maximum(0.5 * near.std(axis=0), 0.15)
    local = near[rng.integers(0, len(near), count // 2)]
    local = local + width * rng.standard_normal(local.shape)
    latent = np.concatenate([first_library(rng, count - len(local)).latent, local])
    scaled, centres = latent / width, library.latent[which] / width
    away = (scaled**2).sum(axis=1)[:, None] + (centres**2).sum(axis=1) - 2.0 * scaled @ centres.T
    log_near = np.log(times / len(picks)) - 0.5 * away - np.log(width).sum()
    log_prior = -0.5 * (latent**2).sum(axis=1)
    share = len(local) / count
    log_drawn = np.logaddexp(np.log1p(-share) + log_prior, np.log(share) + _log_sum(log_near))
    return Library(latent, log_prior - log_drawn)


def _log_sum(logs: Array) -> Array:
    """(N,) log of the sum over each row of exp(logs (N, K))."""
    most = logs.max(axis=1)
    return np.asarray(most + np.log(np.exp(logs - most[:, None]).sum(axis=1)))


def shapes_of(
    library: Library, belief: Belief, spend: Array, season: Array
) -> tuple[Shapes, Array]:
    """The shapes of one medium's library, scaled to the spend (W, R) that it had.

    season (W + TAIL or more,) is how its effects swing from week to week. Also the outcome a week
    (R, S, W) of that spend at an ROI of 1 and without the season.

    The scale of a region without spend is that of the others; of a medium without any, 1.
    """
    from scipy.special import ndtr

    normal = library.latent
    cube = ndtr(normal)
    half_life = belief.half_life * np.exp(belief.half_life_spread * normal[:, 1])
    half_life = np.clip(half_life, 0.1, TAIL)
    kernel = kernels(cube[:, 0] < DELAYED, half_life, 0.5 + 3.5 * cube[:, 2])
    form = np.searchsorted(np.cumsum(FORM_SHARES)[:-1], cube[:, 3]).astype(np.intp)
    steep = np.exp(STEEPNESS_SPREAD * np.maximum(normal[:, 5], 0.0))
    multiple = belief.half_saturation * np.exp(belief.half_saturation_spread * normal[:, 4])

    weeks = len(spend)
    carried = [carry_over(np.append(path, np.zeros(TAIL)), kernel) for path in spend.T]
    level = working_level(np.stack([each[:, :weeks] for each in carried]))
    half = np.broadcast_to(multiple, level.shape).copy() if belief.in_money else multiple * level
    gain, effect = np.empty_like(half), np.zeros((*half.shape, weeks))
    for region, path in enumerate(spend.T):
        if path.any():
            value, _ = saturate(form, carried[region] / half[region][:, None], steep)
            gain[region] = path.sum() / (value @ season[: weeks + TAIL])
            effect[region] = value[:, :weeks] * gain[region][:, None]
        else:  # scaled as if it had spent its half-saturation for a year
            at_half, _ = saturate(form, np.ones((len(form), 1)), steep)
            gain[region] = half[region] / at_half[:, 0]
    return Shapes(kernel, form, steep, half, gain, half_life), effect


def working_level(carried: Array) -> Array:
    """(R, S) the level of carried (R, S, W) at which the average unit of money worked."""
    total = carried.sum(axis=2)
    squares = np.einsum("rsw,rsw->rs", carried, carried)
    level = np.divide(squares, total, out=np.zeros_like(total), where=total > 0)
    known = level[:, 0] > 0
    if not known.any():
        return np.ones_like(level)
    level[~known] = level[known].mean(axis=0)
    return np.asarray(level)
