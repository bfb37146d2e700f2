"""A template opened in a real spreadsheet calculates what the same calls answer in Python."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries
from openpyxl.worksheet.formula import ArrayFormula

from workbook import defaults
from workbook.template import write_template
from xlbudget.formulas.catalogue import call
from xlbudget.hosts.model_store import ModelStore
from xlbudget.simulator import Market
from xlbudget.tables import TABLES

MADE = dt.datetime(2026, 1, 5, 9, 30)
CALCULATED = (
    "Model",
    "Readiness",
    "Forecast",
    "Marginal ROI",
    "Allocation",
    "Curves",
    "Scenario answers",
    "Scenario sentences",
    "Scenario weeks",
    "Scenario lines",
    "Robust plan",
    "Frontier",
    "Target",
    "Flighting",
    "Approvals",
    "Method",
    "Checks",
)
INPUTS = tuple(table.name for table in TABLES)
WORTH_LESS: dict[str, Any] = {
    "scenario": "Worth less",
    "scope": "total",
    "what": "outcome value",
    "change": "%",
    "value": -20,
}
NOT_AVAILABLE = {"error": 32767}

Grid = list[list[Any]]


class Opened:
    """What stands in the file, and what Calc makes of it."""

    def __init__(self, path: Path, sheets: dict[str, Grid]) -> None:
        self.file = load_workbook(path)
        self.sheets = sheets
        self.names = {name: entry.attr_text for name, entry in self.file.defined_names.items()}

    def formulas(self, sheet: str) -> Iterator[tuple[str, str]]:
        """Range and text of every formula of a sheet."""
        for row in self.file[sheet].iter_rows():
            for cell in row:
                value = cell.value
                if isinstance(value, ArrayFormula):
                    yield value.ref, str(value.text)
                elif cell.data_type == "f":
                    yield cell.coordinate, str(value)

    def argument(self, word: str) -> Any:
        """What an argument hands over: a range's cells, a name's, or a constant."""
        word = self.names.get(word, word)
        if "!" not in word:
            if word.startswith('"'):
                return word.strip('"')
            return float(word) if word else None
        sheet, at = word.split("!", 1)
        grid = self.sheets[sheet.strip("'")]
        if ":INDEX(" in at:  # a result as far as it goes: the room below it holds #N/A
            first = int(re.findall(r"\d+", at)[0]) - 1
            below = (r for r, row in enumerate(grid[first:], first) if row[0] == NOT_AVAILABLE)
            last = next(below)
            width = (*grid[first], "").index("")
            return [row[:width] for row in grid[first:last]]
        cells = _cut(grid, at)
        return cells if ":" in at else cells[0][0]


def _cut(grid: Grid, at: str) -> Grid:
    """The cells of a range; what lies beyond the used cells is empty."""
    left, top, right, bottom = (edge or 0 for edge in range_boundaries(at.replace("$", "")))
    rows = [row[left - 1 : right] for row in grid[top - 1 : bottom]]
    return rows or [[""]]


def _arguments(text: str) -> tuple[str, list[str]]:
    """Name and argument texts of `=BUDGET.NAME(a,b)`; a comma in brackets does not part them."""
    name, inner = text.removeprefix("=BUDGET.").rstrip(")").split("(", 1)
    words, depth = [""], 0
    for character in inner:
        depth += {"(": 1, ")": -1}.get(character, 0)
        if character == "," and not depth:
            words.append("")
        else:
            words[-1] += character
    return name, words if inner else []


@pytest.fixture(scope="module")
def opened(calc: Any, sample_market: Market, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The sample's template as Calc shows it after opening it; a scenario of worth is chosen."""
    folder = tmp_path_factory.mktemp("template")
    path = folder / "book.xlsx"
    tables: dict[str, Any] = dict(sample_market.tables)
    settings = dict(zip(*defaults.settings(tables["settings"]).values(), strict=True))
    standing = defaults.scenarios(tables["channels"], tables["plan"], settings)
    more = dict.fromkeys(standing) | WORTH_LESS
    tables["scenarios"] = {name: [*values, more[name]] for name, values in standing.items()}
    write_template(path, tables, host="libreoffice", made=MADE)
    book = load_workbook(path)
    sheet, place = book.defined_names["scenario_shown"].attr_text.split("!")
    book[sheet.strip("'")][place.replace("$", "")] = WORTH_LESS["scenario"]
    book.save(path)
    report = calc.calculated(path, folder / "office", *CALCULATED, *INPUTS)
    return Opened(path, report["sheets"])


