"""One line's value as a function of its money a week: what flighting climbs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xlbudget.planning.flight_rules import WeekRules
from xlbudget.planning.plan import Plan
from xlbudget.planning.scenarios.differences import Cell
from xlbudget.response.adstock import TAIL, carry_over
from xlbudget.response.incremental import weekly
from xlbudget.tabular import Array

STEPS = 40  # of an ascent at most
FLAT = 1e-6  # share of the value: an ascent that gains less in a step has arrived
SHAPES = 24  # the likeliest of each cell, which an ascent looks at; gains are judged on all draws
BEST = 3  # patterns of weeks on and off from which an ascent is tried


@dataclass(frozen=True)
class SpendLine:
    """A line: its regions and media (cells) together.

    planned  (N, H) money a week of the plan in each of N cells
    shares   (N,) of each cell of the line's money
    weights  of each cell (S, T): the mean effect of its shapes in each week's season
    """

    cells: tuple[Cell, ...]
    planned: Array
    shares: Array
    weights: tuple[Array, ...]

    @property
    def current(self) -> Array:
        """(H,) money a week of the plan."""
        return np.asarray(self.planned.sum(axis=0))

    def spread(self, spend: Array) -> Array:
        """(N, H) money a week of each cell, spend (H,) being the line's."""
        return self.shares[:, None] * spend

    def gain(self, paths: Array) -> Array:
        """(D, T) outcome of money a week of each cell (N, H) over that of the plan."""
        more = (
            cell.by_week(cell.of(path) - cell.outcome)
            for cell, path in zip(self.cells, paths, strict=True)
        )
        return np.asarray(sum(more, np.zeros(1)))

    def value(self, spend: Array) -> float:
        """Expected outcome of money a week (H,)."""
        return sum(
            float((weight * cell.of(share * spend)).sum())
            for cell, share, weight in zip(self.cells, self.shares, self.weights, strict=True)
        )

    def slope(self, spend: Array) -> tuple[float, Array]:
        """Expected outcome, and what one more unit of money in each week (H,) would bring."""
        value, slope = 0.0, np.zeros(len(spend))
        for cell, share, weight in zip(self.cells, self.shares, self.weights, strict=True):
            kernel = cell.shapes.kernel
            own = carry_over(np.concatenate([share * spend, np.zeros(TAIL)]), kernel)
            outcome, steep = weekly(cell.shapes, cell.place[0], cell.earlier + own)
            value += float((weight * outcome).sum())
            ahead = np.lib.stride_tricks.sliding_window_view(weight * steep, TAIL + 1, axis=1)
            slope += share * np.einsum("shl,sl->h", ahead, kernel)
        return value, slope

    def going_on(self) -> SpendLine:
        """The same line if the plan's money a week goes on after the horizon."""
        cells = []
        for cell, path in zip(self.cells, self.planned, strict=True):
            after = np.concatenate([np.zeros(len(path)), np.full(TAIL, path.mean())])
            other = replace(cell, earlier=cell.earlier + carry_over(after, cell.shapes.kernel))
            cells.append(replace(other, outcome=other.of(path)))
        return replace(self, cells=tuple(cells))

    def likeliest(self) -> SpendLine:
        """The same line seen through the likeliest shapes of each cell alone."""
        cells, weights = [], []
        for cell, weight in zip(self.cells, self.weights, strict=True):
            effect = weight.sum(axis=1)
            kept = np.sort(np.argsort(-effect, kind="stable")[:SHAPES])
            shapes, earlier = cell.shapes.picked(kept), cell.earlier[kept]
            cells.append(replace(cell, shapes=shapes, earlier=earlier))
            weights.append(weight[kept] * (effect.sum() / max(effect[kept].sum(), 1e-300)))
        return replace(self, cells=tuple(cells), weights=tuple(weights))

    def best(self, rules: WeekRules) -> Array:
        """Money a week (H,) within the rules with the line's total, by its expected outcome."""
        total = float(self.current.sum())
        if total <= 0 or not self.cells:
            return self.current
        if not rules.bursts:
            return self.climbed(self.current, rules)
        patterns = [rules.during(on) for on in rules.patterns(total)]
        starts = [onto(self.current, pattern, total) for pattern in patterns]
        values = np.array([self.value(start) for start in starts])
        tried = [
            self.climbed(starts[index], patterns[index])
            for index in np.argsort(-values, kind="stable")[:BEST]
        ]
        return max(filter(rules.keep, [*tried, *starts]), key=self.value, default=self.current)

    def climbed(self, start: Array, rules: WeekRules) -> Array:
        """The best money a week within low and high that an ascent from `start` reaches."""
        total = float(self.current.sum())
        if not rules.low.sum() <= total <= rules.high.sum():
            return start
        here = onto(start, rules, total)
        value, slope = self.slope(here)
        step = 0.5 * total / len(here) / max(float(np.ptp(slope)), 1e-300)
        for _ in range(STEPS):
            there = onto(here + step * slope, rules, total)
            reached, steeper = self.slope(there)
            arrived = abs(reached - value) <= FLAT * abs(value)
            if reached > value:
                here, value, slope, step = there, reached, steeper, 1.5 * step
            else:
                step *= 0.4
            if arrived:
                break
        return here


def spend_line(cells: Sequence[Cell], plan: Plan) -> SpendLine:
    """The line of these cells."""
    planned = np.reshape([plan.spend[:, *cell.place] for cell in cells], (-1, len(plan.spend)))
    money = planned.sum(axis=1)
    shares = money / money.sum() if money.sum() > 0 else money
    weights = tuple(cell.mean_effect for cell in cells)
    return SpendLine(tuple(cells), planned, shares, weights)


def onto(wanted: Array, rules: WeekRules, total: float) -> Array:
    """The nearest money a week within low and high that adds up to the total."""
    low, high = rules.low, rules.high
    least, most = float((low - wanted).min()), float((high - wanted).max())
    for _ in range(60):
        shift = (least + most) / 2.0
        short = np.clip(wanted + shift, low, high).sum() < total
        least, most = (shift, most) if short else (least, shift)
    return np.clip(wanted + most, low, high)
