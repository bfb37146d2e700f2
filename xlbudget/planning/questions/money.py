"""A smaller or larger budget: spread as the plan is, and put where it does most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlbudget.planning.allocation import recommended
from xlbudget.planning.plan import Plan
from xlbudget.planning.questions.answer import Answer, Figure
from xlbudget.planning.questions.weeks import half_by
from xlbudget.planning.result import beyond_observed
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import Change, How, Scenario, What
from xlbudget.planning.scenarios.differences import weekly_change
from xlbudget.planning.scenarios.scenario import scenario
from xlbudget.planning.wording import chance, counted, percent
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns


def budget_cut(
    model: ResponseModel,
    plan: Plan,
    share: float = 0.12,
    guardrails: Sequence[Guardrail] = (),
) -> Answer:
    """What a cut costs, spread evenly and with the rest put where it surely does more.

    The better split is chosen on one half of the draws and judged on the other, so that it cannot
    be praised for what it was picked by; a saving whose range reaches down to zero is none that
    anybody should be promised. Guardrails about shifts count from the plan after the cut.
    """
    data = plan.data
    cut = Scenario("cut", (Change(What.SPEND, How.PERCENT, -share),))
    even = scenario(model, plan, [cut], "week").rows.outcome  # (T, D)
    smaller = plan.scaled((1.0 - share) * plan.totals)
    chosen_on, judged_on = (_every_second(model, first) for first in (0, 1))
    best = recommended(chosen_on, smaller, guardrails=guardrails, risk="sure").totals
    lost = Figure.of(-even.sum(axis=0), data.settings.confidence)
    half = half_by(even.mean(axis=1), data)
    saved = Figure.of(
        _value(judged_on, plan, best) - _value(judged_on, plan, smaller.totals),
        data.settings.confidence,
    )
    outcome = counted(data.settings.outcome or "the outcome")
    sentence = f"A cut of {percent(share)}, spread evenly, loses {lost.surely()} {outcome}{half}; "
    if share >= 1.0:
        sentence += "nothing is left to be split"
    elif saved.low > 0:
        sentence += f"re-optimising what is left saves {saved.told()} of that"
    elif np.allclose(best, smaller.totals):
        sentence += "no other split of what is left is sure to do better"
    else:
        sentence += f"re-optimising what is left brings no clear saving: {saved.told()}"
    figures: dict[str, float | str] = {
        "lost": lost.mean,
        "low": lost.low,
        "high": lost.high,
        "saved": saved.mean,
        "saved_low": saved.low,
        "saved_high": saved.high,
    }
    shown: Columns = {
        "line": data.line_names,
        "current": plan.totals,
        "spread_evenly": smaller.totals,
        "best": best,
    }
    return Answer("What if the budget is cut?", sentence, figures, shown)


def more_money(
    model: ResponseModel,
    plan: Plan,
    amount: float = 1_500_000.0,
    guardrails: Sequence[Guardrail] = (),
) -> Answer:
    """Where more money goes, what it brings and how sure that is.

    Guardrails about shifts count from the plan raised evenly to the new budget.
    """
    data = plan.data
    budget = float(plan.totals.sum())
    larger = plan.scaled(plan.totals * (1.0 + amount / budget)) if budget > 0 else plan
    best = recommended(model, larger, budget + amount, guardrails, risk="sure")
    gain = _value(model, plan, best.totals) - _value(model, plan, plan.totals)
    brought = Figure.of(gain, data.settings.confidence)
    pays = float((gain * data.settings.money_per_outcome > amount).mean())
    half = half_by(weekly_change(model, plan, best).mean(axis=0), data)
    change = best.totals - plan.totals
    first = np.argsort(-change, kind="stable")[:3]
    where = ", ".join(f"{data.line_names[i]} {change[i]:+,.0f}" for i in first if change[i] > 0)
    sentence = (
        f"{amount:,.0f} more in the horizon brings {brought.surely()} "
        f"{counted(data.settings.outcome or 'the outcome')}{half}, most of it through "
        f"{where}; it earns its money back with a probability of {chance(pays)}"
    )
    beyond = beyond_observed(model, best)
    if beyond:
        sentence += f" ({', '.join(beyond)} beyond what was ever observed)"
    figures: dict[str, float | str] = {
        "gain": brought.mean,
        "low": brought.low,
        "high": brought.high,
        "pays": pays,
    }
    shown: Columns = {"line": data.line_names, "current": plan.totals, "change": change}
    return Answer("Where would more money go?", sentence, figures, shown)


def _every_second(model: ResponseModel, first: int) -> ResponseModel:
    """The model with every second draw of what media do, from the draw `first` on."""
    part = model.effects.some(slice(first, None, 2))
    return replace(model, draws=len(part.pick), effects=part)


def _value(model: ResponseModel, plan: Plan, totals: Array) -> Array:
    """(D,) value of the plan at these totals (L,), in units of the outcome."""
    curves = model.value_curves(plan.spend, totals[:, None])
    return np.asarray(curves.value[:, :, 0].sum(axis=1))
