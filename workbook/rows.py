"""The rows of a sheet as XML, in a third of openpyxl's time: numbers and texts are most of them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZipFile

from openpyxl import Workbook
from openpyxl.compat import safe_string
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter

_ROW = re.compile(rb"<row [^>]*>")


def packed(book: Workbook) -> BytesIO:
    """The workbook as a file, not compressed yet."""
    file = BytesIO()
    _BookWriter(book, ZipFile(file, "w")).save()
    return file


class _BookWriter(ExcelWriter):
    """openpyxl's writer, except that sheets are written by ours and stay in memory."""

    def write_worksheet(self, ws: Any) -> None:
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        sheet = _SheetWriter(ws, BytesIO())
        sheet.write()
        ws._rels = _untyped(sheet)._rels
        _untyped(self)._archive.writestr(ws.path[1:], sheet.whole())
        self.manifest.append(ws)


class _SheetWriter(WorksheetWriter):
    """openpyxl's writer of a sheet, which leaves numbers and texts to us.

    A row that holds nothing else is written empty first; its cells are put in at the end.
    """

    def write_rows(self) -> None:
        self.filled: list[bytes] = []
        super().write_rows()

    def write_row(self, xf: Any, row: Iterable[Any], row_idx: Any) -> None:
        cells = list(row)
        plain = all(map(_is_plain, cells))
        super().write_row(xf, () if plain else cells, row_idx)
        self.filled.append("".join(map(_cell, cells)).encode() if plain else b"")

    def whole(self) -> bytes:
        """The sheet with its rows filled."""
        cells = iter(self.filled)
        return _ROW.sub(lambda found: found[0] + next(cells), self.read())


def _is_plain(cell: Any) -> bool:
    """Whether a cell is empty or holds a number, a date or a text, and nothing is tied to it."""
    kind, value = cell.data_type, cell._value
    known = kind == "n" or (kind == "s" and type(value) is str) or (kind == "d" and _is_day(value))
    return bool(known and not cell.hyperlink and not cell._comment)


def _is_day(value: Any) -> bool:
    return isinstance(value, dt.date) and getattr(value, "tzinfo", None) is None


def _cell(cell: Any) -> str:
    """A plain cell as openpyxl spells it."""
    value, styled = cell._value, cell.has_style
    if value is None and not styled:
        return ""
    kind = "inlineStr" if cell.data_type == "s" else "n"
    style = f' s="{cell.style_id}"' if styled else ""
    start = f'<c r="{cell.coordinate}"{style} t="{kind}"'
    if value is None or value == "":
        return f"{start} />"
    if kind == "n":
        number = _untyped(to_excel)(value) if cell.data_type == "d" else value
        return f"{start}><v>{safe_string(number)}</v></c>"
    kept = ' xml:space="preserve"' if value.strip() not in {"", value} else ""
    return f"{start}><is><t{kept}>{escape(value)}</t></is></c>"


def _untyped(thing: object) -> Any:
    """What has no type stubs, or not whole ones."""
    return thing
