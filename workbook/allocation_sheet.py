"""The Allocation sheet of a plan file: the split, why it is so, what rules cost, how sure it is."""

from __future__ import annotations

import numpy as np
from openpyxl.worksheet.pagebreak import Break
from openpyxl.worksheet.worksheet import Worksheet

from workbook import charts
from workbook import result_columns as shown
from workbook.book import CHART_ROWS, HEADER_ROW, Book, SheetKind
from workbook.charts import Axes
from workbook.styles import Look
from xlbudget.governance.proposal import Proposal
from xlbudget.planning.verdict import MOVE
from xlbudget.tabular import Columns

_WIDE = 185  # characters that a line of text takes beside the table


def allocation_sheet(book: Book, proposal: Proposal) -> None:
    """The recommended split, its proof, its prices, and the reason for every line."""
    advice = proposal.allocation.verdict.partition(":")[0]
    apart = f"Best split on average; the advice is to {advice}"
    sheet = book.sheet(
        "Allocation",
        SheetKind.OUTPUT,
        "Recommended allocation" if advice == MOVE else apart,
        "The best split that every guardrail allows; totals of the horizon.",
    )
    last = _split(book, sheet, proposal)
    sheet.row_breaks.append(Break(id=last))
    row = _reasons(book, sheet, proposal, last + 2)
    sheet.row_breaks.append(Break(id=row - 1))
    row = _prices(book, sheet, proposal, row)
    _best_spends(book, sheet, proposal, row + 1)
    sheet.freeze_panes = "A4"


def _split(book: Book, sheet: Worksheet, proposal: Proposal) -> int:
    """The spend of each line before and after, drawn and in figures; the row of the totals."""
    values, settings = proposal.allocation.columns(), proposal.model.data.settings
    columns = shown.in_units(shown.ALLOCATION, settings.currency, settings.outcome)
    row = HEADER_ROW + CHART_ROWS
    block = book.table(sheet, columns, _without_free_prices(values), row)
    totals = {
        name: float(np.round(np.sum(values[name]), 6)) + 0.0
        for name in ("current", "recommended", "change", "gain")
    }
    last = block.last + 1
    for index, column in enumerate(columns, 1):
        value = "Total" if column.name == "line" else totals.get(column.name)
        book.text(sheet, last, index, value, Look.TOTAL)
        sheet.cell(last, index).number_format = column.format.number
    chart = charts.columns(
        "Spend before and after",
        Axes("Line", f"{settings.currency or 'money'} over the horizon"),
        block.reference("line"),
        [
            (block.reference("current"), "Current"),
            (block.reference("recommended"), "Recommended"),
        ],
    )
    book.chart(sheet, chart, "A4", "Columns per line: current spend beside recommended spend.")
    return last


def _without_free_prices(values: Columns) -> dict[str, object]:
    """A price only where a guardrail holds the line."""
    shown_values: dict[str, object] = dict(values)
    pairs = zip(values["limit"], values["limit_price"], strict=True)
    shown_values["limit_price"] = [price if limit else None for limit, price in pairs]
    return shown_values


def _reasons(book: Book, sheet: Worksheet, proposal: Proposal, row: int) -> int:
    """Line by line why, beside its name, over as many rows as it takes."""
    book.text(sheet, row, 1, "Why", Look.SECTION)
    row += 1
    values, right = proposal.explanation.columns(), _WIDE - int(shown.LINE.format.width)
    for line, why, sure in zip(values["line"], values["why"], values["confidence"], strict=True):
        book.text(sheet, row, 1, f"{line} ({sure})" if sure else line, Look.STRONG)
        row = book.lines(sheet, row, why, right, Look.PROSE, left=2)
    return row


def _prices(book: Book, sheet: Worksheet, proposal: Proposal, row: int) -> int:
    """What each binding guardrail costs, and the figures of the optimum."""
    if proposal.allocation.limits:
        book.text(sheet, row, 1, "What the guardrails cost", Look.SECTION)
        row += 1
        for limit in proposal.allocation.limits:
            row = book.lines(sheet, row, limit.sentence, _WIDE, Look.PROSE)
    if proposal.allocation.marks:
        names = ", ".join(proposal.allocation.marks)
        text = f"Beyond what was ever spent in a week, so less certain: {names}."
        row = book.lines(sheet, row + 1, text, _WIDE, Look.PROSE)
    return row


def _best_spends(book: Book, sheet: Worksheet, proposal: Proposal, row: int) -> None:
    """How far each line's best spend is known."""
    settings = proposal.model.data.settings
    book.text(sheet, row, 1, "How sure each line's best spend is", Look.SECTION)
    text = (
        "Best: in the split above. Low and high hold the best spend of the horizon with "
        f"{settings.confidence:.0%} probability; where they lie far apart, a test pays most."
    )
    row = book.lines(sheet, row + 1, text, _WIDE, Look.PROSE)
    values = {**proposal.allocation.best_spend.columns(), "current": proposal.plan.totals}
    columns, part = [*shown.BEST_SPEND], proposal.allocation.in_part
    if part is not None:
        values["in_part"] = part.totals
        columns.append(shown.IN_PART)
    in_units = shown.in_units(columns, settings.currency, settings.outcome)
    book.table(sheet, in_units, values, row + 2)
