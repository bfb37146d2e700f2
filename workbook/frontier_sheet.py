"""What other budgets would bring, and what the next unit of money returns along the way."""

from __future__ import annotations

import numpy as np

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Book, SheetKind, Shown
from workbook.charts import Axes
from workbook.styles import MONEY, RATE, TEXT, Format
from xlbudget.governance.proposal import Proposal

_CHART_ROWS = 18
_SIZE = (15, 9)  # cm: two charts beside each other
_ASIDE = 26  # column of the current plan's point: right of the printed page
_RIGHT, _LAST = "G", "O"  # columns of the second chart, and the last one printed


def frontier_sheet(book: Book, proposal: Proposal) -> None:
    """The best allowed plan from half to one and a half of the current plan's total."""
    found, settings = proposal.frontier, proposal.model.data.settings
    money, outcome = settings.currency or "money", settings.outcome or "outcome"
    sheet = book.sheet(
        "Frontier",
        SheetKind.OUTPUT,
        "What other budgets would bring",
        "The best plan that the guardrails allow for each budget; low and high hold its outcome "
        f"with {settings.confidence:.0%} probability.",
    )
    columns = shown.in_units(shown.FRONTIER, settings.currency, settings.outcome)
    block = book.table(sheet, columns, found.columns(), HEADER_ROW + _CHART_ROWS)
    if not len(found.budget):
        return
    point = _current(book, proposal, block)
    ends = charts.round_ends(found.budget.tolist())
    brings = charts.curve(
        f"{outcome[:1].upper()}{outcome[1:]} that a budget brings",
        Axes(f"Budget, {money}", f"{outcome}, carry-out included", "#,##0", x_ends=ends),
        block.reference("budget"),
        block.reference("outcome"),
        [(block.reference("low"), "Low"), (block.reference("high"), "High")],
        [(point.reference("budget"), point.reference("outcome"), "Best use of today's budget")],
    )
    returns = charts.curve(
        "What the next unit of money returns",
        Axes(f"Budget, {money}", f"{money} per {money}", "#,##0", "0.00", ends),
        block.reference("budget"),
        block.reference("marginal_roi"),
        points=[(point.reference("budget"), point.reference("marginal_roi"), "Today's budget")],
        name="Marginal ROI",
    )
    for chart, at, alt in (
        (brings, "A", "Curve: outcome of the best plan for each budget, with its range."),
        (returns, _RIGHT, "Curve: marginal return of the best plan, falling as the budget grows."),
    ):
        chart.width, chart.height = _SIZE
        book.chart(sheet, chart, f"{at}{HEADER_ROW}", alt)
    sheet.print_area = f"A1:{_LAST}{block.last}"
    sheet.page_setup.fitToHeight = 1
    sheet.freeze_panes = f"A{HEADER_ROW}"


def _current(book: Book, proposal: Proposal, block: Block) -> Block:
    """Where the current plan's total lies on both curves."""
    found, total = proposal.frontier, float(proposal.plan.totals.sum())
    number = Format(MONEY, 14, right=True)
    columns = (
        Shown("what", "Point", Format(TEXT, 20)),
        Shown("budget", "Budget", number),
        Shown("outcome", "Outcome", number),
        Shown("marginal_roi", "Marginal ROI", Format(RATE, 14, right=True)),
    )
    values = {
        "what": ["Today's budget"],
        "budget": [total],
        "outcome": np.interp([total], found.budget, found.outcome),
        "marginal_roi": np.interp([total], found.budget, found.marginal_roi),
    }
    return book.table(block.sheet, columns, values, block.header, _ASIDE)
