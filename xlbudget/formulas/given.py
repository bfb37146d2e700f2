"""What a caller gave for an argument: one cell or a range, and what the range is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from xlbudget.data.frames import raw_table
from xlbudget.data.raw import ErrorCell, RawTable
from xlbudget.errors import BadArgument, BudgetError
from xlbudget.findings import Place
from xlbudget.formulas.cells import Cell, Rows, plain
from xlbudget.tables import BY_NAME


class ErrorInCell(BudgetError):
    """An argument is an error of the sheet; the formula shows the same error."""

    def __init__(self, where: str, error: ErrorCell) -> None:
        super().__init__(f"{where} is {error.text}")
        self.cell_error = error.text


@dataclass(frozen=True)
class Range:
    """A range whose address the host knows; row and column of its first cell count from 1."""

    rows: Rows
    sheet: str
    row: int = 1
    column: int = 1

    def spelled(self, row: int, column: int) -> str:
        """`Spend!E17` for a cell of the range, counted from 0."""
        sheet = self.sheet if self.sheet.isalnum() else f"'{self.sheet}'"
        return f"{sheet}!{_letters(self.column + column)}{self.row + row}"


def cells_of(given: Any) -> list[list[Cell]]:
    """Any argument as rows of plain cells, without the empty rows at the end."""
    if isinstance(given, Range):
        given = given.rows
    if isinstance(given, np.ndarray):
        given = given.tolist()
    if not isinstance(given, list | tuple):
        given = [[given]]
    rows = [row if isinstance(row, list | tuple) else [row] for row in given]
    table = [[plain(cell) for cell in row] for row in rows]
    while table and all(cell is None for cell in table[-1]):
        table.pop()
    return table


def is_empty(given: Any) -> bool:
    """Omitted, an empty cell, "" or a range of nothing else: the default is meant."""
    if given is None or (isinstance(given, str) and not given.strip()):
        return True
    if isinstance(given, Range | list | tuple | np.ndarray):
        return not cells_of(given)
    return False


def one_cell(name: str, given: Any) -> Cell:
    """The value of an argument that is a single cell; None where it is empty."""
    if is_empty(given):
        return None
    rows = cells_of(given)
    if len(rows) != 1 or len(rows[0]) != 1:
        raise BadArgument(f"{name} is a range; give one cell")
    cell = rows[0][0]
    if isinstance(cell, ErrorCell):
        raise ErrorInCell(name, cell)
    return cell


def table_of(name: str, given: Any, table: str) -> RawTable | None:
    """The raw table of a range with its header row; a DataFrame or RawTable is taken as it is."""
    if isinstance(given, RawTable):
        return given
    if isinstance(given, Mapping) or hasattr(given, "columns"):
        return raw_table(table, given)
    rows = cells_of(given)
    if not rows or rows == [[0.0]]:  # some hosts hand over an empty cell as 0
        return None
    if len(rows) == 1 and len(rows[0]) == 1 and isinstance(rows[0][0], ErrorCell):
        raise ErrorInCell(name, rows[0][0])
    if not any(isinstance(cell, str) for cell in rows[0]):
        raise BadArgument(f"{name} has no header row; let the range begin with the column names")
    header, places = _header(name, rows[0])
    body = [[row[place] for place in places if place < len(row)] for row in rows[1:]]

    def locate(place: Place) -> str:
        column = header.index(place.column) if place.column in header else None
        if isinstance(given, Range) and place.row is not None:
            return given.spelled(place.row + 1, places[column or 0])
        parts = [name]
        if place.row is not None:
            parts.append(f"row {place.row + 2}")  # as counted in the range, its header being 1
        if place.column is not None:
            parts.append(f"column {place.column}")
        return ", ".join(parts)

    return RawTable.from_rows(BY_NAME[table].name, header, body, locate)


def _header(name: str, cells: Sequence[Cell]) -> tuple[list[str], list[int]]:
    """The column names and where they stand; columns without a name are left out."""
    for position, cell in enumerate(cells):
        if isinstance(cell, ErrorCell):
            raise ErrorInCell(f"{name}, row 1, column {position + 1}", cell)
    named = [(str(cell), position) for position, cell in enumerate(cells) if cell is not None]
    return [text for text, _ in named], [position for _, position in named]


def _letters(column: int) -> str:
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
