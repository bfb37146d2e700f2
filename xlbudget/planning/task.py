"""One optimisation: the curves tabulated once, then solved as often as prices and aims need."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from xlbudget.planning import conflicts
from xlbudget.planning.found import Found, Weigh
from xlbudget.planning.limits import Budget, program_of
from xlbudget.planning.objective import Objective, expected, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.program import Program
from xlbudget.planning.rules import Guardrail, Rule
from xlbudget.planning.search import certified, search
from xlbudget.planning.surrogate import Surrogate
from xlbudget.planning.table import POINTS, Table, Tabulate, tabulated
from xlbudget.planning.way_out import conflict
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

MONEY_STEP = 0.01  # scaled money: by how much limits in money are moved to price them
CROSSED = 1e-9  # scaled money by which a box may be empty
CELLS = 8_000_000  # draws x lines x points of curves that are held; with more lines, fewer draws


@dataclass(frozen=True)
class Task:
    """A plan's shape, rules and objective; budgets are in money, everything inside is scaled.

    caps     (L,) scaled money: the larger of the plan and what was observed; curves reach that far
    hurdle   scaled value that one scaled unit of money has to earn
    """

    plan: Plan
    rules: tuple[Guardrail, ...]
    objective: Objective
    caps: Array
    weigh: Weigh
    hurdle: float
    seconds: float | None

    @cached_property
    def draws(self) -> Table:
        """The curves in every `step`-th draw."""
        return self._tabulated(self.objective.thinned(self.step).every, self.caps)

    @cached_property
    def average(self) -> Table:
        """The mean of the curves over all draws, as one draw."""
        return self._tabulated(self.objective, self.caps)

    @property
    def step(self) -> int:
        """Of how many draws one is held: 1 until there are about 200 lines, or under cautious."""
        cells = self.objective.model.draws * len(self.caps) * POINTS
        return max(1, cells // CELLS) if self.objective.mean else 1

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
        if not self.objective.mean:
            return Surrogate(self.table(program))
        if (program.high <= self.caps).all():
            return Surrogate(self.average)
        return Surrogate(self._tabulated(self.objective, np.maximum(program.high, self.caps)))

    def counted(self, weights: Array) -> Task:
        """The task with draws that count by weights (D,), which add up to 1."""
        return replace(self, objective=self.objective.counted(weights), weigh=expected)

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
        """The draws of the curves as tabulated; again where the program goes beyond."""
        if (program.high <= self.caps).all():
            return self.draws
        every = self.objective.thinned(self.step).every
        return self._tabulated(every, np.maximum(program.high, self.caps))

    def _tabulated(self, tabulate: Tabulate, top: Array) -> Table:
        return tabulated(np.zeros(len(top)), top, self.current[:, None], tabulate)


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
    """A task; money: about what is spent; hurdle: a marginal ROI."""
    observed = observed_total(model, plan) * (1.0 + plan.data.settings.beyond_observed)
    objective = objective_of(model, plan, max(money, 0.0) or float(observed.sum()) or 1.0, mean)
    current = plan.totals / objective.money
    caps = np.maximum(current, observed / objective.money)
    back = objective.outcome * plan.data.settings.money_per_outcome
    cost = hurdle * objective.money / back if back > 0 else 0.0
    return Task(plan, rules, objective, caps, weigh, cost, seconds)


def observed_total(model: ResponseModel, plan: Plan) -> Array:
    """(L,) horizon spend at which the plan's largest week is the largest ever observed."""
    peak = plan.data.by_line(plan.scaled(np.ones(len(plan.totals))).spend).max(axis=0)
    return np.asarray(model.observed_weekly() / np.where(peak > 0, peak, np.inf))


def require_a_plan(plan: Plan, rules: tuple[Guardrail, ...], budget: Budget) -> None:
    """Raise ConflictingGuardrails, naming the smallest conflict, where no plan is allowed."""
    asked = program_of(plan, rules, budget)
    most = budget[1] if budget[1] < np.inf else 0.0
    money = max(float(plan.totals.sum()), most, float(asked.low.sum())) or 1.0
    program = asked.scaled(money)
    if conflicts.feasible(program):
        return
    owners = conflicts.smallest_conflict(program)
    changes = {owner: conflicts.least_change(program, owner) for owner in owners}
    if conflicts.feasible(replace(program, lots=np.zeros_like(program.lots))):  # lots own no limit
        owners += tuple(rule.id for rule in rules if rule.rule is Rule.ROUND_TO)
    least = {name: give * money for name, give in changes.items() if give is not None}
    raise conflict(plan, rules, owners, least, budget)
