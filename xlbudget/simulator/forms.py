"""How simulated advertising works: kernels of carry-over, forms of saturation.

They are the simulator's own. Most are forms that the model does not have, so that a market can
contradict it. Every form f has f(0) = 0 and f(1) = 1/2, so that its scale is comparable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from xlbudget.tabular import Array

TAIL = 26  # weeks after which spend has no effect any more

Function = Callable[[Array, float], Array]


@dataclass(frozen=True)
class Form:
    """A saturation: value and slope of f(x, shape) at x >= 0, elementwise."""

    value: Function
    slope: Function
    shapes: tuple[float, float] = (1.0, 1.0)  # range in which its shape is drawn


def _hill(x: Array, shape: float) -> Array:
    power = x**shape
    return power / (1.0 + power)


def _hill_slope(x: Array, shape: float) -> Array:
    positive = np.maximum(x, 1e-9)
    return shape * positive ** (shape - 1.0) / (1.0 + positive**shape) ** 2


_ATANH_HALF = float(np.arctanh(0.5))
_LOG2 = float(np.log(2.0))

FORMS: Mapping[str, Form] = {
    "hill": Form(_hill, _hill_slope, (0.9, 2.2)),  # S-shaped above 1
    "tanh": Form(
        lambda x, _: np.tanh(_ATANH_HALF * x),
        lambda x, _: _ATANH_HALF / np.cosh(np.minimum(_ATANH_HALF * x, 300.0)) ** 2,
    ),
    "exponential": Form(
        lambda x, _: 1.0 - np.exp(-_LOG2 * x),
        lambda x, _: _LOG2 * np.exp(-_LOG2 * x),
    ),
    "log": Form(
        lambda x, _: 0.5 * np.log1p(x) / _LOG2,
        lambda x, _: 0.5 / _LOG2 / (1.0 + x),
    ),
    "power": Form(
        lambda x, p: 0.5 * ((1.0 + x) ** p - 1.0) / (2.0**p - 1.0),
        lambda x, p: 0.5 * p * (1.0 + x) ** (p - 1.0) / (2.0**p - 1.0),
        (0.3, 0.7),
    ),
}


def geometric(decay: float) -> Array:
    """Kernel (TAIL + 1,) adding up to 1 that keeps the share `decay` from week to week."""
    return _normalised(decay ** np.arange(TAIL + 1.0))


def delayed(peak: float, decay: float) -> Array:
    """Kernel (TAIL + 1,) adding up to 1 whose effect peaks `peak` weeks after the money.

    Jin et al. 2017, "delayed adstock": decay ** (lag - peak) ** 2.
    """
    return _normalised(decay ** (np.arange(TAIL + 1.0) - peak) ** 2)


def _normalised(kernel: Array) -> Array:
    return np.asarray(kernel / kernel.sum())


def carry_over(spend: Array, kernels: Array) -> Array:
    """Spend as it works: spend (T, R, M) through kernels (M, lags) -> (T, R, M), money a week."""
    out = np.zeros_like(spend)
    for lag in range(min(kernels.shape[1], len(spend))):
        out[lag:] += spend[: len(spend) - lag] * kernels[:, lag]
    return out
