"""Formulas about what each line returned, returns now and would return."""

from __future__ import annotations

from collections.abc import Mapping

from xlbudget.errors import BadArgument
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Day, Line, Model, Money, Points, Share, SpendByLine
from xlbudget.formulas.formula import formula
from xlbudget.formulas.points import point_of


@formula(
    example='=BUDGET.MARGINAL_ROI(Model!B2, "TV")',
    columns="line, spend, roi, marginal_roi, low, high, prob_pays_back, saturation, observed",
    returns="the marginal ROI, where line is given",
    one_with="line",
)
def marginal_roi(
    model: Model,
    line: Line | None = None,
    spend: SpendByLine | None = None,
    confidence: Share | None = None,
) -> Answer:
    """What the next unit of money brings back: a number for one line, a table for all.

    spend is weekly; empty: the mean of the last 13 weeks. ROI is money back per money spent, over
    the horizon and until the effect has faded. low and high are those of marginal_roi.
    """
    if line is None:
        if isinstance(spend, float) and spend:
            raise BadArgument("spend is a number but line is empty; name the line or give a table")
        weekly = None if isinstance(spend, float) else spend
        return Answer.table(model.marginal_roi(weekly, confidence=confidence))
    place = model.line_index(line)
    if spend is None or isinstance(spend, Mapping):
        usual = float(model.recent_weekly()[place])
        named = {model.line_index(name): money for name, money in (spend or {}).items()}
        spend = named.get(place, usual)
    return Answer.one(point_of(model, line, spend)[1])


@formula(
    example='=BUDGET.CURVE(Model!B2, "TV", 25)',
    columns="spend, response, low, high, marginal_roi, observed",
)
def curve(model: Model, line: Line, points: Points | None = None) -> Answer:
    """The response curve of a line: outcome a week of a steady weekly spend, with its range."""
    return Answer.table(model.curve(line, points=points or 50))


@formula(
    example="=BUDGET.CONTRIBUTION(Model!B2)",
    columns="line, spend, contribution, low, high, share, roi",
)
def contribution(model: Model, start: Day | None = None, end_week: Day | None = None) -> Answer:
    """What each line's spend brought from start to end_week, in units of the outcome.

    share is that of the modelled outcome of those weeks; roi is money per money.
    """
    return Answer.table(model.contribution(start=start, end=end_week))


@formula(
    example='=BUDGET.RESPONSE(Model!B2, "TV", 50000)',
    returns="outcome a week",
)
def response(model: Model, line: Line, spend: Money) -> Answer:
    """The incremental outcome a week of a steady weekly spend on one line: a point of its curve."""
    return Answer.one(point_of(model, line, spend)[0])
