"""The rows of a wide file as weeks and regions; days are gathered into weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.cells import Trouble
from xlbudget.data.date_cells import read_dates
from xlbudget.data.raw import RawTable
from xlbudget.data.text_cells import read_texts
from xlbudget.data.weeks import cadence, spans, weekday
from xlbudget.data.wide_columns import Role
from xlbudget.data.wide_mapping import WideMapping
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tabular import Array, Weeks


@dataclass(frozen=True)
class Grid:
    """One row a week and region, sorted; `of` tells each file row's grid row, -1: left out."""

    weeks: Weeks  # (N,)
    regions: NDArray[Any]  # (N,) "" for national
    of: NDArray[np.intp]  # (file rows,)

    def total(self, values: Array) -> Array:
        """(N,) sums; NaN where any part is missing."""
        kept = self.of >= 0
        order = np.lexsort((values[kept], self.of[kept]))
        size = len(self.weeks)
        rows = self.of[kept][order]
        return np.asarray(np.bincount(rows, values[kept][order], minlength=size), dtype=np.float64)

    def mean(self, values: Array) -> Array:
        """(N,) means of what is there; NaN where nothing is."""
        known = ~np.isnan(values)
        number = self.total(known.astype(float))
        total = self.total(np.where(known, values, 0.0))
        return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def lay_out(raw: RawTable, mapping: WideMapping, findings: list[Finding]) -> Grid | None:
    """Weeks x regions of the file, and where its rows go."""
    date = mapping.date
    days, troubles = read_dates(raw.columns[date])
    report(raw, date, troubles, findings)
    regions = np.full(len(days), "", dtype=object)
    for column in mapping.of(Role.REGION):
        regions, troubles = read_texts(raw.columns[column.header])
        report(raw, column.header, troubles, findings)
    known = ~np.isnat(days)
    every = np.unique(days[known])
    pace = cadence(every)
    place = Place(raw.name, None, date)
    if not len(every) or pace == "month":
        findings.append(
            Finding(
                "wide-cadence",
                place,
                "the rows are by month" if len(every) else f"{date} holds no date",
                "give weekly or daily rows",
            ).at(raw.locate(place))
        )
        return None
    weeks = days - weekday(days) if pace == "day" else days
    if pace == "day":
        full = _full_weeks(every)
        left_out = np.setdiff1d(np.unique(weeks[known]), full)
        note = f"daily rows were added up to {len(full)} weeks from Monday"
        if len(left_out):
            note += f"; weeks that are not complete are left out ({spans(left_out)})"
        findings.append(noted("wide-daily", place, note))
        known &= np.isin(weeks, full)
    codes, rows = np.unique(
        np.rec.fromarrays([weeks[known].astype(np.int64), regions[known].astype(str)]),
        return_inverse=True,
    )
    of = np.full(len(days), -1, dtype=np.intp)
    of[known] = rows
    grid = Grid(
        np.asarray(codes["f0"]).astype("datetime64[D]"), np.asarray(codes["f1"]).astype(object), of
    )
    _, of_day = np.unique(
        np.rec.fromarrays([days[known].astype(np.int64), regions[known].astype(str)]),
        return_counts=True,
    )
    if (of_day > 1).any():
        findings.append(
            Finding(
                "wide-several-rows",
                place,
                f"{int((of_day > 1).sum()):,} dates have more than one row"
                + ("" if mapping.of(Role.REGION) else ", and no column tells regions"),
                "name the column that tells them apart: --region COLUMN, or remove the repeats",
            ).at(raw.locate(place))
        )
    return grid


def _full_weeks(days: Weeks) -> Weeks:
    """Mondays of the weeks of which all seven days are there."""
    mondays, count = np.unique(days - weekday(days), return_counts=True)
    return np.asarray(mondays[count == 7])


def report(
    raw: RawTable, header: str, troubles: Sequence[Trouble], findings: list[Finding]
) -> None:
    """Add the findings of a column, their places spelled as in the file."""
    for trouble in troubles:
        for finding in trouble.findings(raw.name, header, raw.columns[header]):
            findings.append(finding.at(raw.locate(finding.place)))


def noted(code: str, place: Place, problem: str) -> Finding:
    """A note on what an import did or assumed."""
    return Finding(code, place, problem, "nothing to do if that is right", Severity.NOTE)
