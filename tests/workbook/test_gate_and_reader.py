"""Hostile and damaged files are turned away; what is let through is read cell by cell."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.table import Table

from workbook.reader import read_workbook
from xlbudget.data.raw import ErrorCell
from xlbudget.errors import UnreadableFile
from xlbudget.findings import Place

SHEET = "xl/worksheets/sheet1.xml"


def book(path: Path, rows: list[list[object]], sheet: str = "Spend", table: str = "") -> Path:
    made = Workbook()
    page = made.worksheets[0]
    page.title = sheet
    for row in rows:
        page.append(row)
    if table:
        page.add_table(Table(displayName=table, ref=page.dimensions))
    made.save(path)
    return path


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, change(data) if name == part else data)
    return path


def plain(path: Path) -> Path:
    return book(path, [["week", "channel", "spend"], [dt.date(2025, 1, 6), "TV", 5.0]])


def far_cell(path: Path) -> Path:
    last = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return rewritten(plain(path), SHEET, lambda data: data.replace(b"</sheetData>", last))


def bomb(path: Path) -> Path:
    return rewritten(plain(path), SHEET, lambda data: data + b" " * 20_000_000)


def entities(path: Path) -> Path:
    declared = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet'
    return rewritten(plain(path), SHEET, lambda data: data.replace(b"<worksheet", declared, 1))


def truncated(path: Path) -> Path:
    path.write_bytes(plain(path).read_bytes()[:3000])
    return path


def encrypted(path: Path) -> Path:
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    )
    return path


def old_format(path: Path) -> Path:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    return path


def text(path: Path) -> Path:
    path.write_text("week,channel,spend")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def lying(path: Path) -> Path:
    """A part that holds more than its entry declares."""
    data = bytearray(plain(path).read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    path.write_bytes(bytes(data))
    return path


HOSTILE = {
    far_cell: "XFD1048576",
    bomb: "times its size",
    entities: "entities",
    truncated: "cut short",
    encrypted: "password",
    old_format: "old format",
    text: "no Excel workbook",
    empty: "empty",
    lying: "damaged",
}


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_file_is_turned_away_with_its_name_and_a_remedy(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    path = make(tmp_path / "book.xlsx")
    with pytest.raises(UnreadableFile) as caught:
        read_workbook(path)
    assert HOSTILE[make] in str(caught.value)
    assert str(caught.value).startswith("book.xlsx: ")
    assert str(caught.value).count(". ") >= 1  # what is wrong, then what to do


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="no such file"):
        read_workbook(tmp_path / "none.xlsx")


def test_error_cells_and_formulas_without_a_value_are_never_read_as_missing(
    tmp_path: Path,
) -> None:
    path = book(tmp_path / "b.xlsx", [["week", "spend"], [1, "#REF!"], [2, "=1+1"], [3, None]])
    rewritten(path, SHEET, lambda data: data)
    with zipfile.ZipFile(path) as parts:
        assert b"inlineStr" in parts.read(SHEET)
    made = Workbook()
    page = made.worksheets[0]
    page.title = "Spend"
    page.append(["week", "spend"])
    page.append([1, None])
    page["B2"].value, page["B2"].data_type = "#REF!", "e"
    page.append([2, "=1+1"])
    made.save(path)
    tables, _ = read_workbook(path)
    first, second = tables["spend"].columns["spend"]
    assert first == ErrorCell("#REF!")
    assert isinstance(second, ErrorCell)
    assert "never calculated" in second.text


def test_a_place_is_named_by_its_true_cell_also_after_blank_rows(tmp_path: Path) -> None:
    rows: list[list[object]] = [["note"], [], ["week", "spend"], [1, 2], [None, None], [3, 4]]
    tables, _ = read_workbook(book(tmp_path / "b.xlsx", rows))
    raw = tables["spend"]
    assert raw.rows == 2
    assert raw.locate(Place("Spend", 1, "spend")) == "Spend!B6"
    assert raw.locate(Place("Spend", None, "Week")) == "Spend!A3"
    assert raw.locate(Place("Spend")) == "Spend"


def test_an_excel_table_is_found_wherever_it_lies_with_rows_typed_below_it(
    tmp_path: Path,
) -> None:
    path = book(tmp_path / "b.xlsx", [["week", "spend"], [1, 2]], sheet="My data", table="Spend")
    row = b'<row r="3"><c r="A3"><v>3</v></c><c r="B3"><v>4</v></c></row></sheetData>'
    rewritten(path, SHEET, lambda data: data.replace(b"</sheetData>", row))
    tables, _ = read_workbook(path)
    assert list(tables["spend"].columns["spend"]) == [2.0, 4.0]
    assert tables["spend"].locate(Place("Spend", 0, "spend")) == "'My data'!B2"


def test_a_renamed_sheet_is_a_finding_that_names_what_was_meant(tmp_path: Path) -> None:
    _, findings = read_workbook(book(tmp_path / "b.xlsx", [["week"], [1]], sheet="Spends"))
    assert [(f.code, f.where) for f in findings] == [("table-missing", "Spends")]
    assert "did you mean 'Spend'?" in findings[0].problem


def test_the_1904_date_system_gives_the_same_days(tmp_path: Path) -> None:
    made = Workbook()
    made.epoch = CALENDAR_MAC_1904
    page = made.worksheets[0]
    page.title = "Spend"
    page.append(["week", "spend"])
    page.append([dt.date(2025, 1, 6), 1])
    page.append([44201, 1])  # a plain number: the same day in this system
    made.save(tmp_path / "b.xlsx")
    tables, _ = read_workbook(tmp_path / "b.xlsx")
    shown, serial = tables["spend"].columns["week"]
    assert str(shown)[:10] == str(serial)[:10] == "2025-01-06"
