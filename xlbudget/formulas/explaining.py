"""Formulas about why a plan is good or bad."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Model, PlanRange, Rules
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.governance.hand_made import explain_move


@formula(
    example="=BUDGET.EXPLAIN(Model!B2, Plan, Allocation!A4:K12, Guardrails)",
    columns="line, why, confidence",
)
def explain(
    model: Model, current: PlanRange, proposed: PlanRange, guardrails: Rules | None = None
) -> Answer:
    """Why a plan is good or bad, in plain words: a paragraph for the plan and one for each line.

    proposed may be anybody's plan: a Plan table, or totals of lines as OPTIMIZE shows them, spread
    over weeks and regions as the current plan is. confidence is the probability that the change is
    right; empty where a line stays. With guardrails a paragraph ends with who has to agree. A
    paragraph of more than 255 characters goes on in the rows below, which repeat its line.
    """
    now = plan_of(model, current, "current")
    then = plan_of(model, proposed, "recommended", now)
    return Answer.table(explain_move(model, now, then, rules_of(model, guardrails)))
