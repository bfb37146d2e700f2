"""The Curves sheet of a plan file: a curve per line, with the current and the recommended point."""

from __future__ import annotations

import numpy as np

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Book, SheetKind, Shown
from workbook.chart_pages import VALUES, chart_pages
from workbook.charts import Axes
from workbook.styles import MONEY, TEXT, Format, Look
from xlbudget.governance.proposal import Proposal
from xlbudget.response.returns import Curve


def curves_sheet(book: Book, proposal: Proposal) -> None:
    """A curve per line, two side by side, with the current and the recommended point."""
    sheet = book.sheet(
        "Curves",
        SheetKind.OUTPUT,
        "Response curves",
        "Outcome a week of a steady weekly spend; circle: current plan, diamond: recommended.",
    )
    settings, weeks = proposal.model.data.settings, len(proposal.model.data.horizon)
    columns = shown.in_units(
        (column for column in shown.CURVE if column.name not in ("marginal_roi", "observed")),
        settings.currency,
        settings.outcome,
    )
    axes = Axes(
        f"Weekly spend, {settings.currency or 'money'}", f"{settings.outcome} a week", "#,##0"
    )
    now, then = proposal.plan.totals / weeks, proposal.recommended.totals / weeks
    row, pages = HEADER_ROW + 1, []
    for index, line in enumerate(proposal.curves):
        book.text(sheet, row - 2, VALUES, line.line, Look.STRONG)
        block = book.table(sheet, columns, line.columns(), row, VALUES)
        points = _points(book, block, line, float(now[index]), float(then[index]))
        chart = charts.curve(
            line.line,
            axes,
            block.reference("spend"),
            block.reference("response"),
            [(block.reference("low"), "Low"), (block.reference("high"), "High")],
            [
                (
                    points.reference("spend", slice(at, at + 1)),
                    points.reference("response", slice(at, at + 1)),
                    name,
                )
                for at, name in enumerate(("Current", "Recommended"))
            ],
        )
        alt = f"Response curve of {line.line} with its range, current and recommended spend."
        pages.append((chart, alt))
        row = block.last + 4
    chart_pages(book, sheet, pages, row)


def _points(book: Book, block: Block, line: Curve, now: float, then: float) -> Block:
    """Weekly spend and response of the current and the recommended plan."""
    number = Format(MONEY, 14, right=True)
    columns = (
        Shown("what", "Point", Format(TEXT, 16)),
        Shown("spend", "Weekly spend", number),
        Shown("response", "Response", number),
    )
    spends = np.array([now, then])
    values = {
        "what": ["Current", "Recommended"],
        "spend": spends,
        "response": np.interp(spends, line.spend, line.response),
    }
    return book.table(block.sheet, columns, values, block.header, block.left + 5)
