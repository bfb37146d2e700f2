"""Rows lost in the middle of a table: a line has none in weeks where the others have theirs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import counted
from xlbudget.data.columns import Columns
from xlbudget.data.duplicates import key_codes
from xlbudget.data.names import listed
from xlbudget.data.weeks import spans
from xlbudget.findings import Finding, Severity
from xlbudget.tabular import Weeks

NAMED = 3
PARTS = ("channel", "region", "campaign_type", "product")
OFTEN = 0.5  # share of its weeks in which a line runs that is not merely switched on at times


def row_gaps(columns: Columns, weeks: Weeks, means: str) -> Iterator[Finding]:
    """One finding where lines lack rows between their first and last one, most others lacking none.

    means  what a missing row is taken for
    """
    rows = np.flatnonzero(np.isin(columns["week"], weeks) & (columns["channel"] != ""))
    if not rows.size:
        return
    given = [part for part in PARTS if columns.given(part)]
    line = key_codes([columns[part][rows] for part in given])
    _, first = np.unique(line, return_index=True)
    there = np.zeros((len(first), len(weeks)), dtype=bool)
    there[line, np.searchsorted(weeks, columns["week"][rows])] = True
    lost = _between(there) & ~there & there.any(axis=0)  # a week without any row is told by itself
    gappy = np.flatnonzero(lost.any(axis=1))
    if not gappy.size or 2 * gappy.size > len(there):
        return
    said = [
        f"{_name(columns, rows[first[each]], given)} in {counted(int(lost[each].sum()), 'week')} "
        f"({spans(weeks[lost[each]])})"
        for each in gappy
    ]
    runs = there[gappy].sum(axis=1) / (there | lost)[gappy].sum(axis=1)
    yield Finding(
        "rows-lost",
        columns.place(int(rows[first[gappy[0]]]), "channel"),
        f"no row of {listed(said, NAMED)}, while most lines have one in every week; {means}",
        "enter these rows if they were lost; nothing to do if that is right",
        Severity.WARNING if (runs > OFTEN).any() else Severity.NOTE,
    )


def _between(there: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(lines, weeks) from the first to the last week in which a line has a row."""
    begun = np.maximum.accumulate(there, axis=1)
    to_come = np.maximum.accumulate(there[:, ::-1], axis=1)[:, ::-1]
    return np.asarray(begun & to_come)


def _name(columns: Columns, row: int, parts: Sequence[str]) -> str:
    return ", ".join(str(columns[part][row]) for part in parts if columns[part][row])
