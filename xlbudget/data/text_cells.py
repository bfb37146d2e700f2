"""Cells to text: trimmed, one blank between words, composed unicode."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import Trouble, distinct, error_text, rows_of
from xlbudget.data.number_cells import error_cell

_FLAGS = {
    "yes": True, "y": True, "true": True, "1": True, "on": True, "x": True,
    "no": False, "n": False, "false": False, "0": False, "off": False,
}  # fmt: skip


def read_texts(values: NDArray[Any]) -> tuple[NDArray[Any], list[Trouble]]:
    """Texts (rows,) of dtype object, "" where empty or in trouble."""
    cells, codes = distinct(values)
    texts = np.empty(len(cells), dtype=object)
    wrong = []
    for index, cell in enumerate(cells):
        if error_text(cell) is not None:
            wrong.append(index)
        texts[index] = "" if cell is None or index in wrong else as_text(cell)
    out = texts[codes] if len(cells) else np.empty(0, dtype=object)
    return out, [error_cell(rows_of(codes, wrong))] if wrong else []


def as_text(cell: object) -> str:
    """One cell as text: 2024.0 is "2024", a date is ISO."""
    if isinstance(cell, float | np.floating) and float(cell).is_integer():
        return str(int(cell))
    if isinstance(cell, np.datetime64):
        return str(cell.astype("datetime64[D]"))
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def read_flags(values: NDArray[Any]) -> tuple[NDArray[Any], list[Trouble]]:
    """True, False, or None where empty (rows,) of dtype object."""
    cells, codes = distinct(values)
    flags = np.empty(len(cells), dtype=object)
    wrong, errors = [], []
    for index, cell in enumerate(cells):
        if cell is None:
            flags[index] = None
        elif error_text(cell) is not None:
            errors.append(index)
        else:
            flags[index] = _FLAGS.get(as_text(cell).casefold())
            if flags[index] is None:
                wrong.append(index)
    troubles = []
    if errors:
        troubles.append(error_cell(rows_of(codes, errors)))
    if wrong:
        troubles.append(
            Trouble(
                "flag-unknown",
                rows_of(codes, wrong),
                "{column} is {cell}, neither yes nor no",
                "enter yes or no",
            )
        )
    return flags[codes] if len(cells) else np.empty(0, dtype=object), troubles
