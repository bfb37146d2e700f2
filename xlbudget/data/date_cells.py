"""Cells to days: real dates, 1900-system serial numbers, and texts, one order for a column."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import MISSING_WORDS, Trouble, distinct, error_text, rows_of
from xlbudget.data.number_cells import error_cell
from xlbudget.findings import Severity
from xlbudget.tabular import Weeks

FIRST_DAY = np.datetime64("1990-01-01")
LAST_DAY = np.datetime64("2100-01-01")
ENOUGH_FOR_WEEKS = 4  # distinct cells from which a common weekday is no coincidence
_SERIAL_ZERO = np.datetime64("1899-12-30")  # 1900-system, for days from March 1900
_SERIALS = (32_874.0, 73_051.0)  # FIRST_DAY to LAST_DAY

_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ][\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_PACKED = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")
_ISO_WEEK = re.compile(r"(\d{4})-?W(\d{1,2})", re.IGNORECASE)
_PARTS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})(?:[T ][\d:.]+(?: ?[AP]M)?)?")
_NAMED = re.compile(r"(\d{1,2})[ .-]+([A-Za-z]{3})[a-z]*\.?[ ,.-]+(\d{4}|\d{2})")
_NAMED_US = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}),? (\d{4})")
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})|(\d{1,2})[/.](\d{4})")
_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


@dataclass
class _Read:
    """What the distinct cells of one column turned out to be."""

    days: dict[int, np.datetime64] = field(default_factory=dict)
    two_ways: dict[int, tuple[np.datetime64 | None, np.datetime64 | None]] = field(
        default_factory=dict
    )  # day first, month first
    seen: dict[str, list[int]] = field(default_factory=dict)

    def mark(self, trouble: str, cell: int) -> None:
        self.seen.setdefault(trouble, []).append(cell)


def read_dates(values: NDArray[Any]) -> tuple[Weeks, list[Trouble]]:
    """Days (rows,) of datetime64[D], NaT where empty or in trouble."""
    if values.dtype.kind == "M":
        return _in_range(values.astype("datetime64[D]"))
    cells, codes = distinct(values)
    read = _Read()
    for index, cell in enumerate(cells):
        _read_one(index, cell, read)
    _settle_order(read)
    days = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[D]")
    for index, day in read.days.items():
        days[index] = day
    troubles = [_TROUBLES[name](rows_of(codes, which)) for name, which in read.seen.items()]
    out, far = _in_range(days[codes] if len(cells) else np.empty(0, dtype="datetime64[D]"))
    return out, [*troubles, *far]


def read_months(values: NDArray[Any]) -> tuple[Weeks, list[Trouble]]:
    """First days of months (rows,), from dates or texts such as 2026-03."""
    spelled = values
    if values.dtype.kind == "O":
        spelled = np.empty(len(values), dtype=object)
        for row, value in enumerate(values):
            match = _MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
            if match:
                year, month = (match[1], match[2]) if match[1] else (match[4], match[3])
                spelled[row] = f"{year}-{month}-1"
            else:
                spelled[row] = value
    days, troubles = read_dates(spelled)
    return days.astype("datetime64[M]").astype("datetime64[D]"), troubles


def one_date(value: object) -> np.datetime64 | None:
    """The day that a single value means, None where it means none or more than one."""
    cell = np.empty(1, dtype=object)
    cell[0] = value
    days, _ = read_dates(cell)
    return None if np.isnat(days[0]) else days[0]


def day_or_none(day: np.datetime64) -> np.datetime64 | None:
    """None for NaT."""
    return None if np.isnat(day) else day


def _in_range(days: Weeks) -> tuple[Weeks, list[Trouble]]:
    far = np.flatnonzero((days < FIRST_DAY) | (days >= LAST_DAY))
    if not far.size:
        return days, []
    out = days.copy()
    out[far] = np.datetime64("NaT")
    return out, [
        Trouble(
            "date-range",
            [int(row) for row in far],
            "{column} is {cell}, not between 1990 and 2100",
            "enter the date of the week that is meant",
        )
    ]


def _read_one(index: int, cell: object, read: _Read) -> None:
    if cell is None:
        return
    if error_text(cell) is not None:
        read.mark("error", index)
    elif isinstance(cell, np.datetime64):
        read.days[index] = cell.astype("datetime64[D]")
    elif isinstance(cell, dt.date):  # a datetime is one too
        read.days[index] = np.datetime64(dt.date(cell.year, cell.month, cell.day), "D")
    elif isinstance(cell, bool | np.bool_):
        read.mark("text", index)
    elif isinstance(cell, int | float | np.number):
        _read_serial(index, float(cell), read)
    elif isinstance(cell, str):
        _read_text(index, cell.strip(), read)
    else:
        day = getattr(cell, "start_time", None)  # a pandas Period
        if isinstance(day, dt.datetime):
            read.days[index] = np.datetime64(day.date(), "D")
        else:
            read.mark("text", index)


def _read_serial(index: int, number: float, read: _Read) -> None:
    packed = _PACKED.fullmatch(f"{number:.0f}")
    if _SERIALS[0] <= number < _SERIALS[1]:
        read.days[index] = _SERIAL_ZERO + np.timedelta64(int(number), "D")
    elif packed and (day := _day(packed[1], packed[2], packed[3])) is not None:
        read.days[index] = day
        read.mark("packed", index)
    else:
        read.mark("text", index)


def _read_text(index: int, text: str, read: _Read) -> None:
    if text.casefold() in MISSING_WORDS:
        read.mark("word", index)
        return
    day, kind = None, ""
    if match := _ISO.fullmatch(text):
        day = _day(match[1], match[2], match[3])
    elif match := _PACKED.fullmatch(text):
        day = _day(match[1], match[2], match[3])
        kind = "packed"
    elif match := _ISO_WEEK.fullmatch(text):
        day = _iso_week(int(match[1]), int(match[2]))
        kind = "iso_week"
    elif match := _PARTS.fullmatch(text):
        day_first = _day(match[4], match[3], match[1])
        month_first = None if match[2] == "." else _day(match[4], match[1], match[3])
        if day_first is not None or month_first is not None:
            read.two_ways[index] = (day_first, month_first)
            return
    elif match := _NAMED.fullmatch(text):
        day = _named(match[3], match[2], match[1])
    elif match := _NAMED_US.fullmatch(text):
        day = _named(match[3], match[1], match[2])
    elif re.fullmatch(r"\d{5}(\.\d+)?", text):
        _read_serial(index, float(text), read)
        return
    if day is None:
        read.mark("text", index)
        return
    read.days[index] = day
    if kind:
        read.mark(kind, index)


def _day(year: str, month: str, day: str) -> np.datetime64 | None:
    full = int(year) + (2000 if len(year) == 2 else 0)
    try:
        return np.datetime64(dt.date(full, int(month), int(day)), "D")
    except ValueError:
        return None


def _named(year: str, month: str, day: str) -> np.datetime64 | None:
    name = month.casefold()
    return _day(year, str(_NAMES.index(name) + 1), day) if name in _NAMES else None


def _iso_week(year: int, week: int) -> np.datetime64 | None:
    try:
        return np.datetime64(dt.date.fromisocalendar(year, week, 1), "D")
    except ValueError:
        return None


def _settle_order(read: _Read) -> None:
    """Day first or month first: what fits all cells; where both do, what makes whole weeks."""
    pairs = read.two_ways
    if not pairs:
        return
    orders = [order for order in (0, 1) if all(pair[order] is not None for pair in pairs.values())]
    if len(orders) == 2 and len(pairs) + len(read.days) >= ENOUGH_FOR_WEEKS:
        orders = [order for order in orders if _whole_weeks(read, order)] or orders
    if len(orders) == 2 and any(pair[0] != pair[1] for pair in pairs.values()):
        read.seen["order"] = list(pairs)
        return
    if not orders:  # most cells decide; those that do not fit are in trouble
        order = int(
            sum(pair[1] is not None for pair in pairs.values())
            > sum(pair[0] is not None for pair in pairs.values())
        )
        read.seen["misfit"] = [i for i, pair in pairs.items() if pair[order] is None]
    else:
        order = orders[0]
    read.seen["day_first" if order == 0 else "month_first"] = [
        i for i, pair in pairs.items() if pair[order] is not None
    ]
    for index, pair in pairs.items():
        day = pair[order]
        if day is not None:
            read.days[index] = day


def _whole_weeks(read: _Read, order: int) -> bool:
    """Would every cell of the column, real dates included, fall on the same weekday?"""
    days = [*read.days.values(), *(pair[order] for pair in read.two_ways.values())]
    numbers = [int(day.astype(np.int64)) for day in days if day is not None]
    return len({number % 7 for number in numbers}) == 1


def _noted(code: str, problem: str) -> Callable[[list[int]], Trouble]:
    return lambda rows: Trouble(
        code, rows, problem, "nothing to do if that is right", Severity.NOTE, True
    )


_TROUBLES: Mapping[str, Callable[[list[int]], Trouble]] = {
    "error": error_cell,
    "text": lambda rows: Trouble(
        "date-text", rows, "{column} is {cell}, not a date", "enter a date such as 2026-01-05"
    ),
    "order": lambda rows: Trouble(
        "date-order",
        rows,
        "{column} is {cell}: day or month first cannot be told from this column",
        "enter real dates, or text such as 2026-01-05",
        whole=True,
    ),
    "misfit": lambda rows: Trouble(
        "date-order",
        rows,
        "{column} is {cell}, in another order of day and month than the cells around it",
        "enter real dates, or text such as 2026-01-05",
    ),
    "word": _noted("date-word", "{column} holds {cell}, which counts as empty"),
    "packed": _noted("date-packed", "{column} such as {cell} was read as year, month, day"),
    "iso_week": _noted("date-iso-week", "{column} such as {cell} was read as the week's Monday"),
    "day_first": _noted("date-day-first", "{column} is text such as {cell}, read day first"),
    "month_first": _noted("date-month-first", "{column} is text such as {cell}, read month first"),
}
