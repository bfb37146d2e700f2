"""A scenario's pictures: the causes of its difference add up to the total, and so do its weeks."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.model import ResponseModel

CHANGES = pd.DataFrame(
    [
        ("all", "role", "prospecting", "spend", "%", -15.0),
        ("all", "channel", "TV", "cost", "%", 10.0),
        ("all", "channel", "Email", "response", "%", -20.0),
        ("all", "total", None, "outcome value", "%", -5.0),
        ("all", "control", "price_index", "control", "%", 3.0),
        ("cut", "total", None, "spend", "%", -12.0),
    ],
    columns=["scenario", "scope", "name", "what", "change", "value"],
)


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def lasting(model: ResponseModel, weight: float) -> ResponseModel:
    """The model where every channel brings as much again in the long term, weighted."""
    channels = {name: replace(c, long_term_factor=1.0) for name, c in model.data.channels.items()}
    settings = replace(model.data.settings, long_term_weight=weight)
    return replace(model, data=replace(model.data, channels=channels, settings=settings))


@pytest.mark.parametrize("by", ["line", "region", "role", "week", "total"])
@pytest.mark.parametrize("weight", [0.0, 0.5])
def test_the_causes_add_up_to_the_total_draw_by_draw(
    sample_model: ResponseModel, plan: Plan, by: str, weight: float
) -> None:
    model = lasting(sample_model, weight)
    there = replace(plan, data=model.data)
    total = scenario(model, there, CHANGES, "total")
    steps = scenario(model, there, CHANGES, by).waterfall()
    for index, name in enumerate(total.scenario):
        mine = [label == name for label in steps.scenario]
        for found, wanted in (
            (steps.outcome, total.rows.outcome),
            (steps.profit, total.rows.profit),
        ):
            np.testing.assert_allclose(found[mine].sum(axis=0), wanted[index], rtol=1e-9, atol=1e-6)


def test_a_cause_stands_only_where_it_was_changed(sample_model: ResponseModel, plan: Plan) -> None:
    table = scenario(sample_model, plan, CHANGES).waterfall().table
    assert list(table) == [
        "scenario", "line", "cause", "outcome", "low", "high", "starts_at", "ends_at", "profit",
    ]  # fmt: skip
    cut = table[table["scenario"] == "cut"]
    assert set(cut["cause"]) == {"spend"}
    assert list(cut["line"]) == list(sample_model.data.line_names)
    dearer = table[(table["scenario"] == "all") & (table["cause"] == "cost")]
    assert list(dearer["line"]) == ["TV"]
    assert (dearer["outcome"] < 0).all()
    weaker = table[(table["cause"] == "carry-in")]
    assert list(weaker["line"]) == ["Email"]


def test_bars_begin_where_the_one_before_ends(sample_model: ResponseModel, plan: Plan) -> None:
    table = scenario(sample_model, plan, CHANGES).waterfall().table
    for _, steps in table.groupby("scenario"):
        assert steps["starts_at"].iloc[0] == pytest.approx(0.0, abs=1e-6)
        np.testing.assert_allclose(steps["ends_at"], steps["starts_at"] + steps["outcome"])
        np.testing.assert_allclose(steps["starts_at"].iloc[1:], steps["ends_at"].iloc[:-1])


def test_weeks_come_with_a_range_and_add_up(sample_model: ResponseModel, plan: Plan) -> None:
    result = scenario(sample_model, plan, CHANGES, "role")
    weekly = result.weekly()
    table = weekly.table
    assert weekly.weekly() is weekly
    assert (table["low"] <= table["outcome"]).all()
    assert (table["outcome"] <= table["high"]).all()
    pd.testing.assert_series_equal(
        table.groupby("scenario")["outcome"].sum(),
        result.table.groupby("scenario")["outcome"].sum(),
    )


def test_the_long_term_stands_apart_and_counts_as_weighted(
    sample_model: ResponseModel, plan: Plan
) -> None:
    plain = scenario(sample_model, plan, CHANGES[-1:], "total").table.iloc[0]
    model = lasting(sample_model, 0.5)
    row = scenario(model, replace(plan, data=model.data), CHANGES[-1:], "total").table.iloc[0]
    assert plain["long_term"] == 0
    assert row["outcome"] == pytest.approx(plain["outcome"])
    assert row["long_term"] == pytest.approx(0.5 * row["outcome"])
    worth = sample_model.data.settings.money_per_outcome
    assert row["profit"] == pytest.approx(1.5 * worth * row["outcome"] - row["spend"])
