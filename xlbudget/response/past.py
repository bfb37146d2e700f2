"""What spend so far caused, week by week, added up, or on average."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.adstock import carry_over
from xlbudget.response.effects import Effects
from xlbudget.response.incremental import weekly_value
from xlbudget.response.shapes import Shapes
from xlbudget.tabular import Array


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
    for region, medium, table, _ in _past_tables(effects, spend):
        counted = effects.seasons[:, : len(spend)] * within[:, region, medium]
        out[:, region, medium] = (table @ counted.T).ravel()[effects.pair(medium)]
    return out * effects.roi_past


def past_mean(effects: Effects, spend: Array) -> Array:
    """(W, R, M) the mean of `past` over the draws."""
    out, past_roi = np.zeros(spend.shape), effects.roi_past
    seasons = effects.seasons[:, : len(spend)]
    for region, medium, table, draw in _past_tables(effects, spend):
        pairs = len(table) * len(seasons)
        roi = np.bincount(effects.pair(medium), past_roi[:, region, medium], pairs)
        by_season = roi.reshape(len(table), -1).T @ table
        out[:, region, medium] = (by_season * seasons).sum(axis=0) / len(draw)
    return out


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
    return (weekly_value(shapes, region, carry_over(path, shapes.kernel)),)
