"""Formulas about how well the model would have foreseen what then came."""

from __future__ import annotations

from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Model, Shelf
from xlbudget.formulas.formula import formula
from xlbudget.response.backtest import Backtest
from xlbudget.response.backtest import backtest as forecast_again
from xlbudget.response.fit import Progress
from xlbudget.response.model import ResponseModel


@formula(
    example="=BUDGET.BACKTEST(Model!B2)",
    columns="fold, weeks, outcome, forecast, low, high, error, naive_error, held, coverage, "
    "by_line_where_wrong",
)
def backtest(model: Model, *, shelf: Shelf) -> Answer:
    """How good the forecasts of the last four quarters were, each made from the weeks before it.

    outcome and forecast are totals of the fold's weeks, low and high the range that was forecast;
    error is the share by which the forecast was too high, naive_error that of repeating last
    year; coverage is the share of weeks inside their own range. by_line_where_wrong names lines
    whose ROI is now seen outside the range given then. The model is fitted again for each fold,
    once as long as the host is open: seconds the first time, at once after that.
    """
    return Answer.table(backtest_once(model, shelf))


def backtest_once(model: ResponseModel, shelf: Shelf, progress: Progress | None = None) -> Backtest:
    """The backtest of this model's data: made once, then remembered as long as the shelf is."""

    def made() -> Backtest:
        seed = model.data.settings.seed
        return forecast_again(model.data, seed=seed, progress=progress, model=model)

    return shelf.remembered(f"backtest of {model.key}", made)
