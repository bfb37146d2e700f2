"""The one function behind every figure: what spend causes, given a draw of the model.

Contribution, curve, marginal ROI, forecast and the optimiser's tables all go through `incremental`
and `weekly`, so they cannot disagree. Everything is linear in a draw's ROI: it is worked out once
per shape in use and then looked up draw by draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.saturation import peaks, saturate
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array

FADED = 1e-12  # of the largest week's carried-over spend: weeks with less are left out


@dataclass(frozen=True)
class Effects:
    """The posterior of what media do: D draws, R regions, M media as in the Dataset.

    shapes  per medium its library, regions as in the Dataset
    pick    (D, M) which shape a draw has
    roi     (D, R, M) outcome per money, 0 for no effect, at the strength of the horizon
    season  (W + H + TAIL,) factor on the effects of each week, at least 0; ones where none
    history (D, M) factor on roi over history: effects drift
    """

    shapes: tuple[Shapes, ...]
    pick: NDArray[np.intp]
    roi: Array
    season: Array
    history: Array

    @property
    def roi_past(self) -> Array:
        """(D, R, M) outcome per money over history."""
        return np.asarray(self.roi * self.history[:, None, :])

    def season_ahead(self, weeks: int) -> Array:
        """(weeks + TAIL,) the last ones: those of a horizon and of what comes after it."""
        return self.season[-(weeks + TAIL) :]

    def used(self, medium: int) -> tuple[Shapes, NDArray[np.intp]]:
        """The shapes that some draw has, and for each draw (D,) which of them."""
        return self._used[medium]

    @cached_property
    def _used(self) -> tuple[tuple[Shapes, NDArray[np.intp]], ...]:
        """What `used` says of each medium: every figure asks for it."""
        found = (np.unique(picks, return_inverse=True) for picks in self.pick.T)
        return tuple(
            (shapes.picked(which), draw.astype(np.intp))
            for shapes, (which, draw) in zip(self.shapes, found, strict=True)
        )


@dataclass(frozen=True)
class ValueCurves:
    """Value of each line over its horizon spend: L lines, K grid points, D draws.

    spend        (L, K) money over the horizon
    value        (D, L, K) incremental outcome, carry-out included
    slope        (D, L, K) outcome per further unit of money
    slope_bound  (D, L, K - 1) no slope between two neighbouring points is above it
    """

    spend: Array
    value: Array
    slope: Array
    slope_bound: Array


def weekly(shapes: Shapes, region: int, level: Array) -> tuple[Array, Array]:
    """Outcome a week at an ROI of 1, and its slope, at carried-over spend `level` (S, ...)."""
    half = shapes.half[region].reshape(-1, *(1,) * (level.ndim - 1))
    gain = shapes.gain[region].reshape(-1, *(1,) * (level.ndim - 1))
    value, slope = saturate(shapes.form, level / half, shapes.steepness)
    return value * gain, slope * (gain / half)


def incremental(shapes: Shapes, region: int, carried_in: Array, own: Array) -> Array:
    """Outcome a week that `own` causes on top of what earlier spend carries in, at an ROI of 1.

    Both are carried-over spend, money a week, (S, ...).
    """
    with_it, _ = weekly(shapes, region, carried_in + own)
    without, _ = weekly(shapes, region, carried_in)
    return with_it - without


def carried(shapes: Shapes, before: Array, path: Array) -> tuple[Array, Array]:
    """Carried-over spend in the horizon and until faded: from before it, and its own.

    before (TAIL,) money in the weeks before the horizon; path (H,) -> both (S, H + TAIL).
    """
    after = np.zeros(TAIL)
    quiet = np.concatenate([before, np.zeros(len(path)), after])
    own = np.concatenate([path, after])
    return carry_over(quiet, shapes.kernel)[:, TAIL:], carry_over(own, shapes.kernel)


def past(effects: Effects, spend: Array) -> Array:
    """(D, W, R, M) outcome a week that all spend so far caused; spend (W, R, M)."""
    out, roi = np.zeros((len(effects.pick), *spend.shape)), effects.roi_past
    for region, medium, table, draw in _past_tables(effects, spend):
        out[:, :, region, medium] = table[draw] * roi[:, region, medium, None]
    return out


def past_total(effects: Effects, spend: Array, within: NDArray[np.bool_]) -> Array:
    """(D, R, M) the same added up over the weeks `within` (W, R, M), never holding every week."""
    out = np.zeros((len(effects.pick), *spend.shape[1:]))
    for region, medium, table, draw in _past_tables(effects, spend):
        out[:, region, medium] = (table @ within[:, region, medium])[draw]
    return out * effects.roi_past


def past_mean(effects: Effects, spend: Array) -> Array:
    """(W, R, M) the mean of `past` over the draws."""
    out, past_roi = np.zeros(spend.shape), effects.roi_past
    for region, medium, table, draw in _past_tables(effects, spend):
        roi = np.bincount(draw, past_roi[:, region, medium], minlength=len(table))
        out[:, region, medium] = roi @ table / len(draw)
    return out


def _past_tables(
    effects: Effects, spend: Array
) -> Iterator[tuple[int, int, Array, NDArray[np.intp]]]:
    """Region, medium, outcome a week of each shape in use at an ROI of 1 (S, W), and shape of
    each draw (D,); only where something was spent.
    """
    for medium in range(spend.shape[2]):
        shapes, draw = effects.used(medium)
        for region in np.flatnonzero(spend[:, :, medium].any(axis=0)):
            level = carry_over(spend[:, region, medium], shapes.kernel)
            table, _ = weekly(shapes, int(region), level)
            yield int(region), medium, table * effects.season[: len(spend)], draw


def ahead(
    effects: Effects, before: Array, path: Array, response: Array | None = None
) -> tuple[Array, Array]:
    """What earlier spend carries in and what a plan causes, each (D, H + TAIL, R, M).

    before (TAIL, R, M) money in the weeks before the horizon; path (H, R, M); response
    (H + TAIL, R, M), at least 0, multiplies the outcome of each week: 1 is as fitted.
    """
    shape = (len(path) + TAIL, *path.shape[1:])
    response = _swing(effects, path, response)
    carry_in, caused = np.zeros((len(effects.pick), *shape)), np.zeros((len(effects.pick), *shape))
    for medium in range(path.shape[2]):
        shapes, draw = effects.used(medium)
        for region in range(path.shape[1]):
            earlier, own = carried(shapes, before[:, region, medium], path[:, region, medium])
            roi = effects.roi[:, region, medium, None]
            swing = response[:, region, medium]
            if earlier.any():
                table = weekly(shapes, region, earlier)[0] * swing
                carry_in[:, :, region, medium] = table[draw] * roi
            if own.any():
                table = incremental(shapes, region, earlier, own) * swing
                caused[:, :, region, medium] = table[draw] * roi
    return carry_in, caused


def value_curves(
    effects: Effects,
    before: Array,
    path: Array,
    line_of: NDArray[np.intp],
    spend: Array,
    response: Array | None = None,
) -> ValueCurves:
    """Tabulate every line on its grid of horizon spend.

    before (TAIL, R, M); path (H, R, M) how one unit of each line's money is spread; line_of
    (R, M); spend (L, K), rising along K; response (H + TAIL, R, M) as in `ahead`.
    """
    draws, points = len(effects.pick), spend.shape[1]
    value = np.zeros((draws, *spend.shape))
    slope = np.zeros((draws, *spend.shape))
    bound = np.zeros((draws, len(spend), points - 1))
    for line, roi, draw, tables in _tables(effects, before, path, line_of, spend, response):
        for total, table in zip((value, slope, bound), tables, strict=True):
            total[:, line] += table[draw] * roi[:, None]
    return ValueCurves(spend, value, slope, bound)


def mean_value_curves(
    effects: Effects,
    before: Array,
    path: Array,
    line_of: NDArray[np.intp],
    spend: Array,
    response: Array | None = None,
) -> ValueCurves:
    """The mean of `value_curves` over the draws, as one draw, never holding all of them.

    Exact: everything is linear in a draw's ROI, so each shape counts with the ROI that uses it.
    The bound is that of the mean slope, which no mean of the draws' own bounds is below.
    """
    points = spend.shape[1]
    mean = [np.zeros((1, len(spend), width)) for width in (points, points, points - 1)]
    for line, roi, draw, tables in _tables(effects, before, path, line_of, spend, response):
        weight = np.bincount(draw, roi) / len(draw)
        for total, table in zip(mean, tables, strict=True):
            total[0, line] += weight @ table
    return ValueCurves(spend, *mean)


Tables = tuple[Array, Array, Array]


def _tables(
    effects: Effects,
    before: Array,
    path: Array,
    line_of: NDArray[np.intp],
    spend: Array,
    response: Array | None,
) -> Iterator[tuple[int, Array, NDArray[np.intp], Tables]]:
    """Line, ROI (D,), shape of each draw (D,) and what `_tabulate` says, per region and medium."""
    response = _swing(effects, path, response)
    for region, medium in np.argwhere(path.any(axis=0) & (line_of >= 0)):
        line = int(line_of[region, medium])
        shapes, draw = effects.used(int(medium))
        earlier, own = carried(shapes, before[:, region, medium], path[:, region, medium])
        swing = response[:, region, medium]
        tables = _tabulate(shapes, int(region), earlier, own, spend[line], swing)
        yield line, effects.roi[:, region, medium], draw, tables


def _swing(effects: Effects, path: Array, response: Array | None) -> Array:
    """(H + TAIL, R, M) what effects are multiplied by: the season's swing and what is assumed."""
    season = effects.season_ahead(len(path))[:, None, None]
    shape = (len(season), *path.shape[1:])
    return np.asarray(np.broadcast_to(season, shape) if response is None else season * response)


