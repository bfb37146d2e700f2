"""A workbook written by our own rows is, part by part, the one that openpyxl writes."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font
from openpyxl.worksheet.formula import ArrayFormula

from workbook.rows import packed

ROWS = (
    ("text", " kept spaces ", "  ", "", "a & b < c", "line\nbreak", "=1+1", "Ünïcode"),
    (1, -2.5, 1e300, 0.1 + 0.2, True, None, 10**15, float("nan")),
    (dt.date(2026, 1, 5), dt.datetime(2026, 1, 5, 12, 30), dt.time(8, 15), dt.timedelta(days=2)),
    (),
    ("#N/A", "=SUM(A2:B2)", ArrayFormula("C5:D5", "=A2:B2")),
)


def book() -> Workbook:
    made = Workbook()
    sheet = made.worksheets[0]
    for row in ROWS:
        sheet.append(row)
    sheet["G1"].data_type = "s"
    sheet["H9"].font = Font(bold=True)
    sheet["A6"], sheet["B6"] = "a link", "a comment"
    sheet["A6"].hyperlink = "https://example.org/"
    sheet["B6"].comment = Comment("seen", "someone")
    sheet.row_dimensions[4].height = 40
    made.create_sheet("Empty")
    return made


def parts(file: BytesIO) -> dict[str, bytes]:
    with ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_is_what_openpyxl_writes() -> None:
    theirs = BytesIO()
    book().save(theirs)
    expected, ours = parts(theirs), parts(packed(book()))
    assert list(ours) == list(expected)
    for name in set(expected) - {"docProps/core.xml"}:  # holds the time
        assert ours[name] == expected[name]
