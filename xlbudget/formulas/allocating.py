"""Formulas about where the money should go."""

from __future__ import annotations

from xlbudget.data.raw import RawTable
from xlbudget.errors import BadArgument
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import (
    Aim,
    Budget,
    Model,
    PlanRange,
    Risk,
    Rules,
    Target,
    Wanted,
)
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.formulas.rules import rules_of
from xlbudget.planning.allocation import Allocation, optimise
from xlbudget.response.model import ResponseModel


@formula(
    example="=BUDGET.OPTIMIZE(Model!B2, Plan, , Guardrails)",
    columns="line, current, recommended, change, change_pct, gain, low, high, marginal_roi, "
    "limit, limit_price",
)
def optimize(
    model: Model,
    plan: PlanRange,
    budget: Budget | None = None,
    guardrails: Rules | None = None,
    aim: Aim | None = None,
    risk: Risk | None = None,
    target: Wanted | None = None,
) -> Answer:
    """The best split of the budget that all guardrails allow, line by line.

    current and recommended are totals of the horizon. gain is in units of the outcome, low and
    high its range; limit names the guardrail that holds a line back, limit_price what loosening
    it by one unit would bring.
    """
    return Answer.table(allocation_of(model, plan, budget, guardrails, aim, risk, target))


@formula(
    example="=BUDGET.OPTIMUM(Model!B2, Plan, , Guardrails)",
    columns="figure, value",
)
def optimum(
    model: Model,
    plan: PlanRange,
    budget: Budget | None = None,
    guardrails: Rules | None = None,
    aim: Aim | None = None,
    risk: Risk | None = None,
    target: Wanted | None = None,
) -> Answer:
    """What the best split brings as a whole: gain, range, how sure, how far from the best, verdict.

    gap is the share of the value by which any other allowed plan could at most be better.
    """
    return Answer.table(allocation_of(model, plan, budget, guardrails, aim, risk, target).figures())


@formula(
    example="=BUDGET.BUDGET_FOR(Model!B2, Plan, 4000000, Guardrails)",
    columns="line, current, recommended, change, change_pct, gain, low, high, marginal_roi, "
    "limit, limit_price",
)
def budget_for(
    model: Model, plan: PlanRange, target: Target, guardrails: Rules | None = None
) -> Answer:
    """The least budget whose best allowed plan is worth the target, line by line.

    target is a value of the plan, in units of the outcome; the sum of recommended is the budget.
    """
    return Answer.table(allocation_of(model, plan, None, guardrails, "target", None, target))


def allocation_of(
    model: ResponseModel,
    plan: RawTable,
    budget: float | None,
    guardrails: RawTable | None,
    aim: str | None,
    risk: str | None,
    target: float | None,
) -> Allocation:
    """The optimiser's answer for the arguments of a cell; empty ones as Settings say."""
    settings = model.data.settings
    if target is not None and aim in {None, "outcome", "profit"}:
        raise BadArgument(
            f"target is {target:,.6g}, which the aim {aim or 'outcome'} does not use; leave it "
            "empty, or choose the aim target or marginal_roi"
        )
    return optimise(
        model,
        plan_of(model, plan, "current"),
        budget=budget,
        guardrails=rules_of(model, guardrails),
        aim=aim or "outcome",
        risk=risk or settings.risk,
        target=target,
    )
