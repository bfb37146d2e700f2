"""The parts of a workbook file: where its sheets, Excel Tables and date system are written."""

from __future__ import annotations

import posixpath
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from defusedxml.ElementTree import fromstring

from workbook.places import corners

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

CHUNK = 1 << 16
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(frozen=True)
class ExcelTable:
    """A ListObject: its name and cells, rows and columns counted from 1, ends included."""

    name: str
    sheet: str
    top: int
    left: int
    bottom: int
    right: int
    has_header: bool
    totals: int  # rows of totals at its end, which are no data


@dataclass(frozen=True)
class Sheet:
    """A worksheet: its name and the part that holds its cells."""

    name: str
    part: str


@dataclass(frozen=True)
class Parts:
    """What a reader needs to know about a workbook before it reads a cell."""

    path: Path
    sheets: tuple[Sheet, ...]
    tables: tuple[ExcelTable, ...]
    dates_from_1904: bool


def stream(path: Path, part: ZipInfo) -> Iterator[bytes]:
    """The bytes of one part in chunks, never more than its entry declares.

    zipfile stops at the declared size without a word, other readers do not: a part that holds
    more than it declares is damaged (or hostile).
    """
    left = part.file_size
    with path.open("rb") as file:
        file.seek(part.header_offset)
        head = file.read(30)
        if len(head) < 30 or head[:4] != b"PK\3\4":
            raise BadZipFile(f"{part.filename} is not where the directory says")
        names, extra = struct.unpack("<HH", head[26:30])
        file.seek(names + extra, 1)
        packed = part.compress_size
        inflate = zlib.decompressobj(-15) if part.compress_type == ZIP_DEFLATED else None
        while packed or (inflate and inflate.unconsumed_tail):
            raw = inflate.unconsumed_tail if inflate else b""
            if not raw:
                raw = file.read(min(CHUNK, packed))
                packed -= len(raw)
                if not raw:
                    raise EOFError(part.filename)
            data = inflate.decompress(raw, CHUNK) if inflate else raw
            left -= len(data)
            if left < 0:
                raise BadZipFile(f"{part.filename} is larger than it declares")
            yield data
            if inflate and inflate.eof:
                break
    if left:
        raise EOFError(part.filename)


def read_parts(path: Path) -> Parts:
    """Sheets, tables and date system of a workbook whose sizes the gate has let through."""
    with ZipFile(path) as book:
        start = _related(book, "", "officeDocument") or ["xl/workbook.xml"]
        root = fromstring(book.read(start[0]))
        targets = _targets(book, start[0])
        sheets = []
        for element in _all(root, "sheet"):
            target = targets.get(element.get(RELATION) or element.get(STRICT_RELATION) or "")
            if target is not None and target[0] == "worksheet":
                sheets.append(Sheet(element.get("name", ""), target[1]))
        tables = [table for sheet in sheets for table in _tables(book, sheet)]
        properties = next(iter(_all(root, "workbookPr")), None)
        old_mac = properties is not None and properties.get("date1904") in ("1", "true")
    return Parts(path, tuple(sheets), tuple(tables), old_mac)


def readable_method(part: ZipInfo) -> bool:
    """Whether the part is packed the way workbooks are."""
    return part.compress_type in (ZIP_STORED, ZIP_DEFLATED)


def _tables(book: ZipFile, sheet: Sheet) -> Iterator[ExcelTable]:
    for part in _related(book, sheet.part, "table"):
        root = fromstring(book.read(part))
        top, left, bottom, right = corners(root.get("ref", ""))
        yield ExcelTable(
            root.get("displayName") or root.get("name") or "",
            sheet.name,
            top,
            left,
            bottom,
            right,
            has_header=root.get("headerRowCount", "1") != "0",
            totals=int(root.get("totalsRowCount", "0")),
        )


def _targets(book: ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """Relation id -> kind and part, of one part ("" is the whole package)."""
    folder, name = posixpath.split(part)
    relations = posixpath.join(folder, "_rels", f"{name}.rels")
    if relations not in book.NameToInfo:
        return {}
    found = {}
    for element in _all(fromstring(book.read(relations)), "Relationship"):
        if element.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, element.get("Target", "")))
        kind = element.get("Type", "").rsplit("/", 1)[-1]
        found[element.get("Id", "")] = (kind, target.lstrip("/"))
    return found


def _related(book: ZipFile, part: str, kind: str) -> list[str]:
    return [target for found, target in _targets(book, part).values() if found == kind]


def _all(root: Element, name: str) -> Iterator[Element]:
    """Elements of this local name, whatever the namespace: strict files use another."""
    return (element for element in root.iter() if element.tag.rpartition("}")[2] == name)
