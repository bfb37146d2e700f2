"""The result sheets of a plan file: a chart first where a picture says it, then the values."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from openpyxl.worksheet.worksheet import Worksheet

from workbook import charts
from workbook import result_columns as shown
from workbook.book import CHART_ROWS, HEADER_ROW, Book, SheetKind, Shown
from workbook.charts import Axes
from workbook.styles import DAY, MONEY, TEXT, Format, Look
from xlbudget.findings import Finding
from xlbudget.governance.proposal import Proposal
from xlbudget.tabular import Columns

_YES_NO = {True: "yes", False: "no: beyond what was seen"}


def _units(proposal: Proposal, columns: tuple[Shown, ...]) -> tuple[Shown, ...]:
    settings = proposal.model.data.settings
    return shown.in_units(columns, settings.currency, settings.outcome)


def readiness_sheet(book: Book, proposal: Proposal) -> None:
    """Whether the data are fit to plan on, what was noticed, and the ledger's word."""
    sheet = book.sheet("Readiness", SheetKind.OUTPUT, "Readiness", "Are these data fit to plan on?")
    row = book.table(sheet, shown.READINESS, proposal.readiness.columns()).last + 2
    if proposal.findings:
        row = _noticed(book, sheet, proposal.findings, row)
    if proposal.reconciliation is not None:
        _against_ledger(book, sheet, proposal, proposal.reconciliation.columns(), row)
    book.repeat(sheet)


def _noticed(book: Book, sheet: Worksheet, findings: Sequence[Finding], row: int) -> int:
    """The findings below a title in this row; the row for what follows."""
    book.text(sheet, row, 1, "What was noticed in the inputs", Look.SECTION)
    columns = (
        Shown("where", "Where", Format(TEXT, 30, wrap=True)),
        Shown("severity", "Kind", Format(TEXT, 10)),
        Shown("table", "Table", Format(TEXT, 24)),
        Shown("words", "What, and what to do", Format(TEXT, 70, wrap=True)),
    )
    values = {
        "where": [finding.where or str(finding.place) for finding in findings],
        "severity": [finding.severity.value for finding in findings],
        "table": [finding.place.table for finding in findings],
        "words": [finding.words for finding in findings],
    }
    return book.table(sheet, columns, values, row + 2).last + 2


def _against_ledger(
    book: Book, sheet: Worksheet, proposal: Proposal, ledger: Columns, row: int
) -> None:
    """The months and channels in which the ledger differs, below a title in this row."""
    book.text(sheet, row, 1, "Marketing's spend against the ledger", Look.SECTION)
    odd = [i for i, status in enumerate(ledger["status"]) if status != "agrees"]
    if not odd:
        book.lines(sheet, row + 1, "Every month and channel agrees.", 120, Look.PROSE)
        return
    picked = {name: [column[i] for i in odd] for name, column in ledger.items()}
    picked["status"] = [
        f"{status}: marketing {marketing:,.0f}, finance {finance:,.0f}"
        for status, marketing, finance in zip(
            *(picked[name] for name in ("status", "marketing", "finance")), strict=True
        )
    ]
    book.table(sheet, _units(proposal, shown.RECONCILE), picked, row + 2)


def forecast_sheet(book: Book, proposal: Proposal) -> None:
    """The weeks of the horizon under both plans."""
    settings = proposal.model.data.settings
    ahead = dict(proposal.forecast_recommended.columns())
    now = proposal.forecast_current.columns()
    ahead["current"] = now["total"]
    ahead["band"] = np.asarray(ahead["high"]) - np.asarray(ahead["low"])
    ahead["carry_in"] = proposal.forecast_recommended.detail().carry_in
    number = Format(MONEY, 14, right=True)
    columns = (
        *shown.FORECAST,
        Shown("band", "Width of the range", number, "outcome"),
        Shown("carry_in", "By earlier spend", number, "outcome"),
        Shown("current", "Total, current plan", number, "outcome"),
    )
    sheet = book.sheet(
        "Forecast",
        SheetKind.OUTPUT,
        "Forecast under the recommended plan",
        f"Low and high hold the total of a week with {settings.confidence:.0%} probability.",
    )
    block = book.table(sheet, _units(proposal, columns), ahead, HEADER_ROW + CHART_ROWS)
    row = block.last + 2
    for words in proposal.forecast_recommended.carried.words:
        row = book.lines(sheet, row, words, 160, Look.PROSE)
    book.on_one_page(sheet, block.rows)
    least = float(np.min(ahead["low"]))
    chart = charts.fan(
        f"{settings.outcome[:1].upper()}{settings.outcome[1:]} a week",
        Axes("Week", settings.outcome, DAY),
        block.reference("week"),
        block.reference("low"),
        block.reference("band"),
        block.reference("total"),
        block.reference("current"),
        floor=_floor(least, float(np.max(ahead["high"]))),
    )
    alt = "Band: the range of each week's total; solid: recommended plan; dashed: current plan."
    book.chart(sheet, chart, "A4", alt)
    sheet.freeze_panes = "A4"


def _floor(low: float, high: float) -> float:
    """A round lower end of an axis, so that a band far above zero can be seen."""
    if low <= 0.3 * high:
        return min(0.0, low)
    step = 10 ** np.floor(np.log10(high - low))
    return float(np.floor((low - 0.3 * (high - low)) / step) * step)


def returns_sheet(book: Book, proposal: Proposal) -> None:
    """What the next unit of money brings back, at the current plan."""
    sheet = book.sheet(
        "Marginal ROI",
        SheetKind.OUTPUT,
        "Marginal ROI",
        "What the next unit of money brings back at the current plan's weekly spend.",
    )
    values = dict(proposal.returns.columns())
    values["observed"] = [_YES_NO[bool(seen)] for seen in values["observed"]]
    row = HEADER_ROW + CHART_ROWS
    block = book.table(sheet, _units(proposal, shown.MARGINAL_ROI), values, row)
    book.on_one_page(sheet, block.rows)
    money = proposal.model.data.settings.currency or "money"
    chart = charts.columns(
        "Average and marginal ROI by line",
        Axes("Line", f"{money} back per {money}", y_format="0.0"),
        block.reference("line"),
        [
            (block.reference("roi"), "Average ROI"),
            (block.reference("marginal_roi"), "Marginal ROI"),
        ],
    )
    book.chart(sheet, chart, "A4", "Columns per line: average ROI beside marginal ROI.")
    sheet.freeze_panes = "A4"


def approvals_sheet(book: Book, proposal: Proposal) -> None:
    """What may run as it is, and what needs whose approval."""
    sheet = book.sheet(
        "Approvals",
        SheetKind.OUTPUT,
        "Approvals",
        "Guardrails decide; change is recommended less current over the horizon.",
    )
    book.table(sheet, _units(proposal, shown.APPROVALS), proposal.approvals.columns())
    book.repeat(sheet)
