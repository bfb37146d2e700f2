"""`xlbudget backtest`: BACKTEST with what took seconds shown, in words and line by line."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xlbudget.cli import console
from xlbudget.cli.command import Output, book_argument, command
from xlbudget.cli.formulas import output_of
from xlbudget.cli.source import fitted, opened
from xlbudget.formulas.backtesting import backtest_once
from xlbudget.formulas.catalogue import BY_NAME, call


@command("backtest", example="xlbudget backtest book.xlsx")
@book_argument
def backtest(book: Path) -> Output:
    """How good the forecasts of the last four quarters were, each made from the weeks before it.

    As the formula BACKTEST(model) answers in a cell, and each line's ROI as seen then and now.
    """
    source = opened(book)
    model, shelf = fitted(source)
    with console.progress() as report:
        found = backtest_once(model, shelf, report)
    answer = call("BACKTEST", [model], shelf)
    shown = output_of(BY_NAME["BACKTEST"], source, answer)
    lines = found.lines.columns()
    return replace(
        shown,
        record={**shown.record, "lines": lines, "sentences": found.sentences},
        sentences=found.sentences,
        tables={**shown.tables, "ROI of each line's year before, as seen then and now": lines},
    )
