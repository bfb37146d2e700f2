"""A whole input table as an argument: its name where tables grow, a range with room where not.

An Excel Table grows as rows are pasted. LibreOffice does not grow it and does not take its name in
a formula, so there the argument is a range with room; the formulas drop blank rows at its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbook.parts import ExcelTable
from workbook.places import corners, letters, sheet_name
from workbook.spelling import Host

LONG_TABLES = ("Spend", "Outcomes", "Controls")
LONG_ROOM, SHORT_ROOM = 10_000, 2_000
_TEXT = r'(?P<text>"(?:[^"]|"")*")'  # stays as it is
_NAMED = re.compile(_TEXT + r"|(?<![\w.])(?P<name>[^\W\d][\w.]*)\[#All\]", re.IGNORECASE)
_RANGED = re.compile(
    _TEXT
    + r"|(?P<sheet>'(?:[^']|'')+'|(?<![\w.])[^\W\d][\w.]*)!(?P<at>\$[A-Z]+\$\d+:\$[A-Z]+\$\d+)"
)


def room(name: str, rows: int) -> int:
    """Rows below the header that a fixed range of this input table covers; rows: filled in."""
    return max(LONG_ROOM if name in LONG_TABLES else SHORT_ROOM, 2 * rows)


def referenced(formula: str, tables: Sequence[ExcelTable], host: Host) -> str:
    """A formula with every whole table written as this host takes it."""
    by_name = {table.name.casefold(): table for table in tables}

    def ranged(found: re.Match[str]) -> str:
        table = by_name.get((found["name"] or "").casefold())
        return found[0] if table is None else _range(table)

    def named(found: re.Match[str]) -> str:
        table = None if found["text"] else _meant(found["sheet"], found["at"], tables)
        return found[0] if table is None else f"{table.name}[#All]"

    return _NAMED.sub(ranged, formula) if host is Host.LIBREOFFICE else _RANGED.sub(named, formula)


def _range(table: ExcelTable) -> str:
    last = table.top + room(table.name, table.bottom - table.top)
    first = f"${letters(table.left)}${table.top}"
    return f"{sheet_name(table.sheet)}!{first}:${letters(table.right)}${last}"


def _meant(sheet: str, at: str, tables: Sequence[ExcelTable]) -> ExcelTable | None:
    """The table whose columns this range covers, from the header to the last row or beyond."""
    top, left, bottom, right = corners(at)
    for table in tables:
        whole = (table.top, table.left, table.right) == (top, left, right)
        if whole and bottom >= table.bottom and sheet == sheet_name(table.sheet):
            return table
    return None
