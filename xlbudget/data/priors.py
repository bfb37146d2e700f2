"""The Priors table: what is believed of lines or whole channels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlbudget.data.columns import Columns
from xlbudget.data.facts import PriorBelief
from xlbudget.data.names import unknown_name
from xlbudget.findings import Finding


def read_priors(
    columns: Columns | None, lines: Sequence[str], channels: Sequence[str]
) -> tuple[tuple[PriorBelief, ...], list[Finding]]:
    """Beliefs about lines or whole channels."""
    beliefs: list[PriorBelief] = []
    findings: list[Finding] = []
    for index in range(columns.size if columns else 0):
        assert columns is not None
        name = str(columns["line"][index])
        if not name:
            continue
        if name not in lines and name not in channels:
            findings.append(unknown_name(columns.place(index, "line"), "line", name, lines))
            continue
        low, high, *rest = (
            None if np.isnan(value := float(columns[key][index])) else value
            for key in (
                "roi_low",
                "roi_high",
                "half_life_weeks",
                "half_saturation",
                "chance_of_no_effect",
            )
        )
        if low is not None and high is not None and not low < high:
            findings.append(
                Finding(
                    "prior-range",
                    columns.place(index, "roi_low"),
                    f"roi_low of {name} is not below roi_high",
                    "enter the lower ROI in roi_low",
                )
            )
            continue
        beliefs.append(PriorBelief(name, low, high, *rest))
    return tuple(sorted(beliefs, key=lambda belief: belief.line)), findings
