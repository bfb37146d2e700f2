"""Residual checks find what was planted, and are silent about a sound fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.response.residuals import residual_checks, residuals
from xlbudget.simulator import draw_market

NAMES = ("spend", "outcomes", "controls", "channels", "settings")


def fitted(seed: int, channels: int = 5, weeks: int = 104) -> ResponseModel:
    frames = draw_market(seed, channels=channels, weeks=weeks).frames()
    return fit(Dataset.from_frames(**{name: frames[name] for name in NAMES}), draws=200)


@pytest.fixture(scope="module")
def model() -> ResponseModel:
    return fitted(3)


def with_more(model: ResponseModel, more: np.ndarray) -> ResponseModel:
    """The same model beside outcomes that were higher by `more` (W,) noises than it was told."""
    noise = np.nanstd(residuals(model))
    outcome = model.data.outcome + noise * more[:, None]
    return replace(model, data=replace(model.data, outcome=outcome))


def concerns(model: ResponseModel) -> set[str]:
    return {check.name for check in residual_checks(model).checks if check.concern}


def test_what_is_left_is_what_baseline_and_media_do_not_bring(model: ResponseModel) -> None:
    expected = model.baseline().mean(axis=0)[: len(model.data.weeks)]
    expected = expected + model.past_effects().mean(axis=0).sum(axis=2)
    np.testing.assert_allclose(residuals(model) + expected, model.data.outcome)


def test_sound_fits_raise_hardly_an_alarm() -> None:
    alarms = [concerns(fitted(seed)) for seed in range(40, 52)]
    assert sum(bool(found) for found in alarms) <= 1


PLANTED = {
    "trend left over": np.linspace(-2.0, 2.0, 104),
    "last weeks off": np.where(np.arange(104) >= 94, 3.0, 0.0),
    "week to week": 2.0 * np.sin(np.arange(104) / 3.0),
    "pattern that comes back": np.where(np.arange(104) % 4 == 0, 3.0, 0.0),
    "noise that changes": np.where(np.arange(104) > 69, 4.0, 0.0) * (-1.0) ** np.arange(104),
    "outliers": np.where(np.arange(104) % 12 == 5, 12.0, 0.0),
    "negative baseline": np.zeros(104),
}


@pytest.mark.parametrize("name", PLANTED)
def test_what_was_planted_is_found_and_said(model: ResponseModel, name: str) -> None:
    changed = with_more(model, PLANTED[name])
    if name == "negative baseline":
        below = replace(model.background, centre=model.background.centre * 0.1)
        changed = replace(model, background=below)
    table = residual_checks(changed).table.set_index("check")
    assert table.loc[name, "status"] == "look"
    assert table.loc[name, "words"] in residual_checks(changed).sentences
    assert len(table.loc[name, "words"]) <= 255


def test_few_weeks_are_not_searched_for_patterns(model: ResponseModel) -> None:
    outcome = model.data.outcome.copy()
    outcome[20:] = np.nan
    few = replace(model, data=replace(model.data, outcome=outcome))
    assert residual_checks(few).checks == ()
    assert residual_checks(few).table.empty


def test_a_region_without_any_outcome_silences_no_check(sample_model: ResponseModel) -> None:
    outcome = sample_model.data.outcome.copy()
    outcome[:, 0] = np.nan
    fewer = replace(sample_model, data=replace(sample_model.data, outcome=outcome))
    names = [check.name for check in residual_checks(fewer).checks]
    assert names == [check.name for check in residual_checks(sample_model).checks]
    assert names


def test_units_do_not_matter(model: ResponseModel) -> None:
    small = replace(
        model,
        data=replace(model.data, outcome=model.data.outcome * 1e-6),
        background=replace(
            model.background,
            unit=model.background.unit * 1e-6,
            centre=model.background.centre * 1e-6,
            noise=model.background.noise * 1e-6,
        ),
        effects=replace(model.effects, roi=model.effects.roi * 1e-6),
    )
    for one, other in zip(
        residual_checks(model).checks, residual_checks(small).checks, strict=True
    ):
        assert one.figure == pytest.approx(other.figure, abs=1e-6)


def test_totals_and_means_of_the_past_are_those_of_its_weeks(model: ResponseModel) -> None:
    every = model.past_effects()
    np.testing.assert_allclose(model.past_effects_mean(), every.mean(axis=0))
    last = model.contribution(model.data.weeks[-20])
    np.testing.assert_allclose(
        last.draws_array, model.data.by_line(every[:, -20:].sum(axis=1)), rtol=1e-9
    )
