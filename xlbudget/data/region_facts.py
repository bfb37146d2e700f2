"""The Regions table: people and launches."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.columns import Columns
from xlbudget.data.date_cells import day_or_none
from xlbudget.data.facts import Region
from xlbudget.data.names import listed, unknown_name
from xlbudget.findings import Finding, Place, Severity


def read_regions(
    columns: Columns | None, known: Collection[str]
) -> tuple[dict[str, Region], list[Finding]]:
    """The rows of Regions by name; names that no data has are noted."""
    findings: list[Finding] = []
    facts: dict[str, Region] = {}
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["region"][index])
        if not name or name in facts:
            continue
        start, end = (
            day_or_none(columns["launch_start"][index]),
            day_or_none(columns["launch_end"][index]),
        )
        people = float(columns["population"][index])
        facts[name] = Region(name, None if np.isnan(people) else people, start, end)
        if start is not None and end is not None and end < start:
            findings.append(
                Finding(
                    "launch-ends-first",
                    columns.place(index, "launch_end"),
                    f"the launch of {name} ends before it starts",
                    "correct launch_start or launch_end",
                )
            )
        if known and name not in known:
            findings.append(
                unknown_name(
                    columns.place(index, "region"), "region", name, sorted(known), Severity.NOTE
                )
            )
    if facts and (absent := sorted(set(known) - set(facts))):
        findings.append(
            Finding(
                "region-without-facts",
                Place("Regions"),
                f"{listed(absent)}: not in Regions, so neither population nor launch is known",
                "add a row for each",
                Severity.NOTE,
            )
        )
    return facts, findings


def population_of(
    facts: Mapping[str, Region], regions: Sequence[str]
) -> NDArray[np.float64] | None:
    """(R,) people, or None where one is not known."""
    people = [facts[name].population if name in facts else None for name in regions]
    known = [float(number) for number in people if number]
    return np.array(known) if len(known) == len(regions) else None
