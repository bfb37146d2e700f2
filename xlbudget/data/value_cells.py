"""Cells that may hold a number or a text, such as the values of Settings and Guardrails."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import Trouble, error_text, is_missing
from xlbudget.data.number_cells import error_cell, plain_number
from xlbudget.data.text_cells import as_text


def read_values(values: NDArray[Any]) -> tuple[NDArray[Any], list[Trouble]]:
    """float, str, datetime64[D] or None (rows,); a text that is a plain number becomes one."""
    out = np.empty(len(values), dtype=object)
    errors = []
    for row, cell in enumerate(values):
        if error_text(cell) is not None:
            errors.append(row)
        elif not is_missing(cell):
            out[row] = one_value(cell)
    return out, [error_cell(errors)] if errors else []


def one_value(cell: object) -> float | str | np.datetime64:
    """One filled cell as number, day or text."""
    if isinstance(cell, np.datetime64):
        day: np.datetime64 = cell.astype("datetime64[D]")
        return day
    if isinstance(cell, dt.date):  # a datetime is one too
        return np.datetime64(dt.date(cell.year, cell.month, cell.day), "D")
    if isinstance(cell, bool | np.bool_):
        return "yes" if cell else "no"
    if isinstance(cell, int | float | np.number):
        return float(cell)
    number = plain_number(cell) if isinstance(cell, str) else None
    return as_text(cell) if number is None else number
