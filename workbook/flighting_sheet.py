"""When to spend: the weeks as planned and as recommended, and what a new spread gains."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from workbook import charts
from workbook.book import HEADER_ROW, Book, SheetKind, Shown
from workbook.charts import Axes
from workbook.styles import DAY, MONEY, SIGNED, Format, Look
from xlbudget.governance.words import listed, rough
from xlbudget.planning.flighting import EARLY, Flighting, LineFlight
from xlbudget.tabular import Columns

_CHART_ROWS = 21  # rows of the default height that the chart covers
_WIDE = 150  # characters of a line of text
_MOST = 10  # lines that the table shows one by one
_NAME = 16  # characters that a column of a line is wide at most


def flighting_sheet(book: Book, flighting: Flighting) -> None:
    """The current plan's money over the weeks, each line's total kept."""
    settings = flighting.plan.data.settings
    money, outcome = settings.currency or "money", settings.outcome or "outcome"
    sheet = book.sheet(
        "Flighting",
        SheetKind.OUTPUT,
        "When to spend",
        "The current plan's money over the weeks of the horizon; every line keeps its total.",
    )
    text = (
        f"{_sentence(flighting.sentence)} A move is advised only where it gains in both cases, and "
        "risks at most half of what it is expected to gain."
    )
    row = book.lines(sheet, HEADER_ROW, text, _WIDE, Look.STRONG)
    for told in _lines(flighting.lines):
        row = book.lines(sheet, row, told, _WIDE, Look.PROSE)
    chart_row = row + 1
    values, columns = _weeks(flighting, money, outcome)
    block = book.table(sheet, columns, values, chart_row + _CHART_ROWS + 1)
    sheet.page_setup.fitToHeight = 1
    chart = charts.columns(
        "Spend a week, all lines together",
        Axes("Week", f"{money} a week", DAY),
        block.reference("week"),
        [
            (block.reference("current"), "As planned"),
            (block.reference("spend"), "Recommended"),
        ],
    )
    alt = "Columns per week: planned spend beside recommended spend, all lines together."
    book.chart(sheet, chart, f"A{chart_row}", alt)
    sheet.freeze_panes = f"A{HEADER_ROW}"


def _sentence(text: str) -> str:
    """With a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:]}."


def _lines(flights: Sequence[LineFlight]) -> Iterator[str]:
    """What to do with each line that moves; those that keep their spread in one sentence."""
    still = [each for each in flights if not _moves(each)]
    for each in flights:
        if _moves(each):
            gain = each.gain_draws.sum(axis=1).mean()
            yield f"{each.sentence[:1].upper()}{each.sentence[1:]}: a gain of {rough(float(gain))}."
    if still:
        names = listed([each.line for each in still])
        keep = "keeps" if len(still) == 1 else "keep"
        yield f"{names} {keep} the plan's spread: no other gains enough for what it risks."


def _weeks(flighting: Flighting, money: str, outcome: str) -> tuple[Columns, tuple[Shown, ...]]:
    """A row a week: totals, gain, then the recommended money of each line.

    With many lines, those that move come first and the others stand together.
    """
    lines = flighting.lines
    order = sorted(range(len(lines)), key=lambda i: -_moved(lines[i]))
    most = len(lines) if len(lines) <= _MOST else _MOST - 1
    alone = sorted(order[:most])
    rest = sorted(order[most:])
    total = Format(MONEY, 19, right=True)
    columns = [
        Shown("week", "Week", Format(DAY, 12), "first day"),
        Shown("current", "All, as planned", total, money),
        Shown("spend", "All, recommended", total, money),
        Shown("gain", "Gain", Format(SIGNED, 11, right=True), outcome),
    ]
    values: dict[str, Any] = {
        "week": flighting.plan.data.horizon,
        "current": np.sum([each.current for each in lines], axis=0),
        "spend": np.sum([each.spend for each in lines], axis=0),
        "gain": np.sum([each.gain_draws.mean(axis=0) for each in lines], axis=0),
    }
    for index in alone:
        name = lines[index].line
        width = Format(MONEY, min(max(len(name) + 2, 11), _NAME), right=True)
        columns.append(Shown(f"line {index}", name, width, money))
        values[f"line {index}"] = lines[index].spend
    if rest:
        columns.append(Shown("rest", f"{len(rest)} others", total, money))
        values["rest"] = np.sum([lines[index].spend for index in rest], axis=0)
    return values, tuple(columns)


def _moved(each: LineFlight) -> float:
    return float(np.abs(each.spend - each.current).sum())


def _moves(each: LineFlight) -> bool:
    """Whether so much of a line's money moves that its sentence names a direction."""
    return _moved(each) / 2.0 >= EARLY * float(each.current.sum()) > 0.0
