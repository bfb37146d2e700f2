"""Which spends a line may have by itself: any in its range, whole lots, off or at least so much."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.program import Limit, Program
from xlbudget.planning.relaxation import Curves
from xlbudget.planning.simplex import Flags
from xlbudget.tabular import Array

MANY_LOTS = 250  # in a line's range; with more, the curve between two lots is told apart no more
NEAR = 1e-6  # share of a lot by which rounding may miss it


@dataclass(frozen=True)
class Allowed:
    """Spends that lines may have by themselves.

    lots     (L,) spend is a multiple of it; 0: any
    minimum  (L,) spend is 0 or at least this
    groups   which switches several lines share, so that no line can keep them by itself
    """

    low: Array
    high: Array
    lots: Array
    minimum: Array
    groups: tuple[int, ...]

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

    @property
    def counted(self) -> Flags:
        """(L,) whether a line's lots are so few that each is a point of its table."""
        lots = np.where(self.lots > 0, self.lots, np.inf)
        return (self.lots > 0) & (self.high - self.low <= MANY_LOTS * lots)

    def points(self) -> Array:
        """(L, P) all lots of the lines that have few, the last one repeated."""
        ends = np.stack([self.low, np.where(self.counted, self.high, self.low)], axis=1)
        lot = np.where(self.counted, self.lots, 1.0)[:, None]
        first, last = np.ceil(ends[:, :1] / lot - NEAR), np.floor(ends[:, 1:] / lot + NEAR)
        count = int((last - first).max(initial=0)) + 1
        found = np.minimum(first + np.arange(count), last) * lot
        return np.where(self.counted[:, None], found, self.low[:, None])

    def curves(self, spend: Array, ceiling: Array, value: Array) -> Curves:
        """Tables (L, K) at allowed spends only, the last one repeated.

        Over-estimates; where lots are points of the table the value itself, since the curve
        between two lots does not matter.
        """
        if self.any:
            return Curves(spend, ceiling)
        rows, lots, counted = [], self.points(), self.counted
        for line, x in enumerate(spend):
            least = self.minimum[line]
            own = lots[line] if counted[line] else np.append(x, np.clip(least, x[0], x[-1]))
            points = np.unique(own[(own <= 0) | (own >= least)])
            known = value[line] if counted[line] else ceiling[line]
            rows.append((points, np.interp(points, x, known)))
        most = max(len(x) for x, _ in rows)
        return Curves(
            np.stack([np.pad(x, (0, most - len(x)), "edge") for x, _ in rows]),
            np.stack([np.pad(u, (0, most - len(u)), "edge") for _, u in rows]),
        )


def allowed_by(program: Program) -> Allowed:
    """What a program's lots and switches ask of single lines."""
    minimum = np.zeros(len(program.low))
    groups = []
    for number, switch in enumerate(program.switches):
        members = np.flatnonzero(switch.weights)
        if len(members) == 1:
            line = members[0]
            minimum[line] = max(minimum[line], switch.minimum / switch.weights[line])
        else:
            groups.append(number)
    return Allowed(program.low, program.high, program.lots, minimum, tuple(groups))


def in_whole_lots(limit: Limit, lots: Array) -> Limit:
    """A limit on lines that all come in the same lots, its ends at whole lots."""
    members = limit.weights != 0
    steps = np.unique((limit.weights * lots)[members])
    if len(steps) != 1 or steps[0] <= 0 or limit.around is not None:
        return limit
    low, high = limit.low / steps[0], limit.high / steps[0]
    return replace(
        limit,
        low=float(np.ceil(low - NEAR) * steps[0]),
        high=float(np.floor(high + NEAR) * steps[0]),
    )
