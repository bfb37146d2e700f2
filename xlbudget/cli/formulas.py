"""A command for each formula that makes sense outside a cell; same call, same digits.

Tables and the model come from the workbook; every other argument is an option of that name.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import click
import numpy as np

from xlbudget.cli.command import Output, book_argument, command, one_of
from xlbudget.cli.source import Source, fitted, key_of, opened, plan_table
from xlbudget.data.number_cells import plain_number
from xlbudget.data.raw import ErrorCell, RawTable
from xlbudget.errors import BadArgument, BadInput, BudgetError
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.arguments import Shelf
from xlbudget.formulas.catalogue import BY_NAME, call
from xlbudget.formulas.formula import Argument, Formula
from xlbudget.hosts.model_store import ModelStore
from xlbudget.response.model import ResponseModel

# formula -> what its example adds after `xlbudget NAME book.xlsx`
SHOWN = {
    "FORECAST": "",
    "CARRIED": "",
    "MARGINAL_ROI": " --line TV",
    "RESPONSE": " --line TV --spend 50000",
    "CURVE": " --line TV --json",
    "CONTRIBUTION": " --start 2025-01-06",
    "OPTIMIZE": " --budget 2700000 --risk sure",
    "OPTIMUM": "",
    "BUDGET_FOR": " --target 5000000",
    "FRONTIER": "",
    "FLIGHT": "",
    "SCENARIO": " --by role",
    "ANSWERS": "",
    "ROBUST_PLAN": "",
    "REGRETS": "",
    "NEXT_TEST": "",
    "APPROVALS": "",
    "EXPLAIN": "",
    "READINESS": "",
    "RECONCILE": "",
    "PRIORS": "",
}
# formula -> the one of the same arguments that is told with it
BESIDE = {"FORECAST": "CARRIED", "ROBUST_PLAN": "REGRETS"}
PROPOSED = "proposed"  # what OPTIMIZE answers for the same workbook
FROM_THE_BOOK = {"model", "current", PROPOSED}
DATES = {"week", "month", "faded"}
FIRST_DAY = dt.date(1899, 12, 30)  # of serial numbers
Fitted = Callable[[], ResponseModel]


class FormulaFailed(BudgetError):
    """The formula answered with an error; its message says what to do."""


def _command(entry: Formula, example: str) -> click.Command:
    options = [a for a in entry.arguments if not a.kind.table and a.name not in FROM_THE_BOOK]

    def work(book: Path, **given: str | None) -> Output:
        source, shelf = opened(book), ModelStore()
        model = cache(lambda: fitted(source)[0])  # a check of the input needs none
        cells = [_cell(a, given.get(a.name), source, model, shelf) for a in entry.arguments]
        output = output_of(entry, source, _answer(entry, cells, shelf))
        if entry.name not in BESIDE:
            return output
        other = BY_NAME[BESIDE[entry.name]]
        return _with(output, other, output_of(other, source, _answer(other, cells, shelf)))

    work.__doc__ = f"{entry.help}\n\nAs the formula {entry.signature} answers in a cell."
    for argument in reversed(options):
        work = click.option(
            f"--{argument.name.replace('_', '-')}",
            required=not argument.optional,
            type=one_of(argument.kind.only) if argument.kind.only else str,
            help=argument.help,
        )(work)
    name = entry.name.lower().replace("_", "-")
    return command(name, f"xlbudget {name} book.xlsx{example}")(book_argument(work))


def _cell(argument: Argument, text: str | None, source: Source, model: Fitted, shelf: Shelf) -> Any:
    """What a cell would hand over for this argument."""
    if argument.name == "model":
        return model()
    if argument.name == PROPOSED:
        return _recommended(source, model, shelf)
    if argument.kind.table == "scenarios":
        return _scenarios(source, argument.optional)
    if argument.kind.table == "plan":
        return plan_table(source)
    if argument.kind.table:
        return source.tables.get(argument.kind.table)
    if argument.name == "budget" and text is None:
        return source.inputs.data.settings.budget
    if text is not None and "=" in text:
        pairs = (part.rpartition("=") for part in text.split(","))
        return [["line", "spend"], *([line.strip(), _value(money)] for line, _, money in pairs)]
    return text if text is None or argument.name == "line" else _value(text)


def _scenarios(source: Source, optional: bool) -> RawTable | None:
    """The Scenarios table."""
    table = source.tables.get("scenarios")
    if table is None and optional:
        return None
    if table is None:
        raise BadArgument(
            f"{source.path} holds no scenario; enter one in Scenarios, for instance "
            "scope total, what spend, change %, value -12"
        )
    return table


def _value(text: str) -> float | str:
    number = plain_number(text)
    return text if number is None else number


def _recommended(source: Source, model: Fitted, shelf: Shelf) -> RawTable:
    optimize = BY_NAME["OPTIMIZE"]
    cells = [_cell(argument, None, source, model, shelf) for argument in optimize.arguments]
    answer = _answer(optimize, cells, shelf)
    return RawTable.from_rows("Plan", list(answer.header), [list(row) for row in answer.rows])


def _answer(entry: Formula, cells: Sequence[Any], shelf: Shelf) -> Answer:
    answer = call(entry.name, cells, shelf)
    if answer.findings and answer.error:
        raise BadInput(answer.findings)
    if answer.error:
        raise FormulaFailed(answer.message)
    return answer


def output_of(entry: Formula, source: Source, answer: Answer) -> Output:
    """The answer as a command shows it."""
    about = {"formula": entry.name, "source": source.path, "model": key_of(source)}
    findings = (*source.findings, *answer.findings)
    if not answer.header:
        value = _shown("", answer.value)
        return Output({**about, "value": value}, (f"{value}",), findings=findings)
    rows = [
        {name: _shown(name, cell) for name, cell in zip(answer.header, row, strict=True)}
        for row in answer.rows
    ]
    columns = {name: [row[name] for row in rows] for name in answer.header}
    return Output({**about, "rows": rows}, tables={entry.help: columns}, findings=findings)


def _with(output: Output, other: Formula, beside: Output) -> Output:
    """The answer of another formula in the same document, below the first one's."""
    return replace(
        output,
        record={**output.record, other.name.lower(): beside.record["rows"]},
        tables={**output.tables, **beside.tables},
    )


def _shown(name: str, cell: Any) -> Any:
    """A cell outside a spreadsheet: a date instead of its serial number, nothing for #N/A."""
    if isinstance(cell, ErrorCell):
        return None
    if name in DATES and isinstance(cell, int | float):
        return np.datetime64(FIRST_DAY) + np.timedelta64(int(cell), "D")
    return cell


_MADE = [_command(BY_NAME[name], example) for name, example in SHOWN.items()]
FORMULA_COMMANDS = {str(made.name): made for made in _MADE}
