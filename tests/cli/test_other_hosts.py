"""`xlbudget respell` and `--host`: the same workbook for another spreadsheet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from conftest import Command


def model_formula(path: Path) -> str:
    """What stands in the cell of the model."""
    return str(openpyxl.load_workbook(path)["Model"]["B5"].value)


def words_of_start(path: Path) -> set[object]:
    """What Start says, the days of its change log left out."""
    rows = openpyxl.load_workbook(path)["Start"].iter_rows(values_only=True)
    return {cell for row in rows for cell in row if isinstance(cell, str)}


@pytest.mark.parametrize(
    ("host", "begins"),
    [
        ("excel", "=BUDGET_MODEL(Spend[#All],"),
        ("lite", "=_xldudf_BUDGET_MODEL(Spend[#All],"),
        ("server", "=_xldudf_BUDGET_MODEL(Spend[#All],"),
        ("libreoffice", "=BUDGET.MODEL(Spend!$A$"),
    ],
)
def test_a_template_and_a_respelled_copy_are_spelled_for_the_host(
    host: str, begins: str, xlbudget: Command, sample_book: Path
) -> None:
    assert xlbudget("template", "--sample", "--host", host, "-o", "new.xlsx").code == 0
    done = xlbudget("respell", sample_book, "--host", host, "-o", "copy.xlsx", "--json")
    assert done.code == 0, done.err
    assert set(json.loads(done.out)) == {"source", "workbook", "host", "formulas"}
    assert model_formula(Path("new.xlsx")).startswith(begins)
    assert model_formula(Path("copy.xlsx")) == model_formula(Path("new.xlsx"))
    assert words_of_start(Path("copy.xlsx")) == words_of_start(Path("new.xlsx"))


def test_a_copy_is_neither_the_book_nor_made_of_something_else(
    xlbudget: Command, sample_book: Path, tmp_path: Path
) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(sample_book.read_bytes())
    same = xlbudget("respell", book, "--host", "lite", "-o", book, "--force")
    assert (same.code, book.read_bytes()) == (2, sample_book.read_bytes())
    (tmp_path / "note.xlsx").write_text("no workbook")
    for source in ("nowhere.xlsx", "note.xlsx", "."):
        done = xlbudget("respell", source, "--host", "lite", "-o", "copy.xlsx")
        assert done.code == 2
        assert not (tmp_path / "copy.xlsx").exists()
