"""Lines that this data cannot tell apart: reported as a pair, with what they brought together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.response.adstock import carry_over, kernels
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import interval
from xlbudget.response.wording import rough
from xlbudget.tabular import Array

HALF_LIFE = 1.3  # weeks, a usual one, for comparing spend
YEAR = 52  # weeks over which the pair's outcome is told
MOVED = 0.9  # correlation of carried-over spend from which two lines are one to the data
LINKED = 0.5  # and from which they are, where the draws also trade one for the other
TRADED = -0.1  # correlation of their contributions over the draws that any pair has
FULLY = -0.4  # and that a pair has whose spend moved less closely together
MOST = 5  # pairs reported, the closest first


@dataclass(frozen=True)
class Pair:
    """Two lines whose effects cannot be told apart.

    moved        correlation of their carried-over spend
    traded       correlation of their contributions over the draws: the more the one is given, the
                 less the other
    together, low, high  what both brought in the last year, outcome units
    test         the line whose test would settle it: the one on which less is spent
    """

    first: str
    second: str
    moved: float
    traded: float
    together: float
    low: float
    high: float
    test: str

    @property
    def sentence(self) -> str:
        """The pair in plain words."""
        how = f"their spend moved together, {self.moved:.2f}"
        return (
            f"{self.first} and {self.second} cannot be told apart on this data ({how}). Together "
            f"they brought {rough(self.together)} ({rough(self.low)} to {rough(self.high)}) in the "
            f"last year; a test of {self.test} would settle which of them did."
        )


def collinear_pairs(model: ResponseModel) -> tuple[Pair, ...]:
    """The pairs of lines that cannot be told apart, the closest first; at most five.

    Either their spend moved as one, or it moved together and the draws trade one line's effect
    for the other's, so that the sum is known better than the parts. A lift test of one of them
    parts them: then the draws no longer trade.
    """
    data = model.data
    start = data.weeks[-YEAR:][0]
    brought = model.contribution(start).draws_array
    moved = _correlation(_carried(model).T)
    traded = _correlation(brought)
    as_one = (moved >= MOVED) & (traded <= TRADED)
    in_trade = (moved >= LINKED) & (traded <= FULLY)
    found = [
        _pair(model, brought, int(a), int(b), moved[a, b], traded[a, b])
        for a, b in np.argwhere(np.triu(as_one | in_trade, 1))
    ]
    return tuple(sorted(found, key=lambda pair: (pair.traded - pair.moved, pair.first))[:MOST])


def _pair(
    model: ResponseModel, brought: Array, a: int, b: int, moved: float, traded: float
) -> Pair:
    names, weekly = model.data.line_names, model.recent_weekly()
    both = brought[:, a] + brought[:, b]
    low, high = interval(both, model.data.settings.confidence)
    larger, smaller = (a, b) if weekly[a] >= weekly[b] else (b, a)
    cheaper = smaller if weekly[smaller] > 0 else larger
    return Pair(
        first=names[a],
        second=names[b],
        moved=float(moved),
        traded=float(traded),
        together=float(both.mean()),
        low=float(low),
        high=float(high),
        test=names[cheaper],
    )


def _carried(model: ResponseModel) -> Array:
    """(L, W) spend of each line as it works, all at one half-life: only the spend is compared."""
    spend = model.data.by_line(model.data.spend).T
    kernel = kernels(np.array([False]), np.array([HALF_LIFE]), np.array([0.0]))
    return carry_over(spend, kernel)[:, 0]


def _correlation(values: Array) -> Array:
    """(N, N) of the columns of values (K, N); 0 with a column that never moves."""
    away = values - values.mean(axis=0)
    spread = np.sqrt((away**2).sum(axis=0))
    moving = spread > 1e-9 * np.abs(values).sum(axis=0)
    away = np.where(moving, away / np.where(moving, spread, 1.0), 0.0)
    return np.asarray(away.T @ away)
