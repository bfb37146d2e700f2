"""What a plan gains, draw by draw, over the current plan and over what stays if nothing moves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.found import Found
from xlbudget.planning.task import Task
from xlbudget.tabular import Array

MONEY_AIMS = ("profit", "marginal_roi")  # aims whose value is counted in money
STILL = 1e-9  # share of the budget below which a line has not moved


@dataclass(frozen=True)
class Gains:
    """A plan beside the current one; D draws, L lines.

    totals    (L,) money of the plan
    by_line   (D, L) gain over the current plan, in the aim's unit: outcome, or money less spend
    moved     (D,) gain over what stays if nothing moves: the current plan, or its split of
              another budget
    now       (D,) outcome of the current plan
    stays     what that which stays is worth on average, in the aim's unit
    outcome   (L,) mean outcome of the plan, long-term effects included; short (L,): without them
    slope     (L,) mean outcome of the next unit of money
    worth     the aim's unit per scaled value
    """

    totals: Array
    by_line: Array
    moved: Array
    now: Array
    stays: float
    outcome: Array
    short: Array
    slope: Array
    worth: float

    @property
    def total(self) -> Array:
        """(D,) gain over the current plan, all lines together."""
        return np.asarray(self.by_line.sum(axis=1))

    def ranges(self, confidence: float) -> tuple[Array, Array]:
        """(L + 1,) low and high of each line's gain, and of the total as the last."""
        tail = (1.0 - confidence) / 2.0
        every = np.column_stack([self.by_line, self.total])
        low, high = np.quantile(every, [tail, 1.0 - tail], axis=0)
        return low, high


def gains_of(task: Task, found: Found, stays: Array, aim: str) -> Gains:
    """The plan found beside the current one; stays (L,): scaled money if nothing moves."""
    objective, settings = task.objective, task.plan.data.settings
    current = task.plan.totals
    totals = settled(task, found)
    before = stays * objective.money
    before = np.where(np.abs(totals - before) <= STILL * totals.sum(), totals, before)
    value, slope = objective.draws(np.stack([current, totals, before], axis=1))
    worth = objective.outcome
    by_line = value[:, :, 1] - value[:, :, 0]
    moved = (value[:, :, 1] - value[:, :, 2]).sum(axis=1)
    if aim in MONEY_AIMS:
        worth *= settings.money_per_outcome
        hurdle = task.hurdle * worth / objective.money
        by_line = by_line * settings.money_per_outcome - hurdle * (totals - current)
        moved = by_line.sum(axis=1)
    outcome = value[:, :, 1].mean(axis=0)
    return Gains(
        totals=totals,
        by_line=by_line,
        moved=moved,
        now=value[:, :, 0].sum(axis=1),
        stays=float(value[:, :, 2].sum(axis=1).mean()) * worth / objective.outcome,
        outcome=outcome,
        short=outcome / objective.factor,
        slope=slope[:, :, 1].mean(axis=0),
        worth=worth,
    )


def settled(task: Task, found: Found) -> Array:
    """(L,) money of a plan; lines that have hardly moved have not moved."""
    current, totals = task.plan.totals, found.spend * task.objective.money
    return np.where(np.abs(totals - current) <= STILL * totals.sum(), current, totals)
