"""Scenarios that cannot be meant are told all at once, each with its place and what to do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import WEEK
from xlbudget.errors import BadInput
from xlbudget.findings import Finding, Severity
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.scenarios.asked import findings_of
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.model import ResponseModel

COLUMNS = ["scenario", "scope", "name", "what", "change", "value", "from", "to", "weight"]
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


def table(*rows: Sequence[Any]) -> pd.DataFrame:
    full = [[*row, *[None] * (len(COLUMNS) - len(row))] for row in rows]
    return pd.DataFrame(full, columns=COLUMNS)


def refused(model: ResponseModel, plan: Plan, *rows: Sequence[Any]) -> tuple[Finding, ...]:
    with pytest.raises(BadInput) as stopped:
        scenario(model, plan, table(*rows))
    return stopped.value.findings


def noticed(model: ResponseModel, plan: Plan, *rows: Sequence[Any]) -> dict[str, Finding]:
    return {each.code: each for each in scenario(model, plan, table(*rows)).findings}


TV = ("line", "TV")


@pytest.mark.parametrize(
    ("row", "column", "problem"),
    [
        (("a", *TV, "response", "%", -150.0), "value", "below 0"),
        (("a", *TV, "outcome value", "amount", -9.0), "value", "below 0"),
        (("a", *TV, "cost", "%", -100.0), "value", "to 0 or below"),
        (("a", *TV, "spend", "set to", -1.0), "value", "below 0"),
        (("a", *TV, "spend", "%", "much"), "value", "much"),
        (("a", *TV, "spend", "percents", -5.0), "change", "percents"),
        (("a", "customer tier", "gold", "spend", "%", -5.0), "scope", "customer tier"),
        (("a", "role", "prospectin", "spend", "%", -5.0), "name", "did you mean 'prospecting'"),
        (("a", "total", None, "control", "%", -5.0), "name", "control"),
    ],
)
def test_what_cannot_be_is_told_with_its_cell_and_a_remedy(
    sample_model: ResponseModel, plan: Plan, row: Sequence[Any], column: str, problem: str
) -> None:
    (found,) = refused(sample_model, plan, row)
    assert found.where == f"Scenarios, row 1, column {column}"
    assert problem in found.problem
    assert found.remedy


def test_everything_wrong_is_told_in_one_pass(sample_model: ResponseModel, plan: Plan) -> None:
    findings = refused(
        sample_model,
        plan,
        ("a", "line", "TVV", "spend", "%", -5.0),
        ("a", *TV, "spend", "%", -5.0),
        ("b", "line", "TV", "sped", "%", -5.0),
    )
    assert [each.place.row for each in findings] == [0, 2]


def test_changes_that_cannot_be_made_are_told_for_every_scenario(
    sample_model: ResponseModel, plan: Plan
) -> None:
    findings = refused(
        sample_model, plan, ("a", *TV, "spend", "%", -120.0), ("b", *TV, "cost", "set to", 0.0)
    )
    assert [each.place.row for each in findings] == [0, 1]


def test_all_of_it_is_known_before_a_model_is_fitted(
    sample_model: ResponseModel, plan: Plan
) -> None:
    rows = (
        ("a", *TV, "spend", "%", -120.0),
        ("a", "planet", "TV", "spend", "%", -5.0),
        ("b", *TV, "cost", "set to", 0.0),
        ("c", "total", None, "budget", "amount", -1e12),
        ("d", *TV, "spend", "%", 900.0),
        ("e", *TV, "spend", "%", -5.0),
        ("e", *TV, "spend", "%", -5.0),
    )
    found = {(each.place.row, each.severity) for each in findings_of(plan, table(*rows))}
    assert found == {
        *((row, Severity.ERROR) for row in range(4)),
        (4, Severity.WARNING),
        (6, Severity.NOTE),
    }
    assert [each.place.row for each in refused(sample_model, plan, *rows)] == [0, 1, 2, 3]
    fine = noticed(sample_model, plan, *rows[4:])
    assert {each.place.row for each in fine.values()} == {0, 2}


def test_what_the_plan_itself_never_had_is_no_scenario_s_doing(
    sample_model: ResponseModel, plan: Plan
) -> None:
    money = plan.totals * np.where(np.array(plan.data.line_names) == "TV", 5.0, 1.0)
    rows = (
        ("a", "line", "Video", "spend", "%", -5.0),
        ("b", *TV, "spend", "%", -5.0),
        ("c", *TV, "spend", "%", 5.0),
    )
    found = scenario(sample_model, plan.scaled(money), table(*rows), "total")
    far = [each for each in found.findings if each.code == "scenario-outside-observed"]
    assert [each.place.row for each in far] == [2]
    assert not found.table["observed"].any()


def test_nothing_is_called_impossible_that_another_split_may_allow(
    sample_model: ResponseModel, plan: Plan
) -> None:
    least = float(plan.totals[plan.data.line_names.index("TV")])
    rows = (
        ("a", "total", None, "budget", "%", 0.0),
        ("a", *TV, "spend", "amount", -1.01 * least),
        ("a", *TV, "spend", "%", -120.0),
    )
    assert [each.place.row for each in findings_of(plan, table(*rows))] == [2]
    assert len(scenario(sample_model, plan, table(rows[0])).table)


def test_dates_that_end_before_they_begin_or_lie_elsewhere(
    sample_model: ResponseModel, plan: Plan
) -> None:
    first = pd.Timestamp(plan.data.horizon[0])
    row = ("a", *TV, "spend", "%", -5.0)
    (backwards,) = refused(sample_model, plan, (*row, first + 9 * DAY, first + 2 * DAY))
    assert "ends before it begins" in backwards.problem
    (past,) = refused(sample_model, plan, (*row, None, first - DAY))
    assert past.where == "Scenarios, row 1, column to"
    assert "outside the horizon" in past.problem


def test_what_reaches_beyond_the_horizon_is_answered_for_its_weeks(
    sample_model: ResponseModel, plan: Plan
) -> None:
    last = pd.Timestamp(plan.data.horizon[-1] + 3 * WEEK)
    row = ("a", *TV, "spend", "%", -5.0, None, last)
    assert noticed(sample_model, plan, row)["scenario-partly-outside"].severity is Severity.NOTE
    whole = scenario(sample_model, plan, table(row[:6])).table["outcome"]
    pd.testing.assert_series_equal(scenario(sample_model, plan, table(row)).table["outcome"], whole)


def test_rows_about_different_weeks_or_lines_are_not_combined(
    sample_model: ResponseModel, plan: Plan
) -> None:
    half = pd.Timestamp(plan.data.horizon[6])
    apart = noticed(
        sample_model,
        plan,
        ("a", *TV, "spend", "%", -5.0, None, half - DAY),
        ("a", *TV, "spend", "%", -5.0, half, None),
        ("a", "line", "Email", "spend", "%", -5.0),
        ("b", *TV, "spend", "%", -5.0),
    )
    assert "scenario-combined" not in apart


def test_the_order_of_rows_is_the_order_of_changes(sample_model: ResponseModel, plan: Plan) -> None:
    rows = (("a", *TV, "spend", "amount", 10_000.0), ("a", *TV, "spend", "%", -50.0))
    planned = plan.totals[plan.data.line_names.index("TV")]
    results = [scenario(sample_model, plan, table(*order)) for order in (rows, rows[::-1])]
    spent = [result.table.set_index("line")["spend"]["TV"] for result in results]
    assert spent == pytest.approx([0.5 * (planned + 1e4) - planned, 1e4 - 0.5 * planned])
    for result in results:
        (said,) = [f for f in result.findings if f.code == "scenario-combined"]
        assert said.where == "Scenarios, row 2, column value"
        assert said.severity is Severity.NOTE


def test_a_percent_that_looks_like_a_share_is_answered_and_marked(
    sample_model: ResponseModel, plan: Plan
) -> None:
    found = noticed(sample_model, plan, ("a", *TV, "spend", "%", -0.12))
    assert found["scenario-tiny-percent"].severity is Severity.WARNING


def test_an_empty_table_says_what_to_enter(sample_model: ResponseModel, plan: Plan) -> None:
    (found,) = refused(sample_model, plan)
    assert "total, spend, %, -12" in found.remedy


def test_two_weights_of_one_scenario_are_told(sample_model: ResponseModel, plan: Plan) -> None:
    row = ("a", *TV, "spend", "%", -5.0, None, None)
    (found,) = refused(sample_model, plan, (*row, 0.2), (*row, 0.3))
    assert found.where == "Scenarios, row 2, column weight"


def test_any_attribute_of_a_channel_tells_the_rows_apart(
    sample_model: ResponseModel, plan: Plan
) -> None:
    cut = table(("a", "total", None, "spend", "%", -12.0))
    total = scenario(sample_model, plan, cut, "total").table["outcome"].sum()
    keys = {key for channel in plan.data.channels.values() for key in channel.attributes}
    assert keys
    for key in keys:
        parts = scenario(sample_model, plan, cut, key).table
        assert parts["outcome"].sum() == pytest.approx(total)


def test_what_cannot_be_made_is_told_beside_what_cannot_be_read(
    sample_model: ResponseModel, plan: Plan
) -> None:
    far = pd.Timestamp(sample_model.data.horizon[-1]) + 30 * DAY
    findings = refused(
        sample_model,
        plan,
        ("a", "channel", "TV", "spend", "%", -120.0),
        ("a", "chanel", "TV", "spend", "%", -5.0),
        ("b", "total", None, "budget", "%", -5.0),
        ("b", "total", None, "spend", "%", -5.0, far),
        ("c", "total", None, "cost", "set to", 0.0),
    )
    told = [(found.place.row, found.place.column) for found in findings]
    assert told == [(0, "value"), (1, "scope"), (3, "from"), (4, "value")]
    assert all(found.remedy for found in findings)
