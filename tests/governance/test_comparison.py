"""A plan that people made is explained from the same figures as a recommended one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.governance.comparison import compared
from xlbudget.governance.explanation import WHOLE
from xlbudget.governance.hand_made import explain_move
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_model: ResponseModel, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_model.data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def moved(plan: Plan) -> Plan:
    """A fifth of TV goes to Paid Search."""
    totals = plan.totals.copy()
    tv, other = (plan.data.line_names.index(name) for name in ("TV", "Paid Search"))
    money = 0.2 * totals[tv]
    totals[tv] -= money
    totals[other] += money
    return plan.scaled(totals)


def test_the_gain_is_that_of_the_value_curves(
    sample_model: ResponseModel, plan: Plan, moved: Plan
) -> None:
    both = np.stack([plan.totals, moved.totals], axis=1)
    value = sample_model.value_curves(plan.spend, both).value
    np.testing.assert_allclose(
        compared(sample_model, plan, moved).gain_draws, value[:, :, 1] - value[:, :, 0], atol=1e-6
    )


def test_every_line_is_told_and_so_is_who_must_agree(
    sample_model: ResponseModel,
    plan: Plan,
    moved: Plan,
    sample_frames: dict[str, pd.DataFrame],
) -> None:
    rules, _ = read_guardrails(sample_model.data, sample_frames["guardrails"])
    table = explain_move(sample_model, plan, moved, rules).table.set_index("line")["why"]
    assert list(table.index) == [WHOLE, *sample_model.data.line_names]
    assert table[WHOLE].startswith("Money moves from TV to")
    assert "TV falls from" in table["TV"]
    assert "blocked by G5" in table["TV"]
    assert "It needs approval by VP Marketing" in table["Paid Search"]


def test_the_same_plan_moves_nothing(sample_model: ResponseModel, plan: Plan) -> None:
    reasons = explain_move(sample_model, plan, plan)
    assert reasons.why[0] == "The current plan stays."
    assert reasons.gain[0] == 0
