"""The main job on the command line: what is printed, what is written, how it ends."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

from xlbudget.cli.formulas import SHOWN

if TYPE_CHECKING:
    from conftest import Command

    from xlbudget.response.model import ResponseModel

pytestmark = pytest.mark.usefixtures("shared_store")


def test_the_sample_is_ready(xlbudget: Command, sample_book: Path) -> None:
    done = xlbudget("validate", sample_book)
    assert done.code == 0
    assert done.out.startswith("Ready: 8 lines, 130 weeks")


def test_plan_writes_a_plan_file_and_leaves_the_book_alone(
    xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    before = sample_book.read_bytes()
    done = xlbudget("plan", sample_book, "-o", "plan.xlsx")
    assert done.code == 0, done.err
    assert sample_book.read_bytes() == before
    assert {"Summary", "Forecast", "Allocation", "Approvals", "Method"} <= set(
        openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames
    )
    sentences = done.out.strip().splitlines()
    assert len(sentences) <= 11
    assert sentences[-1].endswith("plan.xlsx")
    assert [path.name for path in tmp_path.iterdir()] == ["plan.xlsx"]


def test_a_command_shows_the_digits_of_python(
    xlbudget: Command, sample_book: Path, sample_model: ResponseModel
) -> None:
    shown = json.loads(xlbudget("marginal-roi", sample_book, "--json").out)
    table = sample_model.marginal_roi().table
    for row, (_, expected) in zip(shown["rows"], table.iterrows(), strict=True):
        assert row["line"] == expected["line"]
        assert row["marginal_roi"] == pytest.approx(expected["marginal_roi"], rel=1e-9)


@pytest.mark.parametrize(
    ("words", "keys"),
    [
        (["validate"], {"source", "ready", "findings"}),
        (
            ["fit"],
            {"source", "model", "draws", "verdict", "diagnostics", "priors", "tests", "platforms"},
        ),
        (["forecast"], {"formula", "source", "model", "rows", "carried"}),
        (["optimize", "--risk", "expected"], {"formula", "source", "model", "rows"}),
        (["approvals"], {"formula", "source", "model", "rows"}),
        (["explain"], {"formula", "source", "model", "rows"}),
        (["flight"], {"formula", "source", "model", "rows"}),
        (["reconcile"], {"formula", "source", "model", "rows"}),
        (["curve", "--line", "TV"], {"formula", "source", "model", "rows"}),
        (["marginal-roi", "--line", "TV"], {"formula", "source", "model", "value"}),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_json_has_stable_keys(
    xlbudget: Command, sample_book: Path, words: list[str], keys: set[str]
) -> None:
    done = xlbudget(words[0], sample_book, *words[1:], "--json")
    assert done.code == 0, done.err
    assert set(json.loads(done.out)) == keys


@pytest.mark.parametrize(
    "name",
    [
        "template",
        "import",
        "respell",
        "validate",
        "fit",
        "forecast",
        "marginal-roi",
        "optimize",
        "scenario",
        "flight",
        "next-test",
        "plan",
        "reconcile",
        "backtest",
        "explain",
        "approvals",
        "doctor",
    ],
)
def test_every_command_helps_with_an_example(xlbudget: Command, name: str) -> None:
    done = xlbudget(name, "--help")
    assert done.code == 0
    assert f"Example: xlbudget {name}" in done.out
    assert "--json" in done.out
    assert "0 fine, 1 findings in the input, 2 cannot" in done.out


def test_weeks_are_dates_outside_a_spreadsheet(xlbudget: Command, sample_book: Path) -> None:
    rows = json.loads(xlbudget("forecast", sample_book, "--json").out)["rows"]
    assert rows[0]["week"] == "2025-12-29"
    assert len(rows) == 13


def test_the_budget_option_counts(xlbudget: Command, sample_book: Path) -> None:
    done = xlbudget("optimize", sample_book, "--budget", "2800000", "--json")
    assert done.code == 0, done.err
    total = sum(row["recommended"] for row in json.loads(done.out)["rows"])
    assert total == pytest.approx(2_800_000)


def test_a_template_is_not_replaced_unasked(xlbudget: Command, tmp_path: Path) -> None:
    assert xlbudget("template", "-o", "book.xlsx").code == 0
    before = (tmp_path / "book.xlsx").read_bytes()
    done = xlbudget("template", "-o", "book.xlsx")
    assert (done.code, (tmp_path / "book.xlsx").read_bytes()) == (2, before)
    assert "--force" in done.err
    assert xlbudget("template", "-o", "book.xlsx", "--force").code == 0


def test_doctor_finds_this_installation_well(xlbudget: Command) -> None:
    done = xlbudget("doctor", "--json")
    assert done.code == 0
    checks = {check["check"]: check for check in json.loads(done.out)["checks"]}
    assert checks["numpy"]["status"] == "ok"
    assert "Models are kept in" in checks


def test_a_fault_of_ours_goes_to_the_log(
    xlbudget: Command, sample_book: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XLBUDGET_STORE", str(tmp_path / "store"))
    monkeypatch.setattr("xlbudget.cli.validate.read", lambda path: 1 / 0)
    done = xlbudget("validate", sample_book)
    assert done.code == 2
    assert "ZeroDivisionError" not in done.err
    log = Path(done.err.strip().rpartition("file: ")[2])
    assert "ZeroDivisionError" in log.read_text("utf-8")


@pytest.mark.parametrize(
    "name", [name for name, example in SHOWN.items() if example], ids=str.lower
)
def test_an_example_computes_on_the_sample(xlbudget: Command, sample_book: Path, name: str) -> None:
    words = xlbudget(name.lower().replace("_", "-"), "--help").out.partition("Example: xlbudget ")
    example = shlex.split(words[2].splitlines()[0])
    done = xlbudget(example[0], sample_book, *example[2:])
    assert done.code == 0, done.err
    assert done.out
