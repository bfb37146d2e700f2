"""The figures that an explanation is made from: what moves, and what it brings here and there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.governance.comparison import Comparison
from xlbudget.governance.words import counted, money_of, percent, portion
from xlbudget.planning.gains import MONEY_AIMS
from xlbudget.planning.result import Allocation
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import MarginalRoi
from xlbudget.tabular import Array

UNMOVED = 1e-4  # share of the budget below which a line stays as it is

Move = Allocation | Comparison  # what is explained: the best plan, or one that people made


@dataclass(frozen=True)
class Ground:
    """What the sentences are made from; L lines, D draws.

    change  (L,) money that each line gets more, 0 where it stays
    here    (D, L) gain per money of what is moved here; of the next unit where a line stays
    there   (D, L) the same where that money goes to or comes from, on average; of the next unit of
            an average line where all go one way
    """

    model: ResponseModel
    allocation: Move
    returns: MarginalRoi
    change: Array
    here: Array
    there: Array

    @property
    def unit(self) -> str:
        """What the gain is counted in."""
        settings = self.model.data.settings
        if in_money(self.allocation):
            return settings.currency
        return counted(settings.outcome)

    @property
    def one_way(self) -> bool:
        """Whether lines only get more, or only less."""
        return bool((self.change >= 0).all() or (self.change <= 0).all())

    @property
    def other_budget(self) -> bool:
        """Whether the plan spends more or less than the current one in all."""
        before, after = self.allocation.plan.totals.sum(), self.allocation.budget
        return bool(abs(after - before) > UNMOVED * max(before, after))

    @property
    def portion(self) -> float:
        """A round amount of money in whose returns people think."""
        return portion(self.allocation.budget)

    @property
    def portion_named(self) -> str:
        """That amount with its currency."""
        return money_of(self.allocation.budget, self.model.data.settings.currency)

    @property
    def confidence(self) -> str:
        """The share of the draws that ranges hold."""
        return percent(self.model.data.settings.confidence)

    def returns_of(self, line: int) -> tuple[float, float]:
        """What a portion of money brings here, and where it goes to or comes from."""
        here, there = self.here[:, line].mean(), self.there[:, line].mean()
        return self.portion * float(here), self.portion * float(there)

    def right(self, line: int) -> float | None:
        """How likely the money moved here brings more (a raise) or costs less (a cut) than there.

        None where nothing moves.
        """
        change = self.change[line]
        if change == 0:
            return None
        ahead = self.here[:, line] - self.there[:, line]
        return float((np.sign(change) * ahead > 0).mean())


def ground_of(model: ResponseModel, allocation: Move, returns: MarginalRoi) -> Ground:
    """The figures behind every sentence; returns are those at the current plan."""
    plan, gains = allocation.plan, allocation.gain_draws
    change = allocation.recommended.totals - plan.totals
    still = np.abs(change) <= UNMOVED * max(float(plan.totals.sum()), allocation.budget)
    change = np.where(still, 0.0, change)
    slope = model.value_curves(plan.spend, plan.totals[:, None]).slope[:, :, 0]
    if in_money(allocation):
        slope = slope * model.data.settings.money_per_outcome
    here = np.where(still, slope, gains / np.where(still, 1.0, change))
    elsewhere = slope.mean(axis=1)
    above, below = _average(gains, change > 0, change), _average(gains, change < 0, change)
    to = elsewhere if above is None else above
    off = elsewhere if below is None else below
    there = np.where(change > 0, off[:, None], to[:, None])
    return Ground(model, allocation, returns, change, here, there)


def in_money(allocation: Move) -> bool:
    """Whether gains are counted in money instead of the outcome."""
    return allocation.aim in MONEY_AIMS


def _average(gains: Array, lines: NDArray[np.bool_], change: Array) -> Array | None:
    """(D,) gain per money over these lines together; None where there are none."""
    if not lines.any():
        return None
    return np.asarray(gains[:, lines].sum(axis=1) / change[lines].sum())
