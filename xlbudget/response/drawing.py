"""Draws that the sampler is made of: an ROI above zero, one of many shapes, how likely each is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.beliefs import Belief
from xlbudget.tabular import Array

MIXTURE_AT = np.array([-1.2, 0.0, 1.2])  # the lognormal as normals: where, in sds of the log,
MIXTURE_WEIGHT = (0.25, 0.5, 0.25)
MIXTURE_WIDTH = 0.65  # and how wide
NODES = 40  # of the grid on which an ROI is drawn


def approximate(linear: Array, square: Array, centre: Array, belief: Belief) -> Array:
    """(C, S) about how likely each shape is, the ROI integrated out; rows of any scale.

    The lognormal prior is taken as a mixture of normals, for which the integral is closed.
    """
    mean = np.exp(centre[:, None] + MIXTURE_AT * belief.roi_spread)  # (C, parts)
    steep = 1.0 / (MIXTURE_WIDTH * belief.roi_spread)  # a part's mean over its sd
    exponents, precisions = [], []
    for part in range(len(MIXTURE_AT)):
        sd = mean[:, part, None] / steep
        precise = square * sd**2
        precise += 1.0
        exponent = linear * sd
        exponent += steep
        exponent *= exponent
        exponent /= precise
        exponents.append(exponent)  # twice, and above its least
        precisions.append(precise)
    best = np.maximum(np.max([e.max(axis=1) for e in exponents], axis=0), steep**2)[:, None]
    out = np.broadcast_to(belief.no_effect * np.exp(0.5 * (steep**2 - best)), linear.shape).copy()
    for weight, exponent, precise in zip(MIXTURE_WEIGHT, exponents, precisions, strict=True):
        likely = exponent - best
        likely *= 0.5
        np.exp(likely, out=likely)
        likely *= weight * (1.0 - belief.no_effect)
        likely /= np.sqrt(precise, out=precise)
        out += likely
    return out


def draw_positive(
    linear: Array, square: Array, centre: Array, spread: float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw x > 0 with density exp(linear x - square x^2 / 2) x lognormal(centre, spread).

    All (C,). Also the log of that density's integral. The grid lies in log x, where both the
    data and the prior allow x, and is shifted at random within a cell.
    """
    sd = 1.0 / np.sqrt(np.maximum(square, 1e-18))
    mode = linear * sd**2
    top = np.log(np.maximum(mode + 6.5 * sd, 0.5 * sd))
    bottom = np.log(np.maximum(mode - 6.5 * sd, 1e-12 * sd))
    low = np.maximum(bottom, np.minimum(centre - 4.5 * spread, top - 1.0))
    high = np.minimum(top, np.maximum(centre + 4.5 * spread, bottom + 1.0))
    high = np.maximum(high, low + 1e-9)
    cell = (high - low) / NODES
    node = np.arange(NODES) + rng.random((len(low), 1))
    log_x = low[:, None] + cell[:, None] * node
    x = np.exp(log_x)
    density = (
        linear[:, None] * x
        - 0.5 * square[:, None] * x**2
        - 0.5 * ((log_x - centre[:, None]) / spread) ** 2
    )
    best = density.max(axis=1)
    weight = np.exp(density - best[:, None])
    cumulative = np.cumsum(weight, axis=1)
    total = cumulative[:, -1]
    chosen = (cumulative < (rng.random(len(low)) * total)[:, None]).sum(axis=1)
    chosen = np.minimum(chosen, NODES - 1)
    log_integral = best + np.log(total * cell) - np.log(spread * np.sqrt(2.0 * np.pi))
    return np.take_along_axis(x, chosen[:, None], axis=1)[:, 0], log_integral


def categorical(log_weight: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """One draw a row from unnormalised log weights (C, N)."""
    return draw_column(np.exp(log_weight - log_weight.max(axis=1, keepdims=True)), rng)


def draw_column(weight: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """One column a row, with probability in proportion to weight (C, N)."""
    cumulative = np.cumsum(weight, axis=1)
    target = rng.random(len(weight)) * cumulative[:, -1]
    chosen = (cumulative < target[:, None]).sum(axis=1)
    return np.asarray(np.minimum(chosen, weight.shape[1] - 1), dtype=np.intp)
