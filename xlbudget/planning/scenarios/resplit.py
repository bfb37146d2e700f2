"""Money split anew inside a scenario: another budget, or the least one that reaches a goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xlbudget.errors import Impossible
from xlbudget.planning.allocation import optimise
from xlbudget.planning.objective import expected, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.change import Change, What
from xlbudget.planning.scenarios.conditions import Conditions, Split
from xlbudget.planning.scenarios.world import averaged, world_of
from xlbudget.planning.search import CERTIFIED, search
from xlbudget.planning.task import Task, require_a_plan, task_of
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array


def resplit(model: ResponseModel, plan: Plan, guardrails: Sequence[Guardrail]) -> Split:
    """How `budget` and `goal` rows find their split: by expected value, under the guardrails.

    Both see the world that the rows before them left: prices, effects, outcome values. Shifts in
    guardrails count from the plan those rows left, at the new budget. Every line keeps its spread
    over the weeks.
    """
    rules = tuple(guardrails)
    tasks: dict[bytes, Task] = {}  # curves are tabulated once a world

    def split(now: Conditions, change: Change) -> Array:
        here = replace(plan, spend=now.spend)
        if change.what is What.GOAL:
            target, world = change.of(value_of(model, plan)), world_of(model, now)
            best = optimise(world, here, guardrails=rules, aim="target", target=target)
            return best.recommended.spend
        budget = change.of(float(here.totals.sum()))
        start = evenly(here, budget)
        require_a_plan(start, rules, (budget, budget))
        key = b"".join(part.tobytes() for part in (now.cost, now.response, now.worth, now.spend))
        if key not in tasks:
            world = world_of(averaged(model), now)
            tasks[key] = task_of(world, start, rules, budget, expected, True, 0.0)
        return best_split(tasks[key], start, budget).spend

    return split


def evenly(plan: Plan, budget: float) -> Plan:
    """The plan with every line raised or cut by the same share to another budget."""
    total = float(plan.totals.sum())
    return plan.scaled(plan.totals * (budget / total)) if total > 0 else plan


def best_split(task: Task, start: Plan, budget: float) -> Plan:
    """The split of a budget that is worth most; `start` is what shifts are counted from."""
    money = task.objective.money
    caps = np.maximum(task.caps, start.totals / money)
    here = replace(task, plan=start, caps=caps)
    program = here.program((budget, budget))
    found = search(
        program, here.smooth(program), here.weigh, 0.0, None, [here.current], enough=CERTIFIED
    )
    if found is None:
        raise Impossible(f"no allowed split of {budget:,.0f} was found in the time given")
    return start.scaled(found.spend * money)


def value_of(model: ResponseModel, plan: Plan) -> float:
    """Expected value of a plan as it stands, the long term as weighted, in outcome units."""
    objective = objective_of(model, plan, 1.0, True)
    return float(objective.draws(plan.totals[:, None])[0].sum(axis=(1, 2)).mean())
