"""The forecast adds up, its ranges mean what they say, and carry-over stands apart."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import numpy as np
import pandas as pd
import pytest

from xlbudget.errors import BadArgument
from xlbudget.planning.forecast import Forecast, forecast
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import Outlook, ResponseModel
from xlbudget.simulator import Market


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def ahead(sample_model: ResponseModel, plan: Plan) -> Forecast:
    return forecast(sample_model, plan)


def test_one_row_a_week_and_baseline_plus_incremental_is_the_total(ahead: Forecast) -> None:
    table = ahead.table
    assert list(table) == ["week", "baseline", "incremental", "total", "low", "high"]
    assert len(table) == 13
    np.testing.assert_array_equal(table["baseline"] + table["incremental"], table["total"])
    assert (table["low"] < table["total"]).all()
    assert (table["total"] < table["high"]).all()
    assert table["total"].sum() == pytest.approx(ahead.total)


def test_carry_in_and_the_plans_own_part_are_the_incremental(ahead: Forecast) -> None:
    detail = ahead.detail()
    np.testing.assert_allclose(detail.carry_in + detail.from_plan, detail.incremental)
    assert detail.carry_in[0] > detail.carry_in[-1] >= 0
    assert np.all(detail.incremental_low <= detail.incremental)
    assert np.all(detail.incremental <= detail.incremental_high)


def test_nothing_planned_leaves_baseline_and_carry_in(
    sample_model: ResponseModel, plan: Plan, ahead: Forecast
) -> None:
    nothing = forecast(sample_model, Plan(plan.data, 0.0 * plan.spend))
    np.testing.assert_allclose(nothing.detail().incremental, ahead.detail().carry_in)
    np.testing.assert_allclose(nothing.table["baseline"], ahead.table["baseline"])
    assert nothing.carry_out.faded is None
    assert (
        nothing.carried.words[1]
        == "The plan's spend brings nothing more after the end of the horizon."
    )
    assert np.isnat(nothing.carried.faded[1])


def test_what_the_plan_causes_is_its_value(
    sample_model: ResponseModel, plan: Plan, ahead: Forecast
) -> None:
    curves = sample_model.value_curves(plan.spend, plan.totals[:, None])
    value = curves.value[:, :, 0].sum(axis=1).mean()
    assert ahead.plan_draws.sum(axis=1).mean() == pytest.approx(value, rel=1e-9)


def test_carry_out_fades_within_26_weeks(ahead: Forecast) -> None:
    after = ahead.carry_out
    assert len(after.week) == 26
    assert after.week[0] == ahead.week[-1] + np.timedelta64(7, "D")
    assert after.outcome[0] > after.outcome[-1]
    assert after.faded in after.week


def test_a_higher_confidence_is_a_wider_range(
    sample_model: ResponseModel, plan: Plan, ahead: Forecast
) -> None:
    wide = forecast(sample_model, plan, confidence=0.99)
    assert wide.total_range[0] < ahead.total_range[0]
    assert wide.total_range[1] > ahead.total_range[1]
    with pytest.raises(BadArgument, match="between 0 and 1"):
        forecast(sample_model, plan, confidence=90)


def test_the_range_of_the_total_is_narrower_than_the_weeks_added_up(ahead: Forecast) -> None:
    low, high = ahead.total_range
    assert high - low < (ahead.table["high"] - ahead.table["low"]).sum()
    assert low < ahead.total < high


def test_the_sample_markets_quarter_lies_within_the_range(
    sample_market: Market, ahead: Forecast
) -> None:
    low, high = ahead.total_range
    assert low < sample_market.truth.realised_outcome().sum() < high


def test_draws_decide_the_ranges() -> None:
    draws, weeks, after = 5, 2, 4
    parts = Outlook(
        baseline=np.full((draws, weeks), 20.0),
        noise=np.zeros((draws, weeks)),
        carry_in=np.full((draws, after), 6.0),
        caused=6.0 * np.arange(draws)[:, None] * np.ones((draws, after)),
    )

    data = SimpleNamespace(
        horizon=np.datetime64("2026-01-05") + 7 * np.arange(weeks),
        settings=SimpleNamespace(confidence=0.9),
    )
    model = SimpleNamespace(data=data, total_outlook=lambda path: parts)
    plan = SimpleNamespace(spend=np.zeros((weeks, 2, 3)))
    made = forecast(cast(ResponseModel, model), cast(Plan, plan))
    np.testing.assert_allclose(made.table["baseline"], [20.0, 20.0])
    np.testing.assert_allclose(made.table["incremental"], [6.0 + 12.0] * 2)
    low, high = np.quantile(20.0 + 6.0 + 6.0 * np.arange(draws), [0.05, 0.95])
    np.testing.assert_allclose(made.table["low"], low)
    np.testing.assert_allclose(made.table["high"], high)


def test_regions_and_media_are_added_up(
    sample_model: ResponseModel, ahead: Forecast, plan: Plan
) -> None:
    apart = sample_model.outlook(plan.spend)
    np.testing.assert_allclose(ahead.baseline_draws, apart.baseline.sum(axis=2))
    np.testing.assert_allclose(ahead.noise_draws, apart.noise.sum(axis=2))
    np.testing.assert_allclose(ahead.carry_in_draws, apart.carry_in.sum(axis=(2, 3)))
    np.testing.assert_allclose(ahead.plan_draws, apart.caused.sum(axis=(2, 3)))
