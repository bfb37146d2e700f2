"""The sheet that opens first, the words of the method, and the change log."""

from __future__ import annotations

import datetime as dt

from openpyxl.styles import Alignment

from workbook.book import HEADER_ROW, Book, SheetKind
from workbook.cell_values import cell_at
from workbook.places import letters
from workbook.spelling import Host
from workbook.styles import DAY, Look
from xlbudget.tables import TABLES

_STEPS = (
    "Settings: name the outcome you plan for, the currency, the horizon and the budget.",
    "Spend and Outcomes: paste weekly history, one row a week and line. Two years read best.",
    "Channels: give every channel a role. Regions, Controls and Experiments help where you have "
    "them.",
    "Plan: enter the current plan of the horizon. Guardrails: check the five that are shipped.",
    "Read the output sheets from left to right, or run `xlbudget plan` on this file.",
    "Checks: one cell says OK. LOOK names what a person should see first.",
)
HOST_WORDS = {
    Host.EXCEL: "Formulas are spelled for Excel with the xlbudget add-in (BUDGET_FORECAST).",
    Host.LITE: "Formulas are spelled for xlwings Lite; output sheets are not locked, so that a "
    "formula can be entered again.",
    Host.SERVER: "Formulas are spelled for xlwings Server; output sheets are not locked, so that "
    "a formula can be entered again.",
    Host.LIBREOFFICE: "Formulas are spelled for LibreOffice Calc with the xlbudget extension "
    "(BUDGET.FORECAST).",
}

HOW_TO_READ = (
    "Weekly outcome is a baseline (level, trend, season, holidays, controls) plus what each line "
    "of spend causes: spend works on for some weeks (carry-over) and ever less per unit of money "
    "(saturation). Every figure comes from the same posterior draws of that model.",
    "Value of a plan: the outcome that the horizon's spend causes, in the horizon and in the weeks "
    "after it until it has faded (26 at most). What earlier spend carries in is not counted.",
    "Marginal ROI: what one more unit of money brings back, spread over the weeks as the plan is. "
    "Average ROI: value of the plan over planned spend.",
    "Low and high are the central range of the draws at the confidence in Settings. A range says "
    "how sure the model is of its own figures; what no data show, it cannot know.",
    "The allocation is the best that all guardrails allow. The distance from the best is proven: "
    "no allowed plan can be better by more than that share.",
)


def start_sheet(book: Book, host: Host) -> None:
    """What to do, what the looks mean, and which sheet holds what."""
    sheet = book.sheet(
        "Start", SheetKind.GUIDE, "Where the budget goes next", "Six steps, then read the results."
    )
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 110
    row = HEADER_ROW
    row = _section(book, row, "Steps")
    for index, step in enumerate(_STEPS, 1):
        book.text(sheet, row, 1, index, Look.CALCULATION)
        cell_at(sheet, row, 1).alignment = Alignment(horizontal="left", vertical="top")
        book.text(sheet, row, 2, step, Look.CALCULATION)
        row += 1
    row = _section(book, row + 1, "How cells look")
    for look, text in (
        (Look.INPUT, "Framed, blue on sand: yours to fill in."),
        (Look.CALCULATION, "Plain, underlined: calculated on the way."),
        (Look.OUTPUT, "Grey, underlined, locked: a result. Only what is framed is typed."),
    ):
        book.text(sheet, row, 1, look.value.removeprefix("xlb ").capitalize(), look)
        book.text(sheet, row, 2, text, Look.CALCULATION)
        row += 1
    row = _section(book, row + 1, "Input sheets")
    for table in TABLES:
        book.text(sheet, row, 1, table.name, Look.CALCULATION)
        needed = "Needed. " if table.required else ""
        book.text(sheet, row, 2, needed + table.help, Look.CALCULATION)
        row += 1
    row = _section(book, row + 1, "Formulas")
    book.text(sheet, row, 1, "Spelling", Look.CALCULATION)
    book.text(sheet, row, 2, HOST_WORDS[host], Look.CALCULATION)
    sheet.page_setup.fitToHeight = 1


def change_log(book: Book, made: dt.datetime, version: str) -> None:
    """Who changed what in this workbook: the first row is its making, the rest is the user's."""
    sheet = book.sheet("Change log", SheetKind.INPUT, "Change log", "One row a change of note.")
    for column, (title, width) in enumerate(
        (("Date", 13), ("Who", 24), ("What changed", 80), ("Why", 48)), 1
    ):
        book.text(sheet, HEADER_ROW, column, title, Look.HEADER)
        sheet.column_dimensions[letters(column)].width = width
    first = (made.date(), "xlbudget", f"Workbook made with version {version or 'unknown'}", "")
    for row in range(HEADER_ROW + 1, HEADER_ROW + 11):
        for column, value in enumerate(first, 1):
            filled = value if row == HEADER_ROW + 1 else None
            book.text(sheet, row, column, filled or None, Look.INPUT)
        cell_at(sheet, row, 1).number_format = DAY
    book.repeat(sheet)


def _section(book: Book, row: int, title: str) -> int:
    sheet = book.workbook["Start"]
    book.text(sheet, row, 1, title, Look.SECTION)
    book.text(sheet, row, 2, "", Look.SECTION)
    return row + 1
