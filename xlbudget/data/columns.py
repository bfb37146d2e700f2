"""Rows and a schema to typed columns and findings: the one place where cells become values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import Trouble, is_missing, shown
from xlbudget.data.date_cells import read_dates, read_months
from xlbudget.data.headers import header_findings
from xlbudget.data.names import did_you_mean
from xlbudget.data.number_cells import is_numeric, read_numbers
from xlbudget.data.raw import RawTable
from xlbudget.data.text_cells import as_text, read_flags, read_texts
from xlbudget.data.value_cells import read_values
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import CONTROLS, Column, Extra, Kind, Table, normal

MAX_ROWS = 1_000_000
_NUMBERS = (Kind.MONEY, Kind.NUMBER, Kind.COUNT, Kind.SHARE)


@dataclass(frozen=True)
class Columns:
    """A table's columns as typed arrays, all of N rows; wholly empty rows are left out.

    rows     (N,) row of the raw table that each row was
    values   normal column name -> (N,): float64 and NaN; datetime64[D] and NaT; str and "";
             True, False and None; for Kind.VALUE float, str, datetime64[D] or None.
             Columns of the schema that were not given are there, empty all through.
    headers  normal column name -> header as written, of the columns that were given
    """

    table: Table
    rows: NDArray[np.intp]
    values: Mapping[str, NDArray[Any]]
    headers: Mapping[str, str]

    def __getitem__(self, name: str) -> NDArray[Any]:
        """The column of this name, matched as `normal` says."""
        return self.values[normal(name)]

    def given(self, name: str) -> bool:
        """Was this column there?"""
        return normal(name) in self.headers

    @property
    def size(self) -> int:
        """Number of rows, N."""
        return len(self.rows)

    def place(self, index: int, name: str) -> Place:
        """Where the cell of this row (0..N-1) and column was."""
        header = self.headers.get(normal(name), name)
        return Place(self.table.name, int(self.rows[index]), header)

    def part(self, keep: NDArray[Any]) -> Columns:
        """The rows of a mask or index only."""
        values = {name: column[keep] for name, column in self.values.items()}
        return Columns(self.table, self.rows[keep], values, self.headers)


def read_columns(
    raw: RawTable, table: Table, measures: Collection[str] | None = None
) -> tuple[Columns, tuple[Finding, ...]]:
    """Typed columns of a table and every finding about its cells, capped per column.

    measures  of a table whose further columns are numbers: which to read (normal names), None: all
    """
    findings = list(header_findings(raw, table))
    given = {normal(header): header for header in reversed(list(raw.columns)) if normal(header)}
    if raw.rows > MAX_ROWS:
        findings.append(_too_long(raw, table))
        return _nothing(table), tuple(findings)
    rows = _filled_rows(raw)
    values: dict[str, NDArray[Any]] = {}
    headers: dict[str, str] = {}
    for column in table.columns:
        name = normal(column.name)
        if name not in given:
            values[name] = _empty(column.kind, len(rows))
            continue
        headers[name] = given[name]
        cells = raw.columns[given[name]]
        read, troubles = _read(cells, column, rows)
        values[name] = read[rows]
        for trouble in troubles:
            findings += trouble.findings(table.name, given[name], cells)
    for name, header in given.items():
        if name in values or table.extra is Extra.IGNORED:
            continue
        cells = raw.columns[header]
        if table.extra is Extra.ATTRIBUTES:
            read, troubles = read_texts(cells)
        elif measures is not None and name not in measures:
            continue
        elif not is_numeric(cells):
            findings.append(_not_numeric(table, header, cells))
            continue
        else:
            read, troubles = read_numbers(cells, flags=table is CONTROLS)  # events are told so
        headers[name], values[name] = header, read[rows]
        for trouble in troubles:
            findings += trouble.findings(table.name, header, cells)
    return Columns(table, rows, values, headers), tuple(findings)


def measures_of(raw: RawTable, table: Table) -> dict[str, str]:
    """Normal name -> header of the further columns that hold numbers, in the order written."""
    known = {normal(column.name) for column in table.columns}
    found: dict[str, str] = {}
    for header, cells in raw.columns.items():
        name = normal(header)
        if name and name not in known and name not in found and is_numeric(cells):
            found[name] = header
    return found


def _read(
    cells: NDArray[Any], column: Column, rows: NDArray[np.intp]
) -> tuple[NDArray[Any], list[Trouble]]:
    if column.kind in _NUMBERS:
        read, troubles = read_numbers(cells, percent=column.kind is Kind.SHARE)
        return read, [*troubles, *_bounds(read, column), *_required(read, column, rows, troubles)]
    if column.kind in (Kind.WEEK, Kind.DATE, Kind.MONTH):
        reader = read_months if column.kind is Kind.MONTH else read_dates
        days, troubles = reader(cells)
        return days, [*troubles, *_required(days, column, rows, troubles)]
    if column.kind is Kind.FLAG:
        return read_flags(cells)
    if column.kind is Kind.VALUE:
        return read_values(cells)
    read, troubles = read_texts(cells)
    if column.allowed:
        read, wrong = _allowed(read, column)
        troubles += wrong
    return read, [*troubles, *_required(read, column, rows, troubles)]


def _required(
    read: NDArray[Any], column: Column, rows: NDArray[np.intp], troubles: list[Trouble]
) -> Iterator[Trouble]:
    """Empty cells of a required column; money may be empty (its room says what that means)."""
    if not column.required or (column.name in ("spend", "planned_spend", "role")):
        return
    empty = _is_empty(read)
    told = {row for trouble in troubles if not trouble.whole for row in trouble.rows}
    told |= {row for t in troubles if t.code == "date-order" for row in t.rows}
    found = [int(row) for row in rows[empty[rows]] if int(row) not in told]
    if found:
        yield Trouble(
            "cell-empty", found, "{column} is empty", f"enter the {column.name} of this row"
        )


def _bounds(read: NDArray[Any], column: Column) -> Iterator[Trouble]:
    if not column.below_zero:
        below = np.flatnonzero(read < 0)
        if below.size:
            remedy = "enter 0 or more"
            if column.name == "spend":
                remedy = "enter the refund in Ledger, or set this week to 0"
            yield Trouble(
                f"{column.name.replace('_', '-')}-negative",
                [int(row) for row in below],
                "{column} is {cell}; it cannot be below 0",
                remedy,
            )
    if column.kind is Kind.SHARE and (above := np.flatnonzero(read > 1)).size:
        yield Trouble(
            "share-above-one",
            [int(row) for row in above],
            "{column} is {cell}; a share is between 0 and 1",
            "enter 0.1 for 10 %",
        )


def _allowed(read: NDArray[Any], column: Column) -> tuple[NDArray[Any], list[Trouble]]:
    spelled = {normal(option): option for option in column.allowed} | {"": ""}
    out = np.array([spelled.get(normal(text), "") for text in read], dtype=object)
    wrong: dict[str, list[int]] = {}
    for row in np.flatnonzero((out == "") & (read != "")):
        wrong.setdefault(str(read[row]), []).append(int(row))
    return out, [
        Trouble(
            f"{column.name.replace('_', '-')}-unknown",
            rows,
            f"{{column}} is {{cell}}{did_you_mean(text, column.allowed)}",
            f"choose one of: {', '.join(column.allowed)}",
        )
        for text, rows in wrong.items()
    ]


def _not_numeric(table: Table, header: str, cells: NDArray[Any]) -> Finding:
    first = next((shown(cell) for cell in cells if not is_missing(cell)), "text")
    return Finding(
        "column-not-numeric",
        Place(table.name, None, header),
        f"column '{header}' holds text such as {first}; it is not read",
        "turn it into numbers (0 and 1 for an event) if it matters",
        Severity.NOTE,
    )


def _too_long(raw: RawTable, table: Table) -> Finding:
    return Finding(
        "table-too-long",
        Place(table.name),
        f"{raw.rows:,} rows; at most {MAX_ROWS:,} are read",
        "add the rows up to one a week and line, or leave out the oldest weeks",
    )


def _filled_rows(raw: RawTable) -> NDArray[np.intp]:
    """Rows in which at least one named column holds something."""
    filled = np.zeros(raw.rows, dtype=bool)
    for header, cells in raw.columns.items():
        if filled.all():
            break
        if not normal(header):
            continue
        if cells.dtype.kind == "O":
            todo = np.flatnonzero(~filled[: len(cells)])
            filled[todo] = [not is_missing(cells[row]) for row in todo]
        elif cells.dtype.kind in "fM":
            filled[: len(cells)] |= ~_is_empty(cells)
        else:
            filled[: len(cells)] = True
    return np.flatnonzero(filled)


def _is_empty(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Where typed values are missing: "", NaN or NaT."""
    if values.dtype.kind == "O":
        return np.asarray(values == "", dtype=bool)
    return np.asarray(np.isnat(values) if values.dtype.kind == "M" else np.isnan(values))


def _empty(kind: Kind, size: int) -> NDArray[Any]:
    if kind in _NUMBERS:
        return np.full(size, np.nan)
    if kind in (Kind.WEEK, Kind.DATE, Kind.MONTH):
        return np.full(size, np.datetime64("NaT"), dtype="datetime64[D]")
    blank: Any = "" if kind is Kind.TEXT else None
    return np.full(size, blank, dtype=object)


def _nothing(table: Table) -> Columns:
    values = {normal(column.name): _empty(column.kind, 0) for column in table.columns}
    return Columns(table, np.empty(0, dtype=np.intp), values, {})


__all__ = ["MAX_ROWS", "Columns", "as_text", "measures_of", "read_columns"]
