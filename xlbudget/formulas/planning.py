"""Formulas about other plans: what if, when to spend, other budgets, and what to test next."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import By, Changes, Model, PlanRange, Rules
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.planning import flighting
from xlbudget.planning import frontier as budgets
from xlbudget.planning import next_test as testing
from xlbudget.planning.scenarios.scenario import scenario as answered


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
    return Answer.table(found)


@formula(
    example="=BUDGET.FLIGHT(Model!B2, Plan, Guardrails)",
    columns="week, line, current, spend, gain",
)
def flight(model: Model, plan: PlanRange, guardrails: Rules | None = None) -> Answer:
    """When to spend: each line's money over the weeks, its total kept, where a move surely gains.

    gain is in units of the outcome; the gains of a line's weeks add up to its own.
    """
    rules = rules_of(model, guardrails)
    return Answer.table(flighting.flight(model, plan_of(model, plan), rules))


@formula(
    example="=BUDGET.FRONTIER(Model!B2, Plan, Guardrails)",
    columns="budget, change_pct, outcome, low, high, marginal_roi",
)
def frontier(model: Model, plan: PlanRange, guardrails: Rules | None = None) -> Answer:
    """What other budgets would bring: the best allowed plan from half to one and a half of it.

    change_pct is a share of the plan's total; marginal_roi is that of the next unit of budget.
    """
    return Answer.table(budgets.frontier(model, plan_of(model, plan), rules_of(model, guardrails)))


@formula(
    example="=BUDGET.NEXT_TEST(Model!B2, Plan, Guardrails)",
    columns="line, worth, size, weeks, where, budget, standard_error, why",
)
def next_test(model: Model, plan: PlanRange, guardrails: Rules | None = None) -> Answer:
    """Which lift test next: for each line the test that suits it, the one worth most first.

    worth is what the split of the budget gains on average when the result is known, in units of
    the outcome; size is the share of the line's spend that is added (-1: switched off); budget is
    the money that the test adds (below 0: saves).
    """
    rules = rules_of(model, guardrails)
    return Answer.table(testing.next_tests(model, plan_of(model, plan), rules))
