"""Where a fit may be wrong, gathered: what is left over, what cannot be told apart, tests that
contradict history, platforms that disagree.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.attribution import attribution
from xlbudget.response.diagnostics import FINE, LOOK, Diagnostics
from xlbudget.response.effects import Effects
from xlbudget.response.lift_effects import LiftEffects
from xlbudget.response.lift_tests import lifts
from xlbudget.response.model import ResponseModel
from xlbudget.response.pairs import collinear_pairs
from xlbudget.response.past import past_total
from xlbudget.response.residuals import residual_checks
from xlbudget.response.returns import interval
from xlbudget.tabular import Array


def checked(model: ResponseModel, history: Effects | None = None) -> Diagnostics:
    """The model's diagnostics with all that these checks have to say.

    history: the effects as fitted to the same data without its lift tests; None where it has
    none. The verdict becomes "look" where something left over is a concern or a test contradicts
    history.
    """
    tests = None if history is None else lift_effects(model, history)
    pairs = tuple(pair.sentence for pair in collinear_pairs(model))
    concerns = residual_checks(model).sentences + (tests.conflicts if tests else ())
    said = (*concerns, *pairs, *(tests.changes if tests else ()), *attribution(model).sentences)
    found = model.diagnostics
    return replace(
        found,
        verdict=LOOK if concerns and found.verdict == FINE else found.verdict,
        sentences=found.sentences + said,
        reasons=found.reasons + concerns,
        tests=tests,
    )


def lift_effects(model: ResponseModel, history: Effects) -> LiftEffects:
    """Each test of the model's data, against effects that were fitted without any test."""
    from scipy.special import ndtr

    data = model.data
    before, after = lifts(data, history), lifts(data, model.effects)
    tests = [test for test in data.experiments if test.id in before]
    confidence = data.settings.confidence
    rows = []
    for test in tests:
        said, now = before[test.id], after[test.id]
        below = float(ndtr((said - test.incremental_outcome) / test.standard_error).mean())
        roi = [_roi(data, each, test.channel) for each in (history, model.effects)]
        rows.append(
            (
                test.incremental_outcome,
                test.standard_error,
                *(figure for draws in (said, now, *roi) for figure in _told(draws, confidence)),
                2.0 * min(below, 1.0 - below),
            )
        )
    table = np.array(rows, dtype=float).reshape(len(tests), 15).T
    return LiftEffects(
        tuple(test.id for test in tests), tuple(test.channel for test in tests), *table
    )


def _roi(data: Dataset, effects: Effects, channel: str) -> Array:
    """(D,) ROI of a channel over all weeks, money per money."""
    own = np.array([medium.channel == channel for medium in data.media])
    money = float(data.spend[:, :, own].sum())
    brought = past_total(effects, data.spend * own, np.ones(data.spend.shape, dtype=bool))
    worth = data.settings.money_per_outcome / money if money > 0 else 0.0
    return np.asarray(brought.sum(axis=(1, 2)) * worth)


def _told(draws: Array, confidence: float) -> tuple[float, float, float]:
    low, high = interval(draws, confidence)
    return float(draws.mean()), float(low), float(high)
