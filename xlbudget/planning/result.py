"""The recommended allocation as people read it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.best_spend import BestSpend
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.verdict import PLAN
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular


@dataclass(frozen=True)
class Binding:
    """A guardrail that costs something.

    price  what loosening it by one unit brings: per unit of money, or per percentage point
    cost   what it costs in all: the value that the best plan without it has more
    lines  names of the lines that it holds; alone: it holds each by itself, not them together
    """

    rule: Guardrail
    price: float
    cost: float
    lines: tuple[str, ...]
    alone: bool
    sentence: str

    @property
    def id(self) -> str:
        """The guardrail's id."""
        return self.rule.id


@dataclass(frozen=True)
class Allocation(Tabular):
    """The best allowed plan, its certificate and how sure it is; L lines, D draws.

    Values, gains, bound and prices are in units of the outcome (money with the aims profit and
    marginal_roi); spends are totals of the horizon. Gains are over the current plan.

    gap          (bound - value) / value: no allowed plan is better by more than this share
    next_dollar  money back per money of the next unit of budget
    short, long  expected value of the plan in the short term, and weighted in the long term
    gain_draws   (D, L) the gain of each line in each draw; low and high are their range
    now_draws    (D,) what the current plan is worth in each draw, in units of the outcome
    limit        per line the id of the guardrail that holds it, "" for none
    marks        names of lines that would spend more in a week than was ever observed
    best_spend   per line the range of its best spend over the draws
    in_part      the plan that a verdict of `move in part` names: the one of risk 'sure'
    kept         what the verdict compares with and `hold` keeps, in words: the current plan, or
                 with another budget its split of that
    """

    plan: Plan
    recommended: Plan
    aim: str
    risk: str
    budget: float
    value: float
    bound: float
    gain: float
    gain_low: float
    gain_high: float
    prob_better: float
    next_dollar: float
    verdict: str
    short: float
    long: float
    gain_draws: Array
    now_draws: Array
    low: Array
    high: Array
    marginal_roi: Array
    limits: tuple[Binding, ...]
    marks: tuple[str, ...]
    best_spend: BestSpend
    in_part: Plan | None = None
    kept: str = PLAN

    @property
    def gap(self) -> float:
        """Share of the value by which the bound exceeds it."""
        return (self.bound - self.value) / abs(self.value) if self.value else 0.0

    @property
    def line(self) -> tuple[str, ...]:
        """Names of the lines."""
        return self.plan.data.line_names

    def limit_of(self, line: str) -> Binding | None:
        """The guardrail that holds this line: one that holds it by itself, then the dearest."""
        mine = [limit for limit in self.limits if line in limit.lines]
        return max(mine, key=lambda limit: (limit.alone, limit.cost), default=None)

    def columns(self) -> Columns:
        """As the OPTIMIZE formula shows them."""
        current, recommended = self.plan.totals, self.recommended.totals
        change = recommended - current
        limits = [self.limit_of(line) for line in self.line]
        return {
            "line": self.line,
            "current": current,
            "recommended": recommended,
            "change": change,
            "change_pct": np.where(current > 0, change / np.where(current > 0, current, 1.0), 0.0),
            "gain": self.gain_draws.mean(axis=0),
            "low": self.low,
            "high": self.high,
            "marginal_roi": self.marginal_roi,
            "limit": ["" if limit is None else limit.id for limit in limits],
            "limit_price": np.array([0.0 if limit is None else limit.price for limit in limits]),
        }

    def figures(self) -> Figures:
        """As the OPTIMUM formula shows them."""
        return Figures(
            {
                "value": self.value,
                "bound": self.bound,
                "gap": self.gap,
                "gain": self.gain,
                "gain_low": self.gain_low,
                "gain_high": self.gain_high,
                "prob_better": self.prob_better,
                "budget": self.budget,
                "next_dollar": self.next_dollar,
                "short_term": self.short,
                "long_term": self.long,
                "verdict": self.verdict,
            }
        )


@dataclass(frozen=True)
class Figures(Tabular):
    """Figures by name; the verdict is text."""

    values: dict[str, float | str]

    def columns(self) -> Columns:
        """Figure and value."""
        return {
            "figure": list(self.values),
            "value": np.array(list(self.values.values()), dtype=object),
        }


def beyond_observed(model: ResponseModel, plan: Plan) -> tuple[str, ...]:
    """Names of the lines that would spend more in a week than was ever observed."""
    most = plan.data.by_line(plan.spend).max(axis=0)
    beyond = most > model.observed_weekly() * (1.0 + 1e-6)
    return tuple(name for name, far in zip(plan.data.line_names, beyond, strict=True) if far)
