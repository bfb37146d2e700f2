"""Merged cells hold one value for many rows: which rows it stands for is never guessed."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from workbook.reader import read_workbook
from xlbudget.data.raw import ErrorCell
from xlbudget.errors import UnreadableFile

ROWS = [["week", "channel", "spend"], *([f"2024-01-{day:02}", "TV", 5.0] for day in (1, 8, 15))]


def _book(path: Path, *merged: str, title: bool = False) -> Path:
    """A workbook that says which cells are merged; openpyxl would make every one of them."""
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Spend"
    for row in [["Spend"], *ROWS] if title else ROWS:
        sheet.append(row)
    book.save(plain)
    cells = "".join(f'<mergeCell ref="{area}"/>' for area in merged)
    said = f"</sheetData><mergeCells>{cells}</mergeCells>".encode()
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b"</sheetData>", said))
    return path


def test_a_covered_cell_is_told_as_merged_not_as_empty(tmp_path: Path) -> None:
    tables, _ = read_workbook(_book(tmp_path / "book.xlsx", "B2:B4"))
    channel = tables["spend"].columns["channel"]
    assert channel[0] == "TV"
    assert all(isinstance(cell, ErrorCell) and "B2:B4" in cell.text for cell in channel[1:])


def test_a_merged_title_above_the_table_matters_to_nobody(tmp_path: Path) -> None:
    tables, _ = read_workbook(_book(tmp_path / "book.xlsx", "A1:C1", title=True))
    assert tables["spend"].columns["spend"].tolist() == [5.0, 5.0, 5.0]


def test_merged_cells_beyond_the_used_ones_cost_nothing(tmp_path: Path) -> None:
    tables, _ = read_workbook(_book(tmp_path / "book.xlsx", "E1:XFD1048576"))
    assert tables["spend"].rows == 3


def test_merged_cells_that_overlap_are_damage(tmp_path: Path) -> None:
    path = _book(tmp_path / "book.xlsx", "A2:C4", "A2:C4", "A1:C4")
    with pytest.raises(UnreadableFile, match="overlap"):
        read_workbook(path)
