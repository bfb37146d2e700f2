"""A plan that people made themselves, beside the current one: what is needed to explain it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.objective import objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.result import Binding, beyond_observed
from xlbudget.planning.verdict import PLAN
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Comparison:
    """A proposed plan over the current one; L lines, D draws, gains in units of the outcome.

    verdict, limits  empty: nobody looked for the best plan; kept: what it is compared with
    """

    plan: Plan
    recommended: Plan
    gain_draws: Array
    gain_low: float
    gain_high: float
    low: Array
    high: Array
    marks: tuple[str, ...]
    aim: str = "outcome"
    verdict: str = ""
    kept: str = PLAN
    limits: tuple[Binding, ...] = ()

    @property
    def line(self) -> tuple[str, ...]:
        """Names of the lines."""
        return self.plan.data.line_names

    @property
    def budget(self) -> float:
        """Money of the proposed plan."""
        return float(self.recommended.totals.sum())

    @property
    def gain(self) -> float:
        """Expected gain of all lines together."""
        return float(self.gain_draws.sum(axis=1).mean())

    @property
    def prob_better(self) -> float:
        """Probability that the proposed plan is worth more; a draw between them is half of one."""
        gain = self.gain_draws.sum(axis=1)
        return float((gain > 0).mean() + 0.5 * (gain == 0).mean())


def compared(model: ResponseModel, current: Plan, proposed: Plan) -> Comparison:
    """What the proposed plan brings over the current one, each as it is spread over the weeks."""
    gains = _worth(model, proposed) - _worth(model, current)
    tail = (1.0 - model.data.settings.confidence) / 2.0
    low, high = np.quantile(gains, [tail, 1.0 - tail], axis=0)
    gain_low, gain_high = np.quantile(gains.sum(axis=1), [tail, 1.0 - tail])
    return Comparison(
        plan=current,
        recommended=proposed,
        gain_draws=gains,
        gain_low=float(gain_low),
        gain_high=float(gain_high),
        low=low,
        high=high,
        marks=beyond_observed(model, proposed),
    )


def _worth(model: ResponseModel, plan: Plan) -> Array:
    """(D, L) what each line of a plan is worth, the weighted long term included."""
    money = max(float(plan.totals.sum()), 1.0)
    value, _ = objective_of(model, plan, money, mean=True).draws(plan.totals[:, None])
    return value[:, :, 0]
