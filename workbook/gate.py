"""The gate before any reader: sizes first, so that no file can exhaust the machine.

Readers trust a workbook: one value in XFD1048576 makes them allocate 17 billion cells, and a
part of a few kilobytes can unzip to gigabytes. The gate reads sizes by streaming and turns away
what is no workbook, has a password, is damaged or is too large, each with what to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from zipfile import ZipFile, is_zipfile

from defusedxml import DTDForbidden

from workbook.damage import sorted_out, unreadable
from workbook.parts import Parts, Sheet, read_parts, readable_method, stream
from workbook.places import cell, corners, letters, number

MOST_BYTES = 400_000_000  # unzipped, all parts together
MOST_PACKED = 200_000_000
MOST_PARTS = 5_000
MOST_CELLS = 8_000_000  # of one sheet, rows x columns between its first and last used cell
MOST_RATIO = 300  # unzipped over packed, for parts above SMALL; real sheets stay below 60
SMALL = 5_000_000
MOST_ERRORS = 100_000  # error cells of a sheet

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_VALUE = "a formula that was never calculated"

Area = tuple[int, int, int, int]


@dataclass(frozen=True)
class Used:
    """The used cells of one sheet; rows and columns from 1, ends included, 0 where empty.

    errors  (row, column) -> the error of that cell, #REF! or a formula without a value
    merged  cells that are merged into one: top, left, bottom, right of each
    """

    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    merged: tuple[Area, ...] = ()

    @property
    def cells(self) -> int:
        """Rows x columns between the first and the last used cell."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1) if self.bottom else 0


@dataclass(frozen=True)
class Admitted:
    """A workbook that may be read, and what the gate saw of it."""

    parts: Parts
    used: Mapping[str, Used]  # by sheet name


def admit(path: Path) -> Admitted:
    """Let a workbook through, or raise UnreadableFile saying what is wrong and what to do."""
    with sorted_out(path):
        _is_workbook(path)
        _sizes(path)
        parts = read_parts(path)
        return Admitted(parts, {sheet.name: _used(path, sheet) for sheet in parts.sheets})


