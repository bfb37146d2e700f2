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


def limited(free: Allocation, plan: Plan, more: float = 0.0) -> Guardrail:
    """A limit on the line that gains most money, short of what the best plan gives it."""
    line = int((free.recommended.totals - plan.totals).argmax())
    most = float(0.7 * plan.totals[line] + 0.3 * free.recommended.totals[line])
    return Guardrail("cap", "line", free.line[line], Rule.MAX_SPEND, most + more)


def test_prices_under_cautious_lie_between_a_step_back_and_a_step_on(
    sample_model: ResponseModel, plan: Plan, free: Allocation
) -> None:
    """The worst draws change with the plan, so its value bends where the price is a straight line:
    a step on brings no more, a step back costs no less, up to what the plans' gaps leave open.
    """
    step = 0.01 * free.budget

    def solved(rule: float = 0.0, budget: float = 0.0) -> Allocation:
        rules = (limited(free, plan, rule),)
        return optimise(sample_model, plan, free.budget + budget, rules, risk="cautious")

    held = solved()
    money = plan.data.settings.money_per_outcome
    (priced,) = held.limits
    for price, back, on in (
        (held.next_dollar / money, solved(budget=-step), solved(budget=step)),
        (priced.price, solved(rule=-step), solved(rule=step)),
    ):
        most, least = (held.value - back.value) / step, (on.value - held.value) / step
        unknown = (held.bound - held.value) / step
        assert least - unknown - (on.bound - on.value) / step <= price
        assert price <= most + unknown + (back.bound - back.value) / step


def test_prices_under_sure_are_those_of_the_best_plan_on_average(
    sample_model: ResponseModel, plan: Plan, free: Allocation
) -> None:
    rule = limited(free, plan)
    sure, best = (
        optimise(sample_model, plan, guardrails=(rule,), risk=risk) for risk in ("sure", "expected")
    )
    assert sure.next_dollar == pytest.approx(best.next_dollar, rel=1e-6)
    assert [each.price for each in sure.limits] == [each.price for each in best.limits]
