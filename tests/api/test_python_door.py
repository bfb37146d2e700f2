"""The Python API: each column and unit that other programs rely on."""

from __future__ import annotations

import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import xlbudget as xb
from xlbudget.errors import BadArgument, BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pandas as pd

    from xlbudget.data.dataset import Dataset
    from xlbudget.response.model import ResponseModel

COLUMNS = {
    "contribution": ["line", "spend", "contribution", "low", "high", "share", "roi"],
    "marginal_roi": [
        *("line", "spend", "roi", "marginal_roi", "low", "high"),
        *("prob_pays_back", "saturation", "observed"),
    ],
    "curve": ["spend", "response", "low", "high", "marginal_roi", "observed"],
    "forecast": ["week", "baseline", "incremental", "total", "low", "high"],
    "scenario": [
        *("scenario", "line", "spend", "outcome", "low", "high"),
        *("profit", "profit_low", "profit_high", "roi", "prob_loss", "observed"),
        "long_term",
    ],
    "flight": ["week", "line", "current", "spend", "gain"],
    "optimize": [
        *("line", "current", "recommended", "change", "change_pct", "gain"),
        *("low", "high", "marginal_roi", "limit", "limit_price"),
    ],
}


def test_contribution_is_in_units_of_the_outcome(sample_model: ResponseModel) -> None:
    table = sample_model.contribution().table
    data = sample_model.data
    assert list(table.columns) == COLUMNS["contribution"]
    assert tuple(table["line"]) == data.line_names
    np.testing.assert_allclose(table["spend"], data.by_line(data.spend).sum(axis=0))
    assert (table["low"] <= table["contribution"]).all()
    assert (table["contribution"] <= table["high"]).all()
    money = data.settings.money_per_outcome
    np.testing.assert_allclose(table["roi"], table["contribution"] / table["spend"] * money)
    assert table["contribution"].sum() < np.nansum(data.outcome)
    assert table["share"].between(0, 1).all()


def test_contribution_takes_inclusive_dates(sample_model: ResponseModel) -> None:
    weeks = sample_model.data.weeks
    table = sample_model.contribution(start=str(weeks[-2]), end=str(weeks[-1])).table
    last_two = sample_model.data.by_line(sample_model.data.spend[-2:]).sum(axis=0)
    np.testing.assert_allclose(table["spend"], last_two)


def test_marginal_roi_is_money_back_at_a_weekly_spend(sample_model: ResponseModel) -> None:
    table = sample_model.marginal_roi().table
    data = sample_model.data
    assert list(table.columns) == COLUMNS["marginal_roi"]
    np.testing.assert_allclose(table["spend"], data.by_line(data.spend[-13:]).mean(axis=0))
    assert table["prob_pays_back"].between(0, 1).all()
    assert table["saturation"].between(0, 1).all()
    assert table["observed"].dtype == bool
    line = data.line_names[0]
    asked = sample_model.marginal_roi(spend={line: 123.0}).table.set_index("line")
    assert asked.loc[line, "spend"] == 123.0


def test_curve_starts_at_nothing_and_rises(sample_model: ResponseModel) -> None:
    table = sample_model.curve(sample_model.data.line_names[0], points=50).table
    assert list(table.columns) == COLUMNS["curve"]
    assert len(table) == 50
    assert table["spend"].iloc[0] == table["response"].iloc[0] == 0.0
    assert table["response"].is_monotonic_increasing


