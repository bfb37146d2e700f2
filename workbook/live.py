"""Live formulas: one table formula a sheet, in the host's spelling, with room for its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Font
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from workbook.book import HEADER_ROW, LINE, Block, Book, SheetKind, Shown
from workbook.cell_values import cell_at
from workbook.places import letters, sheet_name
from workbook.ranges import room
from workbook.spelling import Host, spell
from workbook.styles import FONT, NAVY, PAPER, Look
from xlbudget.tables import GRAINS, normal

SPILL_ROW = HEADER_ROW + 1  # a formula's own header; titles and units stand above it
CHART_COLUMNS, CHART_ROWS = 15, 21  # of the default width and height, that a chart covers


@dataclass(frozen=True)
class Live:
    """How this workbook's formulas are spelled and where the input tables lie.

    widths     table name -> number of columns;  rows: table name -> rows filled in
    lines      lines of the data, None where none are filled in yet
    scenarios  scenarios that are filled in
    """

    book: Book
    host: Host
    widths: Mapping[str, int]
    rows: Mapping[str, int]
    lines: int | None
    scenarios: int

    @property
    def line_room(self) -> int:
        """Rows that a table of lines is given: those of the data and some to grow."""
        return 12 if self.lines is None else max(12, self.lines + 4)

    def table(self, name: str) -> str:
        """A whole input table with its header row, as an argument.

        An Excel Table grows as rows are pasted. LibreOffice does not grow it, so there the
        argument is a range with room; blank rows at its end are dropped by the formulas.
        """
        if self.host is not Host.LIBREOFFICE:
            return f"{name}[#All]"
        last = f"${letters(self.widths[name])}${HEADER_ROW + self.room(name)}"
        return f"{name}!$A${HEADER_ROW}:{last}"

    def room(self, name: str) -> int:
        """Rows below the header that a fixed range covers."""
        return room(name, self.rows[name])

    def setting(self, name: str) -> str:
        """The value of a setting as a formula; empty text where the cell is empty."""
        look = f'VLOOKUP("{name}",{self.table("Settings")},2,FALSE)'
        return f'=IFERROR(IF(LEN({look})=0,"",{look}),"")'

    def call(self, name: str, *arguments: str) -> str:
        """A formula cell's text."""
        return f"={spell(name, self.host)}({','.join(arguments)})"

    def output(self, name: str, note: str) -> Worksheet:
        """A sheet for one table formula: its titles and its own header stay in sight."""
        sheet = self.book.sheet(
            name, SheetKind.OUTPUT, name, f"{note} Calculated: do not type here."
        )
        self.book.repeat(sheet, SPILL_ROW)
        sheet.print_title_rows = f"{HEADER_ROW}:{SPILL_ROW}"
        return sheet

    def spill(
        self,
        sheet: Worksheet,
        columns: Sequence[Shown],
        formula: str,
        rows: int,
        charted: int | None = None,
        row: int = SPILL_ROW,
    ) -> Block:
        """A table formula over a legacy array range: header and room for `rows`.

        Titles stand in the row above, since the formula brings names of its own. Hosts fill the
        room that is left with #N/A, which is hidden; an error with a message is not.
        """
        self.book.header(sheet, columns, row - 1, 1)
        self.book.dress(sheet, columns, row - 1, 1, rows + 1, Look.OUTPUT)
        last = f"{letters(len(columns))}{row + rows}"
        for index, column in enumerate(columns, 1):
            cell = cell_at(sheet, row, index)
            cell.style = Look.UNIT.value
            side, apart = ("right", 0) if column.format.right else ("left", int(index > 1))
            cell.alignment = Alignment(horizontal=side, indent=apart, shrink_to_fit=True)
        if any(column.format.wrap for column in columns):  # no host fits a row to a result
            for at in range(row + 1, row + rows + 1):
                sheet.row_dimensions[at].height = 2 * LINE
        sheet.cell(row, 1).value = ArrayFormula(f"A{row}:{last}", formula)
        sheet.conditional_formatting.add(
            f"A{row + 1}:{last}",
            Rule(
                type="expression",
                formula=[f'AND(ISNA(A{row + 1}),LEFT($A${row},7)<>"BUDGET:")'],
                dxf=DifferentialStyle(font=Font(color=PAPER)),
            ),
        )
        return Block(sheet, row, 1, tuple(column.name for column in columns), rows, charted)

    def calculated(
        self,
        sheet: Worksheet,
        columns: Sequence[Shown],
        rows: int,
        row: int,
        left: int,
        charted: int | None = None,
    ) -> Block:
        """A table, empty as yet, of cells that the sheet itself works out; row: its header's."""
        self.book.header(sheet, columns, row, left)
        self.book.dress(sheet, columns, row, left, rows, Look.CALCULATION)
        return Block(sheet, row, left, tuple(column.name for column in columns), rows, charted)

    @staticmethod
    def beside(columns: int, charts: int = 1) -> list[str]:
        """The cells that each chart covers, one below the other, beside a table so wide."""
        left, tops = columns + 2, [SPILL_ROW + 1 + i * (CHART_ROWS + 1) for i in range(charts)]
        return [part(left, top, left + CHART_COLUMNS - 1, top + CHART_ROWS - 1) for top in tops]

    def found(
        self, sheet: Worksheet, row: int, column: int, name: str, block: Block, part: str
    ) -> None:
        """A named cell: which row of a result is the first one of what is chosen.

        name  that of the cell: of the chosen cell, with a word behind it
        part  the column of the result that holds such names

        Compared as new texts in an array: LibreOffice neither finds nor tells apart those that a
        table formula brought.
        """
        cells, chosen = block.cells(part), name.rpartition("_")[0]
        text = f'=MATCH(1,IF(ISNA({cells}),0,--({cells}&""={chosen}&"")),0)'
        cell = cell_at(sheet, row, column)
        sheet[cell.coordinate] = ArrayFormula(cell.coordinate, text)
        cell.style = Look.CALCULATION.value
        self.book.name(name, f"{sheet_name(sheet.title)}!${letters(column)}${row}")

    def links(self, sheet: Worksheet, row: int, left: int, to: Sequence[str], step: int) -> None:
        """Cells that lead to other sheets, by their names, every so many columns."""
        for index, name in enumerate(to):
            cell = cell_at(sheet, row, left + index * step)
            self.book.text(sheet, row, cell.column, name, Look.NOTE)
            place = f"{sheet_name(name)}!A1"
            cell.hyperlink = Hyperlink(cell.coordinate, location=place, tooltip=f"Go to {name}")
            cell.font = Font(FONT, 10, color=NAVY, underline="single")

    def choice(
        self, sheet: Worksheet, left: int, name: str, of: Block, column: str, prompt: str
    ) -> None:
        """A framed cell under its title that offers the names of a result; the first is chosen."""
        title = column.capitalize()
        self.book.text(sheet, HEADER_ROW, left, title, Look.HEADER)
        chosen = cell_at(sheet, HEADER_ROW + 1, left)
        first = f"{letters(of.column(column))}${of.first}"
        chosen.value = f"={sheet_name(of.sheet.title)}!${first}"
        chosen.style = Look.INPUT.value
        self.book.name(name, f"{sheet_name(sheet.title)}!${letters(left)}${HEADER_ROW + 1}")
        rule = DataValidation(type="list", formula1=of.cells(column), allow_blank=True)
        rule.promptTitle, rule.prompt, rule.showInputMessage = title, prompt, True
        rule.add(chosen.coordinate)
        sheet.add_data_validation(rule)


def part(left: int, top: int, right: int, bottom: int) -> str:
    """A range of cells by the numbers of its columns and rows."""
    return f"{letters(left)}{top}:{letters(right)}{bottom}"


def print_parts(sheet: Worksheet, *parts: str) -> None:
    """Print each part from a page of its own: neither a table nor its chart gets small."""
    sheet.print_area = ",".join(parts)


def lines_of(tables: Mapping[str, Mapping[str, Sequence[object]]]) -> int | None:
    """How many lines the spend has at the grain of Settings; None where there is no spend."""
    spend = {normal(header): values for header, values in tables.get("spend", {}).items()}
    settings = {normal(header): values for header, values in tables.get("settings", {}).items()}
    named = zip(settings.get("setting", ()), settings.get("value", ()), strict=False)
    grain = normal(next((str(value) for name, value in named if name == "grain"), "channel"))
    parts = [
        spend[normal(part)] for part in GRAINS if normal(part) in grain and normal(part) in spend
    ]
    return len(set(zip(*parts, strict=False))) or None
