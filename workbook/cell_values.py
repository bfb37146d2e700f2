"""Values as cells hold them: text stays text, and nothing is lost without a word."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from copy import copy
from typing import Any, cast

import numpy as np
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.worksheet.worksheet import Worksheet

from xlbudget.data.raw import ErrorCell

LONGEST = 32_767
_CUT = " ... (cut)"
_NOISE = 1e-12  # of a column's largest figure
_ERRORS = ("#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A")


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell of a sheet; no sheet of ours has merged cells."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def dressed_as(cell: Cell, model: Cell) -> None:
    """Give a cell the look of another, as openpyxl's manual copies styles.

    Set one by one, every style, format and alignment is searched in the book's lists anew, which
    takes most of the time of a long sheet.
    """
    source, target = cast("Any", model), cast("Any", cell)
    target._style = copy(source._style)


def without_noise(values: Sequence[Any]) -> Sequence[Any]:
    """A change whose size is rounding beside the column's largest is none: no cell shows -0."""
    numbers = np.asarray(values)
    if numbers.dtype.kind != "f":
        return values
    largest = np.max(np.abs(numbers), initial=0.0, where=np.isfinite(numbers))
    return list(np.where(np.abs(numbers) < _NOISE * largest, 0.0, numbers))


def put(cell: Cell, value: Any) -> None:
    """Write a value; text that begins with = + - @ is text, NaN and NaT are empty."""
    plain = _plain(value)
    if isinstance(plain, ErrorCell):
        cell.value = plain.text
        cell.data_type = "e" if plain.text in _ERRORS else "s"
    elif isinstance(plain, str):
        text = ILLEGAL_CHARACTERS_RE.sub(" ", plain)
        cell.value = text if len(text) <= LONGEST else text[: LONGEST - len(_CUT)] + _CUT
        cell.data_type = "s"
    else:
        cell.value = plain


def _plain(value: Any) -> Any:
    """numpy and pandas scalars as Python's own; None for whatever is missing."""
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[us]").item()
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return None
    if isinstance(value, dt.datetime):
        if str(value) == "NaT":  # pandas' own, which is a datetime
            return None
        value = value.replace(tzinfo=None)
        return value.date() if value.time() == dt.time() else value
    if isinstance(value, bool | int | float | str | dt.date | dt.time | ErrorCell):
        return value
    if isinstance(value, dt.timedelta):
        return value
    return str(value)
