"""Outcomes: which one is planned for, in which weeks and regions it is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from xlbudget.data.cells import counted, is_missing
from xlbudget.data.columns import Columns
from xlbudget.data.names import did_you_mean, listed
from xlbudget.data.raw import RawTable
from xlbudget.data.weeks import spans
from xlbudget.findings import Finding, Place, Severity
from xlbudget.tables import OUTCOMES, normal
from xlbudget.tabular import Array, Weeks


def choose_outcome(
    raw: RawTable, measures: dict[str, str], wanted: str
) -> tuple[str, str, list[Finding]]:
    """Normal name and header of the outcome that is planned for: the wanted one, else the first.

    A column without a figure is none: the template's own may have been left empty beside it.
    """
    if wanted and normal(wanted) in measures:
        return normal(wanted), measures[normal(wanted)], []
    filled = {name: header for name, header in measures.items() if _filled(raw, header)}
    measures = filled or measures
    headers = list(measures.values())
    if wanted:
        return (
            "",
            "",
            [
                Finding(
                    "outcome-unknown",
                    Place("Outcomes", None, wanted),
                    f"Settings names the outcome '{wanted}', but Outcomes has no such column of "
                    f"numbers{did_you_mean(wanted, headers)}",
                    f"set outcome to one of: {listed(headers)}" if headers else "add the column",
                )
            ],
        )
    if not measures:
        others = [h for h in raw.columns if normal(h) not in map(normal, OUTCOMES.names())]
        return (
            "",
            "",
            [
                Finding(
                    "outcome-missing",
                    Place("Outcomes"),
                    "Outcomes has no column of numbers beside the week"
                    + (f" ({listed(others)} hold text)" if others else ""),
                    "add a column such as revenue or conversions",
                )
            ],
        )
    name, header = next(iter(measures.items()))
    if len(measures) == 1:
        return name, header, []
    return (
        name,
        header,
        [
            Finding(
                "outcome-first",
                Place("Outcomes", None, header),
                f"Settings names no outcome; {header}, first of {listed(headers)}, is planned for",
                "name the outcome in Settings",
                Severity.NOTE,
            )
        ],
    )


def worth_findings(outcome: str, value: float, spend: Array, known: Array) -> Iterator[Finding]:
    """Conversions are easily taken for money: then no advertising could ever pay back.

    value  money per unit of the outcome; spend (W, R, M) money; known (W, R) outcome, NaN: unknown
    """
    spent, brought = float(spend.sum()), float(np.nansum(known))
    if value == 1.0 and 0 < brought < spent:
        yield Finding(
            "outcome-worth",
            Place("Settings"),
            f"value_per_outcome is 1: all {outcome} ({brought:,.0f}) is worth less than what was "
            f"spent ({spent:,.0f}), so nothing can pay back",
            f"enter what one unit of {outcome} is worth in value_per_outcome; nothing to do if "
            "it is money",
            Severity.WARNING,
        )


def _filled(raw: RawTable, header: str) -> bool:
    return not all(is_missing(cell) for cell in raw.columns[header])


def gather_outcome(
    columns: Columns, name: str, weeks: Weeks, regions: Sequence[str], added_up: bool
) -> Array:
    """(W, R) outcome, NaN where none is known; added_up: regions of the table make one nation.

    A nation's week is known only if it is known in every region that the table has.
    """
    own = tuple(sorted(set(columns["region"].tolist()))) if added_up else tuple(regions)
    place = {region: index for index, region in enumerate(own)}
    outcome = np.full((len(weeks), len(own)), np.nan)
    days = columns["week"]
    week = (days - weeks[0]).astype("timedelta64[D]").astype(np.int64) // 7
    region = np.array([place.get(name, -1) for name in columns["region"]], dtype=np.int64)
    if not columns.given("region"):
        region[:] = 0
    inside = ~np.isnat(days) & (week >= 0) & (week < len(weeks)) & (region >= 0)
    outcome[week[inside], region[inside]] = columns[name][inside]
    return outcome.sum(axis=1, keepdims=True) if added_up else outcome


def outcome_findings(
    columns: Columns, name: str, weeks: Weeks, regions: Sequence[str], outcome: Array
) -> Iterator[Finding]:
    """An outcome that never changes, weeks without one, and figures below zero."""
    header = columns.headers.get(name, name)
    some = outcome[:, ~np.isnan(outcome).all(axis=0)]  # of regions that have any
    spread = np.nanmax(some, axis=0) - np.nanmin(some, axis=0)
    if columns.size and not spread.max(initial=0.0) > 0:
        always = "0" if not np.nansum(np.abs(outcome)) > 0 else "the same"
        yield Finding(
            "outcome-constant",
            Place("Outcomes", None, header),
            f"{header} is {always} in every week, so nothing can be learned from it",
            "enter what was achieved week by week, or name another outcome in Settings",
        )
    for index, region in enumerate(regions):
        missing = weeks[np.isnan(outcome[:, index])]
        if missing.size:
            said = f" of {region}" if region else ""
            yield Finding(
                "outcome-missing-weeks",
                Place("Outcomes", None, header),
                f"{header}{said} is missing in {len(missing)} of {len(weeks)} weeks "
                f"({spans(missing)}); they are left out of the fit",
                "enter these weeks if they are known",
                Severity.WARNING if len(missing) > len(weeks) // 10 else Severity.NOTE,
            )
    below = np.flatnonzero(columns[name] < 0)
    if below.size:
        yield Finding(
            "outcome-negative",
            columns.place(int(below[0]), name),
            f"{header} is below 0 in {counted(len(below), 'row')}",
            "check these weeks; returns are better kept apart",
            Severity.WARNING,
        )
