"""Answers out as grids of cells: header row, errors for what has no number, long text in rows."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlbudget.data.raw import ErrorCell
from xlbudget.findings import Finding
from xlbudget.formulas.cells import LONGEST, serial
from xlbudget.tabular import Tabular

Out = float | str | bool | ErrorCell
MISSING, TOO_LARGE = ErrorCell("#N/A"), ErrorCell("#NUM!")
_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z])")
_CLAUSE_END = re.compile(r"(?<=;) +")


@dataclass(frozen=True)
class Answer:
    """What a formula answers: a table with its header, or one cell.

    header    column names of a table; empty for one cell
    rows      the table's rows, or one row of one cell; dates are serial numbers, NaN is an error;
              texts are whole here, and as long as a cell takes in `grid`
    error     the error value it stands for, such as #N/A; empty where all went well
    message   what is wrong and what to do, where `error` is set
    findings  what a person should look at beside the answer, or what is wrong with the input
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Out, ...], ...]
    error: str = ""
    message: str = ""
    findings: tuple[Finding, ...] = ()

    @staticmethod
    def table(result: Tabular, findings: tuple[Finding, ...] = ()) -> Answer:
        """A result with its columns."""
        columns = result.columns()
        cells = [[_out(value) for value in values] for values in columns.values()]
        return Answer(tuple(columns), tuple(zip(*cells, strict=True)), findings=findings)

    @staticmethod
    def one(value: Any) -> Answer:
        """A number, a text or a day in one cell."""
        cell = _out(value)
        return Answer((), ((cell[:LONGEST] if isinstance(cell, str) else cell,),))

    @staticmethod
    def failure(
        error: str,
        message: str,
        width: int,
        said: bool = True,
        findings: tuple[Finding, ...] = (),
    ) -> Answer:
        """An error in one cell, or all over a table of this width.

        said      the message stands in the top-left cell
        findings  what is wrong, where that is the input
        """
        bad = ErrorCell(error)
        told: Out = _cut(f"BUDGET: {message}") if said else bad
        if width < 2:
            return Answer((), ((told,),), error, message, findings)
        rows = ((told, *[bad] * (width - 1)), (bad,) * width)
        return Answer((), rows, error, message, findings)

    @property
    def grid(self) -> tuple[tuple[Out, ...], ...]:
        """Every cell, the header first; a text of more than 255 characters takes several rows."""
        rows = tuple(part for row in self.rows for part in _short(row))
        return (self.header, *rows) if self.header else rows

    @property
    def value(self) -> Out:
        """The one cell, or the top-left one of a table."""
        return self.grid[0][0]

    def column(self, name: str) -> list[Out]:
        """The cells of a column below its header."""
        place = self.header.index(name)
        return [row[place] for row in self.rows]


def _out(value: Any) -> Out:
    """A value of a result as a cell."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, np.datetime64):
        return MISSING if np.isnat(value) else serial(value)
    if isinstance(value, int | float | np.number):
        number = float(value)
        return number if np.isfinite(number) else (MISSING if np.isnan(number) else TOO_LARGE)
    return value if isinstance(value, ErrorCell) else str(value)


def _short(row: Sequence[Out]) -> Iterator[tuple[Out, ...]]:
    """The row, repeated with the next part of a text that is too long for one cell."""
    parts = [
        _passages(cell) if isinstance(cell, str) and len(cell) > LONGEST else [cell] for cell in row
    ]
    for number in range(max(len(part) for part in parts)):
        yield tuple(
            part[0] if len(part) == 1 else (*part, *[""] * number)[number] for part in parts
        )


def _passages(text: str) -> list[str]:
    """The text in parts of whole sentences that each fit a cell; a longer one by clause or word."""
    passages = [""]
    for sentence in _SENTENCE_END.split(text):
        clauses = _CLAUSE_END.split(sentence) if len(sentence) > LONGEST else [sentence]
        for piece in (part for clause in clauses for part in textwrap.wrap(clause, LONGEST)):
            longer = f"{passages[-1]} {piece}".lstrip()
            passages[-1:] = [longer] if len(longer) <= LONGEST else [passages[-1], piece]
    return passages


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 2].rstrip() + " …"
