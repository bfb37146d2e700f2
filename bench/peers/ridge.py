"""Ridge regression on Hill-saturated, geometrically carried-over spend.

The usual point fit of spreadsheets and notebooks: straight trend, two waves of season, controls,
and per channel the decay and the half-saturation that fit best, tried one channel after another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import numpy as np
from scipy.optimize import nnls

from peers.wide import Wide

DECAYS = (0.0, 0.25, 0.5, 0.7, 0.85)
HALVES = (0.3, 1.0, 3.0)  # multiples of the mean carried-over spend
SWEEPS = 3
PENALTY = 1.0  # on coefficients of columns with a length of 1, in noise variances
TAIL = 26

BOOTSTRAPS = 200

Curve = Callable[[float], float]
"""Horizon total of one channel -> outcome that it causes until it has faded."""


@dataclass(frozen=True)
class Ridge:
    """A fit to M channels.

    shapes    per channel decay and half-saturation, money a week
    strength  (M,) outcome a week at full saturation
    drawn     (BOOTSTRAPS, M) the same from outcomes with reshuffled noise; shapes stay as chosen,
              so ranges made of them know nothing of a wrong shape
    """

    data: Wide
    shapes: tuple[tuple[float, float], ...]
    strength: np.ndarray
    drawn: np.ndarray

    def contribution(self, weeks: int) -> np.ndarray:
        """(BOOTSTRAPS, M) what each channel caused in the last weeks."""
        unit = [
            _worked(self.data.spend[:, c], *shape)[-weeks:].sum()
            for c, shape in enumerate(self.shapes)
        ]
        return self.drawn * np.array(unit)

    def slope(self, weekly: np.ndarray, horizon: int) -> np.ndarray:
        """(BOOTSTRAPS, M) outcome of the next unit of money at a weekly spend (M,)."""
        unit = []
        for c, shape in enumerate(self.shapes):
            curve = _curve(self.data.spend[:, c], shape, 1.0, horizon)
            total, step = horizon * weekly[c], 1e-3 * max(horizon * weekly[c], 1.0)
            unit.append((curve(total + step) - curve(total)) / step)
        return self.drawn * np.array(unit)


def ridge_curves(data: Wide, horizon: int) -> dict[str, Curve]:
    """Fit, and give the value of any horizon total for each channel."""
    fit = ridge_fit(data)
    return {
        name: _curve(data.spend[:, c], fit.shapes[c], float(fit.strength[c]), horizon)
        for c, name in enumerate(data.channels)
    }


def ridge_fit(data: Wide) -> Ridge:
    """Choose the shapes one channel after another, then the strengths."""
    channels = range(len(data.channels))
    base = np.linalg.qr(_baseline(data))[0]
    outcome = data.outcome - base @ (base.T @ data.outcome)
    shapes = [(0.5, HALVES[1] * data.spend[:, c].mean()) for c in channels]
    columns = np.stack([_worked(data.spend[:, c], *shapes[c]) for c in channels], axis=1)
    for _, channel in product(range(SWEEPS), channels):
        best = np.inf
        for decay, half in product(DECAYS, HALVES):
            shape = (decay, half * data.spend[:, channel].mean())
            tried = columns.copy()
            tried[:, channel] = _worked(data.spend[:, channel], *shape)
            loss = _fitted(tried, base, outcome)[1]
            if loss < best:
                best, chosen, shapes[channel] = loss, tried, shape
        columns = chosen
    strength, _ = _fitted(columns, base, outcome)
    expected = (columns - base @ (base.T @ columns)) @ strength
    rng = np.random.default_rng(0)
    drawn = [
        _fitted(columns, base, expected + rng.choice(outcome - expected, len(outcome)))[0]
        for _ in range(BOOTSTRAPS)
    ]
    return Ridge(data, tuple(shapes), strength, np.array(drawn))


def _baseline(data: Wide) -> np.ndarray:
    week = np.arange(len(data.weeks))
    turn = 2 * np.pi * week[:, None] * np.array([1, 2]) / 52.18
    return np.column_stack([np.ones(len(week)), week, np.sin(turn), np.cos(turn), data.controls])


def _worked(spend: np.ndarray, decay: float, half: float) -> np.ndarray:
    """(T,) saturated level of carried-over spend (T,)."""
    level, out = 0.0, np.empty(len(spend))
    for week, money in enumerate(spend):
        level = decay * level + (1 - decay) * money
        out[week] = level
    return out / (out + half)


def _fitted(columns: np.ndarray, base: np.ndarray, outcome: np.ndarray) -> tuple[np.ndarray, float]:
    """Coefficients >= 0 with a ridge penalty, the baseline taken out; and the penalised loss.

    A column that the baseline explains (constant spend) gets 0: there is nothing to learn from.
    """
    left = columns - base @ (base.T @ columns)
    size = np.linalg.norm(left, axis=0)
    told = size > 1e-6 * np.linalg.norm(columns, axis=0)
    unit = np.where(told, left, 0.0) / np.where(told, size, 1.0)
    padded = np.vstack([unit, np.sqrt(PENALTY) * 0.1 * np.eye(len(size))])
    strength, norm = nnls(padded, np.concatenate([outcome, np.zeros(len(size))]))
    return np.where(told, strength / np.where(told, size, 1.0), 0.0), norm


def _curve(spend: np.ndarray, shape: tuple[float, float], strength: float, horizon: int) -> Curve:
    def caused(total: float) -> float:
        plan = np.full(horizon, total / horizon)
        path = np.concatenate([spend[-TAIL:], plan, np.zeros(TAIL)])
        rest = np.concatenate([spend[-TAIL:], 0 * plan, np.zeros(TAIL)])
        return strength * float((_worked(path, *shape) - _worked(rest, *shape)).sum())

    return caused
