"""Where a scenario's difference comes from: its causes, one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.planning.scenarios.asked import Asked
from xlbudget.planning.scenarios.conditions import Conditions
from xlbudget.planning.scenarios.differences import (
    Cell,
    baseline_change,
    long_term_of,
    same_conditions,
)
from xlbudget.planning.scenarios.rows import BASELINE, EXPECTED, groups_by
from xlbudget.tabular import Array, Columns, Tabular

CAUSES = ("spend", "cost", "response", "carry-in", "outcome value", BASELINE)


@dataclass(frozen=True)
class Waterfall(Tabular):
    """N steps from the plan as it stands to each scenario; D draws.

    by               what the parts are: line, region, role ...
    outcome, profit  (N, D); all steps of a scenario add up to its total, draw by draw
    """

    by: str
    scenario: tuple[str, ...]
    part: tuple[str, ...]
    cause: tuple[str, ...]
    outcome: Array
    profit: Array
    confidence: float

    def columns(self) -> Columns:
        """scenario, <by>, cause, outcome, low, high, starts_at, ends_at, profit.

        starts_at and ends_at: where the step's bar begins and ends on the outcome's axis, the
        plan as it stands being 0. Causes come one after the other: each is worked out with those
        before it already changed, so what two of them do together belongs to the later one.
        """
        tail = (1.0 - self.confidence) / 2.0
        low, high = np.quantile(self.outcome, [tail, 1.0 - tail], axis=1)
        outcome = self.outcome.mean(axis=1)
        ends = np.zeros(len(outcome))
        for name in dict.fromkeys(self.scenario):
            mine = np.array([each == name for each in self.scenario])
            ends[mine] = outcome[mine].cumsum()
        return {
            "scenario": self.scenario,
            self.by.replace(" ", "_"): self.part,
            "cause": self.cause,
            "outcome": outcome,
            "low": low,
            "high": high,
            "starts_at": ends - outcome,
            "ends_at": ends,
            "profit": self.profit.mean(axis=1),
        }


Row = tuple[str, str, str, Array, Array]  # scenario, part, cause, outcome (D,), profit (D,)


def waterfall_of(asked: Asked, by: str, confidence: float) -> Waterfall:
    """The steps of every scenario and of their expectation, where they carry weights.

    Steps that change nothing are left out.
    """
    rows: list[Row] = []
    for scenario, changed in zip(asked.scenarios, asked.changed, strict=True):
        for part, cause, outcome, profit in _steps(asked, changed, by):
            if outcome.any() or profit.any():
                rows.append((scenario.name, part, cause, outcome, profit))
    weights = {scenario.name: scenario.weight for scenario in asked.scenarios if scenario.weight}
    rows += _expected(rows, weights)
    names, parts, causes, outcomes, profits = zip(*rows, strict=True) if rows else ((),) * 5
    shape = (len(rows), asked.model.draws)
    return Waterfall(
        by, names, parts, causes,
        np.reshape(outcomes, shape), np.reshape(profits, shape), confidence,
    )  # fmt: skip


def _expected(rows: Sequence[Row], weights: Mapping[str, float]) -> Iterator[Row]:
    """The steps of the expectation: like ones of all scenarios together, each as it is weighted."""
    counted = [row for row in rows if row[0] in weights]
    for step in dict.fromkeys(row[1:3] for row in counted):
        alike = [
            (weights[name] * outcome, weights[name] * profit)
            for name, part, cause, outcome, profit in counted
            if (part, cause) == step
        ]
        outcome, profit = np.sum(alike, axis=0)
        yield EXPECTED, *step, outcome, profit


def _steps(asked: Asked, changed: Conditions, by: str) -> Iterator[tuple[str, str, Array, Array]]:
    """Part, cause, outcome (D,) and profit (D,) of every step of one scenario."""
    data = asked.model.data
    groups, names = groups_by(data, by)
    shape = (len(CAUSES), len(names), asked.model.draws)
    outcome, profit = np.zeros(shape), np.zeros(shape)
    lasting = 1.0 + long_term_of(data)
    for cell in asked.cells:
        at, group = (slice(None), *cell.place), groups[cell.place]
        if same_conditions(asked.planned, changed, at):
            continue
        for index, (more, worth) in enumerate(_of_cell(cell, asked.planned, changed)):
            outcome[index, group] += cell.total(more)
            profit[index, group] += cell.total(worth) * (data.settings.margin * lasting[cell.place])
        profit[0, group] -= float((changed.spend - asked.planned.spend)[at].sum())
    for index, cause in enumerate(CAUSES[:-1]):
        for group, name in enumerate(names):
            yield name, cause, outcome[index, group], profit[index, group]
    if changed.controls is not asked.planned.controls:
        total = baseline_change(asked.model, changed.controls).sum(axis=(1, 2))
        yield BASELINE, BASELINE, total, total * data.settings.money_per_outcome


def _of_cell(cell: Cell, planned: Conditions, changed: Conditions) -> Iterator[tuple[Array, Array]]:
    """Outcome (S, T) and what it is worth, before the margin, at an ROI of 1: cause by cause."""
    at = (slice(None), *cell.place)
    old, new = planned.worth[at], changed.worth[at]
    swing = changed.response[at] - 1.0
    spent = cell.of(changed.spend[at])
    bought = cell.of(changed.media[at])
    steps = (
        spent - cell.outcome,
        bought - spent,
        swing * (bought - cell.carry_in),
        swing * cell.carry_in,
    )
    for step in steps:
        yield step, step * old
    yield np.zeros_like(bought), changed.response[at] * bought * (new - old)
