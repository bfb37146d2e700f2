"""Formulas about what a plan will bring."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Model, PlanRange, Share
from xlbudget.formulas.formula import formula
from xlbudget.formulas.plans import plan_of
from xlbudget.planning.forecast import forecast as forecast_plan


@formula(
    example="=BUDGET.FORECAST(Model!B2, Plan)",
    columns="week, baseline, incremental, total, low, high",
)
def forecast(model: Model, plan: PlanRange, confidence: Share | None = None) -> Answer:
    """What a plan will bring, week by week: the baseline and what the spend adds to it.

    In units of the outcome. low and high hold the total, the weekly noise included.
    """
    return Answer.table(forecast_plan(model, plan_of(model, plan), confidence))


@formula(
    example="=BUDGET.CARRIED(Model!B2, Plan)",
    columns="part, outcome, low, high, faded, words",
)
def carried(model: Model, plan: PlanRange, confidence: Share | None = None) -> Answer:
    """What crosses the ends of the horizon: what earlier spend brings in it, the plan's after it.

    FORECAST counts carry-in in incremental; carry-out comes on top of its weeks. In units of the
    outcome; faded is the first day of the week by which all but 1 % has come. words says it.
    """
    return Answer.table(forecast_plan(model, plan_of(model, plan), confidence).carried)
