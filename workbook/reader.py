"""The input tables of a workbook, as values: formulas, links and macros are never followed.

A table is the Excel Table of that name wherever it lies, else the sheet of that name from its
header row. calamine reads the values; what it cannot tell (error cells, formulas that were never
calculated, Excel Tables) the gate saw while it streamed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from python_calamine import CalamineWorkbook

from workbook.damage import sorted_out
from workbook.gate import Admitted, Used, admit
from workbook.parts import ExcelTable
from workbook.places import Locator, corner, sheet_name
from xlbudget.data.names import did_you_mean
from xlbudget.data.raw import ErrorCell, RawTable
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import BY_NAME, Kind, Table, normal

OUTPUT_SHEETS = (
    "Start",
    "Model",
    "Summary",
    "Readiness",
    "Forecast",
    "Marginal ROI",
    "Curves",
    "Allocation",
    "Scenarios",
    "Scenario answers",
    "Scenario weeks",
    "Frontier",
    "Flighting",
    "Approvals",
    "Pacing",
    "Review",
    "Method",
    "Checks",
    "Change log",
)
_HEADER_WITHIN = 20  # a header stands in the first used rows of its sheet
_EPOCH_1904 = dt.datetime(1904, 1, 1)
_SERIALS_1904 = (20_000, 80_000)  # 1958 to 2123
_DAYS = (Kind.WEEK, Kind.DATE, Kind.MONTH)


@dataclass(frozen=True)
class Grid:
    """The used cells of a sheet; its first row and column as the sheet counts, from 1."""

    sheet: str
    top: int
    left: int
    cells: Sequence[Sequence[Any]]

    def row(self, row: int, left: int, right: int) -> list[Any]:
        """Cells of a sheet row between two columns, ends included; None beyond what is used."""
        if not 0 <= row - self.top < len(self.cells):
            return [None] * (right - left + 1)
        cells = self.cells[row - self.top]
        columns = range(left - self.left, right - self.left + 1)
        return [cells[at] if 0 <= at < len(cells) else None for at in columns]

    @property
    def bottom(self) -> int:
        """The last used row."""
        return self.top + len(self.cells) - 1

    @property
    def right(self) -> int:
        """The last used column."""
        return self.left + (len(self.cells[0]) if self.cells else 0) - 1


def read_workbook(path: str | Path) -> tuple[dict[str, RawTable], tuple[Finding, ...]]:
    """Tables by normal name ("spend"), and what was noticed about sheets.

    A table that may be absent and has no row is left out. Raises UnreadableFile where the file
    is no workbook, has a password, is damaged or too large.
    """
    path = Path(path)
    seen = admit(path)
    tables: dict[str, RawTable] = {}
    with sorted_out(path), CalamineWorkbook.from_path(path) as book:
        for name, table in BY_NAME.items():
            found = _find(table, seen)
            if found is None:
                continue
            sheet, excel_table = found
            raw = _table(table, _grid(book, sheet, seen), excel_table, seen.parts.dates_from_1904)
            if table.required or raw.rows:
                tables[name] = raw
    present = {name for name, table in BY_NAME.items() if _find(table, seen)}
    return tables, tuple(_renamed(seen, present))


def _find(table: Table, seen: Admitted) -> tuple[str, ExcelTable | None] | None:
    """Sheet and Excel Table that hold a table; None where there is neither."""
    wanted = normal(table.name)
    for excel_table in seen.parts.tables:
        if normal(excel_table.name) == wanted and excel_table.has_header:
            return excel_table.sheet, excel_table
    for sheet in seen.parts.sheets:
        if normal(sheet.name) == wanted:
            own = [found for found in seen.parts.tables if found.sheet == sheet.name]
            return sheet.name, own[0] if len(own) == 1 and own[0].has_header else None
    return None


def _grid(book: CalamineWorkbook, name: str, seen: Admitted) -> Grid:
    sheet = book.get_sheet_by_name(name)
    start = sheet.start or (0, 0)
    cells = [[None if value == "" else value for value in row] for row in sheet.to_python()]
    grid = Grid(name, start[0] + 1, start[1] + 1, cells)
    used = seen.used[name]
    if used.errors or used.merged:
        grid = _with_errors(grid, used)
    return grid


def _with_errors(grid: Grid, used: Used) -> Grid:
    """The grid with its error cells, which calamine reads as empty; it grows to hold them.

    So does what a merged cell covers: only its first cell holds the value.
    """
    rows = range(used.top, used.bottom + 1)
    cells = [grid.row(row, used.left, used.right) for row in rows]
    for (row, column), text in used.errors.items():
        cells[row - used.top][column - used.left] = ErrorCell(text)
    for top, left, bottom, right in used.merged:
        if top > bottom or left > right or cells[top - used.top][left - used.left] is None:
            continue
        whole = f"{corner(top, left)}:{corner(bottom, right)}"
        hidden = ErrorCell(f"inside the merged cells {whole}, which have to be unmerged")
        for row, column in product(range(top, bottom + 1), range(left, right + 1)):
            if (row, column) != (top, left):
                cells[row - used.top][column - used.left] = hidden
    return Grid(grid.sheet, used.top, used.left, cells)


def _table(table: Table, grid: Grid, excel: ExcelTable | None, from_1904: bool) -> RawTable:
    if excel is not None:
        top, left, right = excel.top, excel.left, excel.right
        while right < grid.right and grid.row(top, right + 1, right + 1)[0] is not None:
            right += 1  # a column typed beside the table
        bottom = (
            excel.bottom - excel.totals if excel.totals else _last_row(table, grid, excel, right)
        )
    else:
        top, left, right, bottom = _header_row(table, grid), grid.left, grid.right, grid.bottom
    header = ["" if cell is None else _header(cell) for cell in grid.row(top, left, right)]
    rows = [(row, grid.row(row, left, right)) for row in range(top + 1, bottom + 1)]
    filled = [(row, cells) for row, cells in rows if any(cell is not None for cell in cells)]
    columns: dict[str, int] = {}
    for offset, name in enumerate(header):
        columns.setdefault(normal(name), left + offset)
    columns.pop("", None)
    locate = Locator(grid.sheet, top, [row for row, _ in filled], columns)
    raw = RawTable.from_rows(table.name, header, [cells for _, cells in filled], locate)
    return _days_from_1904(table, raw) if from_1904 else raw


def _last_row(table: Table, grid: Grid, excel: ExcelTable, right: int) -> int:
    """The table's last row; rows typed right below it belong to it, as Excel would have it.

    So do whole rows below a gap: emptied rows in the middle must not cut the rest off.
    """
    required = {normal(column.name) for column in table.columns if column.required}
    header = grid.row(excel.top, excel.left, right)
    needed = [i for i, name in enumerate(header) if normal(str(name)) in required]
    last, touching = excel.bottom, True
    for row in range(excel.bottom + 1, grid.bottom + 1):
        cells = grid.row(row, excel.left, right)
        filled = sum(cell is not None for cell in cells)
        touching = touching and filled > 0
        whole = filled > 1 and all(cells[place] is not None for place in needed)
        if touching or whole:  # a note below the table is a single cell
            last = row
    return last


def _header_row(table: Table, grid: Grid) -> int:
    """The row that names most of the table's columns; the first used one where none does."""
    known = {normal(column.name) for column in table.columns}
    last = min(grid.bottom, grid.top + _HEADER_WITHIN - 1)

    def named(row: int) -> int:
        cells = grid.row(row, grid.left, grid.right)
        return len(known & {normal(cell) for cell in cells if isinstance(cell, str)})

    return max(range(grid.top, last + 1), key=lambda row: (named(row), -row), default=1)


