"""A formula answers with the digits of the Python call, and with an error that can be mended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from xlbudget.data.frames import raw_table
from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.answers import Answer
from xlbudget.hosts.model_store import ModelStore
from xlbudget.planning.allocation import optimise
from xlbudget.planning.forecast import forecast
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import make_plan
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Tabular

Ask = Callable[..., Answer]
TABLES = ("Spend", "Outcomes", "Controls", "Channels", "Experiments", "Settings", "Regions")


def same(answer: Answer, result: Tabular) -> None:
    """The answer's numbers and texts are the result's, digit by digit."""
    assert answer.grid == Answer.table(result).grid
    assert answer.error == ""


def test_model_names_the_fitted_model_and_fits_once(
    answer: Ask, ranges: dict[str, Any], shelf: ModelStore, sample_model: ResponseModel
) -> None:
    said = str(answer("MODEL", *[ranges[name] for name in TABLES]).value)
    key, summary = said.split(" ", 1)
    assert key == sample_model.key  # the same tables, as cells or as frames
    assert shelf.get(key) is sample_model  # so it was not fitted again
    assert summary.startswith("revenue: 8 lines x 3 regions, 130 weeks to 2025-12-22")
    assert len(said) <= 255


def test_model_says_in_its_cell_what_to_mend(answer: Ask, ranges: dict[str, Any]) -> None:
    spend = [list(row) for row in ranges["Spend"]]
    spend[16][spend[0].index("spend")] = "#REF!"
    failed = answer("MODEL", spend, ranges["Outcomes"])
    assert failed.error == "#VALUE!"
    assert str(failed.value).startswith("BUDGET: spend, row 17, column spend")
    assert "#REF!" in str(failed.value)
    below = answer("MARGINAL_ROI", failed.value)
    assert below.error == "#N/A"
    assert "row 17" in str(below.value)


def test_forecast(
    answer: Ask, ranges: dict[str, Any], key: str, sample_model: ResponseModel
) -> None:
    plan = make_plan(sample_model.data, None)[0]
    lines = [
        ["line", "planned_spend"],
        *map(list, zip(sample_model.data.line_names, plan.totals, strict=True)),
    ]
    same(answer("FORECAST", key, lines), forecast(sample_model, plan))
    by_week = answer("FORECAST", key, ranges["Plan"], 0.5)
    assert by_week.header == ("week", "baseline", "incremental", "total", "low", "high")
    assert len(by_week.rows) == 13


def test_marginal_roi(answer: Ask, key: str, sample_model: ResponseModel) -> None:
    table = sample_model.marginal_roi()
    same(answer("MARGINAL_ROI", key), table)
    same(answer("MARGINAL_ROI", key, "", 0, 0), table)
    same(answer("MARGINAL_ROI", key, None, None, 0.5), sample_model.marginal_roi(confidence=0.5))
    place = table.line.index("TV")
    one = answer("MARGINAL_ROI", key, "TV").value
    assert one == pytest.approx(table.marginal_roi[place], rel=1e-12)
    at = sample_model.marginal_roi({"TV": 50_000.0})
    for spend in (50_000, [["line", "spend"], ["TV", 50_000]]):
        one = answer("MARGINAL_ROI", key, "TV", spend).value
        assert one == pytest.approx(at.marginal_roi[place], rel=1e-12)
    same(answer("MARGINAL_ROI", key, None, [["line", "spend"], ["TV", 50_000]]), at)
    same(answer("MARGINAL_ROI", key, None, [["TV", 50_000]]), at)


def test_curve_and_response_are_one_function(
    answer: Ask, key: str, sample_model: ResponseModel
) -> None:
    curve = sample_model.curve("TV", points=7)
    same(answer("CURVE", key, "TV", 7), curve)
    assert len(answer("CURVE", key, "TV").rows) == 50
    for spend, response in zip(curve.spend, curve.response, strict=True):
        point = answer("RESPONSE", key, "TV", float(spend)).value
        assert point == pytest.approx(response, rel=1e-9, abs=1e-6)


def test_contribution_between_two_days(answer: Ask, key: str, sample_model: ResponseModel) -> None:
    same(answer("CONTRIBUTION", key), sample_model.contribution())
    part = sample_model.contribution(np.datetime64("2025-01-06"), np.datetime64("2025-06-30"))
    same(answer("CONTRIBUTION", key, 45663, "2025-06-30"), part)


def test_optimize_and_optimum_are_one_allocation(
    answer: Ask, ranges: dict[str, Any], key: str, sample_model: ResponseModel
) -> None:
    plan = make_plan(sample_model.data, columns(ranges["Plan"]))[0]
    rules = read_guardrails(
        sample_model.data, raw_table("guardrails", columns(ranges["Guardrails"]))
    )[0]
    best = optimise(sample_model, plan, guardrails=rules)
    same(answer("OPTIMIZE", key, ranges["Plan"], 0, ranges["Guardrails"]), best)
    same(answer("OPTIMUM", key, ranges["Plan"], "", ranges["Guardrails"]), best.figures())


def columns(rows: list[list[Any]]) -> dict[str, list[Any]]:
    """A range as columns."""
    return {str(name): list(cells) for name, *cells in zip(*rows, strict=True)}


def test_optimize_keeps_the_guardrails_and_approvals_takes_its_table(
    answer: Ask, ranges: dict[str, Any], key: str
) -> None:
    best = answer("OPTIMIZE", key, ranges["Plan"], None, ranges["Guardrails"])
    total = sum(row[2] for row in ranges["Plan"][1:])
    assert np.sum(np.array(best.column("recommended"), dtype=float)) == pytest.approx(total)
    table = [list(row) for row in best.grid]
    judged = answer("APPROVALS", table, table, ranges["Guardrails"], key)
    assert "blocked" not in judged.column("status")
    assert judged.column("change") == pytest.approx(best.column("change"))


def test_budget_for_a_target_that_nobody_reaches_is_impossible(
    answer: Ask, ranges: dict[str, Any], key: str
) -> None:
    failed = answer("BUDGET_FOR", key, ranges["Plan"], 1e15)
    assert failed.error == "#NUM!"
    assert "out of reach" in failed.message


def test_approvals_know_the_roles_from_the_model(
    answer: Ask, ranges: dict[str, Any], key: str, sample_model: ResponseModel
) -> None:
    totals = make_plan(sample_model.data, None)[0].totals
    names = sample_model.data.line_names
    now = [["line", "planned_spend"], *map(list, zip(names, totals, strict=True))]
    then = [["line", "recommended"], *map(list, zip(names, totals * 0.95, strict=True))]
    found = answer("APPROVALS", now, then, ranges["Guardrails"], key)
    status = dict(zip(found.column("line"), found.column("status"), strict=True))
    assert status["TV"] != "automatic"  # a cut to brand
    plan = ranges["Plan"]
    unchanged = answer("APPROVALS", plan, plan, ranges["Guardrails"], key)
    assert set(unchanged.column("status")) == {"automatic"}


def test_readiness_lists_what_cannot_be_read(answer: Ask, ranges: dict[str, Any]) -> None:
    assert "stop" not in answer("READINESS", ranges["Spend"], ranges["Outcomes"]).column("status")
    spend = [list(row) for row in ranges["Spend"]]
    spend[3][spend[0].index("spend")] = "forty"
    found = answer("READINESS", spend, ranges["Outcomes"])
    assert found.column("status") == ["stop"]
    assert found.column("where") == ["spend, row 4, column spend"]


def test_readiness_knows_the_lift_tests_it_is_given(answer: Ask, ranges: dict[str, Any]) -> None:
    rest = (ranges["Controls"], ranges["Channels"], None, None, ranges["Settings"])
    found = answer("READINESS", ranges["Spend"], ranges["Outcomes"], *rest, ranges["Experiments"])
    assert "no lift test at all" not in found.column("where")


def test_readiness_lists_a_plan_that_cannot_be_read_beside_the_other_checks(
    answer: Ask, ranges: dict[str, Any]
) -> None:
    plan = [["week", "channel", "planned_spend"], [46020, "Radio", 5]]
    given = [ranges["Spend"], ranges["Outcomes"], None, None, None, plan]
    found = answer("READINESS", *given)
    assert found.column("status")[0] == "stop"
    assert "Radio" in str(found.column("what to do")[0])
    assert len(found.rows) > 5


def test_readiness_lists_scenarios_that_cannot_be_answered_and_stops_no_plan(
    answer: Ask, ranges: dict[str, Any]
) -> None:
    header = ["scenario", "scope", "name", "what", "change", "value"]
    cut, all_of_it = ["a", "total", None, "spend", "%", -5], ["b", "line", "TV", "spend", "%", -150]
    given = [ranges["Spend"], ranges["Outcomes"], *[None] * 3, ranges["Plan"], None, None]
    name = "scenarios that can be answered"

    def said(*rows: list[Any]) -> list[tuple[Any, ...]]:
        found = answer("READINESS", *given, [header, *rows])
        assert "stop" not in found.column("status")
        return [tuple(row[1:]) for row in found.rows if row[0] == name]

    assert said(cut) == said() == [("ok", "all", "nothing")]
    ((status, where, words),) = said(cut, all_of_it)
    assert (status, where) == ("look", "scenarios, row 3, column value")
    assert "below 0" in words


def test_reconcile(answer: Ask, ranges: dict[str, Any]) -> None:
    found = answer("RECONCILE", ranges["Spend"], ranges["Ledger"])
    assert {"agrees"} < set(found.column("status"))
    loose = answer("RECONCILE", ranges["Spend"], ranges["Ledger"], 0.9)
    assert loose.column("status").count("agrees") > found.column("status").count("agrees")


@pytest.mark.parametrize(
    ("name", "given", "error", "message"),
    [
        ("MARGINAL_ROI", ("no such key",), "#N/A", "recalculate the MODEL cell (Ctrl+Alt+F9)"),
        ("MARGINAL_ROI", (None,), "#N/A", "model is empty"),
        ("MARGINAL_ROI", ("#DIV/0!",), "#DIV/0!", "model is #DIV/0!"),
        ("MARGINAL_ROI", ("KEY", "Radio"), "#N/A", "there is no line 'Radio'"),
        ("MARGINAL_ROI", ("KEY", "TV", -5), "#VALUE!", "cannot be below 0"),
        ("MARGINAL_ROI", ("KEY", None, 5), "#VALUE!", "line is empty"),
        ("MARGINAL_ROI", ("KEY", "TV", None, 90), "#VALUE!", "between 0 and 1"),
        ("CURVE", ("KEY", "TV", 1), "#VALUE!", "whole number from 2"),
        ("CURVE", ("KEY", "TV", "many"), "#VALUE!", "must be a number"),
        ("CONTRIBUTION", ("KEY", "soon"), "#VALUE!", "must be a date"),
        ("FORECAST", ("KEY", [["line", "money"], ["TV", 5]]), "#VALUE!", "planned_spend"),
        ("FORECAST", ("KEY", [["line", "spend"], ["Radio", 5]]), "#N/A", "no line 'Radio'"),
        ("FORECAST", ("KEY", [["line", "spend"], ["TV", "#N/A"]]), "#VALUE!", "#N/A"),
        ("VERSION", (1,), "#VALUE!", "takes fewer"),
    ],
)
def test_an_error_says_what_is_wrong(
    answer: Ask, key: str, name: str, given: tuple[Any, ...], error: str, message: str
) -> None:
    failed = answer(name, *[key if word == "KEY" else word for word in given])
    assert failed.error == error
    assert message in failed.message
    cells = [cell for row in failed.grid for cell in row]
    assert all(isinstance(cell, ErrorCell) for cell in cells[1:])
    assert cells[0] == ErrorCell(error) or str(cells[0]).startswith("BUDGET: ")


def test_version_says_what_runs_and_where_models_are(answer: Ask, shelf: ModelStore) -> None:
    said = str(answer("VERSION").value)
    assert said.startswith("xlbudget ")
    assert shelf.where in said or len(said) == 255
