"""The first page: what to do, what it brings, how sure, who must agree."""

from __future__ import annotations

import numpy as np
from openpyxl.worksheet.pagebreak import Break

from workbook import charts
from workbook import result_columns as shown
from workbook.book import Book, SheetKind, Shown
from workbook.charts import Axes
from workbook.places import letters
from workbook.stamp import Stamp
from workbook.styles import MONEY, TEXT, Format, Look
from xlbudget.governance.proposal import Proposal

_TILES = ("A", "C", "E", "G", "I")  # first column of each key figure, which takes two
_WIDTHS = (22, 14, 14, 14, 14, 14, 14, 14, 14, 14)
_WIDE = 150  # characters of a line of text
_MOST = 10  # lines that the table shows


def summary_sheet(book: Book, proposal: Proposal, stamp: Stamp) -> None:
    """One page that can be read aloud in a meeting."""
    settings = proposal.model.data.settings
    horizon = proposal.model.data.horizon
    title = f"Budget plan {horizon[0]} to {horizon[-1] + np.timedelta64(6, 'D')}"
    sheet = book.sheet("Summary", SheetKind.OUTPUT, title, stamp.line)
    for index, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[letters(index)].width = width
    looks = (Look.LABEL, Look.FIGURE, Look.LABEL)
    for at, texts in zip(_TILES, _figures(proposal), strict=True):
        first = ord(at) - 64
        for row, text, look in zip((4, 5, 6), texts, looks, strict=True):
            book.text(sheet, row, first, text, look)
            book.text(sheet, row, first + 1, None, look)
    for row, height in ((3, 16), (4, 18), (5, 28), (6, 18)):
        sheet.row_dimensions[row].height = height
    row = 8
    book.text(sheet, row, 1, "In short", Look.SECTION)
    row += 1
    for sentence in proposal.summary():
        row = book.lines(sheet, row, sentence, _WIDE, Look.PROSE)
    row = _movers(book, proposal, row + 1)
    row = _approvals(book, proposal, row + 1)
    sheet.row_breaks.append(_break(row))
    _gain_waterfall(book, proposal, row + 1)
    sheet.page_setup.fitToHeight = 2  # the page for the meeting, and the waterfall
    unit = settings.currency or "money"
    book.text(sheet, 3, 1, f"Money in {unit}; outcome: {settings.outcome}", Look.UNIT)


def _break(row: int) -> Break:
    return Break(id=row)


def _figures(proposal: Proposal) -> list[tuple[str, str, str]]:
    """Label, figure and note of the five key figures."""
    allocation, ahead = proposal.allocation, proposal.forecast_recommended
    low, high = ahead.total_range
    gap = "< 0.01%" if allocation.gap < 1e-4 else f"{allocation.gap:.2%}"
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
        ("Distance from the best", gap, "at most, proven"),
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
    """Where the money moves: the largest changes first."""
    sheet = book.workbook["Summary"]
    settings = proposal.model.data.settings
    columns = shown.in_units(shown.ALLOCATION[:8], settings.currency, settings.outcome)
    values = proposal.allocation.columns()
    order = np.argsort(-np.abs(np.asarray(values["change"])), kind="stable")[:_MOST]
    book.text(sheet, row, 1, "Where the money moves", Look.SECTION)
    picked = {c.name: [values[c.name][int(i)] for i in order] for c in columns}
    block = book.table(sheet, columns, picked, row + 2)
    return block.last + 1


def _approvals(book: Book, proposal: Proposal, row: int) -> int:
    """Who must say yes, by person."""
    sheet = book.workbook["Summary"]
    book.text(sheet, row, 1, "Approvals needed", Look.SECTION)
    values = proposal.approvals.columns()
    rows = zip(values["line"], values["status"], values["rule"], values["approver"], strict=True)
    found = [
        (f"{line}: {status}", f"{who or 'nobody may'}. {rule}")
        for line, status, rule, who in rows
        if status != "automatic"
    ]
    row += 1
    if not found:
        return book.lines(sheet, row, "None: every change may run as it is.", _WIDE, Look.PROSE)
    for line, text in found:
        row = book.lines(sheet, row, f"{line}, {text}", _WIDE, Look.PROSE)
    return row


def _gain_waterfall(book: Book, proposal: Proposal, row: int) -> None:
    """Gain of each line, largest first, then the total: values and chart."""
    sheet = book.workbook["Summary"]
    settings = proposal.model.data.settings
    values = proposal.allocation.columns()
    gains = np.asarray(values["gain"], dtype=float)
    order = np.argsort(-gains, kind="stable")
    order = order[np.abs(gains[order]) > 1e-9 * max(np.abs(gains).max(), 1e-300)]
    ends = np.cumsum(gains[order])
    starts = ends - gains[order]
    number = Format(MONEY, 14, right=True)
    unit = settings.outcome
    columns = (
        Shown("line", "Line", Format(TEXT, 22)),
        Shown("base", "Starts at", number, unit),
        Shown("up", "Adds", number, unit),
        Shown("down", "Takes away", number, unit),
    )
    total = float(gains.sum())
    steps = {
        "line": [*(values["line"][int(i)] for i in order), "Total"],
        "base": [*np.minimum(starts, ends), 0.0],
        "up": [*np.maximum(gains[order], 0), max(total, 0.0)],
        "down": [*np.maximum(-gains[order], 0), max(-total, 0.0)],
    }
    block = book.table(sheet, columns, steps, row + 22)
    chart = charts.waterfall(
        "Where the gain comes from",
        Axes("Line", f"{unit} over the horizon"),
        *(block.reference(name) for name in ("line", "base", "up", "down")),
    )
    alt = "Waterfall: what each line adds to the gain or takes away, and the total."
    book.chart(sheet, chart, f"A{row}", alt)


__all__ = ["summary_sheet"]
