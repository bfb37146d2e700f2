"""Each draw in a season of its own: what was fitted in one season, told for every possible one.

The sampler runs in the one season that `SeasonBelief` accepts. A draw that is given another keeps
what it knows: what its spend brought in all, or what lift tests measured of it; its baseline gives
way week by week.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset, Experiment
from xlbudget.response.background import Background
from xlbudget.response.effects import Effects
from xlbudget.response.lift_tests import lifts
from xlbudget.response.past import past_total, past_weekly
from xlbudget.response.problem import Problem
from xlbudget.response.season_response import SeasonBelief
from xlbudget.tabular import Array


def in_every_season(
    data: Dataset, effects: Effects, belief: SeasonBelief, rng: np.random.Generator
) -> Effects:
    """Effects fitted in one season, each draw in one that is possible.

    What a draw's spend brought in all stays: the evidence for each swing was taken so. Of a
    channel with lift tests what they measured stays, as far as they know more than history.
    """
    which, swing = np.unique(belief.drawn(len(effects.pick), rng), return_inverse=True)
    swung = replace(effects, seasons=belief.possible[which], swing=swing.astype(np.intp))
    weeks = np.ones(data.spend.shape, dtype=bool)
    brought = past_total(effects, data.spend, weeks)
    keeps = _log_ratio(brought, past_total(swung, data.spend, weeks))
    measured, measures = (lifts(data, each) for each in (effects, swung))
    tests = [test for test in data.experiments if test.id in measured]
    for channel in sorted({test.channel for test in tests}):
        own = np.array([medium.channel == channel for medium in data.media])
        told, precision = np.zeros((len(effects.pick), 1, 1)), 0.0
        for test in tests:
            if test.channel == channel:
                weight = _precision(test, measured[test.id])
                told[:, 0, 0] += weight * _log_ratio(measured[test.id], measures[test.id])
                precision += weight
        history = max(_known(brought[:, :, own].sum(axis=(1, 2))) - precision, 0.0)
        if precision > 0:
            keeps[:, :, own] = (history * keeps[:, :, own] + told) / (history + precision)
    return replace(swung, roi=effects.roi * np.exp(keeps))


def giving_way(
    data: Dataset,
    problem: Problem,
    background: Background,
    scale: NDArray[np.intp],
    effects: tuple[Effects, Effects],
) -> Background:
    """The baseline as it would have been drawn beside the second effects instead of the first.

    A season that effects have the baseline has no longer: its coefficients given the effects are
    normal, and their mean is linear in what the effects leave. scale (D, R) is canonical.
    """
    before, after = (past_weekly(each, data.spend) for each in effects)
    more, coefficients = after - before, background.coefficients.copy()
    for place, (region, part) in enumerate(zip(problem.regions, problem.projection, strict=True)):
        taken = more[:, :, region] @ part.basis / problem.unit[place]  # (D, p)
        for combination in np.unique(scale[:, place]):
            at = scale[:, place] == combination
            away = taken[at] @ part.solve[combination]
            coefficients[at, region, : away.shape[1]] -= away
    return replace(background, coefficients=coefficients)


def _log_ratio(first: Array, second: Array) -> Array:
    """log(first / second); 0 where either is nothing."""
    ratio = np.divide(first, second, out=np.ones_like(first), where=first * second > 0)
    return np.asarray(np.log(ratio))


def _precision(test: Experiment, lift: Array) -> float:
    """What a test knows of the log of an effect, from what draws (D,) say it measured."""
    return (float(lift.mean()) / test.standard_error) ** 2


def _known(total: Array) -> float:
    """What draws (D,) of an effect know of its log, 0 where hardly any has an effect."""
    some = total[total > 0]
    spread = float(np.log(some).var()) if some.size else 0.0
    return 1.0 / spread if spread > 0 else 0.0
