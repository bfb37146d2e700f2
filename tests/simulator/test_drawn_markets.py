"""Drawn markets hold what their kind says."""

from __future__ import annotations

import numpy as np
import pytest

from xlbudget.simulator import Kinds, draw_market


def test_the_same_arguments_give_the_same_market() -> None:
    one, two = draw_market(5), draw_market(5)
    np.testing.assert_array_equal(
        one.tables["outcomes"]["revenue"], two.tables["outcomes"]["revenue"]
    )
    assert one.truth.value() == two.truth.value()


@pytest.mark.parametrize("seed", range(3))
def test_the_last_channels_have_no_effect_are_new_and_constant(seed: int) -> None:
    market = draw_market(seed, channels=8, weeks=120)
    truth = market.truth
    assert truth.contribution()["Channel 8"] == 0
    assert np.count_nonzero(truth.spend[:, 0, 6]) == 20
    assert np.ptp(truth.spend[:, 0, 5]) == 0
    assert len(market.tables["outcomes"]["week"]) == 120 - 2  # two weeks are missing


def test_average_roi_over_the_past_is_as_asked() -> None:
    market = draw_market(2, kinds=Kinds(roi=3.0, roi_spread=0.0, no_effect=0))
    truth = market.truth
    contribution = truth.contribution()
    for channel, line in enumerate(truth.lines):
        money = truth.spend[:, 0, channel].sum()
        assert contribution[line] / money == pytest.approx(3.0)


def test_advertising_brings_the_share_of_the_outcome_that_was_asked() -> None:
    truth = draw_market(4, kinds=Kinds(media_share=(0.25, 0.25))).truth
    media = truth.weekly_contribution().sum()
    assert media / (media + truth.baseline[:156].sum()) == pytest.approx(0.25)


def test_forms_can_be_chosen() -> None:
    assert set(draw_market(1, kinds=Kinds(forms=("log",))).truth.response.forms) == {"log"}


def test_regions_have_their_own_effects_and_rows() -> None:
    market = draw_market(6, channels=4, weeks=104, regions=3, kinds=Kinds(missing=0))
    assert len(market.tables["outcomes"]["week"]) == 3 * 104
    assert len(np.unique(market.truth.response.strength[:, 0])) == 3


def test_lift_tests_turn_the_spend_off_and_measure_it() -> None:
    market = draw_market(7, regions=2, kinds=Kinds(tests=2, flighted=0.0))
    tests = market.tables["experiments"]
    assert list(tests["region"]) == ["Region 1", "Region 1"]
    assert np.all(tests["spend_change"] < 0)
    assert market.truth.spend[156 - 30 : 156 - 24, 0, 0].sum() == 0
    assert market.truth.spend[156 - 30 : 156 - 24, 1, 0].sum() > 0


def test_effects_that_drift_are_what_outcome_and_value_are_made_of() -> None:
    kinds = Kinds(drift=0.3, outliers=0, missing=0)
    market = draw_market(8, kinds=kinds)
    truth = market.truth
    assert truth.drift is not None
    assert truth.drift[:156].mean(axis=0) == pytest.approx(np.ones(8))
    assert (truth.drift[0] != truth.drift[-1]).all()
    media = market.tables["outcomes"]["revenue"] - (truth.baseline + truth.noise)[:156, 0]
    assert truth.weekly_contribution().sum(axis=1) == pytest.approx(media, abs=0.01)
    still = draw_market(8, kinds=Kinds(outliers=0, missing=0)).truth
    ahead = truth.marginal_roi()["Channel 1"] / still.marginal_roi()["Channel 1"]
    assert truth.drift[156:, 0].min() <= ahead <= truth.drift[156:, 0].max()
