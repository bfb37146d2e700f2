"""Method and checks: what the figures rest on, and what a controller would test by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from openpyxl.styles import Font

from workbook import result_columns as shown
from workbook.book import HEADER_ROW, Book, SheetKind, Shown
from workbook.cell_values import cell_at
from workbook.guide import HOW_TO_READ
from workbook.stamp import Stamp
from workbook.styles import FONT, INK, NUMBER, SMALL_SHARE, TEXT, WHOLE, Format, Look
from xlbudget.governance.proposal import Proposal

_WIDE = 190  # characters of a line of text
_TESTS = 3  # that are told
_LARGE = 100  # a figure from here on is shown without decimals
_GAP = "Distance from the best is at most 0.1 %"


def method_sheet(book: Book, proposal: Proposal, stamp: Stamp) -> None:
    """How it was computed, from what, and how well the model fits."""
    sheet = book.sheet("Method", SheetKind.OUTPUT, "Method", "How these figures came about.")
    row = HEADER_ROW
    for text in HOW_TO_READ:
        row = book.lines(sheet, row, text, _WIDE, Look.PROSE)
    row += 1
    book.text(sheet, row, 1, "Where it comes from", Look.SECTION)
    data = proposal.model.data
    facts = (
        ("Source", stamp.source),
        ("Made", f"{stamp.made:%Y-%m-%d %H:%M %Z}".strip()),
        ("Version", f"xlbudget {stamp.version}"),
        ("Hash of the inputs", stamp.inputs),
        ("Key of the model", stamp.model),
        ("Weeks of history", f"{len(data.weeks)}: {data.weeks[0]} to {data.weeks[-1]}"),
        ("Draws", f"{proposal.model.draws:,}"),
    )
    for at, (name, text) in enumerate(facts, row + 1):
        book.text(sheet, at, 1, name, Look.CALCULATION)
        book.text(sheet, at, 2, text, Look.PROSE)
    row += len(facts) + 2
    diagnostics = proposal.model.diagnostics
    book.text(sheet, row, 1, f"How well it fits: {diagnostics.verdict}", Look.SECTION)
    row += 1
    for sentence in diagnostics.sentences:
        row = book.lines(sheet, row, sentence, _WIDE, Look.PROSE)
    text = f"How it would have forecast earlier quarters: `xlbudget backtest {stamp.source}`."
    row = book.lines(sheet, row, text, _WIDE, Look.PROSE) + 1
    book.text(sheet, row, 1, "Which tests would help most", Look.SECTION)
    row += 1
    for why in proposal.tests.why[:_TESTS]:
        row = book.lines(sheet, row, why, _WIDE, Look.PROSE)
    believed = proposal.model.priors_table().columns()
    for title, columns, values in (
        ("The fit, line by line", shown.FIT, diagnostics.columns()),
        ("What was believed beforehand, and is now", shown.PRIORS, believed),
    ):
        book.text(sheet, row + 1, 1, title, Look.SECTION)
        units = shown.in_units(columns, data.settings.currency, data.settings.outcome)
        row = book.table(sheet, units, values, row + 3).last + 1
    book.on_one_page(sheet, row, most=60)
    sheet.freeze_panes = "A4"


def checks_sheet(book: Book, proposal: Proposal) -> None:
    """One cell says OK; each check shows both figures that it compares."""
    allocation, plan = proposal.allocation, proposal.plan
    gains = allocation.gain_draws.mean(axis=0)
    ahead = proposal.forecast_recommended.columns()
    parts = np.asarray(ahead["baseline"]) + np.asarray(ahead["incremental"])
    compared: list[tuple[str, Any, Any]] = [
        (
            "Recommended spend adds up to the budget",
            allocation.recommended.totals.sum(),
            allocation.budget,
        ),
        ("Current spend adds up to the plan", allocation.columns()["current"], plan.totals),
        ("Gains of the lines add up to the gain", gains.sum(), allocation.gain),
        ("Baseline and incremental add up to the total", parts, ahead["total"]),
        (
            "Every line has an approval status",
            len(proposal.approvals.columns()["line"]),
            len(allocation.line),
        ),
        (
            "The forecast has every week of the horizon",
            len(ahead["week"]),
            len(proposal.model.data.horizon),
        ),
        *_of_other_plans(proposal),
    ]
    tests = [(name, float(np.sum(left)), float(np.sum(right))) for name, left, right in compared]
    passed = [bool(np.isclose(left, right, rtol=1e-6, atol=1e-6)) for _, left, right in tests]
    tests.append((_GAP, allocation.gap, 0.001))
    passed.append(allocation.gap <= 0.001)
    blocked = sum(s == "blocked" for s in proposal.approvals.columns()["status"])
    tests.append(("No change is blocked by a guardrail", float(blocked), 0.0))
    passed.append(not blocked)
    sheet = book.sheet("Checks", SheetKind.OUTPUT, "Checks", "OK, or LOOK where a person should.")
    number = Format(NUMBER, 18, right=True)
    columns = (
        Shown("check", "Check", Format(TEXT, 52)),
        Shown("result", "Result", Format(TEXT, 12)),
        Shown("left", "Found", number),
        Shown("right", "Expected", number),
    )
    results = ["OK" if ok else "LOOK" for ok in passed]
    values: dict[str, Sequence[Any]] = {
        "check": ["All checks", *(name for name, _, _ in tests)],
        "result": ["OK" if all(passed) else "LOOK", *results],
        "left": [None, *(left for _, left, _ in tests)],
        "right": [None, *(right for _, _, right in tests)],
    }
    block = book.table(sheet, columns, values)
    for name in ("left", "right"):
        for row, value in enumerate(values[name], block.first):
            if value is not None and abs(value) >= _LARGE:
                cell_at(sheet, row, block.column(name)).number_format = WHOLE
        gap = block.first + 1 + [test for test, _, _ in tests].index(_GAP)
        cell_at(sheet, gap, block.column(name)).number_format = SMALL_SHARE
    for column in (1, 2):
        cell_at(sheet, HEADER_ROW + 1, column).font = Font(FONT, 10, bold=True, color=INK)
    book.name("checks_ok", f"Checks!$B${HEADER_ROW + 1}")
    book.repeat(sheet)


def _of_other_plans(proposal: Proposal) -> Iterator[tuple[str, Any, Any]]:
    """What holds between scenarios, their weeks and their steps, and of the spread over weeks."""
    asked, flighting = proposal.what_if, proposal.flighting
    if asked.names:
        total = asked.totals["outcome"]
        yield "The weeks of the scenarios add up to them", asked.weeks["outcome"], total
        known = [name in asked.waterfall["scenario"] for name in asked.totals["scenario"]]
        yield "Their steps add up to them", asked.waterfall["outcome"], np.asarray(total)[known]
    if flighting is not None:
        name = "Spreading over the weeks keeps the money"
        yield name, flighting.recommended.totals, flighting.plan.totals
