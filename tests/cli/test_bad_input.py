"""Bad input: place and remedy, an exit code, nothing half written, the input untouched."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

if TYPE_CHECKING:
    from conftest import Command

Frames = dict[str, pd.DataFrame]
OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # how an encrypted workbook begins


def _drop(table: str, column: str) -> Callable[[Frames], None]:
    def change(frames: Frames) -> None:
        frames[table] = frames[table].drop(columns=column)

    return change


def _rename(table: str, old: str, new: str) -> Callable[[Frames], None]:
    def change(frames: Frames) -> None:
        frames[table] = frames[table].rename(columns={old: new})

    return change


def _put(table: str, row: int, column: str, cell: object) -> Callable[[Frames], None]:
    def change(frames: Frames) -> None:
        frames[table] = frames[table].astype({column: object})
        frames[table].loc[row, column] = cell

    return change


def _twice(frames: Frames) -> None:
    spend = frames["spend"]
    frames["spend"] = pd.concat([spend, spend.iloc[[15]]], ignore_index=True)


def _gap(frames: Frames) -> None:
    weeks = sorted(frames["outcomes"]["week"].unique())
    for table in ("spend", "outcomes"):
        frames[table] = frames[table][frames[table]["week"] != weeks[60]]


def _empty(frames: Frames) -> None:
    frames["spend"] = frames["spend"].iloc[:0]


def _missing(frames: Frames) -> None:
    del frames["outcomes"]


# what is done to the folder -> where the finding is, a word of it, the exit code
TABLES: dict[str, tuple[Callable[[Frames], None], str, str, int]] = {
    "a missing table": (_missing, "Outcomes", "Outcomes", 1),
    "a missing column": (_drop("spend", "spend"), "spend.csv:1", "spend", 1),
    "a renamed column": (_rename("spend", "spend", "cost"), "spend.csv:1", "cost", 1),
    "text in a number": (_put("spend", 15, "spend", "lots"), "spend.csv:17", "lots", 1),
    "text for a date": (_put("spend", 15, "week", "soon"), "spend.csv:17", "soon", 1),
    "a date out of order": (_put("spend", 15, "week", "31/31/2024"), "spend.csv:17", "31/31", 1),
    "a row twice": (_twice, "spend.csv", "", 1),
    "negative spend": (_put("spend", 15, "spend", -5.0), "spend.csv:17", "below 0", 1),
    "a currency in a cell": (_put("spend", 15, "spend", "$ 500"), "spend.csv:17", "$", 1),
    "an empty table": (_empty, "spend.csv", "", 1),
    "an unknown channel in a rule": (
        _put("guardrails", 0, "name", "Televison"),
        "guardrails.csv:2",
        "Televison",
        1,
    ),
}


@pytest.fixture
def folder(tmp_path: Path, sample_frames: Frames) -> Callable[[Callable[[Frames], None]], Path]:
    """The sample market as a folder of CSVs, after a change."""

    def write(change: Callable[[Frames], None]) -> Path:
        frames = {name: frame.copy() for name, frame in sample_frames.items()}
        change(frames)
        target = tmp_path / "input"
        target.mkdir()
        for name, frame in frames.items():
            frame.to_csv(target / f"{name}.csv", index=False)
        return target

    return write


def contents(path: Path) -> dict[str, bytes]:
    """Every file below a path."""
    files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file())
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("case", TABLES)
def test_a_bad_table_is_one_finding_with_place_and_remedy(
    case: str, xlbudget: Command, folder: Callable[[Callable[[Frames], None]], Path], tmp_path: Path
) -> None:
    change, where, word, code = TABLES[case]
    source = folder(change)
    before = contents(source)
    done = xlbudget("validate", source)
    errors = [line for line in done.err.splitlines() if line.startswith("Error: ")]
    assert done.code == code
    assert len(errors) == 1, done.err
    assert errors[0].startswith(f"Error: {where}")
    assert word in errors[0]
    planned = xlbudget("plan", source, "-o", "plan.xlsx")
    assert planned.code == code
    assert errors[0] in planned.err
    assert contents(source) == before
    assert [path.name for path in tmp_path.iterdir()] == ["input"]


def test_a_gap_in_weeks_is_named(
    xlbudget: Command, folder: Callable[[Callable[[Frames], None]], Path]
) -> None:
    done = xlbudget("validate", folder(_gap))
    assert "week" in done.err
    assert done.code in (0, 1)


def test_everything_is_found_in_one_pass(
    xlbudget: Command, folder: Callable[[Callable[[Frames], None]], Path]
) -> None:
    def all_of_it(frames: Frames) -> None:
        _put("spend", 3, "spend", "lots")(frames)
        _put("spend", 9, "spend", -1.0)(frames)
        _put("outcomes", 4, "week", "soon")(frames)

    done = xlbudget("validate", folder(all_of_it))
    for where in ("spend.csv:5", "spend.csv:11", "outcomes.csv:6"):
        assert where in done.err
    assert done.code == 1


@pytest.mark.usefixtures("shared_store")
def test_a_budget_that_the_rules_forbid_names_them(xlbudget: Command, sample_book: Path) -> None:
    done = xlbudget("plan", sample_book, "--budget", "90000000", "-o", "plan.xlsx")
    assert done.code == 2
    assert "cheapest" in done.err
    assert not Path("plan.xlsx").exists()


def _bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 600_000_000)
    return packed.getvalue()


FILES: dict[str, Callable[[Path], bytes]] = {
    "no workbook": lambda book: b"Dear planner, please find attached",
    "encrypted": lambda book: OLE + b"\0" * 4096,
    "cut off": lambda book: book.read_bytes()[:20_000],
    "a zip bomb": lambda book: _bomb(),
    "an empty file": lambda book: b"",
}


@pytest.mark.parametrize("case", FILES)
@pytest.mark.parametrize("command", ["validate", "plan", "forecast"])
def test_a_file_that_cannot_be_read_is_one_sentence(
    case: str, command: str, xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(FILES[case](sample_book))
    before = bad.read_bytes()
    done = xlbudget(command, bad, *(["-o", "plan.xlsx"] if command == "plan" else []))
    assert done.code == 2
    assert "bad.xlsx" in done.err
    assert len(done.err.strip().splitlines()) == 1
    assert bad.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["bad.xlsx"]


def test_a_workbook_names_the_cell(xlbudget: Command, sample_book: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(sample_book)
    sheet = book["Spend"]
    header = next(row for row in sheet.iter_rows() if "spend" in [cell.value for cell in row])
    column = next(cell.column_letter for cell in header if cell.value == "spend")
    place = f"{column}{header[0].row + 3}"
    sheet[place] = "a lot"
    book.save(tmp_path / "book.xlsx")
    done = xlbudget("validate", "book.xlsx")
    assert done.code == 1
    assert f"Spend!{place}" in done.err


def test_scenarios_that_cannot_be_meant_are_named_with_all_else(
    xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(sample_book)
    book["Scenarios"]["B5"] = "planet"
    book["Scenarios"]["D7"] = "spnd"
    book.save(tmp_path / "book.xlsx")
    done = xlbudget("validate", "book.xlsx")
    assert done.code == 1
    assert "Scenarios!B5" in done.err
    assert "Scenarios!D7" in done.err
    assert done.out.startswith("Not ready: 2 errors")


def test_scenarios_are_read_though_other_tables_are_wrong(
    xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    def said(**more: str) -> str:
        book = openpyxl.load_workbook(sample_book)
        for row, (column, value) in enumerate(wrong.items(), 5):
            book["Scenarios"][f"{places[column]}{row}"] = value
        for place, text in more.items():
            book[place[:-2]][place[-2:]] = text
        book.save(tmp_path / "book.xlsx")
        return xlbudget("validate", "book.xlsx").err

    wrong = {"value": -150, "what": "spnd", "scope": "planet"}
    header = openpyxl.load_workbook(sample_book)["Scenarios"][4]
    places = {cell.value: cell.column_letter for cell in header}
    below_zero, misspelt, unknown = (
        f"Scenarios!{places[column]}{row}: " for row, column in enumerate(wrong, 5)
    )
    assert all(place in said() for place in (below_zero, misspelt, unknown))
    assert all(place in said(PlanC5="Radio") for place in ("Plan!C5", misspelt, unknown))
    assert all(place in said(SpendA6="some day") for place in ("Spend!A6", misspelt))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["plan", "nowhere.xlsx", "-o", "plan.xlsx"], "there is no such file"),
        (["plan", "nowhere.xlsx", "-o", "plan.pdf"], "ends in .xlsx"),
        (["plan", "nowhere.xlsx", "-o", "no/such/plan.xlsx"], "there is no folder"),
        (["import", "nowhere.csv", "-o", "book.xlsx"], "there is no such file"),
        (["optimise", "book.xlsx"], "did you mean 'optimize'?"),
        (["plan", "nowhere.xlsx"], "--output"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    words: list[str], says: str, xlbudget: Command, tmp_path: Path
) -> None:
    done = xlbudget(*words)
    assert done.code == 2
    assert says in done.err
    assert not list(tmp_path.iterdir())


def test_the_input_is_never_the_output(
    xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(sample_book.read_bytes())
    done = xlbudget("plan", book, "-o", book)
    assert done.code == 2
    assert "never changed" in done.err
    assert book.read_bytes() == sample_book.read_bytes()


@pytest.mark.usefixtures("shared_store")
@pytest.mark.parametrize(
    "words",
    [
        ["marginal-roi", "--line", "Televison"],
        ["curve", "--line", "X"],
        ["forecast", "--confidence", "2"],
        ["optimize", "--budget", "nan"],
        ["optimize", "--target", "5"],
        ["response", "--line", "TV", "--spend", "inf"],
        ["marginal-roi", "--spend", "TV=50000,TV=4000"],
    ],
    ids=" ".join,
)
def test_a_formula_that_fails_says_why(
    words: list[str], xlbudget: Command, sample_book: Path
) -> None:
    done = xlbudget(words[0], sample_book, *words[1:])
    assert done.code == 2
    assert done.out == ""
    assert done.err.splitlines()[-1].startswith("Cannot: ")


@pytest.mark.usefixtures("shared_store")
def test_a_message_is_said_once(sample_book: Path) -> None:
    words = ["marginal-roi", str(sample_book), "--line", "Televison"]
    done = subprocess.run(
        [sys.executable, "-m", "xlbudget", *words], capture_output=True, text=True, check=False
    )
    assert done.stderr.count("Televison") == 1


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_work(
    xlbudget: Command, sample_book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    done = xlbudget("plan", sample_book, "-o", tmp_path / "plan.xlsx")
    assert done.code == 2
    assert "cannot be written to" in done.err
    assert "fitting" not in done.err
