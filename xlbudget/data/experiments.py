"""The Experiments table: lift tests that lie within the data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from xlbudget.data.columns import Columns
from xlbudget.data.date_cells import day_or_none
from xlbudget.data.facts import Experiment
from xlbudget.data.names import unknown_name
from xlbudget.findings import Finding, Severity
from xlbudget.tabular import Weeks


def read_experiments(
    columns: Columns | None, channels: Iterable[str], regions: Sequence[str], weeks: Weeks
) -> tuple[tuple[Experiment, ...], list[Finding]]:
    """Lift tests that lie within the data; the others are reported and left out."""
    tests: list[Experiment] = []
    findings: list[Finding] = []
    for index in range(columns.size if columns else 0):
        assert columns is not None
        test = _experiment(columns, index)
        if test is None:
            continue  # its empty cells were reported when they were read
        found = list(_test_findings(columns, index, test, tuple(channels), regions, weeks))
        findings += found
        if all(f.severity is Severity.NOTE for f in found):
            tests.append(test)
    return tuple(sorted(tests, key=lambda test: test.id)), findings


def _experiment(columns: Columns, index: int) -> Experiment | None:
    start, end = day_or_none(columns["start"][index]), day_or_none(columns["end"][index])
    numbers = [
        float(columns[name][index])
        for name in ("spend_change", "incremental_outcome", "standard_error")
    ]
    texts = {n: str(columns[n][index]) for n in ("id", "channel", "region", "method", "source")}
    if start is None or end is None or np.isnan(numbers).any() or not texts["channel"]:
        return None
    return Experiment(
        texts["id"],
        texts["channel"],
        texts["region"],
        start,
        end,
        texts["method"],
        numbers[0],
        numbers[1],
        numbers[2],
        texts["source"],
    )


def _test_findings(
    columns: Columns,
    index: int,
    test: Experiment,
    channels: Sequence[str],
    regions: Sequence[str],
    weeks: Weeks,
) -> Iterable[Finding]:
    if test.channel not in channels:
        yield unknown_name(columns.place(index, "channel"), "channel", test.channel, channels)
    if test.region and test.region not in regions:
        if regions == ("",):
            yield Finding(
                "experiment-region",
                columns.place(index, "region"),
                f"test {test.id} is about {test.region}, but the outcome is not known by region; "
                "it is left out",
                "enter Outcomes and Spend by region to use it",
                Severity.WARNING,
            )
        else:
            yield unknown_name(columns.place(index, "region"), "region", test.region, regions)
    if test.end < test.start:
        yield Finding(
            "experiment-dates",
            columns.place(index, "end"),
            f"test {test.id} ends before it starts",
            "correct start or end",
        )
    elif len(weeks) and (test.start < weeks[0] or test.end >= weeks[-1] + np.timedelta64(7, "D")):
        yield Finding(
            "experiment-outside",
            columns.place(index, "start"),
            f"test {test.id} ({test.start} to {test.end}) is not within the weeks of data; it is "
            "left out",
            "enter the weeks of the test in Spend and Outcomes, or correct its dates",
            Severity.WARNING,
        )
    if test.standard_error <= 0:
        yield Finding(
            "experiment-error",
            columns.place(index, "standard_error"),
            f"the standard error of test {test.id} is {test.standard_error:g}; nothing is measured "
            "without error",
            "enter the standard error of the report (half of a 95 % range is about two of them)",
        )
    if test.spend_change == 0:
        yield Finding(
            "experiment-no-change",
            columns.place(index, "spend_change"),
            f"test {test.id} changed no spend, so it says nothing; it is left out",
            "enter the spend of the test less the spend without it",
            Severity.WARNING,
        )
    elif test.spend_change * test.incremental_outcome < 0:
        yield Finding(
            "experiment-signs",
            columns.place(index, "incremental_outcome"),
            f"in test {test.id} spend and outcome moved in opposite directions",
            "check the signs: for a holdout both are negative",
            Severity.NOTE,
        )
