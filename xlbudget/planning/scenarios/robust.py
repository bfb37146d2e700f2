"""One plan for several scenarios: best on their average, or never far from the best in any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from xlbudget.data.raw import RawTable
from xlbudget.findings import Finding, Severity
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.asked import Asked, asked
from xlbudget.planning.scenarios.change import DECISIONS, Scenario
from xlbudget.planning.scenarios.conditions import Conditions
from xlbudget.planning.scenarios.reading import ScenarioTable
from xlbudget.planning.scenarios.resplit import evenly
from xlbudget.planning.scenarios.result import result_of
from xlbudget.planning.scenarios.rows import TOTAL
from xlbudget.planning.scenarios.several import Choice, several_of
from xlbudget.planning.task import require_a_plan
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular

AS_PLANNED = "as planned"  # the scenario in which nothing changes, and the plan as it stands
EXPECTED, ROBUST = "expected", "robust"


@dataclass(frozen=True)
class Outcomes(Tabular):
    """Every plan in every scenario: N rows."""

    scenario: tuple[str, ...]
    weight: Array
    plan: tuple[str, ...]
    outcome: Array
    low: Array
    high: Array
    profit: Array
    regret: Array

    def columns(self) -> Columns:
        """scenario, weight, plan, outcome, low, high, profit, regret.

        outcome (its range low to high) and profit are differences against the plan as it stands,
        were nothing to change; regret is the profit missed by not having had the plan that is
        best in that scenario.
        """
        return dict(vars(self))

    def average(self, plan: str) -> float:
        """Profit of a plan over the scenarios, as they are weighted."""
        mine = np.array([name == plan for name in self.plan])
        return float(self.weight[mine] @ self.profit[mine])

    def worst(self, plan: str) -> float:
        """The largest regret of a plan."""
        return float(self.regret[[name == plan for name in self.plan]].max())


@dataclass(frozen=True)
class RobustPlan(Tabular):
    """Two plans of one budget over the scenarios, and how every plan fares in each.

    current   the plan as it stands
    expected  the plan whose profit, averaged over the scenarios by their weights, is highest
    robust    the plan whose largest regret over the scenarios is lowest (Savage 1951)
    bound     the largest regret of no allowed plan is below this, in money
    findings  what was left out or filled in
    """

    current: Plan
    expected: Plan
    robust: Plan
    outcomes: Outcomes
    bound: float
    findings: tuple[Finding, ...]

    def columns(self) -> Columns:
        """line, current, expected, robust: money over the horizon."""
        return {
            "line": self.current.data.line_names,
            "current": self.current.totals,
            EXPECTED: self.expected.totals,
            ROBUST: self.robust.totals,
        }

    @property
    def sentence(self) -> str:
        """Both plans in words."""
        told = self.outcomes
        return (
            f"the expected plan changes the profit by {told.average(EXPECTED):+,.0f} on average "
            f"and misses at most {told.worst(EXPECTED):,.0f} of what was possible; the robust plan "
            f"changes it by {told.average(ROBUST):+,.0f} and misses at most "
            f"{told.worst(ROBUST):,.0f}"
        )


def robust_plan(
    model: ResponseModel,
    plan: Plan,
    scenarios: ScenarioTable | Sequence[Scenario],
    guardrails: Sequence[Guardrail] = (),
    budget: float | None = None,
) -> RobustPlan:
    """The expected and the robust plan over scenarios that carry weights.

    budget  money of the horizon; None: the plan's total

    What is left of the weights to 1 is the world as it is; without any weight the scenarios count
    alike. A scenario says what the world does: its changes of spend, budget or goal are what the
    plan decides, and are left out; one that says no more than that is the world as it is. Raises
    BadInput, ConflictingGuardrails.
    """
    made = asked(model, plan, scenarios, guardrails)
    named = scenarios.locate if isinstance(scenarios, RawTable) else str
    worlds = _worlds(made)
    total = float(plan.totals.sum())
    money = total if budget is None else float(budget)
    start = evenly(plan, money)
    rules = tuple(guardrails)
    require_a_plan(start, rules, (money, money))
    conditions = tuple(each.conditions for each in worlds)
    weights = np.array([each.weight for each in worlds])
    choice = Choice(several_of(model, conditions), start, rules, (money, money))
    best = [choice.best(only) for only in np.eye(len(worlds))]
    likely = choice.best(weights)
    robust, bound = choice.least_regret((*best, likely))
    plans = {EXPECTED: start.scaled(likely), ROBUST: start.scaled(robust)}
    if money == total:
        plans = {AS_PLANNED: plan, **plans}
    reached = choice.worth((*best, *(each.totals for each in plans.values())))
    regret = reached.max(axis=0) - reached[-len(plans) :]
    worth = plan.data.settings.money_per_outcome
    outcomes = _outcomes(made, worlds, plans, worth * regret)
    return RobustPlan(
        current=plan,
        expected=plans[EXPECTED],
        robust=plans[ROBUST],
        outcomes=outcomes,
        bound=min(max(worth * bound, 0.0), outcomes.worst(ROBUST)),
        findings=(*made.findings, *(each.at(named(each.place)) for each in _left_out(made))),
    )


@dataclass(frozen=True)
class _Weighted:
    name: str
    weight: float
    conditions: Conditions


def _worlds(made: Asked) -> tuple[_Weighted, ...]:
    """The scenarios that are likely at all, the world as it is with what they leave."""
    given = [each.weight for each in made.scenarios]
    weights = [each or 0.0 for each in given]
    if not any(weights):
        weights = [1.0 / len(given)] * len(given)
    found = [
        _Weighted(each.name, weight, replace(conditions, spend=made.planned.spend))
        for each, weight, conditions in zip(made.scenarios, weights, made.changed, strict=True)
    ]
    other = [each for each in found if not _as_it_is(each.conditions, made.planned)]
    left = 1.0 - sum(each.weight for each in other)
    worlds = (*other, _Weighted(AS_PLANNED, left, made.planned))
    return tuple(each for each in worlds if each.weight > 1e-9)


def _as_it_is(conditions: Conditions, planned: Conditions) -> bool:
    """Whether a scenario changes nothing about the world."""
    parts = (field.name for field in fields(Conditions))
    return all(np.array_equal(getattr(conditions, p), getattr(planned, p)) for p in parts)


def _outcomes(
    made: Asked, worlds: Sequence[_Weighted], plans: Mapping[str, Plan], regret: Array
) -> Outcomes:
    """Every plan in every scenario; regret (P, S) in money."""
    pairs = [(world, name, plan) for world in worlds for name, plan in plans.items()]
    changed = tuple(replace(w.conditions, spend=plan.spend) for w, _, plan in pairs)
    each = replace(
        made,
        scenarios=tuple(Scenario(f"{w.name}, {name}", ()) for w, name, _ in pairs),
        changed=changed,
        beyond=tuple(made.model.data.line_of < -1 for _ in pairs),  # not told here
    )
    found = result_of(each, TOTAL, made.model.data.settings.confidence).columns()
    outcome, low, high, profit = (
        np.asarray(found[part]) for part in ("outcome", "low", "high", "profit")
    )
    return Outcomes(
        scenario=tuple(world.name for world, _, _ in pairs),
        weight=np.array([world.weight for world, _, _ in pairs]),
        plan=tuple(name for _, name, _ in pairs),
        outcome=outcome,
        low=low,
        high=high,
        profit=profit,
        regret=regret.T.ravel(),
    )


def _left_out(made: Asked) -> Iterator[Finding]:
    """Every change that a plan decides."""
    for scenario in made.scenarios:
        for change in scenario.changes:
            if change.what in DECISIONS:
                yield Finding(
                    "scenario-decision",
                    change.place,
                    f"{scenario.name}: {change.title} is what the plan decides, not what happens to"
                    " it; it is left out here",
                    "nothing to do if that is meant; else give the plan another budget",
                    Severity.WARNING,
                )
