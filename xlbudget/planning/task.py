"""One optimisation: the curves tabulated once, then solved as often as prices and aims need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning import conflicts
from xlbudget.planning.limits import Budget, program_of
from xlbudget.planning.objective import Objective, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.program import Program
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.search import Found, Weigh, certified, search
from xlbudget.planning.surrogate import Surrogate
from xlbudget.planning.table import Table, tabulated
from xlbudget.planning.way_out import conflict
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

CROSSED = 1e-9  # scaled money by which a box may be empty


@dataclass(frozen=True)
class Task:
    """A plan's shape, rules and objective; budgets are in money, everything inside is scaled.

    caps     (L,) scaled money: the larger of the plan and what was observed
    hurdle   scaled value that one scaled unit of money has to earn
    draws    every draw of the curves from 0 to the caps
    """

    plan: Plan
    rules: tuple[Guardrail, ...]
    objective: Objective
    caps: Array
    weigh: Weigh
    hurdle: float
    seconds: float | None
    draws: Table

    @property
    def current(self) -> Array:
        """(L,) the current plan in scaled money."""
        return self.plan.totals / self.objective.money

    def solve(
        self,
        budget: Budget,
        slack: Mapping[str, float] | None = None,
        rules: tuple[Guardrail, ...] | None = None,
    ) -> Found | None:
        """The best plan on the smooth curves, some rules being looser or left out."""
        program = self.program(budget, slack, rules)
        if (program.low > program.high + CROSSED).any():
            return None
        smooth, starts = self.smooth(program), [self.current]
        return search(program, smooth, self.weigh, self.hurdle, self.seconds, starts)

    def smooth(self, program: Program) -> Surrogate:
        """The curves without asking the model: of the mean where that is all the aim needs."""
        table = self.table(program)
        return Surrogate(table.averaged() if self.objective.mean else table)

    def certified(self, budget: Budget, found: Found) -> Found:
        """A plan found on the smooth curves, judged and bounded by the model's own curves."""
        program = self.program(budget)
        sure = certified(
            found,
            program,
            self.objective,
            self.weigh,
            self.hurdle,
            self.seconds,
            self.smooth(program).table,
            self.current,
        )
        assert sure is not None  # the plan found is allowed
        return sure

    def program(
        self,
        budget: Budget,
        slack: Mapping[str, float] | None = None,
        rules: tuple[Guardrail, ...] | None = None,
    ) -> Program:
        """What is allowed, the caps included as far as they leave room."""
        asked = program_of(self.plan, self.rules if rules is None else rules, budget, slack)
        scaled = asked.scaled(self.objective.money)
        caps = conflicts.room_for(scaled, np.maximum(self.caps, scaled.low))
        return replace(scaled, high=np.maximum(np.minimum(scaled.high, caps), scaled.low))

    def table(self, program: Program) -> Table:
        """Every draw of the curves as tabulated; again where the program goes beyond."""
        top = self.draws.spend[:, -1]
        if (program.high <= top).all():
            return self.draws
        return _tabulated(self.objective, np.maximum(program.high, top), self.current)


def _tabulated(objective: Objective, top: Array, current: Array) -> Table:
    return tabulated(np.zeros(len(top)), top, current[:, None], objective.every)


def task_of(
    model: ResponseModel,
    plan: Plan,
    rules: tuple[Guardrail, ...],
    money: float,
    weigh: Weigh,
    mean: bool,
    hurdle: float,
    seconds: float | None = None,
) -> Task:
    """A task with every curve tabulated; money: about what is spent; hurdle: a marginal ROI."""
    objective = objective_of(model, plan, money if money > 0 else 1.0, mean)
    current = plan.totals / objective.money
    caps = np.maximum(current, observed_total(model, plan) / objective.money)
    draws = _tabulated(objective, caps, current)
    back = objective.outcome * plan.data.settings.money_per_outcome
    cost = hurdle * objective.money / back if back > 0 else 0.0
    return Task(plan, rules, objective, caps, weigh, cost, seconds, draws)


def observed_total(model: ResponseModel, plan: Plan) -> Array:
    """(L,) horizon spend at which the plan's largest week is the largest ever observed."""
    peak = plan.data.by_line(plan.scaled(np.ones(len(plan.totals))).spend).max(axis=0)
    return np.asarray(model.observed_weekly() / np.where(peak > 0, peak, np.inf))


def require_a_plan(plan: Plan, rules: tuple[Guardrail, ...], budget: Budget) -> None:
    """Raise ConflictingGuardrails, naming the smallest conflict, where no plan is allowed."""
    money = float(plan.totals.sum()) or 1.0
    program = program_of(plan, rules, budget).scaled(money)
    if conflicts.feasible(program):
        return
    owners = conflicts.smallest_conflict(program)
    changes = {owner: conflicts.least_change(program, owner) for owner in owners}
    if conflicts.feasible(replace(program, lots=np.zeros_like(program.lots))):  # lots own no limit
        owners += tuple(rule.id for rule in rules if rule.rule is Rule.ROUND_TO)
    least = {name: give * money for name, give in changes.items() if give is not None}
    raise conflict(plan, rules, owners, least, budget)
