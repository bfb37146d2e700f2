"""Over scenarios with weights, one plan is best on average and one is regretted least."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.planning.plan import Plan, make_plan
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.scenarios.reading import read_scenarios
from xlbudget.planning.scenarios.robust import AS_PLANNED, EXPECTED, ROBUST, RobustPlan, robust_plan
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.response.model import ResponseModel

COLUMNS = ["scenario", "scope", "name", "what", "change", "value", "weight"]
RULES = (Guardrail("G1", "line", "", Rule.MAX_SHIFT, 0.3),)


def table(*rows: Sequence[Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=COLUMNS)


SHOCK = ("price shock", "channel", "Paid Search", "cost", "%", 60.0, 0.2)
FADE = ("fading", "channel", "TV", "response", "%", -50.0, 0.3)


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def made(sample_model: ResponseModel, plan: Plan) -> RobustPlan:
    return robust_plan(sample_model, plan, table(SHOCK, FADE), RULES)


def test_every_plan_stands_in_every_scenario_with_what_is_left_as_planned(
    made: RobustPlan, plan: Plan
) -> None:
    shown = made.outcomes.table
    assert list(shown) == [
        "scenario", "weight", "plan", "outcome", "low", "high", "profit", "regret",
    ]  # fmt: skip
    weights = shown.groupby("scenario", sort=False)["weight"].first()
    assert weights.to_dict() == pytest.approx({"price shock": 0.2, "fading": 0.3, AS_PLANNED: 0.5})
    assert list(shown["plan"][:3]) == [AS_PLANNED, EXPECTED, ROBUST]
    for each in (made.expected, made.robust):
        assert each.totals.sum() == pytest.approx(plan.totals.sum())
        assert (abs(each.totals / plan.totals - 1.0) <= 0.3 + 1e-6).all()


def test_the_plan_as_it_stands_fares_as_its_scenario_says(
    sample_model: ResponseModel, plan: Plan, made: RobustPlan
) -> None:
    alone = scenario(sample_model, plan, table(SHOCK, FADE), "total").table.set_index("scenario")
    shown = made.outcomes.table
    now = shown[shown["plan"] == AS_PLANNED].set_index("scenario")
    for name in ("price shock", "fading"):
        for column in ("outcome", "low", "high", "profit"):
            assert now.loc[name, column] == pytest.approx(alone.loc[name, column])
    assert now.loc[AS_PLANNED, "outcome"] == pytest.approx(0.0, abs=1e-6)


def test_the_expected_plan_has_the_best_average_and_the_robust_one_the_least_regret(
    made: RobustPlan,
) -> None:
    told = made.outcomes
    average = {name: told.average(name) for name in (AS_PLANNED, EXPECTED, ROBUST)}
    worst = {name: told.worst(name) for name in (AS_PLANNED, EXPECTED, ROBUST)}
    assert average[EXPECTED] == max(average.values())
    assert worst[ROBUST] == min(worst.values())
    assert (told.regret >= 0).all()


def test_the_least_regret_is_certified(made: RobustPlan) -> None:
    worst = made.outcomes.worst(ROBUST)
    assert made.bound <= worst
    value = float(abs(made.outcomes.profit).max())
    assert worst - made.bound <= 1e-3 * value


def test_no_blend_of_the_plans_found_is_regretted_less_than_the_bound(
    sample_model: ResponseModel, plan: Plan, made: RobustPlan
) -> None:
    shown = made.outcomes.table.set_index(["scenario", "plan"])
    for name in (EXPECTED, AS_PLANNED):
        assert shown.xs(name, level="plan")["regret"].max() >= made.bound - 1e-6
    only = robust_plan(sample_model, plan, table((*FADE[:-1], 1.0)), RULES)
    assert only.outcomes.worst(ROBUST) == pytest.approx(
        0.0, abs=1e-3 * abs(only.outcomes.profit).max()
    )


def test_the_sentence_tells_both(made: RobustPlan) -> None:
    for name in (EXPECTED, ROBUST):
        assert f"{made.outcomes.average(name):+,.0f}" in made.sentence
        assert f"{made.outcomes.worst(name):,.0f}" in made.sentence


def test_without_weights_scenarios_count_alike(sample_model: ResponseModel, plan: Plan) -> None:
    rows = table((*SHOCK[:-1], None), (*FADE[:-1], None))
    shown = robust_plan(sample_model, plan, rows, RULES).outcomes
    assert set(shown.scenario) == {"price shock", "fading"}
    np.testing.assert_allclose(shown.weight, 0.5)


def test_another_budget_is_given_to_both(sample_model: ResponseModel, plan: Plan) -> None:
    budget = 0.9 * float(plan.totals.sum())
    found = robust_plan(sample_model, plan, table(SHOCK), RULES, budget)
    assert found.robust.totals.sum() == pytest.approx(budget)
    assert AS_PLANNED not in found.outcomes.plan


def test_what_the_plan_decides_is_left_out_and_said_so(
    sample_model: ResponseModel, plan: Plan
) -> None:
    cut = ("cut", "total", None, "spend", "%", -12.0, 0.5)
    found = robust_plan(sample_model, plan, table(SHOCK, cut), RULES)
    (said,) = [f for f in found.findings if f.code == "scenario-decision"]
    assert "what the plan decides" in str(said)
    weights = dict(zip(found.outcomes.scenario, found.outcomes.weight, strict=True))
    assert weights == pytest.approx({"price shock": 0.2, AS_PLANNED: 0.8})


def test_both_plans_stand_line_by_line_beside_the_current_one(made: RobustPlan, plan: Plan) -> None:
    shown = made.table
    assert list(shown) == ["line", "current", "expected", "robust"]
    np.testing.assert_array_equal(shown["current"], plan.totals)
    np.testing.assert_array_equal(shown["robust"], made.robust.totals)


@pytest.mark.parametrize(
    ("weight", "code"), [(0.3, "scenario-weights-left"), (0.9, "scenario-weights")]
)
def test_weights_that_are_not_a_hundred_percent_are_found(
    plan: Plan, weight: float, code: str
) -> None:
    _, findings = read_scenarios(plan.data, table(SHOCK, (*FADE[:-1], weight)))
    (found,) = [f for f in findings if f.code.startswith("scenario-weights")]
    assert found.code == code
    assert found.where.startswith("Scenarios, row 2")
