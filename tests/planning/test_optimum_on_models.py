"""The optimum of fitted markets under a random rule, against the same question asked anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from xlbudget.data.dataset import Dataset
from xlbudget.planning.allocation import Allocation, optimise
from xlbudget.planning.guardrails import Guardrail, Rule
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import draw_market

LINES, WEEKS, DRAWS = 4, 60, 500
STEP = 0.01  # of the budget, or one percentage point
GENERATE = (Phase.explicit, Phase.generate)  # every example fits and optimises: none is shrunk
few = settings(max_examples=3, deadline=None, derandomize=True, phases=GENERATE)
seeds = st.integers(1, 2)
rules = st.builds(
    Guardrail,
    id=st.just("rule"),
    scope=st.just("line"),
    name=st.just(""),  # the line is chosen below
    rule=st.sampled_from((Rule.MAX_SHARE, Rule.MIN_SHARE, Rule.MAX_SPEND, Rule.MIN_SPEND)),
    value=st.floats(0.05, 0.5),  # share by which it is on the wrong side of the free optimum
)


@cache
def market(seed: int, money: float = 1.0, outcome: float = 1.0) -> tuple[ResponseModel, Plan]:
    """A small market, its money and its outcome counted in these units."""
    frames = draw_market(seed, LINES, WEEKS).frames()
    frames["spend"]["spend"] /= money
    frames["outcomes"]["revenue"] /= outcome
    kept = {name: frames[name] for name in ("spend", "outcomes", "controls", "channels")}
    model = fit(Dataset.from_frames(**kept), draws=DRAWS)
    return model, make_plan(model.data, None)[0]


@cache
def free(seed: int) -> Allocation:
    """The best plan without any rule."""
    return optimise(*market(seed))


def hindering(rule: Guardrail, seed: int) -> Guardrail:
    """The rule with a line and a number that the free optimum does not keep."""
    best = free(seed)
    line = int(best.recommended.totals.argmax())
    room = best.recommended.totals[line] / best.budget
    high = rule.rule in (Rule.MAX_SHARE, Rule.MAX_SPEND)
    part = room * (1.0 - (rule.value or 0.0)) if high else room + (1.0 - room) * 0.05
    money = rule.rule in (Rule.MAX_SPEND, Rule.MIN_SPEND)
    return replace(rule, name=best.line[line], value=part * (best.budget if money else 1.0))


@given(seed=seeds, rule=rules)
@few
def test_prices_are_what_solving_again_brings_and_no_loosening_costs(
    seed: int, rule: Guardrail
) -> None:
    """The certificates of both answers say how far apart they may be; a tenth of a percent of the
    price is what the curves between two points of a table may be off. A rule that forces a line
    beyond what was observed raises the caps, and a looser one raises them less.
    """
    model, plan = market(seed)
    rule = hindering(rule, seed)
    held = optimise(model, plan, guardrails=(rule,))
    assume(not held.marks)
    share = rule.rule in (Rule.MAX_SHARE, Rule.MIN_SHARE)
    step = STEP * (1.0 if share else held.budget)
    sign = 1.0 if rule.rule in (Rule.MAX_SHARE, Rule.MAX_SPEND) else -1.0
    assert rule.value is not None
    looser = replace(rule, value=rule.value + sign * step)
    more = optimise(model, plan, guardrails=(looser,))
    richer = optimise(model, plan, held.budget * (1.0 + STEP), (rule,))
    assert more.bound >= held.value
    assert free(seed).bound >= more.value
    money = plan.data.settings.money_per_outcome
    asked = [(held.next_dollar / money * STEP * held.budget, richer)]
    asked += [(limit.price * (1.0 if share else step), more) for limit in held.limits]
    for gained, other in asked:
        unknown = other.bound - other.value + held.bound - held.value
        assert gained == pytest.approx(other.value - held.value, rel=1e-3, abs=unknown)


@given(seed=seeds, money=st.sampled_from((1e-3, 1.0, 1e6)), outcome=st.sampled_from((1e-6, 1e6)))
@few
def test_money_and_outcome_may_come_in_any_units(seed: int, money: float, outcome: float) -> None:
    """A peer returned the even split where the outcome was a millionth of the budget."""
    model, plan = market(seed, money, outcome)
    other, usual = optimise(model, plan), free(seed)
    assert other.recommended.totals * money == pytest.approx(usual.recommended.totals, rel=1e-9)
    assert other.value * outcome == pytest.approx(usual.value, rel=1e-9)
    assert other.verdict == usual.verdict


@given(seed=seeds, rule=rules, numbers=st.integers(0, 1_000))
@few
def test_no_random_plan_is_worth_more_than_the_bound(
    seed: int, rule: Guardrail, numbers: int
) -> None:
    """As the model itself values plans, not as the optimiser's tables do."""
    model, plan = market(seed)
    rule = hindering(rule, seed)
    held = optimise(model, plan, guardrails=(rule,))
    split = np.random.default_rng(numbers).dirichlet(np.full(LINES, 1.0), 400)
    near = np.random.default_rng(numbers).uniform(0.9, 1.1, (400, LINES)) * held.recommended.totals
    plans = np.concatenate([split, near / near.sum(axis=1, keepdims=True)]).T * held.budget
    order = np.argsort(plans, axis=1)
    unit = plan.scaled(np.ones(LINES)).spend
    value = model.mean_value_curves(unit, np.take_along_axis(plans, order, 1)).value[0]
    worth = np.take_along_axis(value, np.argsort(order, axis=1), 1).sum(axis=0)
    line = plans[held.line.index(rule.name)]
    assert rule.value is not None
    amount = line if rule.rule in (Rule.MAX_SPEND, Rule.MIN_SPEND) else line / held.budget
    high = rule.rule in (Rule.MAX_SHARE, Rule.MAX_SPEND)
    kept = amount <= rule.value if high else amount >= rule.value
    weekly = plans * (plan.data.by_line(unit).max(axis=0) / unit.sum(axis=(0, 1)))[:, None]
    kept &= (weekly <= model.observed_weekly()[:, None]).all(axis=0)
    assert held.value <= held.bound
    assert held.bound >= worth[kept].max(initial=0.0)
