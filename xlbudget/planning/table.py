"""Curves as tables that grow finer where the search looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.planning.envelope import corners, padded
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Values:
    """Values and slopes at spend (L, K), and bounds of the slope between neighbours.

    value, slope (D, L, K); slope_bound (D, L, K - 1)
    """

    value: Array
    slope: Array
    slope_bound: Array


Tabulate = Callable[[Array], Values]
"""spend (L, K), not falling along K, in scaled money -> values in scaled units."""

POINTS = 40
PARTS = 4  # a segment that is refined becomes this many
SEGMENTS = 4  # of each line that are refined at a time


@dataclass(frozen=True)
class Table:
    """Values of L lines at K spends each, for D draws (1 where only the mean is asked for)."""

    spend: Array  # (L, K)
    value: Array  # (D, L, K)
    slope: Array  # (D, L, K)
    slope_bound: Array  # (D, L, K - 1)

    def averaged(self) -> Table:
        """One draw: the mean of all."""
        parts = (self.value, self.slope, self.slope_bound)
        return Table(self.spend, *(part.mean(axis=0, keepdims=True) for part in parts))

    def every(self, step: int) -> Table:
        """Only every so many of the draws."""
        parts = (self.value, self.slope, self.slope_bound)
        return Table(self.spend, *(part[::step] for part in parts))

    def weighted(self, weights: Array) -> Table:
        """One draw: the mean under weights (D,) that add up to 1."""
        parts = (self.value, self.slope, self.slope_bound)
        return Table(self.spend, *(_mean(weights, part)[None] for part in parts))

    def mean(self, weights: Array) -> Array:
        """(L, K) weighted mean over the draws; weights (D,) add up to 1; (C, D) -> (C, L, K)."""
        return _mean(weights, self.value)

    def ceiling(self, weights: Array) -> Array:
        """(L, K) values that over-estimate the weighted mean, straight lines between included.

        weights (D,), or several at once (C, D) -> (C, L, K).
        """
        return padded(self.spend, self.mean(weights), _mean(weights, self.slope_bound))

    def within(self, low: Array, high: Array, tabulate: Tabulate) -> Table:
        """From low to high (L,) only: points outside move to the nearest end."""
        found = tabulate(np.stack([low, high], axis=1))
        under, over = self.spend <= low[:, None], self.spend >= high[:, None]
        spend = np.clip(self.spend, low[:, None], high[:, None])
        value = np.where(under, found.value[:, :, :1], self.value)
        value = np.where(over, found.value[:, :, 1:], value)
        slope = np.where(under, found.slope[:, :, :1], self.slope)
        slope = np.where(over, found.slope[:, :, 1:], slope)
        return Table(spend, value, slope, self.slope_bound)

    def refined(self, at: Array, slope: Array, weights: Array, tabulate: Tabulate) -> Table:
        """Finer where a plan near `at` (L,) is not yet told from it; `at` becomes a point.

        The segments picked are those whose ceiling is furthest above the curve among those that
        reach above the tangent at `at`, slope (L,).
        """
        lines, points = self.spend.shape
        value = self.mean(weights)
        corner = corners(self.spend, value, _mean(weights, self.slope_bound))
        home = np.clip((self.spend < at[:, None]).sum(axis=1) - 1, 0, points - 2)
        level = np.take_along_axis(value, home[:, None], 1)
        tangent = level + slope[:, None] * (
            self.spend - self.spend[np.arange(lines), home][:, None]
        )
        above = value - tangent
        reach = np.maximum(above[:, :-1], above[:, 1:]) + corner
        order = np.where(reach > 0, corner, 0.0)
        order[np.arange(lines), home] = np.inf
        pick = np.sort(np.argsort(-order, axis=1, kind="stable")[:, :SEGMENTS], axis=1)
        share = np.arange(PARTS + 1) / PARTS
        left = np.take_along_axis(self.spend, pick, 1)[:, :, None]
        right = np.take_along_axis(self.spend, pick + 1, 1)[:, :, None]
        window = left + (right - left) * share
        window[:, :, -1] = right[:, :, 0]
        own = pick == home[:, None]
        here = np.broadcast_to(np.clip(at[:, None, None], left, right), left.shape)
        through = np.concatenate([left, (left + here) / 2, here, (here + right) / 2, right], axis=2)
        window = np.where(own[:, :, None], through, window)
        return self._with(pick, window, tabulate)

    def _with(
        self,
        pick: NDArray[np.intp],
        window: Array,
        tabulate: Tabulate,
    ) -> Table:
        """Segments pick (L, S) replaced by the finer ones of window (L, S, PARTS + 1)."""
        lines, picked, _ = window.shape
        found = tabulate(window.reshape(lines, -1))
        value = found.value.reshape(-1, lines, picked, PARTS + 1)
        slope = found.slope.reshape(value.shape)
        gap = np.zeros((len(found.slope_bound), lines, 1))
        bound = np.concatenate([found.slope_bound, gap], axis=2).reshape(value.shape)[..., :PARTS]
        points = self.spend.shape[1]
        key = np.concatenate(
            [
                np.broadcast_to(np.arange(points, dtype=float), (lines, points)),
                (pick[:, :, None] + np.arange(1, PARTS) / PARTS).reshape(lines, -1),
            ],
            axis=1,
        )
        order = np.argsort(key, axis=1, kind="stable")
        old = self.slope_bound.copy()
        every = np.arange(lines)[:, None]
        old[:, every, pick] = bound[..., 0]
        filler = np.zeros((len(old), lines, 1))
        fresh = bound[..., 1:].reshape(len(old), lines, -1)
        return Table(
            _ordered(self.spend, window[:, :, 1:PARTS].reshape(lines, -1), order),
            _ordered(self.value, value[..., 1:PARTS].reshape(len(value), lines, -1), order),
            _ordered(self.slope, slope[..., 1:PARTS].reshape(len(value), lines, -1), order),
            _ordered(np.concatenate([old, filler], axis=2), fresh, order)[..., :-1],
        )


def tabulated(low: Array, high: Array, through: Array, tabulate: Tabulate) -> Table:
    """A first table from low to high (L,), denser below, through further points (L, N)."""
    share = np.linspace(0.0, 1.0, POINTS) ** 1.5
    spend = low[:, None] + (high - low)[:, None] * share
    spend[:, -1] = high
    kept = np.clip(through, low[:, None], high[:, None])
    spend = np.sort(np.concatenate([spend, kept], axis=1), axis=1)
    found = tabulate(spend)
    return Table(spend, found.value, found.slope, found.slope_bound)


def _mean(weights: Array, draws: Array) -> Array:
    return np.asarray(np.tensordot(weights, draws, axes=1))


def _ordered(old: Array, new: Array, order: NDArray[np.intp]) -> Array:
    """Old then new entries along the last axis, put in order (L, N)."""
    both = np.concatenate([old, new], axis=-1)
    return np.take_along_axis(both, np.broadcast_to(order, both.shape), -1)
