"""Weeks: the weekday on which they start, days and months that pose as weeks, and gaps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import SHOWN
from xlbudget.data.columns import Columns
from xlbudget.findings import Finding, Place
from xlbudget.tabular import Weeks

WEEK = np.timedelta64(7, "D")
MAX_GAP = 104  # weeks without a row, beyond which a date must be a slip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def weekday(days: Weeks) -> NDArray[np.int64]:
    """0 is Monday ... 6 is Sunday, as numbers, for days of datetime64[D]."""
    numbers: NDArray[np.int64] = days.astype("datetime64[D]").astype(np.int64)
    return (numbers + 3) % 7


def days_of(columns: Columns) -> Weeks:
    """The distinct days of a table's week column, in order."""
    days = columns["week"]
    return np.unique(days[~np.isnat(days)])


def cadence(days: Weeks) -> str:
    """`day`, `week` or `month`: how far apart these distinct, sorted days mostly are."""
    if len(days) < 5:
        return "week"
    gaps = np.diff(days).astype(np.int64)
    usual = float(np.median(gaps))
    if usual <= 3:
        return "day"
    return "month" if usual >= 28 and len(set(weekday(days).tolist())) > 1 else "week"


def week_start(tables: Sequence[Columns]) -> int | None:
    """The weekday on which most weeks of these tables start; the earlier table decides a tie."""
    counts: Counter[int] = Counter()
    for columns in tables:
        counts.update(weekday(days_of(columns)).tolist())
    return max(counts, key=lambda day: counts[day]) if counts else None


def check_weeks(columns: Columns, start: int) -> Iterator[Finding]:
    """Weeks that start on another weekday than all others; days or months in place of weeks."""
    days = days_of(columns)
    table, header = columns.table.name, columns.headers.get("week", "week")
    kind = cadence(days)
    if kind != "week":
        yield Finding(
            f"{kind}s-not-weeks",
            Place(table, None, header),
            f"{table} is by {kind}, not by week",
            "add the days up to weeks (`xlbudget import` does it for a CSV)"
            if kind == "day"
            else "enter one row a week; a month cannot be split without knowing its weeks",
        )
        return
    own = weekday(days)
    if len(days) and not np.any(own == start):
        yield Finding(
            "weeks-start-elsewhere",
            Place(table, None, header),
            f"weeks of {table} start on {WEEKDAYS[int(own[0])]}, those of other tables on "
            f"{WEEKDAYS[start]}",
            "use the same first day of the week in every table",
        )
        return
    yield from _far_apart(columns, days)
    column = columns["week"]
    known = ~np.isnat(column)
    off = np.flatnonzero(known)[weekday(column[known]) != start]
    for index in off[:SHOWN]:
        yield Finding(
            "week-off-grid",
            columns.place(int(index), "week"),
            f"{column[index]} is a {WEEKDAYS[int(weekday(column[index : index + 1])[0])]}; "
            f"weeks start on {WEEKDAYS[start]}",
            "enter the first day of the week",
        )
    if len(off) > SHOWN:
        yield Finding(
            "week-off-grid",
            columns.place(int(off[SHOWN]), "week"),
            f"and {len(off) - SHOWN:,} more weeks that do not start on {WEEKDAYS[start]}",
            "enter the first day of the week",
        )


def _far_apart(columns: Columns, days: Weeks) -> Iterator[Finding]:
    """A gap of years is a slip in a date: the side of it with fewer weeks is reported."""
    for end in np.flatnonzero(np.diff(days) > MAX_GAP * WEEK) + 1:
        lonely = days[0] if end <= len(days) // 2 else days[end]
        row = int(np.flatnonzero(columns["week"] == lonely)[0])
        gap = int((days[end] - days[end - 1]) // WEEK)
        yield Finding(
            "week-far-apart",
            columns.place(row, "week"),
            f"{lonely} is {gap} weeks from the other weeks",
            "correct the date, or enter the weeks between",
        )


def spans(weeks: Weeks) -> str:
    """Weeks in a sentence: `2025-03-03 to 2025-03-17, 2025-05-05`."""
    if not len(weeks):
        return ""
    ends = np.flatnonzero(np.diff(weeks).astype(np.int64) != 7)
    firsts = weeks[np.r_[0, ends + 1]]
    lasts = weeks[np.r_[ends, len(weeks) - 1]]
    parts = [
        str(first) if first == last else f"{first} to {last}"
        for first, last in zip(firsts, lasts, strict=True)
    ]
    more = len(parts) - 6
    return ", ".join(parts[:6]) + (f" and {more} more" if more > 0 else "")
