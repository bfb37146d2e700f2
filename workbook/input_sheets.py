"""The input sheets: one Excel Table each, with units, formats, lists and messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from openpyxl.styles import Alignment
from openpyxl.worksheet.table import Table as ExcelTable
from openpyxl.worksheet.table import TableColumn, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from workbook import defaults
from workbook.book import HEADER_ROW, Book, SheetKind
from workbook.cell_values import cell_at, dressed_as, put
from workbook.places import letters
from workbook.rules import over, setting_validation, validation
from workbook.styles import DAY, NUMBER, TEXT, Look
from xlbudget.tables import SETTINGS, SETTINGS_ROWS, Column, Extra, Kind, Table, normal

ROOM = 5_000  # rows that validation covers below the header, at least
EMPTY_ROWS = 25  # rows that look like input in a table without data

_LINE = 100  # characters of a line of text
_SHORT = 20  # rows of a recorded table below which there is room to explain its columns
PRINTED_ROWS = 45  # of a sheet that is printed for the record

Values = Mapping[str, Any]  # header -> values (rows,): a sequence or an array

_FORMATS = {
    Kind.WEEK: DAY,
    Kind.DATE: DAY,
    Kind.MONTH: "yyyy-mm",
    Kind.TEXT: TEXT,
    Kind.MONEY: "#,##0.00",
    Kind.NUMBER: NUMBER,
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0##",
    Kind.FLAG: TEXT,
    Kind.VALUE: TEXT,
}
_LEANING = {Kind.VALUE: "right", Kind.WEEK: "left", Kind.DATE: "left", Kind.MONTH: "left"}
_WIDTHS = {Kind.TEXT: 18, Kind.MONEY: 15, Kind.VALUE: 18}
_WIDE = {
    "note": 56,
    "scenario": 30,
    "reason": 48,
    "comment": 36,
    "source": 36,
    "applies_to": 14,
    "id": 8,
}
_UNITS = {Kind.WEEK: "date", Kind.DATE: "date", Kind.MONTH: "month", Kind.FLAG: "yes or no"}


def fill_sheet(book: Book, table: Table, values: Values | None) -> Worksheet:
    """A sheet to be filled in: every column of the schema, then further ones that were given."""
    given = dict(values or {})
    headers = {normal(header): header for header in given}
    names = [headers.pop(normal(column.name), column.name) for column in table.columns]
    further = list(headers.values())
    if not given and table.extra is Extra.NUMBERS:
        further = list(defaults.EXTRA_COLUMNS.get(table.name, ()))
    return input_sheet(book, table, {name: given.get(name, ()) for name in (*names, *further)})


def input_sheet(
    book: Book, table: Table, values: Values, note: str = "", least: int = EMPTY_ROWS
) -> Worksheet:
    """A sheet with these columns, in this order, under these headers; least: rows that look so."""
    sheet = book.sheet(table.name, SheetKind.INPUT, table.name, note or table.help)
    rows = max((len(column) for column in values.values()), default=0)
    known = {normal(column.name): column for column in table.columns}
    room = HEADER_ROW + max(ROOM, 2 * rows)
    for index, (header, cells) in enumerate(values.items(), start=1):
        column = known.get(normal(header)) or _further(table, header)
        _column(book, sheet, index, header, column, cells, max(rows, least))
        rule = over(validation(table, column, HEADER_ROW + 1, room), index, HEADER_ROW + 1, room)
        if table is not SETTINGS or column.name != "value":
            sheet.add_data_validation(rule)
    _excel_table(sheet, table.name, list(values), max(rows, 1))
    book.repeat(sheet)
    if table is SETTINGS:
        _explain_settings(book, sheet, values)
    return sheet


def recorded_sheet(book: Book, table: Table, values: Values, source: str) -> None:
    """The input as it came in: all of it on the sheet, its first rows on one printed page."""
    rows = max((len(column) for column in values.values()), default=0)
    printed = min(rows, PRINTED_ROWS)
    note = f"As it came in from {source}: {rows:,} row{'s' * (rows != 1)}"
    note += f", of which the first {printed} are printed." if printed < rows else "."
    sheet = input_sheet(book, table, values, note, least=1)
    last = HEADER_ROW + max(printed, 1)
    if rows <= _SHORT and table is not SETTINGS:
        last = _legend(book, sheet, table, values, last + 3)
    book.print_first(sheet, last)


def _legend(book: Book, sheet: Worksheet, table: Table, values: Values, row: int) -> int:
    """Below a short table, after empty rows that end it: what its columns mean; the last row."""
    known = {normal(column.name): column for column in table.columns}
    book.text(sheet, row, 1, "What the columns mean", Look.SECTION)
    for header in values:
        column = known.get(normal(header)) or _further(table, header)
        needed = " Needed." if column.required else ""
        row = book.lines(sheet, row + 1, f"{header}: {column.help}{needed}", _LINE) - 1
    return row


def _further(table: Table, header: str) -> Column:
    """A column beyond the schema: a measure, an attribute, or one that is not read."""
    if table.extra is Extra.NUMBERS:
        return Column(header, Kind.NUMBER, "One number a week.", below_zero=True)
    if table.extra is Extra.ATTRIBUTES:
        return Column(header, Kind.TEXT, "An attribute to group by.")
    return Column(header, Kind.VALUE, "Not read.")


def _column(
    book: Book,
    sheet: Worksheet,
    index: int,
    header: str,
    column: Column,
    cells: Sequence[Any],
    rows: int,
) -> None:
    book.text(sheet, HEADER_ROW, index, header, Look.HEADER)
    unit = column.unit or _UNITS.get(column.kind, "")
    book.text(
        sheet,
        HEADER_ROW - 1,
        index,
        unit or ("text" if column.kind is Kind.TEXT else ""),
        Look.UNIT,
    )
    width = _WIDE.get(column.name, _WIDTHS.get(column.kind, 13))
    sheet.column_dimensions[letters(index)].width = max(width, min(len(header) + 3, 30))
    column_cells = [cell_at(sheet, HEADER_ROW + 1 + offset, index) for offset in range(rows)]
    for cell, value in zip(column_cells, cells, strict=False):
        put(cell, value)
    first = column_cells[0]
    first.style = Look.INPUT.value
    first.number_format = _FORMATS[column.kind]
    if column.kind is Kind.TEXT and index > 1:  # apart from a figure on its left
        first.alignment = Alignment(horizontal="left", indent=1)
    elif column.kind in _LEANING:
        apart = 1 if index > 1 and _LEANING[column.kind] == "left" else 0
        first.alignment = Alignment(horizontal=_LEANING[column.kind], indent=apart)
    for cell in column_cells[1:]:
        dressed_as(cell, first)


def _excel_table(sheet: Worksheet, name: str, headers: Sequence[str], rows: int) -> None:
    last = f"{letters(len(headers))}{HEADER_ROW + rows}"
    table = ExcelTable(displayName=name, ref=f"A{HEADER_ROW}:{last}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    table.tableColumns = [
        TableColumn(id=index, name=header) for index, header in enumerate(headers, start=1)
    ]
    sheet.add_table(table)


def _explain_settings(book: Book, sheet: Worksheet, values: Values) -> None:
    """Beside the table, after an empty column: what each setting means, and its rule."""
    at = len(values) + 2
    book.text(sheet, HEADER_ROW, at, "what it means", Look.HEADER)
    sheet.column_dimensions[letters(at)].width = 84
    known = {normal(setting.name): setting for setting in SETTINGS_ROWS}
    value_column = [normal(header) for header in values].index("value") + 1
    names = next(cells for header, cells in values.items() if normal(header) == "setting")
    for row, name in enumerate(names, start=HEADER_ROW + 1):
        setting = known.get(normal(str(name)))
        if setting is None:
            continue
        unit = f" ({setting.unit})" if setting.unit else ""
        book.text(sheet, row, at, setting.help + unit, Look.NOTE)
        sheet.add_data_validation(over(setting_validation(setting), value_column, row, row))
        if setting.kind in (Kind.WEEK, Kind.DATE):
            cell_at(sheet, row, value_column).number_format = DAY
