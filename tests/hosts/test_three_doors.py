"""One catalogue, three doors: a cell of a real spreadsheet, Python and the command line agree.

Every formula's own example, and more of those with choices, answered three times.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import xlbudget as xb
from xlbudget.cli.edge import run
from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.answers import Answer
from xlbudget.formulas.catalogue import BY_NAME, CATALOGUE, call
from xlbudget.governance.approvals import approvals
from xlbudget.hosts.model_store import ModelStore
from xlbudget.planning.guardrails import read_guardrails
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Market
from xlbudget.tabular import Tabular

HEADER = ["scenario", "scope", "name", "what", "change", "value"]
SCENARIOS = [
    HEADER,
    ["Less money", "total", None, "spend", "%", -12.0],
    ["Dearer search", "channel", "Paid Search", "cost", "%", 15.0],
]
MODEL = "=BUDGET.MODEL(Spend, Outcomes, Controls, Channels, Experiments, Settings, Regions)"
MORE = (
    "=BUDGET.FORECAST(Model!B2, Plan, 0.5)",
    "=BUDGET.MARGINAL_ROI(Model!B2)",
    '=BUDGET.MARGINAL_ROI(Model!B2, "Paid Search", 40000)',
    "=BUDGET.CONTRIBUTION(Model!B2, 45663, 45838)",
    '=BUDGET.OPTIMIZE(Model!B2, Plan, 2900000, Guardrails, "outcome", "sure")',
    '=BUDGET.OPTIMIZE(Model!B2, Plan, , Guardrails, "outcome", "cautious")',
    '=BUDGET.OPTIMUM(Model!B2, Plan, 2900000, Guardrails, "profit")',
    '=BUDGET.OPTIMUM(Model!B2, Plan, , Guardrails, "marginal_roi", "expected", 1.2)',
    '=BUDGET.SCENARIO(Model!B2, Plan, Scenarios, "week")',
    '=BUDGET.SCENARIO(Model!B2, Plan, Scenarios, "role")',
    '=BUDGET.SCENARIO(Model!B2, Plan, Scenarios, "lifecycle_stage")',
)
ASKED = (MODEL, *(entry.example for entry in CATALOGUE), *MORE)  # the first stands in A1
PROPOSED = "Allocation!A4:K12"  # what the examples call the table of OPTIMIZE
NO_COMMAND = {"MODEL", "VERSION"}  # `fit` and `--version`
FIRST_DAY = np.datetime64("1899-12-30")

every_example = pytest.mark.parametrize("example", ASKED)


@dataclass(frozen=True)
class Asked:
    """A formula as it was asked: the words of its arguments, and what Python answered."""

    name: str
    words: tuple[str, ...]
    answer: Answer

    @staticmethod
    def of(example: str, given: Mapping[str, Any], store: ModelStore) -> Asked:
        """Answered by Python; given: the cells of every name that an example uses."""
        found = re.fullmatch(r"=BUDGET\.([A-Z_]+)\((.*)\)", example)
        assert found is not None
        words = tuple(word.strip() for word in found[2].split(",")) if found[2] else ()
        values = [given[word] if word in given else constant(word) for word in words]
        return Asked(found[1], words, call(found[1], values, store))


def constant(word: str) -> str | float | None:
    """What a constant of a formula means."""
    if not word:
        return None
    return word.strip('"') if word.startswith('"') else float(word)


@dataclass(frozen=True)
class Place:
    """The sample, its model and all answers; places: example -> range on the sheet Out."""

    store: Path
    source: Path
    asked: Mapping[str, Asked]
    places: Mapping[str, str]
    book: Path


@pytest.fixture(scope="module")
def place(
    ranges: dict[str, Any],
    sample_market: Market,
    sample_model: ResponseModel,
    tmp_path_factory: pytest.TempPathFactory,
) -> Place:
    """Everything asked in Python, and written down for the other two."""
    folder = tmp_path_factory.mktemp("doors")
    store = ModelStore(folder / "store" / "models")
    store.put(sample_model)
    inputs = {**ranges, "Scenarios": SCENARIOS}
    given = {**inputs, "Model!B2": sample_model.key}
    best = Asked.of(BY_NAME["OPTIMIZE"].example, given, store)
    inputs["Allocation"] = [[plain(cell) for cell in row] for row in best.answer.grid]
    given[PROPOSED] = inputs["Allocation"]
    asked = {example: Asked.of(example, given, store) for example in ASKED}
    sample_market.write(folder / "csv")
    rows = [",".join("" if cell is None else str(cell) for cell in row) for row in SCENARIOS]
    (folder / "csv" / "scenarios.csv").write_text("\n".join(rows) + "\n", "utf-8")
    places = write(folder / "book.xlsx", inputs, asked)
    return Place(folder / "store", folder / "csv", asked, places, folder / "book.xlsx")


def plain(cell: Any) -> Any:
    """A cell of an answer as a file takes it."""
    return cell.text if isinstance(cell, ErrorCell) else cell


def write(path: Path, inputs: Mapping[str, Any], asked: Mapping[str, Asked]) -> dict[str, str]:
    """A workbook with the inputs on sheets of their names and every formula on Out -> places."""
    import openpyxl
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.formula import ArrayFormula

    book = openpyxl.Workbook()
    out = book.worksheets[0]
    out.title = "Out"
    cells = {"Model!B2": "$A$1"}
    for name, rows in inputs.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        last = f"${get_column_letter(len(rows[0]))}${len(rows)}"
        cells[PROPOSED if name == "Allocation" else name] = f"{name}!$A$1:{last}"
    places, row = {}, 1
    for example, one in asked.items():
        grid = one.answer.grid
        spare = len(grid) > 1  # a row more than the answer shows that nothing follows
        last = f"{get_column_letter(len(grid[0]))}{row + len(grid) - 1 + spare}"
        places[example] = f"A{row}:{last}"
        text = f"=BUDGET.{one.name}({','.join(cells.get(word, word) for word in one.words)})"
        out[f"A{row}"] = ArrayFormula(places[example], text) if spare else text
        row += len(grid) + spare + 1
    book.save(path)
    return places


@pytest.fixture(scope="module")
def sheet(calc: Any, place: Place) -> list[list[Any]]:
    """The sheet Out as Calc shows it."""
    report: dict[str, Any] = calc.calculated(place.book, place.store, "Out")
    cells: list[list[Any]] = report["sheets"]["Out"]
    return cells


@every_example
def test_a_cell_shows_the_digits_of_python(
    example: str, calc: Any, place: Place, sheet: list[list[Any]]
) -> None:
    one, at = place.asked[example], place.places[example]
    assert not one.answer.error, one.answer.message
    if one.name == "VERSION":  # names its host
        assert "LibreOffice" in shown(at, sheet)[0][0]
        return
    assert not list(calc.differences(example, at, one.answer.grid, sheet))


def shown(at: str, sheet: list[list[Any]]) -> list[list[Any]]:
    """The rows of a range from its first column on."""
    first, last = (int(re.sub("[A-Z]+", "", cell)) for cell in at.split(":"))
    return sheet[first - 1 : last]


@pytest.mark.parametrize("example", [e for e in ASKED if e[8:].split("(")[0] not in NO_COMMAND])
def test_a_command_shows_the_digits_of_python(
    example: str,
    place: Place,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    one = place.asked[example]
    monkeypatch.setenv("XLBUDGET_STORE", str(place.store))
    command = one.name.lower().replace("_", "-")
    assert run([command, str(place.source), *options(one), "--json"]) == 0
    said = json.loads(capfd.readouterr().out)
    if one.answer.header:
        assert said["rows"] == list(records(one.answer))
    else:
        assert said["value"] == one.answer.value


def options(one: Asked) -> Iterator[str]:
    """The constants of a formula as options of its command."""
    for argument, word in zip(BY_NAME[one.name].arguments, one.words, strict=False):
        value = None if word == "Model!B2" or argument.kind.table else constant(word)
        if value is not None:
            text = str(FIRST_DAY + int(str(word))) if "date" in argument.kind.help else str(value)
            yield from (f"--{argument.name.replace('_', '-')}", text)


def records(answer: Answer) -> Iterator[dict[str, Any]]:
    """The rows of an answer as JSON holds them: ISO dates, null for an error."""
    for row in answer.rows:
        record = dict(zip(answer.header, row, strict=True))
        for name, cell in record.items():
            if isinstance(cell, ErrorCell):
                record[name] = None  # type: ignore[assignment]
            elif name in ("week", "month", "faded"):
                record[name] = str(FIRST_DAY + int(float(str(cell))))
        yield record


def test_fit_names_the_model_of_the_cell(
    place: Place, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(place.store))
    assert run(["fit", str(place.source), "--json"]) == 0
    key = str(place.asked[MODEL].answer.value).split()[0]
    assert json.loads(capfd.readouterr().out)["model"] == key


Frames = dict[str, Any]
CHANGES = {name: list(cells) for name, *cells in zip(*SCENARIOS, strict=True)}


def best_plan(model: ResponseModel, frames: Frames, **choice: Any) -> Any:
    """The allocation of the sample's plan and guardrails."""
    return xb.optimize(model, frames["plan"], guardrails=frames["guardrails"], **choice)


