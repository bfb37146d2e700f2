"""Formulas about other plans: when to spend, other budgets, and what to test next."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Model, PlanRange, Rules
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.planning import flighting
from xlbudget.planning import frontier as budgets
from xlbudget.planning import next_test as testing


@formula(
    example="=BUDGET.FLIGHT(Model!B2, Plan, Guardrails)",
    columns="week, line, current, spend, gain",
)
def flight(model: Model, plan: PlanRange, guardrails: Rules | None = None) -> Answer:
    """When to spend: a line's money over the weeks, its total kept, if a move is worth its risk.

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
