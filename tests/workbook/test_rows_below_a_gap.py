"""Emptied rows in the middle of a table do not cut off what stands below them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
from openpyxl.worksheet.table import Table

from workbook.reader import read_workbook

DAY = dt.date(2024, 1, 1)


def _book(path: Path, below: list[list[object]]) -> Path:
    """Spend as an Excel Table of one row, further rows typed below it."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Spend"
    for row in [["week", "channel", "spend"], [DAY, "TV", 5.0], *below]:
        sheet.append(row)
    sheet.add_table(Table(displayName="Spend", ref="A1:C2"))
    book.save(path)
    return path


def test_whole_rows_below_a_gap_belong_to_the_table(tmp_path: Path) -> None:
    empty: list[object] = [None, None, None]
    later = [[DAY + dt.timedelta(weeks=1), "TV", 6.0], [DAY + dt.timedelta(weeks=2), "TV", 7.0]]
    tables, _ = read_workbook(_book(tmp_path / "book.xlsx", [empty, empty, *later]))
    assert tables["spend"].columns["spend"].tolist() == [5.0, 6.0, 7.0]


def test_a_note_below_the_table_is_no_row(tmp_path: Path) -> None:
    note: list[object] = ["Source: the agency"]
    tables, _ = read_workbook(_book(tmp_path / "book.xlsx", [[None], note]))
    assert tables["spend"].rows == 1
