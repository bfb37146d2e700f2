"""What the best allocation keeps and says, on the sample market's model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from xlbudget.errors import BadArgument, ConflictingGuardrails, Impossible
from xlbudget.planning.allocation import Allocation, optimise
from xlbudget.planning.frontier import frontier
from xlbudget.planning.guardrails import Guardrail, Rule, read_guardrails
from xlbudget.planning.plan import Plan, make_plan
from xlbudget.response.model import ResponseModel

Solve = Callable[..., Allocation]


@pytest.fixture(scope="module")
def plan(sample_data: Any, sample_frames: dict[str, pd.DataFrame]) -> Plan:
    return make_plan(sample_data, sample_frames["plan"])[0]


@pytest.fixture(scope="module")
def rules(sample_data: Any, sample_frames: dict[str, pd.DataFrame]) -> tuple[Guardrail, ...]:
    return read_guardrails(sample_data, sample_frames["guardrails"])[0]


@pytest.fixture(scope="module")
def solve(sample_model: ResponseModel, plan: Plan) -> Solve:
    """`optimise` on the sample, each question answered once."""
    answers: dict[str, Allocation] = {}

    def ask(**question: Any) -> Allocation:
        if repr(question) not in answers:
            answers[repr(question)] = optimise(sample_model, plan, **question)
        return answers[repr(question)]

    return ask


def one(rule: Rule, value: float | None, scope: str, name: str = "", **more: Any) -> Guardrail:
    return Guardrail(more.pop("id", str(rule)), scope, name, rule, value, **more)


def test_the_table_is_as_designed(solve: Solve, plan: Plan) -> None:
    table = solve().table
    assert list(table.columns) == [
        "line", "current", "recommended", "change", "change_pct", "gain", "low", "high",
        "marginal_roi", "limit", "limit_price",
    ]  # fmt: skip
    assert table["line"].tolist() == list(plan.data.line_names)
    assert np.allclose(table["current"], plan.totals)
    assert np.allclose(table["change"], table["recommended"] - table["current"])
    assert not table.select_dtypes("number").isna().any().any()


def test_the_budget_is_met_the_gap_small_and_the_bound_above(solve: Solve, plan: Plan) -> None:
    found = solve()
    assert found.recommended.totals.sum() == pytest.approx(plan.totals.sum(), rel=1e-9)
    assert found.value <= found.bound
    assert 0 <= found.gap <= 1e-3
    assert found.gain >= -1e-6 * found.value
    assert found.table["gain"].sum() == pytest.approx(found.gain, rel=1e-9)


def test_value_and_gain_are_those_of_the_model(
    solve: Solve, plan: Plan, sample_model: ResponseModel
) -> None:
    found = solve()
    caused = [sample_model.outlook(p.spend).caused for p in (plan, found.recommended)]
    now, then = (draws.sum(axis=(1, 2, 3)) for draws in caused)
    assert found.value == pytest.approx(then.mean(), rel=1e-9)
    assert found.gain == pytest.approx((then - now).mean(), rel=1e-6)
    assert found.prob_better == pytest.approx((then > now).mean())


def test_the_sample_guardrails_are_kept(
    solve: Solve, plan: Plan, rules: tuple[Guardrail, ...]
) -> None:
    found = solve(guardrails=rules)
    spend = dict(zip(plan.data.line_names, found.recommended.totals, strict=True))
    current = dict(zip(plan.data.line_names, plan.totals, strict=True))
    total = sum(spend.values())
    assert spend["Creators"] == pytest.approx(current["Creators"])
    assert spend["Email"] <= 60_000 * (1 + 1e-9)
    floors = {rule.name: rule.value for rule in rules if rule.rule is Rule.MIN_SHARE}
    assert (spend["TV"] + spend["Video"]) / total >= floors["brand"] - 1e-6
    prospecting = spend["Paid Social"] + spend["Display"] + spend["Creators"]
    assert prospecting / total >= floors["prospecting"] - 1e-6
    assert all(abs(spend[n] - current[n]) <= 0.3 * current[n] * (1 + 1e-6) for n in spend)
    assert found.gap <= 1e-3


@pytest.mark.parametrize(
    "rule",
    [
        one(Rule.MIN_SPEND, 300_000.0, "channel", "Display"),
        one(Rule.MAX_SHARE, 0.2, "role", "harvest"),
        one(Rule.MAX_TOTAL_SHIFT, 0.1, "total"),
        one(Rule.RATIO, 0.5, "line", "Video", other="TV"),
        one(Rule.MIN_SPEND, 150_000.0, "region", "South"),
    ],
    ids=lambda rule: rule.id,
)
def test_each_rule_holds_costs_and_is_priced(rule: Guardrail, solve: Solve, plan: Plan) -> None:
    free, found = solve(), solve(guardrails=(rule,))
    assert found.value <= free.bound
    spend = dict(zip(plan.data.line_names, found.recommended.totals, strict=True))
    harvest = spend["Paid Search"] + spend["Brand Search"]
    shift = abs(found.recommended.totals - plan.totals).sum()
    south = found.recommended.spend[:, plan.data.regions.index("South")].sum()
    kept = {
        Rule.MAX_SHARE: harvest <= 0.2 * sum(spend.values()) * (1 + 1e-6),
        Rule.MAX_TOTAL_SHIFT: shift <= 0.1 * plan.totals.sum() * (1 + 1e-6),
        Rule.RATIO: spend["Video"] == pytest.approx(0.5 * spend["TV"], rel=1e-6),
        Rule.MIN_SPEND: (spend["Display"] if rule.scope == "channel" else south)
        >= (rule.value or 0) * (1 - 1e-6),
    }
    assert kept[rule.rule]
    if free.value - found.value > 1e-4 * free.value:
        (limit,) = found.limits
        assert limit.cost == pytest.approx(free.value - found.value, rel=0.05)
        assert limit.price > 0


def test_lots_and_minimum_if_on(solve: Solve) -> None:
    lots = one(Rule.ROUND_TO, 10_000.0, "total")
    least = one(Rule.MINIMUM_IF_ON, 100_000.0, "channel")
    found = solve(guardrails=(lots, least))
    spend = found.recommended.totals
    assert np.allclose(spend / 1e4, np.round(spend / 1e4), atol=1e-6)
    assert all(money == 0 or money >= 100_000 * (1 - 1e-9) for money in spend)
    assert 2_893_500 - 10_000 < spend.sum() <= 2_893_500


def test_the_next_dollar_is_what_a_larger_budget_brings(solve: Solve, plan: Plan) -> None:
    total = plan.totals.sum()
    more = solve(budget=total * 1.01)
    brought = (more.value - solve().value) / (0.01 * total)
    assert solve().next_dollar == pytest.approx(brought, rel=0.02)


def test_money_and_outcome_may_come_in_any_unit(
    sample_frames: dict[str, pd.DataFrame], solve: Solve
) -> None:
    """Divided by a million, both give the same split."""
    from xlbudget.data.dataset import Dataset
    from xlbudget.response.fit import fit

    def split(unit: float) -> Any:
        frames = {n: sample_frames[n].copy() for n in ("spend", "outcomes", "channels", "settings")}
        frames["spend"]["spend"] /= unit
        frames["outcomes"]["revenue"] /= unit
        model = fit(Dataset.from_frames(**frames), draws=500)
        start = make_plan(model.data, None)[0]
        return optimise(model, start).recommended.totals * unit

    assert np.allclose(split(1.0), split(1e6), rtol=1e-9, atol=0.0)


def test_profit_stops_where_the_next_unit_pays_back_just_itself(solve: Solve) -> None:
    found = solve(aim="profit")
    assert found.next_dollar == pytest.approx(1.0, abs=0.05)
    assert found.value == pytest.approx(found.short - found.budget, rel=1e-6)


def test_a_hurdle_of_one_and_a_half_spends_less(solve: Solve) -> None:
    found = solve(aim="marginal_roi", target=1.5)
    assert found.next_dollar == pytest.approx(1.5, abs=0.1)
    assert found.budget < solve(aim="profit").budget


def test_the_least_budget_for_a_target_reaches_it(solve: Solve) -> None:
    target = 0.9 * solve().value
    found = solve(aim="target", target=target)
    assert found.value == pytest.approx(target, rel=1e-4)
    assert found.budget < solve().budget
    with pytest.raises(Impossible, match="out of reach"):
        solve(aim="target", target=1e12)


def test_cautious_is_best_in_the_worst_fifth_of_the_draws(solve: Solve) -> None:
    careful, plain = solve(risk="cautious"), solve()

    def worst(found: Allocation) -> float:
        gain = np.sort(found.gain_draws.sum(axis=1) + base)
        return float(gain[: len(gain) // 5].mean())

    base = solve().now_draws
    assert worst(careful) >= worst(plain) - 1e-6 * abs(worst(plain))
    assert careful.value == pytest.approx(worst(careful), rel=1e-6)
    assert careful.gap <= 1e-3


def test_sure_beats_the_current_plan_in_nine_draws_of_ten(solve: Solve) -> None:
    found = solve(risk="sure")
    changed = abs(found.recommended.totals - found.plan.totals).max() > 1.0
    assert not changed or found.prob_better >= 0.9
    assert found.gain >= 0


def test_conflicts_are_named_with_the_cheapest_way_out(solve: Solve) -> None:
    floor = one(Rule.MIN_SPEND, 25_000.0, "channel", "TV", id="floor", where="Guardrails!E3")
    cap = one(Rule.MAX_SPEND, 10_000.0, "channel", "TV", id="cap", where="Guardrails!E7")
    other = one(Rule.MIN_SHARE, 0.1, "role", "harvest", id="other")
    with pytest.raises(ConflictingGuardrails) as raised:
        solve(guardrails=(other, floor, cap))
    assert set(raised.value.rules) == {"floor", "cap"}
    assert "Guardrails!E7" in str(raised.value)
    assert "25,000" in raised.value.way_out or "10,000" in raised.value.way_out


def test_a_budget_outside_what_guardrails_allow_is_a_conflict_with_the_budget(
    solve: Solve,
) -> None:
    cap = one(Rule.MAX_SPEND, 100_000.0, "total", id="cap")
    with pytest.raises(ConflictingGuardrails) as raised:
        solve(guardrails=(cap,))
    assert set(raised.value.rules) == {"cap", "budget"}


def test_spend_beyond_what_was_observed_is_capped_unless_it_must_be(
    solve: Solve, plan: Plan
) -> None:
    assert not solve().marks
    forced = solve(budget=float(plan.totals.sum()) * 5)
    assert forced.marks
    assert forced.recommended.totals.sum() == pytest.approx(plan.totals.sum() * 5, rel=1e-9)


def test_a_limit_never_lets_a_line_go_beyond_what_was_observed(solve: Solve) -> None:
    held = solve()
    wide = [one(Rule.MAX_SPEND, 2.0 * held.budget, "line", line, id=line) for line in held.line]
    limited = solve(guardrails=tuple(wide))
    assert limited.marks == held.marks
    assert limited.recommended.totals == pytest.approx(held.recommended.totals, rel=1e-9)


def test_leave_to_go_beyond_what_was_observed_is_used_kept_and_marked(
    sample_model: ResponseModel, plan: Plan
) -> None:
    settings = replace(plan.data.settings, beyond_observed=0.3)
    free = replace(plan, data=replace(plan.data, settings=settings))
    budget = 2.0 * float(plan.totals.sum())  # enough that the caps bind
    held = optimise(sample_model, plan, budget=budget)
    loose = optimise(sample_model, free, budget=budget)
    assert not held.marks
    assert loose.marks
    assert loose.value > held.value
    weekly = plan.data.by_line(loose.recommended.spend).max(axis=0)
    assert (weekly <= 1.3 * sample_model.observed_weekly() * (1.0 + 1e-9)).all()


def test_the_verdict_begins_with_its_word(solve: Solve) -> None:
    assert solve().verdict.startswith(("move", "hold"))
    every = one(Rule.LOCK, None, "total", id="all")
    assert solve(guardrails=(every,)).verdict.startswith("hold")


@pytest.mark.parametrize(
    "question",
    [{"aim": "luck"}, {"risk": "bold"}, {"budget": -1.0}, {"budget": np.nan}, {"aim": "target"}],
    ids=str,
)
def test_what_cannot_be_meant_is_refused(question: dict[str, Any], solve: Solve) -> None:
    with pytest.raises(BadArgument):
        solve(**question)


def test_the_frontier_rises_and_its_marginal_return_falls(
    sample_model: ResponseModel, plan: Plan
) -> None:
    table = frontier(sample_model, plan, shares=(0.6, 0.8, 1.0, 1.2)).table
    assert list(table.columns) == [
        "budget", "change_pct", "outcome", "low", "high", "marginal_roi",
    ]  # fmt: skip
    assert (np.diff(table["outcome"]) > 0).all()
    assert (np.diff(table["marginal_roi"]) < 0.01).all()
    assert ((table["low"] <= table["outcome"]) & (table["outcome"] <= table["high"])).all()
