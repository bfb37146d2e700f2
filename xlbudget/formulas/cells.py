"""What a cell may hold on its way in or out, the same for every host."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np

from xlbudget.data.raw import ErrorCell

Cell: TypeAlias = float | str | bool | dt.date | ErrorCell | None
Rows: TypeAlias = Sequence[Sequence[Any]]

EPOCH = np.datetime64("1899-12-30", "D")  # day 0 of the 1900 date system, from March 1900 on
ERRORS = ("#N/A", "#VALUE!", "#NUM!", "#DIV/0!", "#REF!", "#NAME?", "#NULL!", "#SPILL!", "#CALC!")
LONGEST = 255  # characters: Excel's COM door refuses a whole array over one longer text


def plain(cell: Any) -> Cell:
    """A cell of any host as one of the types above: "" is None, an error's text an ErrorCell."""
    if isinstance(cell, str):
        text = cell.strip()
        return ErrorCell(text) if text in ERRORS else (cell if text else None)
    if cell is None or isinstance(cell, bool | ErrorCell):
        return cell
    if isinstance(cell, np.bool_):
        return bool(cell)
    if isinstance(cell, int | float | Decimal | np.number):
        return float(cell) if np.isfinite(float(cell)) else None
    if isinstance(cell, np.datetime64):
        day: dt.date | None = cell.astype("datetime64[D]").item()
        return day
    if isinstance(cell, dt.date):
        return cell
    return str(cell)


def serial(day: np.datetime64) -> float:
    """A day as the number that a spreadsheet keeps for it."""
    return float((day.astype("datetime64[D]") - EPOCH).astype(int))
