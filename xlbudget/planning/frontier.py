"""What each budget would bring: the best allowed plan from half to one and a half of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.planning.limits import FREE
from xlbudget.planning.objective import expected
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.task import MONEY_STEP, require_a_plan, task_of
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular

SHARES = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3, 1.4, 1.5)


@dataclass(frozen=True)
class Frontier(Tabular):
    """Budgets that the guardrails allow, and what their best plans are worth.

    outcome       expected value of the best plan, outcome units; low and high are its range
    marginal_roi  money back per money of the next unit of budget
    spends        (N, L) the best plans
    """

    budget: Array
    change_pct: Array
    outcome: Array
    low: Array
    high: Array
    marginal_roi: Array
    spends: Array

    def columns(self) -> Columns:
        """As the table and the chart show them; change_pct is a share of the plan's total."""
        return {
            "budget": self.budget,
            "change_pct": self.change_pct,
            "outcome": self.outcome,
            "low": self.low,
            "high": self.high,
            "marginal_roi": self.marginal_roi,
        }


def frontier(
    model: ResponseModel,
    plan: Plan,
    guardrails: Sequence[Guardrail] = (),
    shares: Sequence[float] = SHARES,
) -> Frontier:
    """The best plan for each share of the plan's total; budgets the rules forbid are left out.

    Raises ConflictingGuardrails where the rules allow no budget at all.
    """
    rules = tuple(guardrails)
    require_a_plan(plan, rules, FREE)
    total = float(plan.totals.sum())
    task = task_of(model, plan, rules, total, expected, True, 0.0)
    money, step = task.objective.money, MONEY_STEP * task.objective.money
    rows = []
    for share in shares:
        budget = float(share) * total
        found, more = task.solve((budget, budget)), task.solve((budget + step, budget + step))
        if found is not None:
            price = 0.0 if more is None else max(more.value - found.value, 0.0) / step
            rows.append((budget, price * task.objective.outcome, found.spend * money, share - 1.0))
    settings = plan.data.settings
    budgets = np.array([row[0] for row in rows])
    spends = np.array([row[2] for row in rows]).reshape(len(rows), -1)
    draws, _ = task.objective.draws(spends.T)
    worth = draws.sum(axis=1)
    tail = (1.0 - settings.confidence) / 2.0
    low, high = np.quantile(worth, [tail, 1.0 - tail], axis=0)
    return Frontier(
        budget=budgets,
        change_pct=np.array([row[3] for row in rows]),
        outcome=worth.mean(axis=0),
        low=low,
        high=high,
        marginal_roi=np.array([row[1] for row in rows]) * settings.money_per_outcome,
        spends=spends,
    )
