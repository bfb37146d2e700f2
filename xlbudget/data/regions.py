"""Which regions the market has, and what happens where Spend and Outcomes do not agree on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.cells import SHOWN
from xlbudget.data.columns import Columns
from xlbudget.data.names import unknown_name
from xlbudget.findings import Finding, Place, Severity


@dataclass(frozen=True)
class Geography:
    """regions as in Dataset; added_up: outcomes by region are added up to one nation."""

    regions: tuple[str, ...]
    added_up: bool = False


def geography(
    spend: Columns, outcomes: Columns, grain: Sequence[str]
) -> tuple[Geography, list[Finding]]:
    """The regions of the outcome. Where Spend knows none, outcomes become national, with a word.

    Outcomes national and Spend by region: the regions stay apart only where the grain asks.
    """
    ours, theirs = _regions(outcomes), _regions(spend)
    findings = [*_blanks(outcomes, ours)]
    if not ours:
        if "region" in grain and not theirs:
            findings.append(_grain_without_regions())
        return Geography(("",)), findings
    if not theirs:
        if "region" in grain:
            findings.append(_grain_without_regions())
        elif len(ours) > 1:
            findings.append(
                Finding(
                    "outcomes-added-up",
                    Place("Outcomes", None, outcomes.headers.get("region", "region")),
                    f"Outcomes has {len(ours)} regions but Spend has none; the outcomes were added "
                    "up to one nation",
                    "add a region column to Spend to learn from the differences between regions",
                    Severity.WARNING,
                )
            )
        return Geography(("",), added_up=True), findings
    findings += _blanks(spend, theirs)
    for name in sorted(set(theirs) - set(ours)):
        row = int(np.flatnonzero(spend["region"] == name)[0])
        findings.append(unknown_name(spend.place(row, "region"), "region", name, ours))
    return Geography(ours), findings


def _regions(columns: Columns) -> tuple[str, ...]:
    return tuple(sorted(set(columns["region"].tolist()) - {""}))


def _blanks(columns: Columns, regions: Sequence[str]) -> list[Finding]:
    """Rows without a region in a table that has regions."""
    rows = np.flatnonzero(columns["region"] == "") if regions else np.empty(0, dtype=int)
    findings = [
        Finding(
            "region-empty",
            columns.place(int(row), "region"),
            "no region, though other rows have one",
            "enter the region; split what is national over the regions, by population for instance",
        )
        for row in rows[:SHOWN]
    ]
    if len(rows) > SHOWN:
        findings.append(
            Finding(
                "region-empty",
                columns.place(int(rows[SHOWN]), "region"),
                f"and {len(rows) - SHOWN:,} more rows without a region",
                findings[0].remedy,
            )
        )
    return findings


def _grain_without_regions() -> Finding:
    return Finding(
        "grain-region",
        Place("Settings", None, "grain"),
        "the grain asks for regions, but Spend has none",
        "add a region column to Spend, or take region out of the grain",
    )
