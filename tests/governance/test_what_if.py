"""Every scenario gets an answer: finance's standing questions their own, any other a plain one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest

from xlbudget.data.frames import raw_table
from xlbudget.data.raw import RawTable
from xlbudget.governance.standing import standing_questions
from xlbudget.governance.what_if import WhatIf, answer_to, what_if
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.questions.answer import whole
from xlbudget.planning.scenarios.reading import read_scenarios
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market
from xlbudget.tables import SCENARIOS

QUESTIONS = (
    "What if the budget is cut?",
    "Where would more money go?",
    "Where does the outcome soften first?",
    "When does moved money work?",
    "A channel becomes dearer: what is next-best?",
    "What does a shift bring, and what test shows it?",
)


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_market: Market) -> Plan:
    return make_plan(sample_model.data, sample_market.frames()["plan"])[0]


@pytest.fixture(scope="module")
def answered(sample_model: ResponseModel, plan: Plan) -> WhatIf:
    return what_if(sample_model, plan)


def rows(*changes: dict[str, Any]) -> RawTable:
    named: dict[str, list[Any]] = {
        column: [change.get(column) for change in changes] for column in SCENARIOS.names()
    }
    return raw_table(SCENARIOS.name, named)


def test_without_a_table_the_six_standing_questions_are_answered(answered: WhatIf) -> None:
    assert tuple(answer.question for answer in answered.answers) == QUESTIONS
    assert len(answered.names) == len(QUESTIONS)
    for answer in answered.answers:
        assert any(figure in answer.sentence for figure in "0123456789")


def test_the_steps_of_a_scenario_add_up_to_its_difference(answered: WhatIf) -> None:
    steps, totals = answered.waterfall, answered.totals
    for row, name in enumerate(answered.names):
        mine = [i for i, scenario in enumerate(steps["scenario"]) if scenario == name]
        found = sum(float(steps["outcome"][i]) for i in mine)
        assert found == pytest.approx(float(totals["outcome"][row]), rel=1e-9, abs=1e-6)


def test_an_edited_figure_changes_the_answer(sample_model: ResponseModel, plan: Plan) -> None:
    lost = []
    for share in (10.0, 30.0):
        table = rows({"scenario": "X", "scope": "channel", "name": "TV", "what": "cost",
                      "change": "%", "value": share})  # fmt: skip
        (each,), _ = read_scenarios(plan.data, table)
        answer = answer_to(sample_model, plan, each)
        assert answer is not None
        assert answer.question == QUESTIONS[4]
        assert f"{share:.0f} %" in answer.sentence
        lost.append(float(answer.figures["lost"]))
    assert lost[1] > lost[0] > 0


def test_any_other_scenario_is_told_from_its_figures(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = rows({"scenario": "Fatigue", "scope": "total", "what": "response", "change": "%",
                  "value": -10.0, "weight": 0.5})  # fmt: skip
    found = what_if(sample_model, plan, table=table)
    assert found.names == ("Fatigue", "expected")
    assert found.robust is not None, "one plan for all scenarios follows where they carry weights"
    for row, answer in enumerate(found.answers):
        assert answer.question == "What would happen?"
        assert f"{float(found.totals['outcome'][row]):+,.0f}" in answer.sentence


def test_what_sells_as_before_is_told_by_its_profit(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = rows({"scenario": "Cheaper", "scope": "total", "what": "outcome value", "change": "%",
                  "value": -10.0})  # fmt: skip
    found = what_if(sample_model, plan, table=table)
    (answer,) = found.answers
    assert answer.sentence.startswith("The outcome stays as it is; the profit changes by -")
    assert "+0" not in answer.sentence
    assert "90 % sure" in answer.sentence


def test_any_other_scenario_is_told_with_range_week_and_how_sure(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = rows({"scenario": "Stronger", "scope": "total", "what": "response", "change": "%",
                  "value": -5.0})  # fmt: skip
    found = what_if(sample_model, plan, table=table)
    (answer,) = found.answers
    by_week = np.cumsum(found.weeks["outcome"])
    half = int(np.argmax(by_week <= 0.5 * by_week[-1]))
    assert f"half of it by the week of {found.weeks['week'][half]}" in answer.sentence
    for figure in ("outcome", "low", "high", "profit", "profit_low", "profit_high"):
        assert f"{found.totals[figure][0]:+,.0f}" in answer.sentence


def test_of_nothing_left_nothing_is_said_to_be_split(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = rows({"scenario": "None", "scope": "total", "what": "spend", "change": "%",
                  "value": -100.0})  # fmt: skip
    (answer,) = what_if(sample_model, plan, table=table).answers
    assert answer.sentence.endswith("nothing is left to be split")


@pytest.mark.parametrize(("value", "said"), [(0.4, "0"), (-0.4, "0"), (1234.6, "+1,235")])
def test_what_rounds_to_nothing_is_told_without_a_sign(value: float, said: str) -> None:
    assert whole(value, "+") == said


def test_an_impossible_scenario_is_a_finding_and_no_answer(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = rows({"scenario": "X", "scope": "channel", "name": "Radio", "what": "spend",
                  "change": "%", "value": -10.0})  # fmt: skip
    found = what_if(sample_model, plan, table=table)
    assert found.names == ()
    assert any("Radio" in finding.problem for finding in found.findings)


def test_questions_fit_the_roles_and_the_plan_that_there_are() -> None:
    only = standing_questions({"A": "other"}, {"A": 100.0}, dt.date(2026, 1, 5))
    assert set(only["name"]) <= {None, "other", "A"}
    both = standing_questions({"A": "harvest", "B": "brand"}, {"A": 9.0, "B": 1.0})
    assert {name for name in both["name"] if name} == {"harvest", "brand", "A", "B"}
    assert set(standing_questions({}, {})["scope"]) == {"total", "role"}


def test_moved_money_does_not_swamp_where_it_goes() -> None:
    roles = {"A": "prospecting", "B": "retention"}
    columns = standing_questions(roles, {"A": 1_000_000.0, "B": 10_000.0})
    moved = [v for n, v, s in zip(*(columns[c] for c in ("name", "value", "scope")), strict=True)
             if n == "retention" and s == "role"]  # fmt: skip
    assert moved == [2500.0]
