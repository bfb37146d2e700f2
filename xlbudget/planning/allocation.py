"""The best allocation of the budget under all guardrails, with its certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.errors import BadArgument, ConflictingGuardrails
from xlbudget.planning import conflicts
from xlbudget.planning.limits import SHARE_UNIT, SHARED, UNPRICED, binding, program_of
from xlbudget.planning.objective import Objective, cautious, expected, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.program import BUDGET, Program
from xlbudget.planning.result import Allocation, Binding
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.search import Found, Weigh, search
from xlbudget.planning.table import Table, tabulated
from xlbudget.planning.verdict import verdict_of
from xlbudget.planning.way_out import way_out
from xlbudget.response.model import ResponseModel
from xlbudget.tables import AIMS, RISKS
from xlbudget.tabular import Array

MONEY_STEP = 0.01  # of the budget: by how much money limits are loosened to price them
AT_LIMIT = 1e-6  # scaled money within which a limit is reached
WEIGH: Mapping[str, Weigh] = {"expected": expected, "cautious": cautious}


@dataclass(frozen=True)
class Task:
    """One optimisation with everything fixed but the rules' slack and the budget."""

    plan: Plan
    rules: tuple[Guardrail, ...]
    objective: Objective
    caps: Array  # (L,) scaled money: what was observed, or what the plan or a rule asks
    weigh: Weigh
    cost: float
    seconds: float
    wide: Table

    def solve(self, budget: float | None, slack: Mapping[str, float] | None = None) -> Found | None:
        """The best plan for a budget (not scaled), some rules being looser."""
        return self.solve_under(self.rules, budget, slack)

    def solve_under(
        self,
        rules: Sequence[Guardrail],
        budget: float | None,
        slack: Mapping[str, float] | None = None,
    ) -> Found | None:
        """The same under other rules."""
        program = self.program(rules, budget, slack)
        if (program.low > program.high + AT_LIMIT).any():
            return None
        start = self.plan.totals / self.objective.money
        wide = self.wide
        if (program.high > wide.spend[:, -1]).any():
            top = np.maximum(program.high, wide.spend[:, -1])
            wide = tabulated(np.zeros(len(top)), top, start[:, None], self.objective)
        return search(program, self.objective, self.weigh, self.cost, self.seconds, [start], wide)

    def program(
        self,
        rules: Sequence[Guardrail],
        budget: float | None,
        slack: Mapping[str, float] | None = None,
    ) -> Program:
        """What is allowed, in scaled money, the caps included where they leave room."""
        scaled = program_of(self.plan, rules, budget, slack).scaled(self.objective.money)
        caps = np.maximum(self.caps, scaled.low)
        caps = conflicts.room_for(scaled, caps)
        return replace(scaled, high=np.maximum(np.minimum(scaled.high, caps), scaled.low))


def optimise(
    model: ResponseModel,
    plan: Plan,
    budget: float | None = None,
    guardrails: Sequence[Guardrail] = (),
    aim: str = "outcome",
    risk: str = "expected",
    target: float | None = None,
    seconds: float = 20.0,
) -> Allocation:
    """The allowed split of the budget with the highest value; None keeps the plan's total.

    Raises ConflictingGuardrails where no plan keeps all rules, BadArgument for what cannot be
    meant.
    """
    _check(budget, aim, risk, plan)
    budget = float(plan.totals.sum()) if budget is None else float(budget)
    rules = tuple(guardrails)
    require_a_plan(plan, rules, budget)
    task = task_of(model, plan, rules, budget, risk, 0.0, seconds)
    found = task.solve(budget)
    if found is None:
        raise ConflictingGuardrails([BUDGET], "raise the time limit: no plan was found in time")
    return _allocation(task, found, budget, aim, risk)


def task_of(
    model: ResponseModel,
    plan: Plan,
    rules: tuple[Guardrail, ...],
    budget: float,
    risk: str,
    cost: float,
    seconds: float,
) -> Task:
    """The curves tabulated over everything that may be spent."""
    objective = objective_of(model, plan, budget if budget > 0 else 1.0, risk == "expected")
    money = objective.money
    caps = np.maximum(plan.totals, observed_total(model, plan)) / money
    top = np.maximum(caps, plan.totals / money)
    wide = tabulated(np.zeros(len(top)), top, (plan.totals / money)[:, None], objective)
    return Task(plan, rules, objective, caps, WEIGH[risk], cost, seconds, wide)


def observed_total(model: ResponseModel, plan: Plan) -> Array:
    """(L,) horizon spend at which the plan's largest week is the largest ever observed."""
    unit = plan.data.by_line(plan.scaled(np.ones(len(plan.totals))).spend)
    peak = unit.max(axis=0)
    return np.asarray(model.observed_weekly() / np.where(peak > 0, peak, np.inf))


def require_a_plan(plan: Plan, rules: Sequence[Guardrail], budget: float | None) -> None:
    """Raise ConflictingGuardrails, naming the smallest conflict, where no plan is allowed."""
    money = budget or float(plan.totals.sum()) or 1.0
    program = program_of(plan, rules, budget).scaled(money)
    if conflicts.feasible(program):
        return
    owners = conflicts.smallest_conflict(program)
    named = {rule.id: rule for rule in rules}
    ways = {owner: conflicts.least_change(program, owner) for owner in owners}
    possible = {owner: change * money for owner, change in ways.items() if change is not None}
    raise ConflictingGuardrails(
        owners,
        way_out(named, possible, plan, budget),
        [named[owner].where or str(named[owner].place) for owner in owners if owner in named],
    )


