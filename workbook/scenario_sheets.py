"""What would happen if: scenarios side by side, a sentence each, and two pictures each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from openpyxl.worksheet.pagebreak import Break

from workbook import charts
from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Block, Book, SheetKind, Shown
from workbook.chart_pages import VALUES, chart_pages
from workbook.charts import Axes
from workbook.places import letters
from workbook.steps import step_columns, steps
from workbook.styles import DAY, SIGNED, Format, Look
from xlbudget.governance.proposal import Proposal
from xlbudget.planning.scenarios.robust import RobustPlan

ANSWERS, WEEKS = "Scenario answers", "Scenario weeks"
_CHART_ROWS = 21  # rows of the default height that a chart covers
_SIZE, _CHARTS = (16, 10), ("A", "F")  # cm of two charts beside each other, and where they stand
_WIDE = 190  # characters of a line of text below the table
_FADED = 0.01  # of the widest week of a difference: what is left out of the picture
_WEEK = "d mmm"  # on an axis of many weeks
_YES_NO = {True: "yes", False: "no: beyond"}


def answers_sheet(book: Book, proposal: Proposal) -> None:
    """Every scenario against the current plan: figures, answers, what to know, a picture."""
    found, settings = proposal.what_if, proposal.model.data.settings
    sheet = book.sheet(
        ANSWERS,
        SheetKind.OUTPUT,
        "What would happen if",
        "Each scenario of the sheet Scenarios less the current plan, carry-out included; low and "
        f"high hold it with {settings.confidence:.0%} probability.",
    )
    row = HEADER_ROW
    if found.names:
        block = _totals(book, proposal)
        _side_by_side(book, proposal, block)
        sheet.row_breaks.append(Break(id=block.last))
        row = block.last + 2
    for name, answer in zip(found.names, found.answers, strict=True):
        book.text(sheet, row, 1, name, Look.STRONG)
        book.text(sheet, row, 2, answer.question, Look.STRONG)
        row = book.lines(sheet, row + 1, f"{answer.sentence}.", _WIDE - 28, Look.PROSE, left=2) + 1
    if found.robust is not None:
        sheet.row_breaks.append(Break(id=row - 1))
        row = _robust(book, proposal, found.robust, row)
    if found.findings:
        book.text(sheet, row, 1, "To know" if found.names else "To be mended", Look.SECTION)
        row += 1
    for finding in found.findings:
        place = f"{finding.where}: " if finding.where else ""
        text = f"{place}{finding.problem}; {finding.remedy}."
        row = book.lines(sheet, row, text, _WIDE, Look.PROSE)
    sheet.print_area = f"A1:{letters(len(shown.SCENARIO) - 1)}{row}"
    sheet.freeze_panes = f"A{HEADER_ROW}"


def _totals(book: Book, proposal: Proposal) -> Block:
    """A row a scenario."""
    totals, settings = dict(proposal.what_if.totals), proposal.model.data.settings
    totals["observed"] = [_YES_NO[bool(seen)] for seen in totals["observed"]]
    left_out = {"total"} if np.any(totals["long_term"]) else {"total", "long_term"}
    columns = tuple(c for c in shown.SCENARIO if c.name not in left_out)
    in_units = shown.in_units(columns, settings.currency, settings.outcome)
    return book.table(book.workbook[ANSWERS], in_units, totals, HEADER_ROW + _CHART_ROWS)


def _side_by_side(book: Book, proposal: Proposal, block: Block) -> None:
    """Outcome and profit of the scenarios; how far ranges reach stands right of the pages."""
    totals, settings = proposal.what_if.totals, proposal.model.data.settings
    units = {
        "outcome": settings.outcome or "outcome",
        "profit": settings.currency or "money",
    }
    ends = {"outcome": ("low", "high"), "profit": ("profit_low", "profit_high")}
    for index, (figure, unit) in enumerate(units.items()):
        middle, low, high = (np.asarray(totals[name]) for name in (figure, *ends[figure]))
        reach = {"up": high - middle, "down": middle - low}
        columns = tuple(
            Shown(
                name, f"{figure.capitalize()}, range {title}", Format(SIGNED, 16, right=True), unit
            )
            for name, title in (("up", "above"), ("down", "below"))
        )
        ranges = book.table(block.sheet, columns, reach, block.header, VALUES + 3 * index)
        every = np.concatenate([low, high, [0.0]]).tolist()
        chart = charts.differences(
            f"Difference of the {figure} by scenario",
            Axes("Scenario", unit, y_ends=charts.round_ends(every)),
            block.reference("scenario"),
            block.reference(figure),
            ranges.reference("up"),
            ranges.reference("down"),
        )
        chart.width, chart.height = _SIZE
        alt = f"Column per scenario: expected difference of the {figure}, a line for its range."
        book.chart(block.sheet, chart, f"{_CHARTS[index]}{HEADER_ROW}", alt)


def _robust(book: Book, proposal: Proposal, robust: RobustPlan, row: int) -> int:
    """One plan for all scenarios: how each plan fares in each of them, and its lines."""
    sheet, settings = book.workbook[ANSWERS], proposal.model.data.settings
    book.text(sheet, row, 1, "One plan for all scenarios, as they are weighted", Look.SECTION)
    text = f"{robust.sentence[:1].upper()}{robust.sentence[1:]}."
    row = book.lines(sheet, row + 1, text, _WIDE, Look.PROSE)
    columns = shown.in_units(shown.ROBUST, settings.currency, settings.outcome)
    row = book.table(sheet, columns, robust.outcomes.columns(), row + 2).last
    columns = shown.in_units(shown.ROBUST_LINES, settings.currency, settings.outcome)
    return book.table(sheet, columns, robust.columns(), row + 3).last + 2


def weeks_sheet(book: Book, proposal: Proposal) -> None:
    """For each scenario the difference week by week, and where it comes from."""
    found, settings = proposal.what_if, proposal.model.data.settings
    if not found.names:
        return
    sheet = book.sheet(
        WEEKS,
        SheetKind.OUTPUT,
        "Scenarios week by week",
        "Left: the outcome of each week less the current plan's, with its range; the profit where "
        "the outcome stays as it is. Right: where the difference comes from.",
    )
    row, pages = HEADER_ROW + 1, []
    for name in found.names:
        week, falls = _of(found.weeks, name), _of(found.waterfall, name)
        figure, unit = "Outcome", settings.outcome or "outcome"
        if not np.any(week["outcome"]):  # what is worth less sells as before
            week, falls = _profit_of(week), _profit_of(falls)
            figure, unit = "Profit", settings.currency or "money"
        weeks = _weeks(book, week, row, unit, figure)
        pages.append(
            (
                charts.fan(
                    f"{name}: week by week",
                    Axes("Week", unit, _WEEK),
                    weeks.reference("week"),
                    weeks.reference("low"),
                    weeks.reference("band"),
                    weeks.reference("outcome"),
                ),
                f"{name}: band with the range of each week's difference, line for the expected.",
            )
        )
        last = weeks.last
        if falls["outcome"]:
            block = _steps(book, falls, row, unit)
            pages.append(
                (
                    charts.waterfall(
                        f"{name}: where it comes from",
                        Axes("Line", f"{unit}, carry-out included"),
                        *(block.reference(part) for part in ("line", "base", "up", "down")),
                    ),
                    f"{name}: waterfall of what each line adds or takes away, and the total.",
                )
            )
            last = max(last, block.last)
        book.text(sheet, row - 2, VALUES, name, Look.STRONG)
        row = last + 4
    chart_pages(book, sheet, pages, row)


def _of(columns: Mapping[str, Any], name: str) -> dict[str, list[Any]]:
    """The rows of one scenario."""
    mine = [i for i, scenario in enumerate(columns["scenario"]) if scenario == name]
    return {title: [values[i] for i in mine] for title, values in columns.items()}


def _profit_of(values: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """The same rows, their profit in the place of their outcome."""
    ends = {"outcome": "profit", "low": "profit_low", "high": "profit_high"}
    return {**values, **{name: values[of] for name, of in ends.items() if of in values}}


def _weeks(book: Book, values: dict[str, list[Any]], row: int, unit: str, figure: str) -> Block:
    """The weeks in which a difference shows; what has faded is in the table, not in the chart."""
    number = Format(SIGNED, 14, right=True)
    columns = (
        Shown("week", "Week", Format(DAY, 13)),
        Shown("outcome", figure, number, unit),
        Shown("low", "Low", number, unit),
        Shown("high", "High", number, unit),
        Shown("band", "Width of the range", number, unit),
    )
    low, high = np.asarray(values["low"]), np.asarray(values["high"])
    size = np.maximum(np.abs(low), np.abs(high))
    seen = np.flatnonzero(size > _FADED * size.max(initial=0.0))
    block = book.table(book.workbook[WEEKS], columns, {**values, "band": high - low}, row, VALUES)
    return block.upto(int(seen[-1]) + 1 if seen.size else block.rows)


def _steps(book: Book, falls: dict[str, list[Any]], row: int, unit: str) -> Block:
    names = [
        line if cause in ("spend", line) else f"{line}: {cause}"
        for line, cause in zip(falls["line"], falls["cause"], strict=True)
    ]
    values = steps(names, np.asarray(falls["outcome"], dtype=float))
    return book.table(book.workbook[WEEKS], step_columns(unit), values, row, VALUES + 6)


__all__ = ["ANSWERS", "WEEKS", "answers_sheet", "weeks_sheet"]
