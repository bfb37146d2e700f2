"""The allocation as a mathematical program: what may be spent where, without any curve.

Everything here is in scaled money (the budget is about 1), so that units make no difference.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.tabular import Array

BUDGET = "\0budget"  # owner of the limit on the total; no cell, so no guardrail's id, holds \0
KEPT = 1e-7  # scaled money by which limits may be missed


@dataclass(frozen=True)
class Limit:
    """low <= weights @ spend <= high, or with `around`: weights @ |spend - around| <= high.

    owner  id of the guardrail it comes from, or BUDGET
    """

    owner: str
    weights: Array
    low: float = -np.inf
    high: float = np.inf
    around: Array | None = None

    def amount(self, spend: Array) -> float:
        """What is held between low and high, at spend (L,)."""
        return float(self.weights @ (spend if self.around is None else abs(spend - self.around)))

    def misses(self, spend: Array) -> float:
        """How far spend (L,) is outside, 0 where it is kept."""
        amount = self.amount(spend)
        return max(self.low - amount, amount - self.high, 0.0)


@dataclass(frozen=True)
class Switch:
    """Members (L,) are all off, or weights @ spend is at least `minimum`."""

    owner: str
    weights: Array
    minimum: float

    def misses(self, spend: Array) -> float:
        """How far spend (L,) is from being on, or off where that is nearer."""
        amount = float(self.weights @ spend)
        return max(0.0, min(amount, self.minimum - amount))


@dataclass(frozen=True)
class Program:
    """Which spends (L,) are allowed.

    low, high  (L,) of each line
    lots       (L,) spend is a multiple of it; 0: any spend
    """

    low: Array
    high: Array
    lots: Array
    limits: tuple[Limit, ...] = ()
    switches: tuple[Switch, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it takes whole-number decisions: lots or switches."""
        return bool(self.switches) or bool(self.lots.any())

    def misses(self, spend: Array) -> float:
        """The largest violation at spend (L,), 0 where it is allowed."""
        box = np.maximum(self.low - spend, spend - self.high).max(initial=0.0)
        lots = self.lots > 0
        off = spend[lots] / self.lots[lots]
        part = np.abs(off - np.round(off)) * self.lots[lots]
        rules = [limit.misses(spend) for limit in self.limits]
        rules += [switch.misses(spend) for switch in self.switches]
        return float(max(box, part.max(initial=0.0), *rules, 0.0))

    def scaled(self, unit: float) -> Program:
        """The same with money counted in `unit`."""
        return replace(
            self,
            low=self.low / unit,
            high=self.high / unit,
            lots=self.lots / unit,
            limits=tuple(
                replace(
                    limit,
                    low=limit.low / unit,
                    high=limit.high / unit,
                    around=None if limit.around is None else limit.around / unit,
                )
                for limit in self.limits
            ),
            switches=tuple(replace(s, minimum=s.minimum / unit) for s in self.switches),
        )
