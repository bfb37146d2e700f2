"""In a real spreadsheet every formula answers with the digits of the Python call."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from xlbudget.data.raw import ErrorCell
from xlbudget.formulas.catalogue import CATALOGUE, call
from xlbudget.formulas.given import Range
from xlbudget.hosts.libreoffice.extension import EXTENSION, build, idl
from xlbudget.hosts.model_store import ModelStore

MANY = 1000
SDK = Path("/usr/lib/libreoffice")


Cells = dict[str, tuple[str, list[Any]]]  # array range -> formula name, arguments as in Python


def write(path: Path, ranges: dict[str, Any], asked: dict[str, tuple[str, list[str]]]) -> None:
    """A workbook with every input range on its sheet and the asked formulas on sheet Out."""
    import openpyxl
    from openpyxl.worksheet.formula import ArrayFormula

    book = openpyxl.Workbook()
    out = book.worksheets[0]
    out.title = "Out"
    for name, rows in ranges.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for place, (name, words) in asked.items():
        text = f"=BUDGET.{name}({','.join(words)})"
        out[place.split(":")[0]] = ArrayFormula(place, text) if ":" in place else text
    book.save(path)


def address(name: str, rows: list[list[Any]]) -> str:
    """`Plan!A1:C105` for a whole input range."""
    from openpyxl.utils import get_column_letter

    return f"{name}!$A$1:${get_column_letter(len(rows[0]))}${len(rows)}"


@pytest.fixture(scope="module")
def places(ranges: dict[str, Any]) -> dict[str, str]:
    """The address of every input range."""
    return {name: address(name, rows) for name, rows in ranges.items()}


@pytest.fixture(scope="module")
def book_ranges(ranges: dict[str, Any]) -> dict[str, Any]:
    """The input ranges, and two that are broken."""
    spend = [list(row) for row in ranges["Spend"]]
    spend[16][spend[0].index("spend")] = "=1/0"
    return {**ranges, "Broken": spend, "Empty": [["x"]]}


def test_whatever_calc_hands_over_is_read_as_python_reads_it(
    calc: Any, book_ranges: dict[str, Any], places: dict[str, str], tmp_path: Path
) -> None:
    tables = ("Spend", "Outcomes", "Controls", "Channels", "Experiments", "Settings", "Regions")
    store = ModelStore(tmp_path / "store" / "models")
    key = call("MODEL", [book_ranges[name] for name in tables], store).value
    asked: dict[str, tuple[str, list[str], list[Any]]] = {}
    row = 1

    def ask(shape: tuple[int, int], name: str, words: list[str], given: list[Any]) -> None:
        nonlocal row
        from openpyxl.utils import get_column_letter

        last = f"{get_column_letter(shape[1])}{row + shape[0] - 1}"
        asked[f"A{row}" if shape == (1, 1) else f"A{row}:{last}"] = (name, words, given)
        row += shape[0] + 1

    ranged = {name: (places[name], book_ranges[name]) for name in places}

    def tables_of(*names: str) -> tuple[list[str], list[Any]]:
        return [ranged[n][0] for n in names], [ranged[n][1] for n in names]

    ask((1, 1), "MODEL", *tables_of(*tables))
    plan, plan_rows = ranged["Plan"]
    rules, rule_rows = ranged["Guardrails"]
    broken = address("Broken", book_ranges["Broken"])
    ask((15, 6), "FORECAST", ["A1", plan], [key, plan_rows])
    ask((14, 6), "FORECAST", ["A1", plan, "0.5"], [key, plan_rows, 0.5])
    ask((10, 9), "MARGINAL_ROI", ["A1"], [key])
    ask((9, 9), "MARGINAL_ROI", ["A1", "", "", "0.8"], [key, None, None, 0.8])
    ask((9, 9), "MARGINAL_ROI", ["A1", "Empty!B5", '""'], [key, None, None])
    ask((1, 1), "MARGINAL_ROI", ["A1", '"TV"', "50000"], [key, "TV", 50000])
    ask((9, 9), "MARGINAL_ROI", ["A1", "", '{"TV",50000}'], [key, None, [["TV", 50000]]])
    ask((51, 6), "CURVE", ["A1", '"Email"'], [key, "Email"])
    ask((9, 7), "CONTRIBUTION", ["A1", "DATE(2025,1,6)", "45838"], [key, "2025-01-06", 45838])
    ask((9, 5), "APPROVALS", [plan, plan, rules], [plan_rows, plan_rows, rule_rows])
    ask((20, 4), "READINESS", *tables_of("Spend", "Outcomes", "Controls", "Channels", "Ledger"))
    ask((9, 11), "OPTIMIZE", ["A1", plan, "0", rules], [key, plan_rows, 0, rule_rows])
    # what goes wrong
    ask((1, 1), "MARGINAL_ROI", ["A1", '"Radio"'], [key, "Radio"])
    ask((3, 6), "FORECAST", ['"no key"', plan], ["no key", plan_rows])
    ask((3, 6), "CURVE", ["A1", '"TV"', "1"], [key, "TV", 1])
    shown = Range(_with_error(book_ranges["Broken"]), "Broken")
    outcomes, outcome_rows = ranged["Outcomes"]
    ask((3, 4), "READINESS", [broken, outcomes], [shown, outcome_rows])

    book = tmp_path / "book.xlsx"
    write(book, book_ranges, {at: (name, words) for at, (name, words, _) in asked.items()})
    report = calc.calculated(book, tmp_path / "office", "Out")
    wrong: list[str] = []
    for at, (name, _, given) in asked.items():
        expected = call(name, given, store).grid
        wrong += calc.differences(f"{at} {name}", at, expected, report["sheets"]["Out"])
    assert not wrong, "\n".join(wrong[:20])
    broken_at = next(at for at, (_, words, _) in asked.items() if broken in words)
    texts = " ".join(str(cell) for cell in report["sheets"]["Out"][_first_row(broken_at) + 1])
    assert "Broken!" in texts
    assert "17" in texts
    assert "#DIV/0!" in texts


def _with_error(rows: list[list[Any]]) -> list[list[Any]]:
    return [[ErrorCell("#DIV/0!") if cell == "=1/0" else cell for cell in row] for row in rows]


def _first_row(at: str) -> int:
    return int("".join(c for c in at.split(":", maxsplit=1)[0] if c.isdigit())) - 1


def test_a_thousand_formula_cells_take_seconds(
    calc: Any, book_ranges: dict[str, Any], places: dict[str, str], tmp_path: Path
) -> None:
    tables = ("Spend", "Outcomes", "Controls", "Channels", "Experiments", "Settings", "Regions")
    asked = {"A1": ("MODEL", [places[name] for name in tables])}
    asked |= {f"C{n}": ("MARGINAL_ROI", ["$A$1", '"TV"', str(100 * n)]) for n in range(1, MANY + 1)}
    book = tmp_path / "many.xlsx"
    write(book, book_ranges, asked)
    report = calc.calculated(book, tmp_path / "office", "Out")
    values = [row[2] for row in report["sheets"]["Out"]]
    assert len(values) == MANY
    assert all(isinstance(value, float) for value in values)


def test_the_type_library_compiles(tmp_path: Path) -> None:
    compiler = SDK / "sdk" / "bin" / "unoidl-write"
    if not compiler.exists():
        pytest.skip("libreoffice-dev is not installed (unoidl-write)")
    source = tmp_path / "formulas.idl"
    source.write_text(idl(), "utf-8")
    types = [SDK / "program" / "types.rdb", SDK / "program" / "types" / "offapi.rdb"]
    subprocess.run([compiler, *types, source, tmp_path / "formulas.rdb"], check=True, timeout=60)


def test_the_extension_holds_what_calc_needs(tmp_path: Path) -> None:
    with zipfile.ZipFile(build(tmp_path / "x.oxt", "/some/python")) as packed:
        names = set(packed.namelist())
        backend = json.loads(packed.read("backend.json"))
        formulas = json.loads(packed.read("formulas.json"))
        assert EXTENSION in packed.read("description.xml").decode()
    assert {"META-INF/manifest.xml", "component.py", "formulas.idl"} <= names
    assert backend["interpreter"] == "/some/python"
    assert [f["name"] for f in formulas] == [entry.name for entry in CATALOGUE]


def test_the_backend_answers_line_by_line(tmp_path: Path) -> None:
    lines = [
        {"name": "VERSION", "given": []},
        {"name": "CURVE", "given": ["no key", "TV"]},
        {"name": "NOTHING", "given": []},
        {"name": "CURVE"},
    ]
    done = subprocess.run(
        [sys.executable, "-m", "xlbudget.hosts.libreoffice.backend"],
        input="".join(json.dumps(line) + "\n" for line in lines),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "XLBUDGET_STORE": str(tmp_path)},
        check=True,
        timeout=60,
    )
    rows = [json.loads(line)["rows"] for line in done.stdout.splitlines()]
    assert "LibreOffice" in rows[0][0][0]
    assert rows[1][1][1] == {"error": "#N/A"}
    assert rows[2] == [[{"error": "#N/A"}]] or "there is no formula" in rows[2][0][0]
    assert rows[3] == [[{"error": "#VALUE!"}]]
    assert "a formula failed" in (tmp_path / "logs" / "libreoffice.log").read_text("utf-8")


def test_a_book_that_does_not_open_leaves_no_office_behind(calc: Any, tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        calc.calculated(tmp_path / "missing.xlsx", tmp_path / "office", "Out")
    assert not [words for words in _running() if str(calc.profile) in words]


def _running() -> Iterator[str]:
    """The command line of every process that is there."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it ended just now
            yield path.read_bytes().decode("utf-8", "replace")
