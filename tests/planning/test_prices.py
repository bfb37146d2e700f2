"""What a rule costs, against plans solved anew with it loosened or dropped."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from xlbudget.planning.allocation import Allocation, optimise
from xlbudget.planning.guardrails import Guardrail, Rule
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def plan(sample_data: Any, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def free(sample_model: ResponseModel, plan: Plan) -> Allocation:
    return optimise(sample_model, plan)


@pytest.fixture(scope="module")
def cap(free: Allocation) -> Guardrail:
    """A cap at four fifths of what the largest line would get."""
    line = int(free.recommended.totals.argmax())
    share = 0.8 * float(free.recommended.totals[line]) / free.budget
    return Guardrail("cap", "line", free.line[line], Rule.MAX_SHARE, share)


@pytest.fixture(scope="module")
def capped(sample_model: ResponseModel, plan: Plan, cap: Guardrail) -> Allocation:
    return optimise(sample_model, plan, guardrails=(cap,))


def test_the_price_of_a_rule_is_what_a_point_more_gains(
    sample_model: ResponseModel, plan: Plan, cap: Guardrail, capped: Allocation
) -> None:
    assert cap.value is not None
    looser = optimise(sample_model, plan, guardrails=(replace(cap, value=cap.value + 0.01),))
    (priced,) = capped.limits
    assert priced.price == pytest.approx(looser.value - capped.value, rel=0.01)


def test_what_a_rule_costs_is_what_dropping_it_gains(free: Allocation, capped: Allocation) -> None:
    (priced,) = capped.limits
    assert priced.cost == pytest.approx(free.value - capped.value, rel=0.01)
