"""The workbook that is being written: sheets of one make, tables of values, charts, names."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.chart import Reference
from openpyxl.chart._chart import ChartBase
from openpyxl.styles import Alignment
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from workbook.cell_values import cell_at, dressed_as, put, without_noise
from workbook.files import write_whole
from workbook.package import finished
from workbook.places import letters, sheet_name
from workbook.styles import NAVY, ORANGE, TEAL, Format, Look, add_styles

HEADER_ROW = 4  # of every table: title, note and units stand above it
CHART_ROWS = 21  # rows of the default height that a chart covers
LINE = 13.5  # points that one line of a wrapped text takes
_UNIT = 0.95  # of a column's width that a letter of its unit takes
_NARROW, _SHORT = 6, 30  # columns and rows up to which an upright or a lying page is filled


class SheetKind(StrEnum):
    """What a sheet is for; said in words on the sheet, and by the colour of its tab."""

    INPUT = "Input"
    CALCULATION = "Calculation"
    OUTPUT = "Output"
    GUIDE = "Guide"


_TABS = {
    SheetKind.INPUT: "FACC15",
    SheetKind.CALCULATION: TEAL,
    SheetKind.OUTPUT: NAVY,
    SheetKind.GUIDE: ORANGE,
}


@dataclass(frozen=True)
class Shown:
    """A column as people see it: its name in the result, its title, unit and format."""

    name: str
    title: str
    format: Format
    unit: str = ""


def _lines(column: Shown, values: Sequence[Any], index: int) -> int:
    """Lines that a wrapped text takes in its column; hosts do not all find out by themselves."""
    if not column.format.wrap or index >= len(values):
        return 1
    return max(1, len(textwrap.wrap(str(values[index] or ""), int(column.format.width * 0.95))))


def _indent(column: Shown, offset: int) -> int:
    """Text keeps a distance from the number on its left."""
    return 0 if column.format.right or offset == 0 else 1


@dataclass(frozen=True)
class Block:
    """A table that stands in a sheet: where its columns are, so that charts can point at them."""

    sheet: Worksheet
    header: int
    left: int
    names: tuple[str, ...]
    rows: int
    charted: int | None = None  # rows that charts show; None: all

    @property
    def first(self) -> int:
        """Sheet row of the first data row."""
        return self.header + 1

    @property
    def last(self) -> int:
        """Sheet row of the last data row."""
        return self.header + self.rows

    def column(self, name: str) -> int:
        """Sheet column of a column."""
        return self.left + self.names.index(name)

    def reference(self, name: str, rows: slice | None = None) -> Reference:
        """The data cells of a column, or some of them, for a chart."""
        first, last, _ = (rows or slice(self.charted)).indices(self.rows)
        at = self.column(name)
        return Reference(
            self.sheet,
            min_col=at,
            max_col=at,
            min_row=self.first + first,
            max_row=self.header + last,
        )

    def upto(self, rows: int) -> Block:
        """The same table, of which charts show the first rows alone."""
        return replace(self, charted=rows)

    def cells(self, name: str) -> str:
        """The data cells of a column as a formula spells them."""
        at = letters(self.column(name))
        return f"{sheet_name(self.sheet.title)}!${at}${self.first}:${at}${self.last}"


@dataclass
class Book:
    """A workbook in the making; `save` writes it whole or not at all."""

    made: dt.datetime
    footer: str = ""
    workbook: Workbook = field(default_factory=Workbook)
    _alt_texts: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.workbook.remove(self.workbook.worksheets[0])
        self.workbook.properties.creator = "xlbudget"
        add_styles(self.workbook)

    def sheet(self, name: str, kind: SheetKind, title: str, note: str = "") -> Worksheet:
        """A new sheet with title, note, tab, print set-up: landscape A4, one page wide."""
        sheet: Worksheet = self.workbook.create_sheet(name)
        sheet.sheet_properties.tabColor = _TABS[kind]
        sheet.sheet_view.showGridLines = False
        self.text(sheet, 1, 1, title, Look.TITLE)
        self.text(sheet, 2, 1, f"{kind.value}. {note}" if note else kind.value, Look.NOTE)
        sheet.row_dimensions[1].height = 24
        sheet.page_setup.orientation = "landscape"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth = 1
        sheet.page_setup.fitToHeight = 0
        sheet.page_margins.left = sheet.page_margins.right = 0.5
        sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.8
        sheet.page_margins.footer = 0.35
        sheet.HeaderFooter.oddFooter = HeaderFooterItem(
            left=_HeaderFooterPart(text=self.footer.replace("&", "&&"), size=8),
            right=_HeaderFooterPart(text="&A, page &P of &N", size=8),
        )
        return sheet

    @staticmethod
    def text(sheet: Worksheet, row: int, column: int, value: Any, look: Look) -> None:
        """One cell."""
        cell = cell_at(sheet, row, column)
        put(cell, value)
        cell.style = look.value

    def lines(
        self,
        sheet: Worksheet,
        row: int,
        text: str,
        width: int,
        look: Look = Look.NOTE,
        left: int = 1,
    ) -> int:
        """A paragraph over as many rows as it takes, width in characters; the next free row."""
        for line in textwrap.wrap(text, width) or [""]:
            self.text(sheet, row, left, line, look)
            row += 1
        return row

    def table(
        self,
        sheet: Worksheet,
        columns: Sequence[Shown],
        values: Mapping[str, Any],
        row: int = HEADER_ROW,
        left: int = 1,
        look: Look = Look.OUTPUT,
    ) -> Block:
        """Values below a header row, units in the row above it."""
        self.header(sheet, columns, row, left)
        rows = max((len(values[column.name]) for column in columns), default=0)
        for offset, column in enumerate(columns):
            for index, value in enumerate(without_noise(values[column.name])):
                put(cell_at(sheet, row + 1 + index, left + offset), value)
        self.dress(sheet, columns, row, left, rows, look)
        for index in range(rows):
            lines = max(_lines(column, values[column.name], index) for column in columns)
            if lines > 1:
                sheet.row_dimensions[row + 1 + index].height = LINE * lines
        return Block(sheet, row, left, tuple(column.name for column in columns), rows)

    def header(
        self, sheet: Worksheet, columns: Sequence[Shown], row: int, left: int, titles: bool = True
    ) -> None:
        """The header row and, above it, the units."""
        lines = max(len(textwrap.wrap(c.title, int(c.format.width * 0.9))) for c in columns)
        if titles and lines > 1:
            sheet.row_dimensions[row].height = LINE * lines + 2
        for offset, column in enumerate(columns):
            if titles:
                self.text(sheet, row, left + offset, column.title, Look.HEADER)
            if column.unit:
                self.text(sheet, row - 1, left + offset, column.unit, Look.UNIT)
            for at in (row - 1, row):
                cell_at(sheet, at, left + offset).alignment = Alignment(
                    horizontal="right" if column.format.right else "left",
                    indent=_indent(column, offset),
                    vertical="center",
                    wrap_text=at == row,
                )

    @staticmethod
    def dress(
        sheet: Worksheet,
        columns: Sequence[Shown],
        row: int,
        left: int,
        rows: int,
        look: Look,
    ) -> None:
        """Style and number format of the cells of a table, and the widths of its columns."""
        for offset, column in enumerate(columns):
            letter = letters(left + offset)
            wide = sheet.column_dimensions[letter].width if letter in sheet.column_dimensions else 0
            unit = _UNIT * len(column.unit)
            sheet.column_dimensions[letter].width = max(wide, column.format.width, unit)
            if not rows:
                continue
            first = cell_at(sheet, row + 1, left + offset)
            first.style = look.value
            first.number_format = column.format.number
            first.alignment = Alignment(
                horizontal="right" if column.format.right else "left",
                indent=_indent(column, offset),
                vertical="top",
                wrap_text=column.format.wrap,
            )
            for index in range(1, rows):
                dressed_as(cell_at(sheet, row + 1 + index, left + offset), first)

    def chart(self, sheet: Worksheet, chart: ChartBase, at: str, alt: str) -> None:
        """A native chart with the text that a screen reader says."""
        sheet.add_chart(chart, at)
        self._alt_texts.setdefault(sheet.title, []).append(alt)

    def name(self, name: str, reference: str) -> None:
        """A named range."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=reference)

    @staticmethod
    def repeat(sheet: Worksheet, header: int = HEADER_ROW) -> None:
        """Freeze the header on screen and repeat it on every printed page."""
        sheet.freeze_panes = f"A{header + 1}"
        sheet.print_title_rows = f"{header}:{header}"

    @staticmethod
    def on_one_page(sheet: Worksheet, rows: int, most: int = 30) -> None:
        """Print on one page where the table is short enough to stay readable."""
        sheet.page_setup.fitToHeight = 1 if rows <= most else 0

    @staticmethod
    def print_first(sheet: Worksheet, rows: int) -> None:
        """Print one page: down to this row of the sheet; the rest stays for the screen."""
        upright = sheet.max_column <= _NARROW and rows > _SHORT
        sheet.print_area = f"A1:{letters(max(sheet.max_column, _NARROW))}{rows}"
        sheet.page_setup.orientation = "portrait" if upright else "landscape"
        sheet.page_setup.fitToHeight = 1

    def protect(self, sheets: Iterable[Worksheet]) -> None:
        """Against typing by mistake: no password, columns may be widened and filtered."""
        for sheet in sheets:
            sheet.protection.sheet = True
            sheet.protection.formatColumns = False
            sheet.protection.formatRows = False
            sheet.protection.autoFilter = False

    def save(self, path: Path) -> None:
        """Write the file."""
        self.workbook.calculation.fullCalcOnLoad = True
        order = [sheet.title for sheet in self.workbook.worksheets]
        alt_texts = [self._alt_texts[title] for title in order if title in self._alt_texts]
        write_whole(path, finished(self.workbook, alt_texts, self.made))
