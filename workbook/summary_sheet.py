"""The first page: what to do, what it brings, how sure, who must agree."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from workbook import charts
from workbook import result_columns as shown
from workbook.book import Book, SheetKind, Shown
from workbook.charts import Axes
from workbook.places import letters
from workbook.stamp import Stamp
from workbook.steps import step_columns, steps
from workbook.styles import TEXT, Format, Look
from xlbudget.governance.proposal import Proposal
from xlbudget.governance.words import distance
from xlbudget.planning.verdict import MOVE

_TILES = ("A", "C", "E", "G", "J")  # first column of each key figure
_WIDTHS = (20, 12, 14, 12, 12, 13, 16, 2, 18, 19, 19)
_WIDE = 180  # characters of a line of text
_ROW, _CHART_ROWS = 15, 16  # points of a row beside the chart, and the rows that it covers
_ASIDE = 26  # column of the waterfall's steps: right of the printed page
_CHART_COLUMN = "I"  # the chart stands right of the table of lines
_MOST = 10  # lines that the table shows


def summary_sheet(book: Book, proposal: Proposal, stamp: Stamp) -> None:
    """One page that can be read aloud in a meeting."""
    settings = proposal.model.data.settings
    horizon = proposal.model.data.horizon
    advice = proposal.allocation.verdict.partition(":")[0]
    title = f"Budget plan {horizon[0]} to {horizon[-1] + np.timedelta64(6, 'D')}: {advice}"
    sheet = book.sheet("Summary", SheetKind.OUTPUT, title, stamp.line)
    for index, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[letters(index)].width = width
    looks = (Look.LABEL, Look.FIGURE, Look.LABEL)
    for row, look in zip((4, 5, 6), looks, strict=True):
        for column in range(1, len(_WIDTHS) + 1):
            book.text(sheet, row, column, None, look)
    for at, texts in zip(_TILES, _figures(proposal), strict=True):
        for row, text, look in zip((4, 5, 6), texts, looks, strict=True):
            book.text(sheet, row, ord(at) - 64, text, look)
    for row, height in ((3, 16), (4, 18), (5, 28), (6, 18)):
        sheet.row_dimensions[row].height = height
    row = 8
    book.text(sheet, row, 1, "In short", Look.SECTION)
    row += 1
    for sentence in proposal.summary():
        row = book.lines(sheet, row, sentence, _WIDE, Look.PROSE)
    last = max(_movers(book, proposal, row + 1), row + _CHART_ROWS + 1)
    for beside in range(row, last + 1):
        sheet.row_dimensions[beside].height = _ROW
    _gain_waterfall(book, proposal, row + 1)
    sheet.print_area = f"A1:{letters(len(_WIDTHS))}{last}"
    sheet.page_setup.fitToHeight = 1
    unit = settings.currency or "money"
    book.text(sheet, 3, 1, f"Money in {unit}; outcome: {settings.outcome}", Look.UNIT)


def _figures(proposal: Proposal) -> list[tuple[str, str, str]]:
    """Label, figure and note of the five key figures."""
    allocation, ahead = proposal.allocation, proposal.forecast_recommended
    low, high = ahead.total_range
    confidence = f"{proposal.model.data.settings.confidence:.0%}"
    return [
        (
            "Budget of the horizon",
            _short(allocation.budget),
            f"now {_short(float(proposal.plan.totals.sum()))}",
        ),
        (
            "Expected outcome",
            _short(ahead.total),
            f"{_short(low)} to {_short(high)} ({confidence})",
        ),
        (
            "Gain over the current plan",
            _signed(allocation.gain),
            f"{_signed(allocation.gain_low)} to {_signed(allocation.gain_high)} ({confidence})",
        ),
        ("Better than the current plan", f"{allocation.prob_better:.0%}", "probability"),
        (
            "No plan can be better by more than",
            distance(allocation.gap),
            "within the rules, as far as the model sees",
        ),
    ]


def _short(value: float) -> str:
    """A figure people can say: 1.25 million, 340,000."""
    for size, word, digits in ((1e9, " bn", 2), (1e6, " m", 2), (1e4, " k", 0)):
        if abs(value) >= size:
            scale = 1e3 if word == " k" else size
            return f"{value / scale:,.{digits}f}{word}"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.3g}"


def _signed(value: float) -> str:
    return ("+" if value > 0 else "") + _short(value)


def _movers(book: Book, proposal: Proposal, row: int) -> int:
    """Where the money moves, the largest changes first, and whose yes that takes; last row."""
    sheet = book.workbook["Summary"]
    settings, allocation = proposal.model.data.settings, proposal.allocation
    status = Shown("status", "Approval", Format(TEXT, 16))
    named = (*shown.ALLOCATION[:6], status)
    in_units = shown.in_units(named, settings.currency, settings.outcome)
    columns = tuple(
        replace(column, format=replace(column.format, width=width))
        for column, width in zip(in_units, _WIDTHS, strict=False)
    )
    consent = proposal.approvals.columns()
    status_of = dict(zip(consent["line"], consent["status"], strict=True))
    values = {
        **allocation.columns(),
        "status": [status_of[name] for name in allocation.line],
    }
    order = np.argsort(-np.abs(np.asarray(values["change"])), kind="stable")[:_MOST]
    whole = allocation.verdict.startswith(f"{MOVE}:")
    title = (
        "Where the money moves" if whole else "What the split that is best on average would move"
    )
    book.text(sheet, row, 1, title, Look.SECTION)
    picked = {c.name: [values[c.name][int(i)] for i in order] for c in columns}
    block = book.table(sheet, columns, picked, row + 2)
    return block.last


def _gain_waterfall(book: Book, proposal: Proposal, row: int) -> None:
    """Gain of each line, largest first, then the total: values and chart."""
    sheet = book.workbook["Summary"]
    settings = proposal.model.data.settings
    values, unit = proposal.allocation.columns(), settings.outcome
    gains = steps(proposal.allocation.line, np.asarray(values["gain"], dtype=float))
    block = book.table(sheet, step_columns(unit), gains, row + 1, _ASIDE)
    chart = charts.waterfall(
        "Where the gain comes from",
        Axes("Line", f"{unit} over the horizon"),
        *(block.reference(name) for name in ("line", "base", "up", "down")),
    )
    chart.width, chart.height = 10, 8
    alt = "Waterfall: what each line adds to the gain or takes away, and the total."
    book.chart(sheet, chart, f"{_CHART_COLUMN}{row}", alt)
