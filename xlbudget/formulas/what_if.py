"""Formulas about scenarios: what would happen, in figures and in words, and one plan for all."""

from __future__ import annotations

from xlbudget.data.raw import RawTable
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Budget, By, Changes, Model, PlanRange, Rules
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.governance.what_if import answered as answers_of
from xlbudget.planning.scenarios.robust import RobustPlan
from xlbudget.planning.scenarios.robust import robust_plan as one_plan
from xlbudget.planning.scenarios.scenario import scenario as answered
from xlbudget.response.model import ResponseModel


@formula(
    example='=BUDGET.SCENARIO(Model!B2, Plan, Scenarios, "line", Guardrails)',
    columns="scenario, line, spend, outcome, low, high, profit, profit_low, profit_high, roi, "
    "prob_loss, observed, long_term",
)
def scenario(
    model: Model,
    plan: PlanRange,
    changes: Changes,
    by: By | None = None,
    guardrails: Rules | None = None,
) -> Answer:
    """What would happen: the difference that each scenario makes against the plan, with its range.

    The second column is named for what the rows are told apart by. outcome is in units of the
    outcome, profit in money, roi the change of the average ROI (not by week); prob_loss is the
    probability of less profit than the plan's; observed is FALSE where a line would spend more in
    a week than it ever did; long_term comes beyond outcome, weighted as Settings say. Rows of
    budget and goal split the money anew within the guardrails.
    """
    rules = rules_of(model, guardrails)
    found = answered(model, plan_of(model, plan), changes, by or "line", guardrails=rules)
    return Answer.table(found, found.findings)


@formula(
    example="=BUDGET.ANSWERS(Model!B2, Plan, Scenarios, Guardrails)",
    columns="scenario, question, answer",
)
def answers(
    model: Model,
    plan: PlanRange,
    changes: Changes | None = None,
    guardrails: Rules | None = None,
) -> Answer:
    """What would happen, in words: a sentence for each scenario, with figure, range and how sure.

    Empty changes: finance's six standing questions. A standing question that is edited keeps its
    own answer, of the new figure. What was combined, or lies beyond what was ever observed, follows
    as "To know".
    """
    rules = rules_of(model, guardrails)
    found = answers_of(model, plan_of(model, plan), rules, changes)
    return Answer.table(found, found.findings)


@formula(
    example="=BUDGET.ROBUST_PLAN(Model!B2, Plan, Scenarios, Guardrails)",
    columns="line, current, expected, robust",
)
def robust_plan(
    model: Model,
    plan: PlanRange,
    changes: Changes,
    guardrails: Rules | None = None,
    budget: Budget | None = None,
) -> Answer:
    """One plan for all scenarios as they are weighted: the best on average, and the robust one.

    The robust plan has the smallest largest regret; REGRETS tells how each plan fares. Weights left
    to 1 are the plan as it stands; without any, scenarios count alike. Changes of spend, budget and
    goal are what a plan decides and are left out.
    """
    found = _one_plan(model, plan, changes, guardrails, budget)
    return Answer.table(found, found.findings)


@formula(
    example="=BUDGET.REGRETS(Model!B2, Plan, Scenarios, Guardrails)",
    columns="scenario, weight, plan, outcome, low, high, profit, regret",
)
def regrets(
    model: Model,
    plan: PlanRange,
    changes: Changes,
    guardrails: Rules | None = None,
    budget: Budget | None = None,
) -> Answer:
    """How the current plan and both plans of ROBUST_PLAN fare in every scenario.

    outcome, its range low to high and profit are differences against the plan as it stands, were
    nothing to change; regret is the profit missed by not having had the plan that is best in that
    scenario.
    """
    return Answer.table(_one_plan(model, plan, changes, guardrails, budget).outcomes)


def _one_plan(
    model: ResponseModel,
    plan: RawTable,
    changes: RawTable,
    guardrails: RawTable | None,
    budget: float | None,
) -> RobustPlan:
    rules = rules_of(model, guardrails)
    return one_plan(model, plan_of(model, plan), changes, rules, budget)
