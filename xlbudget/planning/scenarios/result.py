"""Scenarios as people read them: the difference against the current plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from xlbudget.findings import Finding
from xlbudget.planning.scenarios.asked import Asked
from xlbudget.planning.scenarios.differences import baseline_change, difference
from xlbudget.planning.scenarios.rows import (
    EXPECTED,
    Rows,
    expected_rows,
    groups_by,
    joined,
    rows_by_group,
    rows_by_week,
    with_baseline,
)
from xlbudget.planning.scenarios.waterfall import Waterfall, waterfall_of
from xlbudget.tabular import Array, Columns, Tabular


@dataclass(frozen=True)
class ScenarioResult(Tabular):
    """N rows: every scenario x every week or group.

    by        what the rows are told apart by: week, line, region, role ...
    scenario  (N,) name of the row's scenario; `rows` holds its part and draws
    asked     what the rows were worked out from
    """

    by: str
    scenario: tuple[str, ...]
    rows: Rows
    confidence: float
    asked: Asked

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was combined, left out or should be looked at."""
        return self.asked.findings

    def columns(self) -> Columns:
        """As the SCENARIO formula shows them; everything but roi is a plain difference.

        scenario, <by>, spend, outcome, low, high, profit, profit_low, profit_high, roi (not by
        week, since a week's outcome is not that of its own money), prob_loss (of a profit below
        the plan's), observed, long_term (beyond `outcome`, weighted as Settings say; profit
        counts it).
        """
        rows = self.rows
        low, high = self._range(rows.outcome)
        profit_low, profit_high = self._range(rows.profit)
        shown: dict[str, Any] = {
            "scenario": self.scenario,
            self.by.replace(" ", "_"): rows.part,
            "spend": rows.spend,
            "outcome": rows.outcome.mean(axis=1),
            "low": low,
            "high": high,
            "profit": rows.profit.mean(axis=1),
            "profit_low": profit_low,
            "profit_high": profit_high,
            "roi": rows.roi,
            "prob_loss": (rows.profit < 0).mean(axis=1),
            "observed": rows.observed,
            "long_term": rows.long_term.mean(axis=1),
        }
        if self.by == "week":
            del shown["roi"]
        return shown

    def weekly(self) -> ScenarioResult:
        """The same scenarios week by week, carry-out included."""
        return self if self.by == "week" else result_of(self.asked, "week", self.confidence)

    def of(self, scenario: str) -> Rows:
        """The rows of one scenario."""
        return self.rows.some(np.array([each == scenario for each in self.scenario]))

    def waterfall(self) -> Waterfall:
        """Where each difference comes from: its causes, by line or what the rows are told by."""
        by = "line" if self.by == "week" else self.by
        return waterfall_of(self.asked, by, self.confidence)

    def _range(self, draws: Array) -> tuple[Array, Array]:
        """(N,) low and (N,) high of draws (N, D) at the confidence."""
        tail = (1.0 - self.confidence) / 2.0
        low, high = np.quantile(draws, [tail, 1.0 - tail], axis=1)
        return low, high


def result_of(asked: Asked, by: str, confidence: float) -> ScenarioResult:
    """Every scenario's rows and, where scenarios carry weights, their expectation."""
    data = asked.model.data
    groups, names = groups_by(data, by)
    answers = []
    for changed, beyond in zip(asked.changed, asked.beyond, strict=True):
        found = difference(asked.model, asked.cells, asked.planned, changed, groups, by == "week")
        if by == "week":
            rows = rows_by_week(data, found, beyond)
        else:
            rows = rows_by_group(names, groups, found, beyond)
        if changed.controls is not asked.planned.controls:
            change = baseline_change(asked.model, changed.controls)
            rows = with_baseline(rows, change, data.settings.money_per_outcome)
        answers.append(rows)
    labels = [each.name for each in asked.scenarios]
    weights = [each.weight or 0.0 for each in asked.scenarios]
    if any(weights):
        answers.append(expected_rows(answers, weights))
        labels.append(EXPECTED)
    named = tuple(label for label, rows in zip(labels, answers, strict=True) for _ in rows.part)
    return ScenarioResult(by, named, joined(answers), confidence, asked)
