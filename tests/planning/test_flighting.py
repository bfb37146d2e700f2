"""Flighting keeps totals, stays within caps and only moves what is likely to gain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.planning.flighting import Flighting, flight
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def piled(plan: Plan) -> Plan:
    """All money of the quarter in its first four weeks."""
    spend = np.zeros_like(plan.spend)
    spend[:4] = plan.spend.sum(axis=0) / 4.0
    return replace(plan, spend=spend)


@pytest.fixture(scope="module")
def spread(sample_model: ResponseModel, piled: Plan) -> Flighting:
    return flight(sample_model, piled)


def test_one_row_a_week_and_line_and_the_totals_stay(spread: Flighting, piled: Plan) -> None:
    table = spread.table
    assert list(table) == ["week", "line", "current", "spend", "gain"]
    assert len(table) == 13 * len(piled.totals)
    by_line = table.groupby("line", sort=False)["spend"].sum().to_numpy()
    np.testing.assert_allclose(by_line, piled.totals)
    np.testing.assert_allclose(spread.recommended.totals, piled.totals)
    assert table["gain"].sum() == pytest.approx(spread.gain)


def test_what_is_piled_up_is_spread_and_gains(
    sample_model: ResponseModel, spread: Flighting, piled: Plan
) -> None:
    assert spread.gain_low > 0
    ahead = [sample_model.outlook(plan.spend).caused for plan in (spread.recommended, piled)]
    gain = (ahead[0] - ahead[1]).sum(axis=(1, 2, 3)).mean()
    assert spread.gain == pytest.approx(gain, rel=1e-6)
    assert any("front-load less" in each.sentence for each in spread.lines)


def test_no_week_takes_more_than_was_ever_seen(
    sample_model: ResponseModel, spread: Flighting, piled: Plan
) -> None:
    most = np.maximum(sample_model.observed_weekly(), piled.data.by_line(piled.spend).max(axis=0))
    weekly = piled.data.by_line(spread.recommended.spend)
    assert (weekly <= most * (1 + 1e-9)).all()
    assert (weekly >= 0).all()


def test_a_locked_line_and_a_dated_floor_are_kept(sample_model: ResponseModel, piled: Plan) -> None:
    horizon = piled.data.horizon
    floor = 0.5 * piled.totals[piled.data.line_names.index("TV")]
    rules = (
        Guardrail("G1", "line", "Email", Rule.LOCK),
        Guardrail("G2", "line", "TV", Rule.MIN_SPEND, floor, start=horizon[0], end=horizon[1]),
    )
    made = {each.line: each for each in flight(sample_model, piled, rules).lines}
    np.testing.assert_array_equal(made["Email"].spend, made["Email"].current)
    assert made["TV"].spend[:2].sum() >= floor * (1 - 1e-9)


def test_a_spread_whose_gain_is_inside_the_noise_is_kept(
    sample_model: ResponseModel, plan: Plan
) -> None:
    made = flight(sample_model, plan)
    assert made.gain >= 0
    for each in made.lines:
        if not np.array_equal(each.spend, each.current):
            assert (each.gain_draws.sum(axis=1) > 0).mean() >= 0.9
