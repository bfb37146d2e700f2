"""What is optimised is what is reported: the model's curves in scaled units, and how risk reads
the draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.plan import Plan
from xlbudget.planning.table import Values
from xlbudget.response.incremental import ValueCurves
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array

WORST = 0.2  # share of the draws that the cautious setting looks at


@dataclass(frozen=True)
class Objective:
    """The value of a plan of `plan`'s shape, in units of money and outcome that suit the solver.

    unit      (H, R, M) how one unit of each line's money is spread
    factor    (L,) total effect over the short-term one: 1 + long_term_weight x long_term_factor
    money     money in one scaled unit; outcome: the same of the outcome
    mean      whether only the mean over the draws is asked for
    """

    model: ResponseModel
    unit: Array
    factor: Array
    money: float
    outcome: float
    mean: bool

    def __call__(self, spend: Array) -> Values:
        """Scaled spend (L, K) -> scaled values of the mean, or of every draw."""
        if not self.mean:
            return self.every(spend)
        return self._scaled(self.model.mean_value_curves(self.unit, spend * self.money))

    def every(self, spend: Array) -> Values:
        """Scaled spend (L, K) -> scaled values of every draw."""
        return self._scaled(self.model.value_curves(self.unit, spend * self.money))

    def _scaled(self, found: ValueCurves) -> Values:
        factor = self.factor[:, None] / self.outcome
        return Values(
            found.value * factor,
            found.slope * (factor * self.money),
            found.slope_bound * (factor * self.money),
        )

    def thinned(self, step: int) -> Objective:
        """The same with only every `step`-th of the draws."""
        if step == 1:
            return self
        few = self.model.effects.some(slice(None, None, step))
        return replace(self, model=replace(self.model, effects=few))

    def counted(self, weights: Array) -> Objective:
        """The mean with draws that count by weights (D,), which add up to 1."""
        effects = self.model.effects
        roi = effects.roi * (weights * len(weights))[:, None, None]  # everything is linear in it
        return replace(
            self, model=replace(self.model, effects=replace(effects, roi=roi)), mean=True
        )

    def draws(self, spend: Array) -> tuple[Array, Array]:
        """Outcome that each line's money (L, K) causes, and its slope: (D, L, K), not scaled."""
        found = self.model.value_curves(self.unit, spend)
        return found.value * self.factor[:, None], found.slope * self.factor[:, None]


def objective_of(model: ResponseModel, plan: Plan, money: float, mean: bool) -> Objective:
    """The objective for plans of this shape; money is about the budget."""
    data = plan.data
    long_term = np.array(
        [
            data.channels[line.channel].long_term_factor if line.channel in data.channels else 0.0
            for line in data.lines
        ]
    )
    factor = 1.0 + data.settings.long_term_weight * long_term
    unit = plan.scaled(np.ones(len(data.lines))).spend
    even = np.full((len(data.lines), 1), money / len(data.lines))
    size = float((model.mean_value_curves(unit, even).value[0] * factor[:, None]).sum())
    return Objective(model, unit, factor, money, size if size > 0 else 1.0, mean)


def expected(total: Array) -> Array:
    """Every draw (D,) counts alike."""
    return np.full(len(total), 1.0 / len(total))


def tail_mean(total: Array, share: float) -> Array:
    """Only the worst `share` of the draws (D,) counts: weights that average it."""
    most = 1.0 / (share * len(total))
    order = np.argsort(total, kind="stable")
    left = 1.0 - most * np.arange(len(total))
    weights = np.empty(len(total))
    weights[order] = np.clip(left, 0.0, most)
    return weights


def cautious(total: Array) -> Array:
    """Only the worst fifth of the draws (D,) counts."""
    return tail_mean(total, WORST)
