"""Effects drift: what looks ahead is less sure than history, and history is as it was fitted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.drift import STEP, YEAR, drift_spread, drifted
from xlbudget.response.model import ResponseModel


def test_the_spread_is_that_of_a_random_walk_against_its_weighted_past(
    sample_data: Dataset,
) -> None:
    spent = sample_data.spend.sum(axis=1)
    weeks, ahead = len(spent), len(sample_data.horizon) / 2.0
    rng = np.random.default_rng(0)
    steps = STEP / np.sqrt(YEAR) * rng.standard_normal((20_000, weeks))
    walk = np.cumsum(steps, axis=1)
    later = walk[:, -1] + STEP * np.sqrt(ahead / YEAR) * rng.standard_normal(20_000)
    for medium, spread in enumerate(drift_spread(sample_data)):
        earlier = np.roll(walk, 1, axis=1)  # the step of week t comes after the money of week t - 1
        earlier[:, 0] = 0.0
        weight = spent[:, medium] / spent[:, medium].sum()
        assert (later - walk @ weight).std() == pytest.approx(spread, rel=0.05)


def test_the_factor_has_mean_one_and_does_not_depend_on_the_order(sample_data: Dataset) -> None:
    media = len(sample_data.media)
    order = np.arange(media)
    drawn = drifted(sample_data, 40_000, order, np.random.default_rng(1))
    assert drawn.mean(axis=0) == pytest.approx(np.ones(media), abs=0.01)
    assert np.log(drawn).std(axis=0) == pytest.approx(drift_spread(sample_data), rel=0.02)


def test_history_is_untouched_and_the_horizon_widened(sample_model: ResponseModel) -> None:
    effects = sample_model.effects
    steady = replace(effects, roi=effects.roi_past, history=np.ones_like(effects.history))
    calm = replace(sample_model, effects=steady)
    for drifting, still in zip(
        sample_model.contribution().draws_array.T, calm.contribution().draws_array.T, strict=True
    ):
        assert drifting == pytest.approx(still, rel=1e-12)
    wide, narrow = (model.marginal_roi().draws_array for model in (sample_model, calm))
    assert (wide.std(axis=0) > narrow.std(axis=0)).mean() > 0.7  # chance moves single lines
    assert wide.mean(axis=0) == pytest.approx(narrow.mean(axis=0), rel=0.05)


def test_ranges_of_what_looks_ahead_agree_draw_by_draw(sample_model: ResponseModel) -> None:
    weekly = sample_model.recent_weekly()
    path = sample_model.steady_path(weekly)
    value = sample_model.value_curves(path, (weekly * len(path))[:, None]).value[:, :, 0]
    caused = sample_model.data.by_line(sample_model.outlook(path).caused.sum(axis=1))
    assert value == pytest.approx(caused, rel=1e-9)
