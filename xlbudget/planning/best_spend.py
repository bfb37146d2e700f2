"""How far each line's best spend is known: the best split in every draw of the model.

In a draw the curves are known, so the best split follows from one price of money: each line takes
what it can use at that price, and the price is the one at which the budget is used up. That is
exact up to the concave envelope of the tabulated curves.

What is kept: every line's own limits, the cap at what was ever observed, and the budget. A rule on
a group of lines counts as a price on its members, the one that it has in the best plan: the
difference of a free line's marginal return there. Lots and minimum-if-on are left out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.limits import Budget
from xlbudget.planning.program import BUDGET, Program
from xlbudget.planning.surrogate import Surrogate
from xlbudget.planning.table import Table
from xlbudget.planning.task import Task
from xlbudget.tabular import Array, Columns, Tabular

POINTS = 24  # of each line's curve
HALVINGS = 30  # of the price of money in every draw
CELLS = 2_000_000  # draws x lines x points that are looked at; with more lines, fewer draws
FREE = 1e-4  # scaled money from its limits at which a line is free


@dataclass(frozen=True)
class BestSpend(Tabular):
    """Per line the best spend of the horizon: in the best plan, and its range over the draws."""

    line: tuple[str, ...]
    low: Array
    best: Array
    high: Array

    def columns(self) -> Columns:
        """As the Allocation sheet shows them; low and high at Settings' confidence."""
        return {"line": self.line, "low": self.low, "best": self.best, "high": self.high}


def best_spend(task: Task, budget: Budget, best: Array) -> BestSpend:
    """The range of each line's best spend; best (L,) is the best plan in scaled money."""
    settings = task.plan.data.settings
    program = task.program(budget)
    spends = best_splits(_curves(task, program), program, task.hurdle, best)
    tail = (1.0 - settings.confidence) / 2.0
    low, high = np.quantile(spends, [tail, 1.0 - tail], axis=0)
    money = task.objective.money
    return BestSpend(task.plan.data.line_names, low * money, best * money, high * money)


def _curves(task: Task, program: Program) -> Table:
    """The draws that are held; where those are not all, fewer still, on the points looked at."""
    if task.step == 1:
        return task.table(program)
    grid = _grid(program)
    few = task.objective.thinned(_step(task.objective.model.draws, grid))
    found = few.every(grid)
    return Table(grid, found.value, found.slope, found.slope_bound)


def _grid(program: Program) -> Array:
    """(L, K) spends of each line that are looked at."""
    share = np.linspace(0.0, 1.0, POINTS)
    return np.asarray(program.low[:, None] + (program.high - program.low)[:, None] * share)


def _step(draws: int, grid: Array) -> int:
    """Of how many draws one is looked at on this grid (L, K)."""
    return max(1, draws * grid.size // CELLS)


def best_splits(table: Table, program: Program, hurdle: float, best: Array) -> Array:
    """(D, L) the best split in each draw, money costing at least `hurdle`; scaled money.

    best  (L,) the best plan, from which the prices of group rules are read
    """
    grid, value = _grid(program), table.value
    if not np.array_equal(table.spend, grid):
        value = Surrogate(table.every(_step(len(value), grid))).value(grid)
    value = value - _tilt(table, program, best)[:, None] * grid
    least, most = _budget(program)
    every = np.arange(len(best))

    def taken(price: Array) -> Array:
        """(D, L) what each line takes at a price of money (D,)."""
        at = (value - price[:, None, None] * grid).argmax(axis=2)
        return np.asarray(grid[every, at])

    draws = len(value)
    cheap = np.full(draws, hurdle)
    spend = taken(cheap)
    total = spend.sum(axis=1)
    wanted = np.clip(total, least, most)
    # the price lies between one at which all is taken and one at which nothing more than must be
    width = np.diff(grid, axis=1)
    steep = np.diff(value, axis=2) / np.where(width > 0, width, np.inf)
    low = np.minimum(np.full(draws, hurdle), steep.min(axis=(1, 2)) - 1.0)
    high = np.maximum(np.full(draws, hurdle), steep.max(axis=(1, 2)) + 1.0)
    more, less = taken(low), taken(high)
    for _ in range(HALVINGS):
        price = (low + high) / 2.0
        spend = taken(price)
        over = spend.sum(axis=1) >= wanted
        low, high = np.where(over, price, low), np.where(over, high, price)
        more = np.where(over[:, None], spend, more)
        less = np.where(over[:, None], less, spend)
    return _between(less, more, wanted)


def _between(less: Array, more: Array, wanted: Array) -> Array:
    """(D, L) the mixture of two plans that spends what is wanted (D,)."""
    under, above = less.sum(axis=1), more.sum(axis=1)
    room = np.where(above > under, above - under, 1.0)
    share = np.clip((wanted - under) / room, 0.0, 1.0)[:, None]
    return np.asarray(less + share * (more - less))


def _budget(program: Program) -> tuple[float, float]:
    """Least and most that may be spent in all."""
    least, most = float(program.low.sum()), float(program.high.sum())
    for limit in program.limits:
        if limit.owner == BUDGET:
            least, most = max(least, limit.low), min(most, limit.high)
    return least, max(least, most)


def _tilt(table: Table, program: Program, best: Array) -> Array:
    """(L,) what group rules take off each line's marginal return at the best plan.

    Without them all free lines share one marginal return; a line held by its own limits says
    nothing of group rules.
    """
    slope = Surrogate(table.averaged())(best[:, None]).slope[0, :, 0]
    free = (best > program.low + FREE) & (best < program.high - FREE)
    return np.where(free, slope - np.median(slope[free]) if free.any() else 0.0, 0.0)
