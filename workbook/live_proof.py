"""Readiness and Method of a template: whether the data are fit, and what was assumed."""

from __future__ import annotations

from openpyxl.worksheet.worksheet import Worksheet

from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block
from workbook.cell_values import cell_at
from workbook.guide import HOW_TO_READ
from workbook.live import Live
from workbook.styles import Look

_CHECKED = (
    "Spend",
    "Outcomes",
    "Controls",
    "Channels",
    "Ledger",
    "Plan",
    "Settings",
    "Experiments",
    "Scenarios",
)
_CHECK_ROOM = 60  # rows of READINESS: checks, and what was found in the inputs
_WIDE = 150  # characters of a line of text


def readiness_sheet(live: Live) -> Block:
    """Are these data fit to plan on?"""
    sheet = live.output("Readiness", "Are these data fit to plan on? Where to look first.")
    formula = live.call("READINESS", *map(live.table, _CHECKED))
    return live.spill(sheet, shown.READINESS, formula, _CHECK_ROOM)


def method_sheet(live: Live) -> Worksheet:
    """How to read the figures, the version, and what was believed about each line."""
    sheet = live.output("Method", "How these figures come about.")
    book, row = live.book, HEADER_ROW
    for text in HOW_TO_READ:
        row = book.lines(sheet, row, text, _WIDE, Look.PROSE) + 1
    book.text(sheet, row, 1, "Version", Look.CALCULATION)
    version = cell_at(sheet, row, 2)
    version.value, version.style = "=budget_version", Look.PROSE.value
    book.text(sheet, row + 2, 1, "What was believed beforehand, and is now", Look.SECTION)
    formula = live.call("PRIORS", "model_key")
    live.spill(sheet, shown.PRIORS, formula, live.line_room, row=row + 5)
    sheet.freeze_panes = f"A{HEADER_ROW}"
    sheet.print_title_rows = None
    return sheet
