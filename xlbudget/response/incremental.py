"""The one function behind every figure: what spend causes, given a draw of the model.

Contribution, curve, marginal ROI, forecast and the optimiser's tables all go through `incremental`
and `weekly`, so they cannot disagree. Everything is linear in a draw's ROI and in its season: it is
worked out once per shape in use, and what is added up over weeks once per shape and season, and
then looked up draw by draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.effects import Effects
from xlbudget.response.saturation import alike, peaks, saturate
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array


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
    season = effects.seasons[effects.swing, : len(spend)]
    for region, medium, table, draw in _past_tables(effects, spend):
        out[:, :, region, medium] = table[draw] * (season * roi[:, region, medium, None])
    return out


def past_weekly(effects: Effects, spend: Array) -> Array:
    """(D, W, R) the same, all media together."""
    out, roi = np.zeros((len(effects.pick), *spend.shape[:2])), effects.roi_past
    for region, medium, table, draw in _past_tables(effects, spend):
        out[:, :, region] += table[draw] * roi[:, region, medium, None]
    return out * effects.seasons[effects.swing, : len(spend), None]


def past_total(effects: Effects, spend: Array, within: NDArray[np.bool_]) -> Array:
    """(D, R, M) the same added up over the weeks `within` (W, R, M), never holding every week."""
    out = np.zeros((len(effects.pick), *spend.shape[1:]))
    for region, medium, table, draw in _past_tables(effects, spend):
        counted = effects.seasons[:, : len(spend)] * within[:, region, medium]
        out[:, region, medium] = (table @ counted.T)[draw, effects.swing]
    return out * effects.roi_past


def past_mean(effects: Effects, spend: Array) -> Array:
    """(W, R, M) the mean of `past` over the draws."""
    out, past_roi = np.zeros(spend.shape), effects.roi_past
    seasons = effects.seasons[:, : len(spend)]
    for region, medium, table, draw in _past_tables(effects, spend):
        roi = _by_pair(effects, draw, past_roi[:, region, medium], len(table))
        out[:, region, medium] = (roi.T @ table * seasons).sum(axis=0) / len(draw)
    return out


def _by_pair(effects: Effects, draw: NDArray[np.intp], roi: Array, shapes: int) -> Array:
    """(S, K) ROI (D,) added up over the draws of each shape and season."""
    pair = draw * len(effects.seasons) + effects.swing
    together = np.bincount(pair, roi, shapes * len(effects.seasons))
    return np.asarray(together.reshape(shapes, -1), dtype=float)


def _past_tables(
    effects: Effects, spend: Array
) -> Iterator[tuple[int, int, Array, NDArray[np.intp]]]:
    """Region, medium, outcome a week of each shape in use at an ROI of 1 and in no season (S, W),
    and shape of each draw (D,); only where something was spent.
    """
    for medium in range(spend.shape[2]):
        shapes, draw = effects.used(medium)
        for region in np.flatnonzero(spend[:, :, medium].any(axis=0)):
            path = spend[:, region, medium]
            key = ("past", medium, int(region), path.tobytes())
            (table,) = effects.kept.get(key, _past_table, shapes, int(region), path)
            yield int(region), medium, table, draw


def _past_table(shapes: Shapes, region: int, path: Array) -> tuple[Array]:
    """(S, W) outcome a week of a spend path (W,) with nothing before it, at an ROI of 1."""
    return (weekly(shapes, region, carry_over(path, shapes.kernel))[0],)


def ahead(
    effects: Effects, before: Array, path: Array, response: Array | None = None
) -> tuple[Array, Array]:
    """What earlier spend carries in and what a plan causes, each (D, H + TAIL, R, M).

    before (TAIL, R, M) money in the weeks before the horizon; path (H, R, M); response
    (H + TAIL, R, M), at least 0, multiplies the outcome of each week: 1 is as fitted.
    """
    shape = (len(effects.pick), len(path) + TAIL, *path.shape[1:])
    carry_in, caused = np.zeros(shape), np.zeros(shape)
    season = effects.seasons_ahead(len(path))[effects.swing]
    for region, medium, tables, draw in _ahead_tables(effects, before, path):
        factor = season * effects.roi[:, region, medium, None]
        if response is not None:
            factor *= response[:, region, medium]
        for total, table in zip((carry_in, caused), tables, strict=True):
            if table.any():
                total[:, :, region, medium] = table[draw] * factor
    return carry_in, caused


def ahead_weekly(effects: Effects, before: Array, path: Array) -> tuple[Array, Array]:
    """The same as fitted, all regions and media together, each (D, H + TAIL)."""
    shape = (len(effects.pick), len(path) + TAIL)
    carry_in, caused = np.zeros(shape), np.zeros(shape)
    for region, medium, tables, draw in _ahead_tables(effects, before, path):
        roi = effects.roi[:, region, medium, None]
        for total, table in zip((carry_in, caused), tables, strict=True):
            if table.any():
                total[:] += table[draw] * roi
    season = effects.seasons_ahead(len(path))[effects.swing]
    return carry_in * season, caused * season


def _ahead_tables(
    effects: Effects, before: Array, path: Array
) -> Iterator[tuple[int, int, tuple[Array, ...], NDArray[np.intp]]]:
    """Region, medium, what `_ahead_table` says, and shape of each draw (D,)."""
    for medium in range(path.shape[2]):
        shapes, draw = effects.used(medium)
        for region in range(path.shape[1]):
            asked = (before[:, region, medium], path[:, region, medium])
            key = ("ahead", medium, region, *(each.tobytes() for each in asked))
            yield region, medium, effects.kept.get(key, _ahead_table, shapes, region, *asked), draw


def _ahead_table(shapes: Shapes, region: int, before: Array, path: Array) -> tuple[Array, Array]:
    """What each shape carries in and causes at an ROI of 1 and in no season, (S, H + TAIL)."""
    earlier, own = carried(shapes, before, path)
    return weekly(shapes, region, earlier)[0], incremental(shapes, region, earlier, own)


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
            total[:, line] += table[draw, effects.swing] * roi[:, None]
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

    Exact: everything is linear in a draw's ROI, so each shape counts, in each season, with the ROI
    that uses it.
    The bound is that of the mean slope, which no mean of the draws' own bounds is below.
    """
    points = spend.shape[1]
    mean = [np.zeros((1, len(spend), width)) for width in (points, points, points - 1)]
    for line, roi, draw, tables in _tables(effects, before, path, line_of, spend, response):
        weight = _by_pair(effects, draw, roi, len(tables[0])).ravel() / len(draw)
        for total, table in zip(mean, tables, strict=True):
            total[0, line] += weight @ table.reshape(len(weight), -1)
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
    """Line, ROI (D,), shape of each draw (D,) and what `_tabulate` says in each season, per region
    and medium.
    """
    seasons = effects.seasons_ahead(len(path))
    for region, medium in np.argwhere(path.any(axis=0) & (line_of >= 0)).tolist():
        line = int(line_of[region, medium])
        shapes, draw = effects.used(medium)
        asked = (
            before[:, region, medium],
            path[:, region, medium],
            spend[line],
            seasons if response is None else seasons * response[:, region, medium],
        )
        key = ("curve", medium, region, *(each.tobytes() for each in asked))
        value, slope, bound = effects.kept.get(key, _tabulate, shapes, region, *asked)
        yield line, effects.roi[:, region, medium], draw, (value, slope, bound)


