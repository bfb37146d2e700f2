"""Rows that say the same thing twice: no two rows of a table may share its key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import SHOWN, coded, is_missing, shown
from xlbudget.data.columns import Columns
from xlbudget.findings import Finding


def duplicates(columns: Columns) -> Iterator[Finding]:
    """One finding for each row that repeats the key of an earlier one."""
    names = [name for name in columns.table.key if columns.given(name)]
    required = [column.name for column in columns.table.columns if column.required]
    if not columns.size or not all(columns.given(name) for name in required):
        return
    codes = key_codes([columns[name] for name in names])
    order = np.argsort(codes, kind="stable")
    ordered = codes[order]
    repeat = np.flatnonzero(ordered[1:] == ordered[:-1]) + 1
    firsts = np.maximum.accumulate(
        np.where(np.r_[True, ordered[1:] != ordered[:-1]], np.arange(len(order)), 0)
    )
    pairs = sorted((int(order[i]), int(order[firsts[i]])) for i in repeat)
    complete = [
        (row, first)
        for row, first in pairs
        if not any(_blank(columns[n][row]) for n in names if columns.table.column(n).required)
    ]
    for count, (row, first) in enumerate(complete):
        said = ", ".join(
            shown(columns[n][row]).strip("'") for n in names if not _blank(columns[n][row])
        )
        earlier = int(columns.rows[first]) + 1
        more = len(complete) - SHOWN
        problem = f"{said}: the same as data row {earlier}"
        yield Finding(
            "row-twice",
            columns.place(row, names[0]),
            problem if count < SHOWN else f"and {more:,} more rows that repeat an earlier one",
            "keep one of the rows, or add them up",
        )
        if count == SHOWN:
            return


def key_codes(keys: list[NDArray[Any]]) -> NDArray[np.int64]:
    """One number a row (N,); rows with equal keys share it."""
    codes = np.zeros(len(keys[0]), dtype=np.int64)
    for values in keys:
        if values.dtype.kind == "O":
            _, code = coded(values)
        else:
            _, code = np.unique(values, return_inverse=True)
        codes = codes * (int(code.max(initial=0)) + 1) + code
        _, codes = np.unique(codes, return_inverse=True)
    return codes


def _blank(value: Any) -> bool:
    return is_missing(value)
