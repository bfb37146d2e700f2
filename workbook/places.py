"""Cells by name: `E17` and back, and the place of a finding as the person sees it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xlbudget.findings import Place
from xlbudget.tables import normal

_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def letters(column: int) -> str:
    """The letters of a column counted from 1: 28 is AB."""
    name = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def number(name: str) -> int:
    """The column, counted from 1, of its letters."""
    value = 0
    for letter in name.upper():
        value = value * 26 + ord(letter) - 64
    return value


def corners(reference: str) -> tuple[int, int, int, int]:
    """Top, left, bottom, right of `B3:D9` or `B3`, counted from 1."""
    cells = [_CELL.fullmatch(cell) for cell in reference.split(":")]
    first, last = cells[0], cells[-1]
    if first is None or last is None:
        raise ValueError(f"{reference!r} is no range of cells")
    return int(first[2]), number(first[1]), int(last[2]), number(last[1])


def sheet_name(name: str) -> str:
    """A sheet's name as a reference spells it: quoted where it has to be."""
    if _PLAIN.fullmatch(name) and not _CELL.fullmatch(name):
        return name
    return "'" + name.replace("'", "''") + "'"


def corner(row: int, column: int) -> str:
    """`E17`."""
    return f"{letters(column)}{row}"


def cell(sheet: str, row: int, column: int) -> str:
    """`Spend!E17`."""
    return f"{sheet_name(sheet)}!{corner(row, column)}"


@dataclass(frozen=True)
class Locator:
    """Names the places of one table as they stand in its sheet.

    header   sheet row of the header
    rows     sheet row of every data row
    columns  normal column name -> sheet column
    """

    sheet: str
    header: int
    rows: Sequence[int]
    columns: Mapping[str, int]

    def __call__(self, place: Place) -> str:
        """`Spend!E17`; the header cell for a column, the first cell for a row, else the sheet."""
        if place.row is None and place.column is None:
            return sheet_name(self.sheet)
        row = self.header
        if place.row is not None and place.row < len(self.rows):
            row = self.rows[place.row]
        first = min(self.columns.values(), default=1)
        column = first if place.column is None else self.columns.get(normal(place.column), first)
        return cell(self.sheet, row, column)
