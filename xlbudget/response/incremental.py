"""The one function behind every figure: what spend causes, given a draw of the model.

Contribution, curve, marginal ROI, forecast and the optimiser's tables all go through `weekly`, or
its value alone, so they cannot disagree. Everything is linear in a draw's ROI and in its season: it
is worked out once per shape in use, and what is added up over weeks once per shape and season, and
then looked up draw by draw.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.effects import Effects
from xlbudget.response.saturation import peaks
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array


@dataclass(frozen=True)
class ValueCurves:
    """Value of each line over its horizon spend: L lines, K grid points, D draws.

    spend        (L, K) money over the horizon
    value        (D, L, K) incremental outcome, carry-out included
    slope        (D, L, K) outcome per further unit of money
    slope_bound  (D, L, K - 1) no slope between two neighbouring points is above it; (D, L, 0)
                 where it was not asked for
    """

    spend: Array
    value: Array
    slope: Array
    slope_bound: Array


def weekly(shapes: Shapes, region: int, level: Array) -> tuple[Array, Array]:
    """Outcome a week at an ROI of 1, and its slope, at carried-over spend `level` (S, ...)."""
    half, gain, steepness = _beside(
        level, shapes.half[region], shapes.gain[region], shapes.steepness
    )
    share, value, slope = level / half, np.empty_like(level), np.empty_like(level)
    for form, _, rows in shapes.kinds:
        value[rows], slope[rows] = form.both(share[rows], steepness[rows])
    return value * gain, slope * (gain / half)


def weekly_value(shapes: Shapes, region: int, level: Array) -> Array:
    """The outcome alone, where nobody asks for the slope."""
    half, gain, steepness = _beside(
        level, shapes.half[region], shapes.gain[region], shapes.steepness
    )
    share, value = level / half, np.empty_like(level)
    for form, _, rows in shapes.kinds:
        value[rows] = form.value(share[rows], steepness[rows])
    return value * gain


def _beside(level: Array, *each: Array) -> Iterator[Array]:
    """Figures of each shape (S,), shaped to broadcast to `level` (S, ...)."""
    return (figure.reshape(-1, *(1,) * (level.ndim - 1)) for figure in each)


def carried(shapes: Shapes, before: Array, path: Array) -> tuple[Array, Array]:
    """Carried-over spend in the horizon and until faded: from before it, and its own.

    before (TAIL,) money in the weeks before the horizon; path (H,) -> both (S, H + TAIL).
    """
    after = np.zeros(TAIL)
    quiet = np.concatenate([before, np.zeros(len(path)), after])
    own = np.concatenate([path, after])
    return carry_over(quiet, shapes.kernel)[:, TAIL:], carry_over(own, shapes.kernel)


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
    for region, medium in _active(before, path):
        cell = cell_ahead(effects, region, medium, before, path)
        factor = season * effects.roi[:, region, medium, None]
        if response is not None:
            factor *= response[:, region, medium]
        draw = effects.used(medium)[1]
        carry_in[:, :, region, medium] = cell.carry_in[draw] * factor
        caused[:, :, region, medium] = (cell.outcome - cell.carry_in)[draw] * factor
    return carry_in, caused


def ahead_weekly(effects: Effects, before: Array, path: Array) -> tuple[Array, Array]:
    """The same as fitted, all regions and media together, each (D, H + TAIL)."""
    key = ("ahead of all", before.tobytes(), path.tobytes())
    carry_in, caused = effects.kept.get(key, _ahead_weekly, effects, before, path)
    return carry_in, caused


def _ahead_weekly(effects: Effects, before: Array, path: Array) -> tuple[Array, Array]:
    weeks = len(path) + TAIL
    total = np.zeros((len(effects.pick), 2 * weeks))  # carry-in beside all outcome
    for region, medium in _active(before, path):
        cell = cell_ahead(effects, region, medium, before, path)
        table = np.concatenate([cell.carry_in, cell.outcome], axis=1)
        part = table.take(effects.used(medium)[1], axis=0)
        part *= effects.roi[:, region, medium, None]
        total += part
    season = effects.seasons_ahead(len(path))[effects.swing]
    carry_in, outcome = total[:, :weeks], total[:, weeks:]
    return carry_in * season, (outcome - carry_in) * season


def _active(before: Array, path: Array) -> list[list[int]]:
    """Regions and media of which anything is spent."""
    return np.argwhere(before.any(axis=0) | path.any(axis=0)).tolist()


@dataclass(frozen=True)
class CellAhead:
    """One region and medium in the horizon and until faded, of each shape in use, (S, H + TAIL).

    earlier   carried-over spend from before the horizon
    carry_in  what it brings at an ROI of 1 and in no season
    outcome   what all spend brings, likewise
    """

    earlier: Array
    carry_in: Array
    outcome: Array


def cell_ahead(effects: Effects, region: int, medium: int, before: Array, path: Array) -> CellAhead:
    """The same under a plan; before (TAIL, R, M), path (H, R, M)."""
    shapes, kept = effects.used(medium)[0], effects.kept
    was, own, weeks = before[:, region, medium], path[:, region, medium], len(path)
    here = (medium, region, weeks, was.tobytes())
    earlier, carry_in = kept.get(("before", *here), _earlier, shapes, region, was, weeks)
    if not own.any():
        return CellAhead(earlier, carry_in, carry_in)
    key = ("ahead", *here, own.tobytes())
    (outcome,) = kept.get(key, _with, shapes, region, earlier, own)
    return CellAhead(earlier, carry_in, outcome)


def _earlier(shapes: Shapes, region: int, before: Array, weeks: int) -> tuple[Array, Array]:
    quiet = np.concatenate([before, np.zeros(weeks + TAIL)])
    earlier = carry_over(quiet, shapes.kernel)[:, TAIL:]
    return earlier, weekly_value(shapes, region, earlier)


def _with(shapes: Shapes, region: int, earlier: Array, path: Array) -> tuple[Array]:
    own = carry_over(np.concatenate([path, np.zeros(TAIL)]), shapes.kernel)
    return (weekly_value(shapes, region, earlier + own),)


def value_curves(
    effects: Effects,
    before: Array,
    path: Array,
    line_of: NDArray[np.intp],
    spend: Array,
    response: Array | None = None,
    bounds: bool = True,
) -> ValueCurves:
    """Tabulate every line on its grid of horizon spend, with bounds of the slope if asked for.

    before (TAIL, R, M); path (H, R, M) how one unit of each line's money is spread; line_of
    (R, M); spend (L, K), rising along K; response (H + TAIL, R, M) as in `ahead`.
    """
    draws, points = len(effects.pick), spend.shape[1]
    value = np.zeros((draws, *spend.shape))
    slope = np.zeros((draws, *spend.shape))
    bound = np.zeros((draws, len(spend), (points - 1) * bounds))
    for line, roi, pair, tables in _tables(effects, before, path, line_of, spend, response, bounds):
        for total, table in zip((value, slope, bound), tables, strict=True):
            total[:, line] += table.take(pair, axis=0) * roi[:, None]
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
    for line, roi, pair, tables in _tables(effects, before, path, line_of, spend, response, True):
        weight = np.bincount(pair, roi, len(tables[0])) / len(pair)
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
    bounds: bool,
) -> Iterator[tuple[int, Array, NDArray[np.intp], Tables]]:
    """Line, ROI (D,), shape and season of each draw (D,), and what `_tabulate` says of each, per
    region and medium.
    """
    seasons = effects.seasons_ahead(len(path))
    for region, medium in np.argwhere(path.any(axis=0) & (line_of >= 0)).tolist():
        line = int(line_of[region, medium])
        shapes = effects.used(medium)[0]
        asked = (
            before[:, region, medium],
            path[:, region, medium],
            spend[line],
            seasons if response is None else seasons * response[:, region, medium],
        )
        key = ("curve", medium, region, bounds, *(each.tobytes() for each in asked))
        value, slope, bound = effects.kept.get(key, _tabulate, shapes, region, bounds, *asked)
        yield line, effects.roi[:, region, medium], effects.pair(medium), (value, slope, bound)


def _tabulate(
    shapes: Shapes,
    region: int,
    bounds: bool,
    before: Array,
    path: Array,
    spend: Array,
    response: Array,
) -> Tables:
    """Value (S N, K), slope (S N, K) and slope bound (S N, K - 1) of one region and medium.

    before (TAIL,); path (H,) of one unit of money; spend (K,); response (N, T), T = H + TAIL: N
    ways in which weeks count, which stand together for each shape.
    Carried-over spend is linear in the money, and a week's slope has one peak: over an interval
    it is largest at an end, or at the peak where that lies inside.
    """
    earlier, own = carried(shapes, before, path)
    half, gain = shapes.half[region][:, None], shapes.gain[region][:, None]
    start, money = earlier / half, own / half  # in half-saturations, the latter per unit of money
    shape = (len(own), len(response), len(spend))
    value, slope, bound = (
        np.empty(shape),
        np.empty(shape),
        np.empty((*shape[:2], (shape[2] - 1) * bounds)),
    )
    for form, bends, rows in shapes.kinds:
        steepness = shapes.steepness[rows][:, None, None]
        level = money[rows][:, :, None] * spend
        level += start[rows][:, :, None]  # (some shapes, T, K)
        outcome, steep = form.both(level, steepness)
        outcome -= form.both(start[rows][:, :, None], steepness)[0]
        weights = money[rows][:, None] * response  # (some shapes, N, T)
        value[rows] = response @ outcome
        slope[rows] = weights @ steep
        if not bound.size:
            continue
        if not bends:  # a slope that only falls is largest at the lower end
            bound[rows] = slope[rows][..., :-1]
            continue
        top = form.peak(steepness)
        inside = (level[:, :, :-1] < top) & (level[:, :, 1:] > top)
        most = np.maximum(steep[:, :, :-1], steep[:, :, 1:])
        most = np.where(inside, form.both(top, steepness)[1], most)
        bound[rows] = weights @ most
    value, slope, bound = (
        (each * gain[..., None]).reshape(shape[0] * shape[1], each.shape[2])
        for each in (value, slope, bound)
    )
    return value, slope, bound


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
