"""A Dataset as it was known at an earlier week, and what came after."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Origin:
    """The first `week` weeks of a Dataset, and the H weeks that followed.

    spend (H, R, M) and outcome (H, R) as they came; NaN where an outcome is not known
    """

    week: int
    known: Dataset
    spend: Array
    outcome: Array


def origins(data: Dataset, folds: int = 4, weeks: int = 13) -> tuple[Origin, ...]:
    """The last `folds` spans of `weeks` weeks, each forecast from what was known before it."""
    last = len(data.weeks)
    return tuple(at(data, last - fold * weeks, weeks) for fold in range(folds, 0, -1))


def at(data: Dataset, week: int, weeks: int) -> Origin:
    """What was known after `week` weeks; later lift tests are forgotten, controls were planned."""
    start = data.weeks[week]
    settings = replace(data.settings, horizon_start=start, horizon_weeks=weeks, budget=None)
    known = replace(
        data,
        settings=settings,
        weeks=data.weeks[:week],
        spend=data.spend[:week],
        outcome=data.outcome[:week],
        controls=data.controls[: week + weeks],
        attributed=None if data.attributed is None else data.attributed[:week],
        experiments=tuple(test for test in data.experiments if test.end < start),
        key=f"{data.key}@{week}",
    )
    span = slice(week, week + weeks)
    return Origin(week, known, data.spend[span], data.outcome[span])


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
