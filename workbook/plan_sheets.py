"""The result sheets of a plan file: a chart first where a picture says it, then the values."""

from __future__ import annotations

import numpy as np
from openpyxl.worksheet.pagebreak import Break

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Book, SheetKind, Shown
from workbook.chart_pages import VALUES, chart_pages
from workbook.charts import Axes
from workbook.styles import DAY, MONEY, TEXT, Format, Look
from xlbudget.governance.proposal import Proposal
from xlbudget.planning.verdict import MOVE
from xlbudget.response.returns import Curve
from xlbudget.tabular import Columns

_CHART_ROWS = 21  # rows of the default height that one chart covers
_WIDE = 185  # characters that a line of text takes beside the table of the allocation
_YES_NO = {True: "yes", False: "no: beyond what was seen"}


def _units(proposal: Proposal, columns: tuple[Shown, ...]) -> tuple[Shown, ...]:
    settings = proposal.model.data.settings
    return shown.in_units(columns, settings.currency, settings.outcome)


def _money(proposal: Proposal) -> str:
    return proposal.model.data.settings.currency or "money"


def readiness_sheet(book: Book, proposal: Proposal) -> None:
    """Whether the data are fit to plan on, what was noticed, and the ledger's word."""
    sheet = book.sheet("Readiness", SheetKind.OUTPUT, "Readiness", "Are these data fit to plan on?")
    block = book.table(sheet, shown.READINESS, proposal.readiness.columns())
    row = block.last + 2
    if proposal.findings:
        book.text(sheet, row, 1, "What was noticed in the inputs", Look.SECTION)
        columns = (
            Shown("where", "Where", Format(TEXT, 30, wrap=True)),
            Shown("severity", "Kind", Format(TEXT, 10)),
            Shown("table", "Table", Format(TEXT, 24)),
            Shown("words", "What, and what to do", Format(TEXT, 70, wrap=True)),
        )
        values = {
            "where": [finding.where or str(finding.place) for finding in proposal.findings],
            "severity": [finding.severity.value for finding in proposal.findings],
            "table": [finding.place.table for finding in proposal.findings],
            "words": [finding.words for finding in proposal.findings],
        }
        row = book.table(sheet, columns, values, row + 2).last + 2
    if proposal.reconciliation is not None:
        book.text(sheet, row, 1, "Marketing's spend against the ledger", Look.SECTION)
        ledger = proposal.reconciliation.columns()
        odd = [i for i, status in enumerate(ledger["status"]) if status != "agrees"]
        picked = {name: [column[i] for i in odd] for name, column in ledger.items()}
        picked["status"] = [
            f"{status}: marketing {marketing:,.0f}, finance {finance:,.0f}"
            for status, marketing, finance in zip(
                *(picked[name] for name in ("status", "marketing", "finance")), strict=True
            )
        ]
        if odd:
            book.table(sheet, _units(proposal, shown.RECONCILE), picked, row + 2)
        else:
            book.lines(sheet, row + 1, "Every month and channel agrees.", 120, Look.PROSE)
    book.repeat(sheet)


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
    block = book.table(sheet, _units(proposal, columns), ahead, HEADER_ROW + _CHART_ROWS)
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
    row = HEADER_ROW + _CHART_ROWS
    block = book.table(sheet, _units(proposal, shown.MARGINAL_ROI), values, row)
    book.on_one_page(sheet, block.rows)
    money = _money(proposal)
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


def allocation_sheet(book: Book, proposal: Proposal) -> None:
    """The recommended split, its proof, its prices, and the reason for every line."""
    allocation = proposal.allocation
    advice = allocation.verdict.partition(":")[0]
    apart = f"Best split on average; the advice is to {advice}"
    sheet = book.sheet(
        "Allocation",
        SheetKind.OUTPUT,
        "Recommended allocation" if advice == MOVE else apart,
        "The best split that every guardrail allows; totals of the horizon.",
    )
    columns = _units(proposal, shown.ALLOCATION)
    row = HEADER_ROW + _CHART_ROWS
    block = book.table(sheet, columns, _without_free_prices(allocation.columns()), row)
    totals = {
        name: float(np.round(np.sum(allocation.columns()[name]), 6)) + 0.0
        for name in ("current", "recommended", "change", "gain")
    }
    at = block.last + 1
    for index, column in enumerate(columns, 1):
        value = "Total" if column.name == "line" else totals.get(column.name)
        book.text(sheet, at, index, value, Look.TOTAL)
        sheet.cell(at, index).number_format = column.format.number
    chart = charts.columns(
        "Spend before and after",
        Axes("Line", f"{_money(proposal)} over the horizon"),
        block.reference("line"),
        [
            (block.reference("current"), "Current"),
            (block.reference("recommended"), "Recommended"),
        ],
    )
    book.chart(sheet, chart, "A4", "Columns per line: current spend beside recommended spend.")
    sheet.row_breaks.append(Break(id=at))
    at = _reasons(book, proposal, at + 2)
    sheet.row_breaks.append(Break(id=at - 1))
    at = _prices(book, proposal, at)
    _best_spends(book, proposal, at + 1)
    sheet.freeze_panes = "A4"


def _without_free_prices(values: Columns) -> dict[str, object]:
    """A price only where a guardrail holds the line."""
    shown_values: dict[str, object] = dict(values)
    pairs = zip(values["limit"], values["limit_price"], strict=True)
    shown_values["limit_price"] = [price if limit else None for limit, price in pairs]
    return shown_values


def _reasons(book: Book, proposal: Proposal, row: int) -> int:
    """Line by line why, beside its name, over as many rows as it takes."""
    sheet = book.workbook["Allocation"]
    book.text(sheet, row, 1, "Why", Look.SECTION)
    row += 1
    values, right = proposal.explanation.columns(), _WIDE - int(shown.LINE.format.width)
    for line, why, sure in zip(values["line"], values["why"], values["confidence"], strict=True):
        book.text(sheet, row, 1, f"{line} ({sure})" if sure else line, Look.STRONG)
        row = book.lines(sheet, row, why, right, Look.PROSE, left=2)
    return row


def _prices(book: Book, proposal: Proposal, row: int) -> int:
    """What each binding guardrail costs, and the figures of the optimum."""
    sheet = book.workbook["Allocation"]
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


def _best_spends(book: Book, proposal: Proposal, row: int) -> None:
    """How far each line's best spend is known."""
    sheet, settings = book.workbook["Allocation"], proposal.model.data.settings
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
    book.table(sheet, _units(proposal, tuple(columns)), values, row + 2)


def curves_sheet(book: Book, proposal: Proposal) -> None:
    """A curve per line, two side by side, with the current and the recommended point."""
    sheet = book.sheet(
        "Curves",
        SheetKind.OUTPUT,
        "Response curves",
        "Outcome a week of a steady weekly spend; circle: current plan, diamond: recommended.",
    )
    columns = tuple(c for c in shown.CURVE if c.name not in ("marginal_roi", "observed"))
    columns = _units(proposal, columns)
    settings, weeks = proposal.model.data.settings, len(proposal.model.data.horizon)
    axes = Axes(f"Weekly spend, {_money(proposal)}", f"{settings.outcome} a week", "#,##0")
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
