"""A scenario is the difference against the plan: it adds up, is the optimiser's own value, and
says what cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import WEEK
from xlbudget.errors import BadArgument, BadInput
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market

HEADER = ("scenario", "scope", "name", "what", "change", "value")


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def rows(*given: tuple[object, ...], **more: Any) -> pd.DataFrame:
    return pd.DataFrame([dict(zip(HEADER, row, strict=True)) for row in given]).assign(**more)


CUT = rows(("cut", "total", None, "spend", "%", -12.0))


def test_spend_and_outcome_are_those_of_the_value_curves(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = scenario(sample_model, plan, CUT).table
    curves = sample_model.value_curves(plan.spend, plan.totals[:, None] * [0.88, 1.0])
    expected = (curves.value[:, :, 0] - curves.value[:, :, 1]).mean(axis=0)
    np.testing.assert_allclose(table["spend"], -0.12 * plan.totals)
    np.testing.assert_allclose(table["outcome"], expected)
    assert list(table["line"]) == list(sample_model.data.line_names)


@pytest.mark.parametrize("by", ["week", "line", "channel", "region", "role", "lifecycle_stage"])
def test_parts_add_up_to_the_total(sample_model: ResponseModel, plan: Plan, by: str) -> None:
    changes = rows(
        ("cut", "role", "prospecting", "spend", "%", -15.0),
        ("cut", "channel", "TV", "cost", "%", 10.0),
        ("cut", "total", None, "outcome value", "%", -5.0),
        ("cut", "control", "price_index", "control", "%", 3.0),
    )
    total = scenario(sample_model, plan, changes, "total").table.iloc[0]
    parts = scenario(sample_model, plan, changes, by).table
    assert by in parts.columns
    for column in ("spend", "outcome", "profit"):
        assert parts[column].sum() == pytest.approx(total[column], rel=1e-9)


def test_the_range_is_that_of_the_difference(sample_model: ResponseModel, plan: Plan) -> None:
    result = scenario(sample_model, plan, CUT, "total")
    row = result.table.iloc[0]
    assert row["low"] < row["outcome"] < row["high"] < 0
    assert row["prob_loss"] == (result.rows.profit[0] < 0).mean()
    wide = scenario(sample_model, plan, CUT, "total", confidence=0.99).table.iloc[0]
    assert wide["low"] < row["low"]


def test_weeks_are_those_of_the_horizon_and_of_the_carry_out(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = scenario(sample_model, plan, CUT, "week").table
    assert len(table) == 13 + 26
    assert table["week"].iloc[0] == pd.Timestamp(sample_model.data.horizon[0])
    assert (table["spend"].iloc[13:] == 0).all()
    assert table["outcome"].iloc[13] < 0
    assert "roi" not in table


def test_a_cost_rise_buys_less_media_for_the_same_money(
    sample_model: ResponseModel, plan: Plan
) -> None:
    dearer = scenario(sample_model, plan, rows(("a", "line", "TV", "cost", "%", 25.0))).table
    less = scenario(sample_model, plan, rows(("a", "line", "TV", "spend", "%", -20.0))).table
    np.testing.assert_allclose(dearer["outcome"], less["outcome"])
    assert (dearer["spend"] == 0).all()
    np.testing.assert_allclose(dearer["profit"], dearer["outcome"])


def test_a_response_change_scales_the_effect_of_earlier_spend_too(
    sample_model: ResponseModel, plan: Plan
) -> None:
    changes = rows(("a", "line", "TV", "response", "%", -10.0))
    lost = scenario(sample_model, plan, changes, "total").table["outcome"][0]
    index = sample_model.data.line_names.index("TV")
    outlook = sample_model.outlook(plan.spend)
    effect = sample_model.data.by_line(outlook.caused + outlook.carry_in)[:, :, index]
    assert lost == pytest.approx(-0.1 * effect.sum(axis=1).mean(), rel=1e-9)


def test_a_lower_outcome_value_costs_money_and_no_outcome(
    sample_model: ResponseModel, plan: Plan
) -> None:
    row = scenario(sample_model, plan, rows(("a", "total", None, "outcome value", "set to", 0.5)))
    assert (row.table["outcome"] == 0).all()
    assert (row.table["profit"] < 0).all()


def test_an_amount_is_shared_as_the_plan_is_and_only_in_its_weeks(
    sample_model: ResponseModel, plan: Plan
) -> None:
    horizon = sample_model.data.horizon
    changes = rows(
        ("more", "role", "prospecting", "spend", "amount", 90_000.0),
        **{"from": [horizon[2]], "to": [horizon[4] + WEEK - np.timedelta64(1, "D")]},
    )
    weeks = scenario(sample_model, plan, changes, "week").table
    assert weeks["spend"].iloc[2:5].sum() == pytest.approx(90_000.0)
    assert weeks["spend"].sum() == pytest.approx(90_000.0)
    lines = scenario(sample_model, plan, changes).table.set_index("line")["spend"]
    assert lines[lines > 0].index.tolist() == ["Creators", "Display", "Paid Social"]


def test_moving_money_leaves_the_total_as_it_is(sample_model: ResponseModel, plan: Plan) -> None:
    changes = rows(
        ("move", "role", "prospecting", "spend", "amount", -30_000.0),
        ("move", "role", "retention", "spend", "amount", 30_000.0),
    )
    roles = scenario(sample_model, plan, changes, "role").table.set_index("role")["spend"]
    assert roles["prospecting"] == pytest.approx(-30_000.0)
    assert roles["retention"] == pytest.approx(30_000.0)


def test_rows_of_one_thing_are_combined_in_order_and_said_so(
    sample_model: ResponseModel, plan: Plan
) -> None:
    changes = rows(
        ("a", "total", None, "spend", "%", -50.0), (None, "line", "TV", "spend", "%", 100.0)
    )
    result = scenario(sample_model, plan, changes)
    spend = result.table.set_index("line")["spend"]
    assert spend["TV"] == pytest.approx(0.0)
    assert spend["Video"] < 0
    said = [str(f) for f in result.findings if f.code == "scenario-combined"]
    assert len(said) == 1
    assert "by Scenarios, row 1, column value already" in said[0]


def test_beyond_what_was_observed_is_answered_and_marked(
    sample_model: ResponseModel, plan: Plan
) -> None:
    result = scenario(sample_model, plan, rows(("a", "line", "Email", "spend", "%", 900.0)))
    observed = result.table.set_index("line")["observed"]
    assert not observed["Email"]
    assert observed["TV"]
    assert any(f.code == "scenario-outside-observed" for f in result.findings)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("a", "channel", "TVV", "spend", "%", -5.0), "did you mean 'TV'"),
        (("a", "chanel", "TV", "spend", "%", -5.0), "did you mean 'channel'"),
        (("a", "total", None, "spend", "%", -120.0), "below 0"),
        (("a", "line", "TV", "spend", "amount", -1e9), "below 0"),
        (("a", "line", "TV", "cost", "set to", 0.0), "0 or below"),
        (("a", "total", "weather", "control", "%", 5.0), "no control 'weather'"),
        (("a", "total", None, "sped", "%", 5.0), "did you mean 'spend'"),
        (("a", "total", None, "spend", "%", None), "value is empty"),
    ],
)
def test_what_cannot_be_is_a_finding_with_a_remedy(
    sample_model: ResponseModel, plan: Plan, row: tuple[object, ...], message: str
) -> None:
    with pytest.raises(BadInput, match=message) as refused:
        scenario(sample_model, plan, rows(row))
    (finding,) = refused.value.findings
    assert finding.where.startswith("Scenarios, row 1")
    assert finding.remedy


def test_dates_outside_the_horizon_are_a_finding(sample_model: ResponseModel, plan: Plan) -> None:
    changes = CUT.assign(**{"from": ["2031-01-06"]})
    with pytest.raises(BadInput, match="outside the horizon, which is 2025-12-29 to 2026-03-29"):
        scenario(sample_model, plan, changes)


def test_an_unknown_grouping_is_told(sample_model: ResponseModel, plan: Plan) -> None:
    with pytest.raises(BadArgument, match="did you mean 'region'"):
        scenario(sample_model, plan, CUT, "regions")


def test_scenarios_may_be_given_as_values(sample_model: ResponseModel, plan: Plan) -> None:
    cut = Scenario("cut", (Change(What.SPEND, How.PERCENT, -0.12),))
    given = scenario(sample_model, plan, [cut, replace(cut, name="again")], "total").table
    assert given["outcome"].nunique() == 1
    assert given["scenario"].tolist() == ["cut", "again"]


def test_all_money_taken_as_an_amount_leaves_nothing(
    sample_model: ResponseModel, plan: Plan
) -> None:
    money = float(plan.totals.sum())
    for amount in (money, np.nextafter(money, np.inf)):  # sums differ by their order
        took = Scenario("none", (Change(What.SPEND, How.AMOUNT, -amount),))
        outcome = scenario(sample_model, plan, [took], "total").rows.outcome
        assert np.isfinite(outcome).all()


def test_the_truth_of_a_cut_lies_in_the_range(
    sample_model: ResponseModel, plan: Plan, sample_market: Market
) -> None:
    truth = sample_market.truth
    cut = {line: 0.88 * money for line, money in truth.current().items()}
    lost = sum(truth.value(cut).values()) - sum(truth.value().values())
    row = scenario(sample_model, plan, CUT, "total").table.iloc[0]
    assert row["low"] < lost < row["high"]


@pytest.mark.parametrize("by", ["total", "line", "week"])
def test_weights_give_the_expected_difference(
    sample_model: ResponseModel, plan: Plan, by: str
) -> None:
    changes = rows(
        ("shock", "control", "price_index", "control", "%", 10.0),
        ("cut", "total", None, "spend", "%", -12.0),
        ("idea", "channel", "TV", "spend", "%", 5.0),
        weight=[0.2, 0.5, None],
    )
    table = scenario(sample_model, plan, changes, by).table
    expected = table[table["scenario"] == "expected"].set_index(by)
    for column in ("spend", "outcome", "profit"):
        parts = table.pivot(index=by, columns="scenario", values=column).fillna(0.0)
        wanted = 0.2 * parts["shock"] + 0.5 * parts["cut"]
        np.testing.assert_allclose(parts["expected"], wanted, atol=1e-9 * abs(wanted).max())
    assert (expected["low"] <= expected["high"]).all()


def test_the_steps_of_the_expectation_add_up_to_it(sample_model: ResponseModel, plan: Plan) -> None:
    likely = pd.DataFrame(
        {
            "scenario": ["dearer", "dearer", "colder"],
            "scope": ["channel", "channel", "total"],
            "name": ["TV", "Paid Search", None],
            "what": ["cost", "spend", "response"],
            "change": ["%", "%", "%"],
            "value": [20.0, -5.0, -10.0],
            "weight": [0.3, None, 0.2],
        }
    )
    told = scenario(sample_model, plan, likely)
    for by in ("outcome", "profit"):
        steps = told.waterfall().table.groupby("scenario")[by].sum()
        whole = told.table.groupby("scenario")[by].sum()
        np.testing.assert_allclose(steps["expected"], whole["expected"], rtol=1e-9)


def test_without_weights_nothing_is_expected(sample_model: ResponseModel, plan: Plan) -> None:
    assert "expected" not in set(scenario(sample_model, plan, CUT).table["scenario"])


def test_an_expectation_is_observed_where_its_scenarios_are(
    sample_model: ResponseModel, plan: Plan
) -> None:
    changes = rows(
        ("wild", "channel", "TV", "spend", "%", 900.0),
        ("cut", "total", None, "spend", "%", -12.0),
        weight=[0.1, 0.4],
    )
    table = scenario(sample_model, plan, changes).table
    expected = table[table["scenario"] == "expected"].set_index("line")["observed"]
    assert not expected["TV"]
    assert expected.drop("TV").any()


@pytest.mark.parametrize("by", ["total", "line", "week", "region"])
def test_what_does_not_change_is_exactly_zero(
    sample_model: ResponseModel, plan: Plan, by: str
) -> None:
    late = sample_model.data.horizon[5]
    changes = rows(
        ("there and back", "channel", "TV", "spend", "%", 25.0),
        ("there and back", "channel", "TV", "spend", "%", -20.0),
        ("there and back", "control", "price_index", "control", "amount", 3.0),
        ("there and back", "control", "price_index", "control", "amount", -3.0),
        ("dearer later", "channel", "TV", "cost", "%", 10.0),
        ("moved", "role", "prospecting", "spend", "amount", -12_000.0),
        ("moved", "role", "retention", "spend", "amount", 12_000.0),
    ).assign(**{"from": [None] * 4 + [late] + [None] * 2})
    table = scenario(sample_model, plan, changes, by).table.set_index("scenario")
    numbers = table.select_dtypes("number")
    assert not np.signbit(numbers.to_numpy()[numbers.to_numpy() == 0]).any()
    assert (numbers.loc["there and back"].to_numpy() == 0).all()
    assert (numbers.loc["dearer later", "spend"] == 0).all()
    if by == "week":
        assert (numbers.loc["dearer later"].iloc[:5].to_numpy() == 0).all()
    if by == "total":
        assert numbers.loc["moved", "spend"] == 0


def test_what_has_faded_is_no_chance_of_a_loss(sample_model: ResponseModel, plan: Plan) -> None:
    changes = rows(("a", "line", "Paid Search", "spend", "%", -20.0))
    by_week = scenario(sample_model, plan, changes, "week")
    size = np.abs(by_week.rows.outcome)
    assert (size[-1] == 0).any()
    assert ((size == 0) | (size > 1e-9 * size.max())).all()
    total = scenario(sample_model, plan, changes, "total").table
    assert by_week.table["outcome"].sum() == pytest.approx(total["outcome"].sum(), rel=1e-7)