def one_plan(model: ResponseModel, frames: Frames) -> Any:
    """The plan for all scenarios of the sample."""
    return xb.robust_plan(model, frames["plan"], CHANGES, frames["guardrails"])


def judged(model: ResponseModel, frames: Frames) -> Tabular:
    """Approvals of the best plan."""
    best = best_plan(model, frames)
    rules, _ = read_guardrails(model.data, frames["guardrails"])
    return approvals(model.data, best.plan, best.recommended, rules)


DOORS: dict[str, Callable[[ResponseModel, Frames], Tabular]] = {
    "FORECAST": lambda model, frames: xb.forecast(model, frames["plan"]),
    "CARRIED": lambda model, frames: xb.forecast(model, frames["plan"]).carried,
    "CURVE": lambda model, frames: model.curve("TV", points=25),
    "CONTRIBUTION": lambda model, frames: model.contribution(),
    "OPTIMIZE": best_plan,
    "OPTIMUM": lambda model, frames: best_plan(model, frames).figures(),
    "BUDGET_FOR": lambda model, frames: xb.optimize(
        model, frames["plan"], None, frames["guardrails"], aim="target", target=4_000_000.0
    ),
    "FRONTIER": lambda model, frames: xb.frontier(model, frames["plan"], frames["guardrails"]),
    "FLIGHT": lambda model, frames: xb.flight(model, frames["plan"], frames["guardrails"]),
    "SCENARIO": lambda model, frames: xb.scenario(model, frames["plan"], CHANGES),
    "ANSWERS": lambda model, frames: xb.answers(
        model, frames["plan"], CHANGES, frames["guardrails"]
    ),
    "ROBUST_PLAN": one_plan,
    "REGRETS": lambda model, frames: one_plan(model, frames).outcomes,
    "NEXT_TEST": lambda model, frames: xb.next_test(model, frames["plan"], frames["guardrails"]),
    "APPROVALS": judged,
    "EXPLAIN": lambda model, frames: xb.explain(
        model, frames["plan"], best_plan(model, frames).recommended, frames["guardrails"]
    ),
    "PRIORS": lambda model, frames: model.priors_table(),
}


@pytest.mark.parametrize("name", DOORS)
def test_python_names_give_the_digits_of_the_formula(
    name: str, place: Place, sample_model: ResponseModel, sample_frames: Frames
) -> None:
    by_name = Answer.table(DOORS[name](sample_model, sample_frames)).grid
    by_cells = place.asked[BY_NAME[name].example].answer.grid
    assert len(by_name) == len(by_cells)
    for row, expected in zip(by_name, by_cells, strict=True):
        assert [agrees(*pair) for pair in zip(row, expected, strict=True)] == [True] * len(row), row


def agrees(cell: Any, expected: Any) -> bool:
    """Texts and errors are the same, numbers to the digits that all hosts keep."""
    number = isinstance(expected, float)
    return bool(cell == (pytest.approx(expected, rel=1e-9, abs=1e-9) if number else expected))
