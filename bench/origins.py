"""The weeks that a forecast is held against: what was known before them, and what came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.earlier import earlier
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Origin:
    """A Dataset as it was known at an earlier week, and the H weeks that followed.

    spend (H, R, M) and outcome (H, R) as they came; NaN where an outcome is not known
    """

    known: Dataset
    spend: Array
    outcome: Array


def origins(data: Dataset, folds: int = 4, weeks: int = 13) -> tuple[Origin, ...]:
    """The last `folds` spans of `weeks` weeks, each with what was known before it."""
    starts = [len(data.weeks) - fold * weeks for fold in range(folds, 0, -1)]
    return tuple(
        Origin(earlier(data, start, weeks), data.spend[came], data.outcome[came])
        for start in starts
        for came in [slice(start, start + weeks)]
    )


def gaps_filled(outcome: Array) -> Array:
    """(W,) sum over regions of outcome (W, R), gaps drawn straight between their neighbours."""
    known = ~np.isnan(outcome)
    week = np.arange(len(outcome))
    filled = [
        np.interp(week, week[known[:, r]], outcome[known[:, r], r])
        for r in range(outcome.shape[1])
        if known[:, r].any()
    ]
    return np.sum(filled, axis=0)
