"""A plan that was found: what it is worth by the true curves, and without a solver's tolerances."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlbudget.planning.program import BUDGET, Program
from xlbudget.planning.table import Tabulate
from xlbudget.tabular import Array

Weigh = Callable[[Array], Array]
"""Draws of the plan's value (D,) -> weights (D,) under which risk judges it."""


@dataclass(frozen=True)
class Found:
    """The best plan found, in scaled units.

    spend (L,); draws (D, L) value of each line there; value and bound are less the cost of money
    counts (D,) how much each draw counts in what proves the bound; None: all alike, 1 together
    """

    spend: Array
    draws: Array
    value: float
    bound: float
    counts: Array | None = None


def judged(
    spend: Array, tabulate: Tabulate, weigh: Weigh, cost: float
) -> tuple[Found, Array, Array]:
    """The true value of spend (L,), the lines' slopes there and the weights of the draws."""
    there = tabulate(spend[:, None])
    draws = there.value[:, :, 0]
    total = draws.sum(axis=1)
    weights = weigh(total)
    value = float(weights @ total) - cost * float(spend.sum())
    return Found(spend, draws, value, np.inf), weights @ there.slope[:, :, 0], weights


def tidy(program: Program, spend: Array) -> Array:
    """An allocation without the solver's tolerances: in its box, in whole lots, totals exact."""
    spend = np.clip(spend, program.low, program.high)
    for switch in program.switches:
        if switch.weights @ spend < switch.minimum / 2:
            spend = np.where(switch.weights > 0, 0.0, spend)
    lots = program.lots > 0
    spend[lots] = np.round(spend[lots] / program.lots[lots]) * program.lots[lots]
    for limit in program.limits:
        if limit.owner != BUDGET or limit.low != limit.high:
            continue
        missing = limit.low - limit.amount(spend)
        room = program.high - spend if missing > 0 else spend - program.low
        room = np.where(lots | (spend == 0), 0.0, room)
        line = int(room.argmax())
        if room[line] >= abs(missing):
            spend[line] += missing
    return spend
