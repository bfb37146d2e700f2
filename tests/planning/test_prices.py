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


@pytest.mark.parametrize("risk", ["cautious", "sure"])
def test_prices_are_those_of_the_plan_that_its_risk_returns(
    risk: str, sample_model: ResponseModel, plan: Plan, free: Allocation
) -> None:
    """Up to what the two plans' gaps leave open, and 5 % as other draws may become the worst."""
    asked = replace(plan.data.settings, confidence=0.8)  # at 0.9 the sure plan is to hold
    plan = replace(plan, data=replace(plan.data, settings=asked))
    line = int((free.recommended.totals - plan.totals).argmax())
    most = float(0.7 * plan.totals[line] + 0.3 * free.recommended.totals[line])
    cap = Guardrail("cap", "line", free.line[line], Rule.MAX_SPEND, most)
    step = 0.01 * free.budget
    held = optimise(sample_model, plan, guardrails=(cap,), risk=risk)
    looser = replace(cap, value=most + step)
    more = optimise(sample_model, plan, guardrails=(looser,), risk=risk)
    richer = optimise(sample_model, plan, free.budget + step, (cap,), risk=risk)
    money = plan.data.settings.money_per_outcome
    (priced,) = held.limits
    for price, other in ((held.next_dollar / money, richer), (priced.price, more)):
        unknown = (held.bound - held.value + other.bound - other.value) / step
        assert price == pytest.approx((other.value - held.value) / step, rel=0.05, abs=unknown)