def _tabulate(
    shapes: Shapes, region: int, earlier: Array, own: Array, spend: Array, response: Array
) -> tuple[Array, Array, Array]:
    """Value (S, K), slope (S, K) and slope bound (S, K - 1) of one region and medium.

    earlier, own (S, T); response (T,). Carried-over spend is linear in the money, and a week's
    slope has one peak: over an interval it is largest at an end, or at the peak where that lies
    inside.
    """
    shape, week = np.nonzero(own > FADED * own.max(axis=1, keepdims=True))
    first = np.searchsorted(shape, np.arange(len(own)))  # where each shape's weeks begin
    each = shapes.picked(shape)
    start, money = earlier[shape, week][:, None], own[shape, week][:, None]
    level = start + spend * money  # (weeks of all shapes, K)
    outcome, steep = weekly(each, region, level)
    outcome -= weekly(each, region, start)[0]
    steep *= money
    most = steep[:, :-1].copy()  # a slope that only falls is largest at the lower end
    peak = peaks(each.form, each.steepness) * each.half[region]
    bent = np.flatnonzero(peak > start[:, 0])
    if bent.size and most.size:
        top = peak[bent, None]
        highest = weekly(each.picked(bent), region, top)[1] * money[bent]
        inside = (level[bent, :-1] < top) & (level[bent, 1:] > top)
        ends = np.maximum(steep[bent, :-1], steep[bent, 1:])
        most[bent] = np.where(inside, highest, ends)
    swing = response[week][:, None]
    value, slope, bound = (np.add.reduceat(part * swing, first) for part in (outcome, steep, most))
    return value, slope, bound


def used_share(shapes: Shapes, region: int, spend: float) -> Array:
    """(S,) how much of the best marginal return a steady weekly spend has used up, 0 to 1.

    0 until the slope's peak, then what is missing of it.
    """
    peak = peaks(shapes.form, shapes.steepness) * shapes.half[region]
    _, best = weekly(shapes, region, peak[:, None])
    _, here = weekly(shapes, region, np.maximum(peak, spend)[:, None])
    return np.asarray(1.0 - here[:, 0] / best[:, 0])
