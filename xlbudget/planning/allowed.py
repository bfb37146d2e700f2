"""Which spends a line may have by itself: any in its range, whole lots, off or at least so much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.program import Program, Switch
from xlbudget.planning.relaxation import Curves
from xlbudget.tabular import Array

MANY_LOTS = 2_000  # on a line; above that a relaxed plan may have parts of lots
NEAR = 1e-9  # share of a lot by which rounding may miss it


@dataclass(frozen=True)
class Allowed:
    """Spends that lines may have by themselves.

    lots     (L,) spend is a multiple of it; 0: any
    minimum  (L,) spend is 0 or at least this
    groups   switches that several lines share, which no line can keep by itself
    """

    low: Array
    high: Array
    lots: Array
    minimum: Array
    groups: tuple[Switch, ...]

    @property
    def any(self) -> bool:
        """Whether every line may have any spend in its range."""
        return not (self.lots.any() or self.minimum.any())

    def below(self, spend: Array) -> Array:
        """(L,) the largest allowed spends that are not above these."""
        lot = np.where(self.lots > 0, self.lots, 1.0)
        spend = np.where(self.lots > 0, np.floor(spend / lot + NEAR) * lot, spend)
        return np.where(spend < self.minimum, 0.0, spend)

    def above(self, spend: Array) -> Array:
        """(L,) the smallest allowed spends that are not below these."""
        least = np.where(spend > 0, np.maximum(spend, self.minimum), spend)
        lot = np.where(self.lots > 0, self.lots, 1.0)
        return np.where(self.lots > 0, np.ceil(least / lot - NEAR) * lot, least)

    def curves(self, spend: Array, ceiling: Array) -> Curves:
        """Tables (L, K) of over-estimates at allowed spends only (L, P), the last one repeated."""
        if self.any:
            return Curves(spend, ceiling)
        rows = []
        for line, (x, u) in enumerate(zip(spend, ceiling, strict=True)):
            lot, least = self.lots[line], self.minimum[line]
            points = np.append(x, np.clip(least, x[0], x[-1]))
            if lot > 0 and (x[-1] - x[0]) / lot <= MANY_LOTS:
                first, last = np.ceil(x[0] / lot - NEAR), np.floor(x[-1] / lot + NEAR)
                points = lot * np.arange(first, last + 1)
            points = np.unique(points[(points <= 0) | (points >= least)])
            rows.append((points, np.interp(points, x, u)))
        most = max(len(x) for x, _ in rows)
        return Curves(
            np.stack([np.pad(x, (0, most - len(x)), "edge") for x, _ in rows]),
            np.stack([np.pad(u, (0, most - len(u)), "edge") for _, u in rows]),
        )


def allowed_by(program: Program) -> Allowed:
    """What a program's lots and switches ask of single lines."""
    minimum = np.zeros(len(program.low))
    groups = []
    for switch in program.switches:
        members = np.flatnonzero(switch.weights)
        if len(members) == 1:
            line = members[0]
            minimum[line] = max(minimum[line], switch.minimum / switch.weights[line])
        else:
            groups.append(switch)
    return Allowed(program.low, program.high, program.lots, minimum, tuple(groups))