def test_every_cell_is_what_the_call_answers_in_python(
    opened: Opened, calc: Any, tmp_path: Path
) -> None:
    store = ModelStore(tmp_path / "models")
    asked: list[str] = []
    wrong: list[str] = []
    for sheet in CALCULATED:  # Model first, so that the store knows its key
        for at, text in opened.formulas(sheet):
            if not text.startswith("=BUDGET."):
                continue
            name, words = _arguments(text)
            asked.append(name)
            if name == "VERSION":  # names its host
                continue
            answer = call(name, [opened.argument(word) for word in words], store)
            wrong += calc.differences(f"{sheet}!{at} {name}", at, answer.grid, opened.sheets[sheet])
            assert not answer.error, answer.message
    assert not wrong, "\n".join(wrong[:20])
    results = {"READINESS", "FORECAST", "MARGINAL_ROI", "OPTIMIZE", "CURVE", "APPROVALS", "PRIORS"}
    others = {
        "CARRIED",
        "SCENARIO",
        "ANSWERS",
        "ROBUST_PLAN",
        "REGRETS",
        "FRONTIER",
        "BUDGET_FOR",
        "FLIGHT",
    }
    assert results | others | {"MODEL", "VERSION"} == set(asked)


def test_no_cell_shows_an_error_and_checks_says_ok(opened: Opened) -> None:
    for sheet in CALCULATED:
        rooms = [at for at, text in opened.formulas(sheet) if ":" in at]
        room = {id(row) for at in rooms for row in _rows(opened.sheets[sheet], at)}
        for number, row in enumerate(opened.sheets[sheet], 1):
            errors = [cell for cell in row if isinstance(cell, dict)]
            if id(row) in room:  # room that an answer leaves is #N/A, and hidden
                errors = [cell for cell in errors if cell != NOT_AVAILABLE]
            assert not errors, (sheet, number, row)
    checks = [row[:2] for row in opened.sheets["Checks"][4:]]
    assert [row for row in checks if row[0] and row[1] != "OK"] == []
    assert ["All checks", "OK"] in checks


def _rows(grid: Grid, at: str) -> Sequence[list[Any]]:
    _, top, _, bottom = (edge or 0 for edge in range_boundaries(at))
    return grid[top - 1 : bottom]


def test_the_model_is_the_one_of_the_command_line(opened: Opened, sample_model: Any) -> None:
    key = opened.sheets["Model"][4][1].split()[0]
    assert key == sample_model.key


def test_the_steps_of_the_chosen_scenario_are_its_own_lines(opened: Opened) -> None:
    """Their profit, since their outcome stays as it is."""
    answer = next(r for r in opened.sheets["Scenario answers"] if r[0] == WORTH_LESS["scenario"])
    assert answer[3:6] == [0, 0, 0]
    profit = answer[6]
    grid = opened.sheets["Scenario lines"]
    step, base, up, down = (grid[3].index(n) for n in ("Step", "Starts at", "Adds", "Takes away"))
    steps = [row for row in grid[4:] if len(row) > down and row[step]]
    *lines, total = steps
    asked = [row for row in grid[5:] if row[0] == answer[0] and row[6] != 0]
    assert total[step] == "Total"
    assert {row[step] for row in lines} == {row[1] for row in asked}
    assert total[down] == pytest.approx(profit, rel=1e-9)  # worth less: all bars hang down
    assert lines[0][base] == 0 == total[base]
    assert sum(row[up] + row[down] for row in lines) == pytest.approx(profit, rel=1e-9)


def test_the_weeks_of_the_chosen_scenario_are_in_money_where_no_outcome_changes(
    opened: Opened,
) -> None:
    grid = opened.sheets["Scenario weeks"]
    answer = next(r for r in opened.sheets["Scenario answers"] if r[0] == WORTH_LESS["scenario"])
    header = next(row for row in grid if "Expected" in row)
    left = header.index("Expected")
    shown = [row for row in grid[grid.index(header) + 1 :] if isinstance(row[left], float)]
    own = [row for row in grid[5:] if row[0] == answer[0]]
    assert [row[left] for row in shown] == pytest.approx([row[6] for row in own])
    assert sum(row[left] for row in shown) == pytest.approx(answer[6], rel=1e-6)
    assert grid[5][left - 1] == f"{answer[0]}: Profit"
