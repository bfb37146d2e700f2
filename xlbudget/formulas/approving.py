"""Formulas about whose yes a change needs."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Model, PlanRange, Rules
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.governance.approval_tables import approvals_of_tables
from xlbudget.governance.approvals import approvals as judge


@formula(
    example="=BUDGET.APPROVALS(Plan, Allocation!A4:K12, Guardrails, Model!B2)",
    columns="line, change, status, rule, approver",
)
def approvals(
    current: PlanRange, proposed: PlanRange, guardrails: Rules, model: Model | None = None
) -> Answer:
    """Who must say yes: every line's change is automatic, needs approval or is blocked.

    current and proposed are Plan tables, or the table of OPTIMIZE (its columns current and
    recommended, spread over weeks and regions as the current plan is). With the model, rules about
    roles, regions in launch and other attributes are looked up in its data; without it, in further
    columns of the two tables, and where those do not tell, the change goes to the rule's approver.
    """
    if model is None:
        return Answer.table(approvals_of_tables(current, proposed, guardrails))
    now = plan_of(model, current, "current")
    then = plan_of(model, proposed, "recommended", now)
    return Answer.table(judge(model.data, now, then, rules_of(model, guardrails)))