def _check(budget: float | None, aim: str, risk: str, plan: Plan) -> None:
    if aim not in AIMS:
        raise BadArgument(f"aim is '{aim}'; choose one of {', '.join(AIMS)}")
    if risk not in RISKS:
        raise BadArgument(f"risk is '{risk}'; choose one of {', '.join(RISKS)}")
    if budget is not None and not (np.isfinite(budget) and budget >= 0):
        raise BadArgument(f"the budget is {budget}; it must be 0 or more")
    if not plan.data.lines:
        raise BadArgument("there is no line to spend on")


def _allocation(task: Task, found: Found, budget: float, aim: str, risk: str) -> Allocation:
    plan, objective = task.plan, task.objective
    totals = found.spend * objective.money
    current = plan.totals
    value, slope = objective.draws(np.stack([current, totals], axis=1))
    gains = value[:, :, 1] - value[:, :, 0]
    settings = plan.data.settings
    tail = (1.0 - settings.confidence) / 2.0
    gain = gains.sum(axis=1)
    low, high = np.quantile(gains, [tail, 1.0 - tail], axis=0)
    gain_low, gain_high = np.quantile(gain, [tail, 1.0 - tail])
    scale = objective.outcome
    more = task.solve(budget * (1.0 + MONEY_STEP)) if budget > 0 else None
    next_dollar = 0.0
    if more is not None:
        next_dollar = (more.value - found.value) * scale / (budget * MONEY_STEP)
    prob_better = float((gain > 0).mean() + 0.5 * (gain == 0).mean())
    certified = (found.bound - found.value) / max(abs(found.value), 1e-12)
    by_line = value[:, :, 1].mean(axis=0)
    short = float((by_line / objective.factor).sum())
    peak = plan.data.by_line(plan.scaled(totals).spend).max(axis=0)
    beyond = peak > task_observed(task) * (1.0 + 1e-9)
    return Allocation(
        plan=plan,
        recommended=plan.scaled(totals),
        aim=aim,
        risk=risk,
        budget=budget,
        value=found.value * scale,
        bound=found.bound * scale,
        gain=float(gain.mean()),
        gain_low=float(gain_low),
        gain_high=float(gain_high),
        prob_better=prob_better,
        next_dollar=next_dollar * settings.money_per_outcome,
        verdict=verdict_of(gain, settings.confidence, certified),
        short=short,
        long=float(by_line.sum()) - short,
        gain_draws=gains,
        low=low,
        high=high,
        marginal_roi=slope[:, :, 1].mean(axis=0) * settings.money_per_outcome,
        limits=_bindings(task, found, budget),
        marks=tuple(n for n, far in zip(plan.data.line_names, beyond, strict=True) if far),
    )


def task_observed(task: Task) -> Array:
    """(L,) the largest weekly spend of each line ever."""
    return task.objective.model.observed_weekly()


def _bindings(task: Task, found: Found, budget: float | None) -> tuple[Binding, ...]:
    """The rules that hold the plan back, priced by solving again with each a little looser."""
    program = program_of(task.plan, task.rules, budget).scaled(task.objective.money)
    reached: dict[str, set[int]] = {}
    for limit in program.limits:
        amount = limit.amount(found.spend)
        if limit.owner != BUDGET and min(amount - limit.low, limit.high - amount) < AT_LIMIT:
            reached.setdefault(limit.owner, set()).update(np.flatnonzero(limit.weights > 0))
    for switch in program.switches:
        if abs(float(switch.weights @ found.spend) - switch.minimum) < AT_LIMIT:
            reached.setdefault(switch.owner, set()).update(np.flatnonzero(switch.weights > 0))
    names = task.plan.data.line_names
    priced = []
    for rule in binding(task.rules):
        if rule.id not in reached or rule.rule in UNPRICED:
            continue
        shared = rule.rule in SHARED
        step = SHARE_UNIT if shared else MONEY_STEP * task.objective.money
        looser = task.solve(budget, {rule.id: step})
        others = [other for other in task.rules if other.id != rule.id]
        free = task.solve_under(others, budget)
        if looser is None or free is None:
            continue
        gained = (looser.value - found.value) * task.objective.outcome
        cost = max((free.value - found.value) * task.objective.outcome, gained, 0.0)
        noise = max(found.bound - found.value, 1e-6 * abs(found.value)) * task.objective.outcome
        if gained <= noise and cost <= noise:
            continue
        price = max(gained, 0.0) / (step / SHARE_UNIT if shared else step)
        lines = tuple(names[line] for line in sorted(reached[rule.id]))
        unit = "percentage point" if shared else "unit of money"
        sentence = (
            f"{rule.id} ({rule.rule}{' ' + rule.name if rule.name else ''}) costs {cost:,.0f}; "
            f"loosening it brings {price:,.4g} per {unit}"
        )
        priced.append(Binding(rule, price, cost, lines, sentence))
    return tuple(priced)
