"""Draws that the sampler is made of: an ROI above zero, one of many shapes, how likely each is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from xlbudget.tabular import Array

MIXTURE_AT = np.array([-0.8, 0.8])  # the lognormal as two normals: where, in sds of the log,
MIXTURE_WIDTH = 0.7  # and how wide
NODES = 40  # of the grid on which an ROI is drawn


def approximate(
    linear: Array, square: Array, centre: Array, spread: Array | float, no_effect: float
) -> Array:
    """(C, S) about how likely each shape is, the ROI integrated out; rows of any scale.

    linear, square (C, S) as in `draw_positive`; centre (C,) and spread, (C,) or one number, are
    the lognormal prior of an ROI that is there; no_effect is the chance that it is not.

    The lognormal prior is taken as two normals of equal weight, for which the integral is closed.
    """
    width = MIXTURE_WIDTH * np.broadcast_to(spread, centre.shape)  # a part's sd over its mean
    mean = np.exp(centre[:, None] + np.multiply.outer(spread, MIXTURE_AT))  # (C, parts)
    sd = (mean * width[:, None])[:, :, None]
    steep = np.sqrt(0.5) / width[:, None, None]
    root = square[:, None, :] * (sd * sd)  # (C, parts, S)
    root += 1.0
    np.sqrt(root, out=root)
    exponent = linear[:, None, :] * (np.sqrt(0.5) * sd)
    exponent += steep
    exponent /= root
    exponent *= exponent  # above its least
    least = steep[:, 0] ** 2
    best = np.maximum(exponent.max(axis=(1, 2))[:, None], least)
    exponent -= best[:, :, None]
    likely = np.exp(exponent, out=exponent)
    likely /= root
    out = (0.5 - 0.5 * no_effect) * (likely[:, 0] + likely[:, 1])
    out += no_effect * np.exp(least - best)
    return np.asarray(out)


def draw_positive(
    linear: Array, square: Array, centre: Array, spread: Array | float, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Draw x > 0 with density exp(linear x - square x^2 / 2) x lognormal(centre, spread).

    All (C,); spread may be one number. Also the log of that density's integral. The grid lies in
    log x, where both the data and the prior allow x, and is shifted at random within a cell.
    """
    sd = 1.0 / np.sqrt(np.maximum(square, 1e-18))
    mode, reach = linear * sd**2, 6.5 * sd
    top = np.log(np.maximum(mode + reach, 0.5 * sd))
    bottom = np.log(np.maximum(mode - reach, 1e-12 * sd))
    low = np.maximum(bottom, np.minimum(centre - 4.5 * spread, top - 1.0))
    high = np.minimum(top, np.maximum(centre + 4.5 * spread, bottom + 1.0))
    cell = np.maximum(high - low, 1e-9) / NODES
    log_x = rng.random((len(low), 1)) + np.arange(NODES)
    log_x *= cell[:, None]
    log_x += low[:, None]
    x = np.exp(log_x)
    density = x * (-0.5 * square)[:, None]
    density += linear[:, None]
    density *= x
    away = log_x
    away -= centre[:, None]
    away *= away
    away *= np.broadcast_to(0.5 / np.square(spread), low.shape)[:, None]
    density -= away
    best = density.max(axis=1)
    density -= best[:, None]
    chosen, total = _column(np.exp(density, out=density), rng)
    log_integral = best + np.log(total * cell / (spread * np.sqrt(2.0 * np.pi)))
    return x[np.arange(len(x)), chosen], log_integral


def categorical(log_weight: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """One draw a row from unnormalised log weights (C, N)."""
    weight = log_weight - log_weight.max(axis=1, keepdims=True)
    return draw_column(np.exp(weight, out=weight), rng)


def draw_column(weight: Array, rng: np.random.Generator) -> NDArray[np.intp]:
    """One column a row, with probability in proportion to weight (C, N)."""
    return _column(weight, rng)[0]


def _column(weight: Array, rng: np.random.Generator) -> tuple[NDArray[np.intp], Array]:
    """The same, and the sum of each row."""
    cumulative = weight.cumsum(axis=1)
    total = cumulative[:, -1]
    target = rng.random(len(weight)) * total
    return (cumulative >= target[:, None]).argmax(axis=1), total
