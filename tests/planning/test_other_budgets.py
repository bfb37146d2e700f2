"""What is said of a plan that only cuts, only adds, or has nothing to spend."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.errors import ConflictingGuardrails
from xlbudget.governance.explanation import explain
from xlbudget.planning.allocation import optimise
from xlbudget.planning.guardrails import Guardrail, Rule
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_data: Any, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_data, sample_frames["plan"])[0]


def test_a_budget_of_nothing_is_no_plan_to_hold(sample_model: ResponseModel, plan: Plan) -> None:
    found = optimise(sample_model, plan, budget=0.0)
    assert found.verdict == "move: a budget of 0 leaves one plan, to spend nothing"
    assert not found.recommended.totals.any()
    assert found.value == found.bound == 0.0


@pytest.mark.parametrize("share", [0.5, 1.2])
def test_with_another_budget_the_split_is_compared_not_the_plan(
    share: float, sample_model: ResponseModel, plan: Plan
) -> None:
    found = optimise(sample_model, plan, budget=share * float(plan.totals.sum()))
    assert "current plan" not in found.verdict
    assert "current split of this budget" in found.verdict


def test_a_plan_that_only_cuts_sends_money_nowhere(sample_model: ResponseModel, plan: Plan) -> None:
    found = optimise(sample_model, plan, budget=0.0)
    told = explain(sample_model, found, sample_model.marginal_roi())
    assert "is taken from" in told.why[0]
    assert "that get more" not in told.why[0]
    assert "where it goes" not in " ".join(told.why)


def test_a_guardrail_called_budget_is_not_the_budget(
    sample_model: ResponseModel, plan: Plan
) -> None:
    cap = Guardrail("budget", "total", "", Rule.MAX_SPEND, 100_000.0, where="Guardrails!E4")
    with pytest.raises(ConflictingGuardrails, match="Guardrails!E4") as raised:
        optimise(sample_model, plan, guardrails=(cap,))
    assert "raise budget (max spend) to 2,893,500" in raised.value.way_out
    assert "the budget of 2,893,500" in str(raised.value)
    total = float(plan.totals.sum())
    held = optimise(
        sample_model,
        plan,
        guardrails=(
            Guardrail("budget", "line", plan.data.line_names[0], Rule.MAX_SPEND, 0.01 * total),
        ),
    )
    assert np.isclose(held.budget, total)