def _is_workbook(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(8)
        if head == _OLE:
            whole = head + file.read(MOST_PACKED)
            if "EncryptedPackage".encode("utf-16-le") in whole:
                raise unreadable(path, "password", "the workbook is encrypted with a password")
            raise unreadable(path, "old format", "this is a workbook of the old format (.xls)")
    if path.stat().st_size == 0:
        raise unreadable(path, "not a workbook", "the file is empty")
    if not is_zipfile(path):
        if head.startswith(b"PK"):
            raise unreadable(path, "damaged", "the workbook is cut short")
        raise unreadable(path, "not a workbook", "this is no Excel workbook")
    with ZipFile(path) as book:
        names = set(book.namelist())
    if "xl/workbook.bin" in names:
        raise unreadable(path, "old format", "this is a binary workbook (.xlsb)")
    if "[Content_Types].xml" not in names:
        kind = "an OpenDocument file" if "content.xml" in names else "a zip file"
        raise unreadable(path, "not a workbook", f"this is {kind}, no Excel workbook")


def _sizes(path: Path) -> None:
    """Declared sizes first, then that every part holds what it declares."""
    packed = path.stat().st_size
    with ZipFile(path) as book:
        parts = book.infolist()
    if packed > MOST_PACKED or len(parts) > MOST_PARTS:
        raise unreadable(
            path, "too large", f"the file has {packed:,} bytes in {len(parts):,} parts"
        )
    if sum(part.compress_size for part in parts) > packed or len(
        {part.header_offset for part in parts}
    ) < len(parts):
        raise unreadable(path, "damaged", "its parts overlap")
    if any(part.flag_bits & 1 for part in parts):
        raise unreadable(path, "password", "the workbook is encrypted with a password")
    if not all(map(readable_method, parts)):
        raise unreadable(path, "damaged", "it is packed in a way that no workbook is")
    total = sum(part.file_size for part in parts)
    if total > MOST_BYTES:
        raise unreadable(path, "too large", f"it unzips to {total / 1e6:,.0f} MB")
    for part in parts:
        if part.file_size > SMALL and part.file_size > MOST_RATIO * max(part.compress_size, 1):
            ratio = part.file_size // max(part.compress_size, 1)
            raise unreadable(
                path, "too large", f"{part.filename} unzips to {ratio:,} times its size"
            )
    for part in parts:
        for _ in stream(path, part):
            pass


def _used(path: Path, sheet: Sheet) -> Used:
    scan = _Scan()
    with ZipFile(path) as book:
        part = book.getinfo(sheet.part)
    for data in stream(path, part):
        scan.feed(data)
        if len(scan.errors) + len(scan.merged) > MOST_ERRORS:
            problem = f"sheet {sheet.name} has more than {MOST_ERRORS:,} error or merged cells"
            raise unreadable(path, "damaged", problem)
    used = scan.close()
    if used.cells > MOST_CELLS:
        far = cell(sheet.name, used.bottom, used.right)
        raise unreadable(
            path,
            "too large",
            f"sheet {sheet.name} is used as far as {far}: {used.bottom - used.top + 1:,} rows x "
            f"{used.right - used.left + 1:,} columns (to {letters(used.right)})",
        )
    if sum(map(_size, used.merged)) > used.cells:
        raise unreadable(path, "damaged", f"merged cells of sheet {sheet.name} overlap")
    return used


def _size(area: Area) -> int:
    top, left, bottom, right = area
    return max(bottom - top + 1, 0) * max(right - left + 1, 0)


class _Scan:
    """Streams the XML of a sheet; keeps its outermost used cells, error and merged cells."""

    def __init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._columns: dict[str, int] = {}
        self._top = self._left = 1 << 30
        self._bottom = self._right = 0
        self._row = self._column = 0
        self._kind = ""
        self._formula = self._valued = False
        self._text = ""
        self.errors: dict[tuple[int, int], str] = {}
        self.merged: list[Area] = []

    def feed(self, data: bytes) -> None:
        self._parser.Parse(data, False)

    def close(self) -> Used:
        self._parser.Parse(b"", True)
        self._finish()
        if not self._bottom:
            return Used()
        merged = tuple(self._used_part(area) for area in self.merged)
        return Used(self._top, self._left, self._bottom, self._right, self.errors, merged)

    def _used_part(self, area: Area) -> Area:
        top, left, bottom, right = area
        return (
            max(top, self._top),
            max(left, self._left),
            min(bottom, self._bottom),
            min(right, self._right),
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._parser.CharacterDataHandler = None
        local = name.rpartition(" ")[2]
        if local == "c":
            self._finish()
            self._begin(attributes)
        elif local == "v":
            self._valued = True
            if self._kind == "e" or self._formula:
                self._parser.CharacterDataHandler = self._characters
        elif local == "is":
            self._valued = True
        elif local == "f":
            self._formula = True
        elif local == "row":
            self._finish()
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0
        elif local == "mergeCell":
            self.merged.append(corners(attributes.get("ref", "")))

    def _begin(self, attributes: dict[str, str]) -> None:
        name = attributes.get("r", "")
        self._kind = attributes.get("t", "")
        if name:
            column = name.rstrip("0123456789")
            self._row = int(name[len(column) :])
            if column not in self._columns:
                self._columns[column] = number(column)
            self._column = self._columns[column]
        else:
            self._column += 1

    def _finish(self) -> None:
        """Count the cell that ended; an empty one (styled only) does not count."""
        if self._valued or self._formula:
            self._top, self._bottom = min(self._top, self._row), max(self._bottom, self._row)
            self._left, self._right = min(self._left, self._column), max(self._right, self._column)
            here = (self._row, self._column)
            if self._kind == "e":
                self.errors[here] = self._text or "an error"
            elif self._formula and not self._text and self._kind != "str":
                self.errors[here] = _NO_VALUE
        self._formula = self._valued = False
        self._kind = self._text = ""

    def _characters(self, text: str) -> None:
        self._text += text

    @staticmethod
    def _doctype(name: str, system: str | None, public: str | None, _subset: int) -> None:
        """Entities live in a document type, which no part of a workbook has."""
        raise DTDForbidden(name, system, public)