def test_forecast_has_a_row_for_every_week_of_the_horizon(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    table = xb.forecast(sample_model, sample_frames["plan"]).table
    assert list(table.columns) == COLUMNS["forecast"]
    assert table["week"].to_numpy().astype("datetime64[D]").tolist() == (
        sample_model.data.horizon.tolist()
    )
    np.testing.assert_allclose(table["baseline"] + table["incremental"], table["total"])
    assert (table["low"] < table["total"]).all()
    assert (table["total"] < table["high"]).all()


def test_optimize_keeps_the_total_and_proves_its_value(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    plan = sample_frames["plan"]
    best = xb.optimize(sample_model, plan, guardrails=sample_frames["guardrails"])
    table = best.table
    assert list(table.columns) == COLUMNS["optimize"]
    assert table["current"].sum() == pytest.approx(plan["planned_spend"].sum())
    assert table["recommended"].sum() == pytest.approx(plan["planned_spend"].sum())
    np.testing.assert_allclose(table["change"], table["recommended"] - table["current"], atol=1e-6)
    np.testing.assert_allclose(table["change_pct"], table["change"] / table["current"], atol=1e-9)
    assert table["gain"].sum() == pytest.approx(best.gain)
    assert 0.0 <= best.gap <= 0.001
    assert best.value <= best.bound
    assert best.gain >= 0.0
    assert best.gain_low <= best.gain <= best.gain_high
    assert 0.0 <= best.prob_better <= 1.0
    assert best.next_dollar > 0.0
    assert isinstance(best.verdict, str)


def test_optimize_spends_the_budget_that_is_given(sample_model: ResponseModel) -> None:
    best = xb.optimize(sample_model, None, budget=1_000_000.0)
    assert best.table["recommended"].sum() == pytest.approx(1_000_000.0)


def test_bad_guardrails_are_all_named(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    rules = sample_frames["guardrails"].copy()
    rules.loc[rules.index[:2], "applies_to"] = ["planet", "galaxy"]
    with pytest.raises(xb.BadInput, match=r"(?s)planet.*galaxy"):
        xb.optimize(sample_model, None, guardrails=rules)


def test_a_workbook_and_a_folder_say_the_same(
    tmp_path: Path, sample_frames: dict[str, pd.DataFrame], sample_data: Dataset
) -> None:
    from workbook.template import write_template
    from xlbudget.data.frames import raw_tables
    from xlbudget.simulator import sample_market

    write_template(tmp_path / "book.xlsx", raw_tables(**sample_frames))
    sample_market(seed=0).write(tmp_path / "csv")
    book, folder = xb.open_workbook(tmp_path / "book.xlsx"), xb.open_folder(tmp_path / "csv")
    for inputs in (book, folder):
        assert inputs.settings == sample_data.settings
        np.testing.assert_allclose(inputs.dataset.spend, sample_data.spend)
        assert inputs.plan is not None
        assert list(inputs.plan.columns)[:2] == ["week", "channel"] or "week" in inputs.plan
        assert inputs.guardrails is not None
        assert len(inputs.guardrails) == len(sample_frames["guardrails"])


def test_the_seed_of_the_settings_counts_when_asked(sample_data: Dataset) -> None:
    assert xb.fit(sample_data, draws=500, seed=None).seed == sample_data.settings.seed


def test_two_processes_show_the_same_digits(sample_model: ResponseModel) -> None:
    code = (
        "import xlbudget as xb; from xlbudget.simulator import sample_market; "
        "f = sample_market(seed=0).frames(); names = ['spend', 'outcomes', 'controls', "
        "'channels', 'regions', 'experiments', 'settings']; "
        "model = xb.fit(xb.Dataset.from_frames(**{n: f[n] for n in names})); "
        "print(model.key, repr(model.contribution().table['contribution'].tolist()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    here = sample_model.contribution().table["contribution"].tolist()
    assert done.stdout.strip() == f"{sample_model.key} {here!r}"


def test_scenario_is_a_difference_against_the_plan(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    cut = {"scope": ["total"], "what": ["spend"], "change": ["%"], "value": [-12]}
    table = xb.scenario(sample_model, sample_frames["plan"], cut).table
    assert list(table.columns) == COLUMNS["scenario"]
    assert table["spend"].sum() == pytest.approx(
        -0.12 * sample_frames["plan"]["planned_spend"].sum()
    )
    assert (table["low"] <= table["high"]).all()
    assert table["prob_loss"].between(0, 1).all()
    weeks = xb.scenario(sample_model, sample_frames["plan"], cut, by="week").table
    assert weeks["outcome"].sum() == pytest.approx(table["outcome"].sum())


def test_flight_keeps_each_total(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    rules = sample_frames["guardrails"]
    table = xb.flight(sample_model, sample_frames["plan"], guardrails=rules).table
    assert list(table.columns) == COLUMNS["flight"]
    totals = table.groupby("line")[["current", "spend"]].sum()
    np.testing.assert_allclose(totals["spend"], totals["current"])


def test_guardrails_of_nothing_are_no_guardrails(sample_model: ResponseModel) -> None:
    import pandas as pd

    free, empty = (xb.optimize(sample_model, guardrails=rules) for rules in (None, pd.DataFrame()))
    assert free.value == empty.value


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"budget": "1000"}, "budget is '1000'; give a number"),
        ({"budget": [1]}, "budget is"),
        ({"budget": True}, "budget is True"),
        ({"aim": "target", "target": "high"}, "target is 'high'; give a number"),
        ({"aim": "roi"}, "choose one of outcome, profit, target, marginal_roi"),
        ({"risk": "SURE"}, "choose one of expected, cautious, sure"),
        ({"guardrails": "lock"}, "give a DataFrame"),
        ({"guardrails": [{"id": "G1"}]}, "give a DataFrame"),
        ({"guardrails": {"id": ["G1"]}}, "Guardrails has no column 'rule'"),
        ({"plan": "plan"}, "give a DataFrame"),
    ],
)
def test_an_argument_of_another_kind_is_told(
    sample_model: ResponseModel, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(xb.BudgetError, match=re.escape(said)):
        xb.optimize(sample_model, **wrong)


def test_a_fit_needs_a_dataset_and_whole_numbers(sample_data: Dataset) -> None:
    asked: list[dict[str, Any]] = [{"draws": "many"}, {"draws": 1.5}, {"seed": -1}, {"seed": "x"}]
    for wrong in asked:
        with pytest.raises(xb.BudgetError, match="give a whole number"):
            xb.fit(sample_data, **wrong)
    with pytest.raises(xb.BudgetError, match="give a Dataset"):
        xb.fit(None)  # type: ignore[arg-type]
    with pytest.raises(xb.BudgetError, match=r"give what xb\.fit returns"):
        xb.optimize(None)  # type: ignore[arg-type]


def test_a_backtest_has_a_row_a_fold(sample_data: Dataset) -> None:
    found = xb.backtest(sample_data, folds=1, draws=50)
    assert list(found.table["fold"]) == [1]
    assert found.table["low"][0] < found.table["high"][0]
    assert set(found.lines.table["line"]) <= set(sample_data.line_names)
    with pytest.raises(xb.BudgetError, match="folds is 'all'"):
        xb.backtest(sample_data, folds="all")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda model: model.contribution("soon"), "give a date"),
        (lambda model: model.contribution("2035-01-01"), "no week begins from"),
        (lambda model: model.contribution("2025-06-30", "2025-01-06"), "no week begins from"),
        (lambda model: model.marginal_roi(50_000), "give {line: weekly spend}"),
        (lambda model: model.marginal_roi({"TV": "50000"}), "spend of TV is 50000; it must be 0"),
        (lambda model: xb.scenario(model, None, [{"scope": "total"}]), "give a DataFrame"),
        (lambda model: xb.scenario(model, None, "cut"), "give a DataFrame"),
    ],
)
def test_an_argument_that_cannot_be_meant_is_told_in_words(
    ask: Callable[[ResponseModel], object], says: str, sample_model: ResponseModel
) -> None:
    with pytest.raises(BadArgument, match=says):
        ask(sample_model)


def test_a_scenarios_table_without_a_needed_column_is_told(
    sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]
) -> None:
    few = {"scope": ["channel"], "name": ["TV"], "what": ["cost"], "value": [20.0]}
    with pytest.raises(BadInput, match="has no column 'change'"):
        xb.scenario(sample_model, sample_frames["plan"], few)
