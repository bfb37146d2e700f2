"""Scenarios as people read them: the difference against the current plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xlbudget.findings import Finding
from xlbudget.tabular import Array, Columns, Tabular


@dataclass(frozen=True)
class ScenarioResult(Tabular):
    """N rows: every scenario x every week or group; D draws.

    by              what the rows are told apart by: week, line, region, role ...
    scenario, part  (N,) names of the row; part is a date by week
    spend           (N,) money more than planned
    outcome_draws   (N, D) outcome more than under the plan, carry-out counted
    profit_draws    (N, D) money that brings, less the further spend
    roi             (N,) average ROI less that of the plan; empty by week
    observed        (N,) whether no line would spend more in a week than it ever did
    findings        what was combined, left out or should be looked at
    """

    by: str
    scenario: tuple[str, ...]
    part: Sequence[Any]
    spend: Array
    outcome_draws: Array
    profit_draws: Array
    roi: Array
    observed: NDArray[np.bool_]
    confidence: float
    findings: tuple[Finding, ...]

    def columns(self) -> Columns:
        """As the SCENARIO formula shows them; everything but roi is a plain difference.

        scenario, <by>, spend, outcome, low, high, profit, profit_low, profit_high, roi (not by
        week, since a week's outcome is not that of its own money), prob_loss (of a profit below
        the plan's), observed.
        """
        low, high = self.range_of(self.outcome_draws)
        profit_low, profit_high = self.range_of(self.profit_draws)
        shown: dict[str, Any] = {
            "scenario": self.scenario,
            self.by.replace(" ", "_"): self.part,
            "spend": self.spend,
            "outcome": self.outcome_draws.mean(axis=1),
            "low": low,
            "high": high,
            "profit": self.profit_draws.mean(axis=1),
            "profit_low": profit_low,
            "profit_high": profit_high,
            "roi": self.roi,
            "prob_loss": (self.profit_draws < 0).mean(axis=1),
            "observed": self.observed,
        }
        if self.by == "week":
            del shown["roi"]
        return shown

    def range_of(self, draws: Array) -> tuple[Array, Array]:
        """(N,) low and (N,) high of draws (N, D) at the confidence."""
        tail = (1.0 - self.confidence) / 2.0
        low, high = np.quantile(draws, [tail, 1.0 - tail], axis=1)
        return low, high