def _header(cell: object) -> str:
    if isinstance(cell, ErrorCell):
        return cell.text
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _days_from_1904(table: Table, raw: RawTable) -> RawTable:
    """Plain serial numbers in date columns of a 1904 workbook as the dates they stand for."""
    days = {normal(column.name) for column in table.columns if column.kind in _DAYS}
    columns = dict(raw.columns)
    for header, cells in raw.columns.items():
        if normal(header) in days:
            columns[header] = np.array([_day(cell) for cell in cells], dtype=object)
    return RawTable(raw.name, columns, raw.locate, raw.repeated)


def _day(cell: object) -> object:
    number = isinstance(cell, float) and _SERIALS_1904[0] <= cell <= _SERIALS_1904[1]
    return _EPOCH_1904 + dt.timedelta(days=float(str(cell))) if number else cell


def _renamed(seen: Admitted, present: set[str]) -> Iterator[Finding]:
    """Sheets that look like an input table under another name."""
    absent = [table.name for name, table in BY_NAME.items() if name not in present]
    for sheet in seen.parts.sheets:
        if normal(sheet.name) in BY_NAME or sheet.name in OUTPUT_SHEETS:
            continue
        hint = did_you_mean(sheet.name, absent)
        if hint:
            meant = hint.split("'")[1]
            required = BY_NAME[normal(meant)].required
            yield Finding(
                "table-missing" if required else "sheet-unknown",
                Place(meant),
                f"sheet '{sheet.name}' is not read{hint}",
                f"rename it to '{meant}'",
                Severity.ERROR if required else Severity.WARNING,
                sheet_name(sheet.name),
            )


__all__ = ["OUTPUT_SHEETS", "read_workbook"]
