"""Money split anew inside a scenario: another budget, or the least one that reaches a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from xlbudget.errors import Impossible
from xlbudget.planning.allocation import optimise
from xlbudget.planning.objective import expected, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import Change, What
from xlbudget.planning.scenarios.conditions import Conditions, Split
from xlbudget.planning.scenarios.world import world_of
from xlbudget.planning.task import require_a_plan, task_of
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

SECONDS = 5.0  # for one split


def resplit(model: ResponseModel, plan: Plan, guardrails: Sequence[Guardrail]) -> Split:
    """How `budget` and `goal` rows find their split: by expected value, under the guardrails.

    Both see the world that the rows before them left: prices, effects, outcome values. Shifts in
    guardrails count from the plan those rows left, at the new budget. Every line keeps its spread
    over the weeks.
    """
    rules = tuple(guardrails)

    def split(now: Conditions, change: Change) -> Array:
        here, world = replace(plan, spend=now.spend), world_of(model, now)
        if change.what is What.GOAL:
            target = change.of(value_of(model, plan))
            best = optimise(world, here, guardrails=rules, aim="target", target=target)
            return best.recommended.spend
        return best_split(world, here, change.of(float(here.totals.sum())), rules).spend

    return split


def best_split(
    world: ResponseModel, plan: Plan, budget: float, rules: tuple[Guardrail, ...]
) -> Plan:
    """The split of a budget that is worth most in a world; raises ConflictingGuardrails."""
    total = float(plan.totals.sum())
    start = plan.scaled(plan.totals * (budget / total)) if total > 0 else plan
    require_a_plan(start, rules, (budget, budget))
    task = task_of(world, start, rules, budget, expected, True, 0.0, SECONDS)
    found = task.solve((budget, budget))
    if found is None:
        raise Impossible(f"no allowed split of {budget:,.0f} was found in the time given")
    return start.scaled(found.spend * task.objective.money)


def value_of(model: ResponseModel, plan: Plan) -> float:
    """Expected value of a plan as it stands, the long term as weighted, in outcome units."""
    objective = objective_of(model, plan, 1.0, True)
    return float(objective.draws(plan.totals[:, None])[0].sum(axis=(1, 2)).mean())
