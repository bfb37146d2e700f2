"""SCENARIO, FLIGHT and FRONTIER show the digits of Python, and say what they cannot answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import xlbudget as xb
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.backtesting import backtest_once
from xlbudget.hosts.model_store import ModelStore
from xlbudget.response.backtest import backtest
from xlbudget.response.model import ResponseModel

Ask = Callable[..., Answer]
HEADER = ["scenario", "scope", "name", "what", "change", "value"]
CHANGES = [
    HEADER,
    ["Less money", "total", None, "spend", "%", -12.0],
    ["Dearer search", "channel", "Paid Search", "cost", "%", 15.0],
]
COLUMNS = {name: list(cells) for name, *cells in zip(*CHANGES, strict=True)}


@pytest.mark.parametrize("by", [None, "week", "role", "region", "campaign_type"])
def test_scenario(
    answer: Ask,
    ranges: dict[str, Any],
    key: str,
    sample_model: ResponseModel,
    sample_frames: dict[str, Any],
    by: str | None,
) -> None:
    got = answer("SCENARIO", key, ranges["Plan"], CHANGES, by)
    expected = xb.scenario(sample_model, sample_frames["plan"], COLUMNS, by=by or "line")
    assert got.error == ""
    assert got.grid == Answer.table(expected).grid
    assert got.header[1] == (by or "line")


def test_flight(
    answer: Ask,
    ranges: dict[str, Any],
    key: str,
    sample_model: ResponseModel,
    sample_frames: dict[str, Any],
) -> None:
    got = answer("FLIGHT", key, ranges["Plan"], ranges["Guardrails"])
    plan, rules = sample_frames["plan"], sample_frames["guardrails"]
    assert got.grid == Answer.table(xb.flight(sample_model, plan, guardrails=rules)).grid


def test_frontier_rises_with_the_budget(answer: Ask, ranges: dict[str, Any], key: str) -> None:
    got = answer("FRONTIER", key, ranges["Plan"])
    budgets, outcomes = ([float(str(v)) for v in got.column(n)] for n in ("budget", "outcome"))
    assert budgets == sorted(budgets)
    assert outcomes == sorted(outcomes)


@pytest.mark.parametrize(
    ("changes", "by", "error", "message"),
    [
        (None, None, "#N/A", "changes is empty"),
        ([HEADER], None, "#VALUE!", "no change to answer"),
        ([HEADER, ["", "channel", "TVV", "spend", "%", 5.0]], None, "#VALUE!", "TVV"),
        (CHANGES, "colour", "#VALUE!", "by is 'colour'"),
    ],
    ids=["absent", "header alone", "unknown channel", "unknown part"],
)
def test_scenario_says_what_it_cannot_answer(
    answer: Ask,
    ranges: dict[str, Any],
    key: str,
    changes: Any,
    by: str | None,
    error: str,
    message: str,
) -> None:
    got = answer("SCENARIO", key, ranges["Plan"], changes, by)
    assert got.error == error
    assert message in str(got.value)


def test_explain(
    answer: Ask,
    ranges: dict[str, Any],
    key: str,
    sample_model: ResponseModel,
    sample_frames: dict[str, Any],
) -> None:
    plan, rules = sample_frames["plan"], sample_frames["guardrails"]
    bolder = plan.assign(planned_spend=plan["planned_spend"].where(plan["channel"] != "TV", 0.0))
    proposed = [list(bolder), *bolder.to_numpy(dtype=object).tolist()]
    got = answer("EXPLAIN", key, ranges["Plan"], proposed, ranges["Guardrails"])
    reasons = xb.explain(sample_model, plan, bolder, guardrails=rules)
    assert got.grid == Answer.table(reasons).grid
    assert got.column("line")[1:] == list(sample_model.data.line_names)
    assert len(got.grid) > len(got.rows) + 1  # paragraphs go on in the rows below
    tv = str(got.column("why")[got.column("line").index("TV")])
    assert tv.startswith("TV falls")
    assert "blocked by" in tv


@pytest.mark.parametrize(
    ("aim", "target"), [("profit", None), ("marginal_roi", 1.2), ("target", 3_000_000.0)]
)
def test_every_aim(
    answer: Ask,
    ranges: dict[str, Any],
    key: str,
    sample_model: ResponseModel,
    sample_frames: dict[str, Any],
    aim: str,
    target: float | None,
) -> None:
    given = [key, ranges["Plan"], None, None, aim, None, target]
    best = xb.optimize(sample_model, sample_frames["plan"], aim=aim, target=target)
    assert answer("OPTIMIZE", *given).grid == Answer.table(best).grid
    assert answer("OPTIMUM", *given).grid == Answer.table(best.figures()).grid
    if aim == "target":
        least = answer("BUDGET_FOR", key, ranges["Plan"], target)
        assert least.grid == Answer.table(best).grid


def test_backtest_is_made_once(
    answer: Ask, key: str, sample_model: ResponseModel, shelf: ModelStore
) -> None:
    got = answer("BACKTEST", key)
    assert got.grid == Answer.table(backtest(sample_model.data, model=sample_model)).grid
    assert got.column("fold") == [1.0, 2.0, 3.0, 4.0]
    assert backtest_once(sample_model, shelf) is backtest_once(sample_model, shelf)