def _tabulate(
    shapes: Shapes, region: int, before: Array, path: Array, spend: Array, response: Array
) -> Tables:
    """Value (S, N, K), slope (S, N, K) and slope bound (S, N, K - 1) of one region and medium.

    before (TAIL,); path (H,) of one unit of money; spend (K,); response (N, T), T = H + TAIL: N
    ways in which weeks count.
    Carried-over spend is linear in the money, and a week's slope has one peak: over an interval
    it is largest at an end, or at the peak where that lies inside.
    """
    earlier, own = carried(shapes, before, path)
    half, gain = shapes.half[region][:, None], shapes.gain[region][:, None]
    start, money = earlier / half, own / half  # in half-saturations, the latter per unit of money
    shape = (len(own), len(response), len(spend))
    value, slope, bound = np.empty(shape), np.empty(shape), np.empty((*shape[:2], shape[2] - 1))
    for form, bends, rows in alike(shapes.form, shapes.steepness):
        steepness = shapes.steepness[rows][:, None, None]
        level = money[rows][:, :, None] * spend
        level += start[rows][:, :, None]  # (some shapes, T, K)
        outcome, steep = form.both(level, steepness)
        outcome -= form.both(start[rows][:, :, None], steepness)[0]
        weights = money[rows][:, None] * response  # (some shapes, N, T)
        value[rows] = response @ outcome
        slope[rows] = weights @ steep
        if not bends:  # a slope that only falls is largest at the lower end
            bound[rows] = slope[rows][..., :-1]
            continue
        top = form.peak(steepness)
        inside = (level[:, :, :-1] < top) & (level[:, :, 1:] > top)
        most = np.maximum(steep[:, :, :-1], steep[:, :, 1:])
        most = np.where(inside, form.both(top, steepness)[1], most)
        bound[rows] = weights @ most
    return value * gain[..., None], slope * gain[..., None], bound * gain[..., None]


def used_share(effects: Effects, region: int, medium: int, spend: float) -> Array:
    """(D,) how much of the best marginal return a steady weekly spend has used up, 0 to 1.

    0 until the slope's peak, then what is missing of it.
    """
    shapes, draw = effects.used(medium)
    key = ("share", medium, region, spend)
    (share,) = effects.kept.get(key, _used_share, shapes, region, spend)
    return np.asarray(share[draw])


def _used_share(shapes: Shapes, region: int, spend: float) -> tuple[Array]:
    """(S,) the same of each shape."""
    peak = peaks(shapes.form, shapes.steepness) * shapes.half[region]
    _, best = weekly(shapes, region, peak[:, None])
    _, here = weekly(shapes, region, np.maximum(peak, spend)[:, None])
    return (1.0 - here[:, 0] / best[:, 0],)
