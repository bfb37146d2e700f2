"""What the next unit of budget and each binding guardrail are worth, by solving again.

Under cautious the draws count as they do in what proves the bound: a change so small that it leaves
the worst draws the worst ones is worth what it is worth in these counts (the envelope theorem), and
there the problem is the expected one over again. Under sure prices are those of the best plan on
average: which plans are safe changes by leaps, so the safe plan has no price of the next unit.
"""

from __future__ import annotations

import numpy as np

from xlbudget.planning.found import Found
from xlbudget.planning.limits import SHARE_UNIT, SHARED, UNPRICED, Budget, binding, program_of
from xlbudget.planning.program import BUDGET, Program
from xlbudget.planning.result import Binding
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.task import MONEY_STEP, Task
from xlbudget.tabular import Array

AT_LIMIT = 1e-5  # scaled money within which a limit is reached
NEAR_LIMIT = 1e-3  # the same for a plan that is as good as the best one, but not polished
NOISE = 1e-5  # share of the value below which a difference of two solutions means nothing


def priced(task: Task, found: Found, base: Found, budget: Budget) -> tuple[Task, Found]:
    """The problem that the prices of a plan found are of, and its best plan on the smooth curves.

    base: that of the task itself, which it is unless draws count unevenly
    """
    if found.counts is None:
        return task, base
    counted = task.counted(found.counts)
    return counted, counted.solve(budget) or base


def next_unit(task: Task, spent: float) -> float:
    """Outcome per further unit of money; 0 where the rules leave no room for it."""
    step = MONEY_STEP * task.objective.money
    base, more = task.solve((spent, spent)), task.solve((spent + step, spent + step))
    if base is None or more is None:
        return 0.0
    gained = more.value - base.value + task.hurdle * MONEY_STEP
    return max(gained, 0.0) * task.objective.outcome / step


def bindings(
    task: Task, base: Found, budget: Budget, worth: float, plan: Array
) -> tuple[Binding, ...]:
    """The rules that hold a plan (L,) back; `worth` turns scaled value into what is reported.

    base: the best plan on the smooth curves, with which the looser ones are compared.
    """
    program = program_of(task.plan, task.rules, budget).scaled(task.objective.money)
    reached = _reached(program, plan, AT_LIMIT if plan is base.spend else NEAR_LIMIT)
    names = task.plan.data.line_names
    found = []
    for rule in binding(task.rules):
        if rule.id not in reached or rule.rule in UNPRICED:
            continue
        step = SHARE_UNIT if rule.rule in SHARED else MONEY_STEP * task.objective.money
        looser = task.solve(budget, {rule.id: step})
        free = task.solve(budget, rules=tuple(r for r in task.rules if r.id != rule.id))
        if looser is None or free is None:
            continue
        gained = max(looser.value - base.value, 0.0)
        cost = max(free.value - base.value, gained)
        if cost > NOISE * abs(base.value) + base.bound - base.value:
            price = gained * worth / (step / SHARE_UNIT if rule.rule in SHARED else step)
            lines, alone = reached[rule.id]
            held = tuple(names[line] for line in sorted(lines))
            said = _sentence(rule, price, cost * worth)
            found.append(Binding(rule, price, cost * worth, held, alone, said))
    return tuple(found)


def _reached(program: Program, spend: Array, near: float) -> dict[str, tuple[set[int], bool]]:
    """By id of the rules whose limit the plan has reached: the lines, and whether one by one."""
    reached: dict[str, tuple[set[int], bool]] = {}
    for limit in program.limits:
        amount = limit.amount(spend)
        if limit.owner != BUDGET and min(amount - limit.low, limit.high - amount) < near:
            lines = {int(line) for line in np.flatnonzero(limit.weights > 0)}
            known, alone = reached.get(limit.owner, (set(), True))
            reached[limit.owner] = known | lines, alone and np.count_nonzero(limit.weights) == 1
    for switch in program.switches:
        if float(switch.weights @ spend) < switch.minimum + near:
            lines = {int(line) for line in np.flatnonzero(switch.weights > 0)}
            known, _ = reached.get(switch.owner, (set(), True))
            reached[switch.owner] = known | lines, False
    return reached


def _sentence(rule: Guardrail, price: float, cost: float) -> str:
    about = f"{rule.rule} {rule.name}".strip()
    unit = "percentage point" if rule.rule in SHARED else "unit of money"
    return f"{rule.id} ({about}) costs {cost:,.0f} in all, {price:,.4g} per {unit}"
