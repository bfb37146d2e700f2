"""The sure plan: the highest expected value among plans that are safe against the current one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.planning.limits import Budget
from xlbudget.planning.objective import expected
from xlbudget.planning.safety import Market, market_of, safest_best
from xlbudget.planning.search import CERTIFIED, KEPT, Found, search
from xlbudget.planning.task import Task
from xlbudget.tabular import Array

FINEST = 1e-6  # gap, as a share of the value, to which a bound is worked out


def sure_plan(
    task: Task, budget: Budget, best: Found, current: Array, confidence: float, proved: bool = True
) -> Found | None:
    """The safe plan of the highest expected value, `best` being the best of all.

    Gains are counted from `current` (L,). None where no allowed plan is safe. The bound is that
    of all safe plans, or where it need not be `proved` or not all draws are held, of all plans.
    """
    program = task.program(budget)
    market = market_of(task.table(program), program, current, task.hurdle, confidence)
    if market.score(market.gains(best.spend[:, None])[:, 0]) > -np.inf:
        return best
    starts = [current, best.spend] if program.misses(current) <= KEPT else [best.spend]
    found = safest_best(market, starts)
    if found is None:
        return None
    base = float(market.now.mean()) - task.hurdle * float(current.sum())
    value, bound = base + found.gain, best.bound
    if proved and task.step == 1:  # a plan that is safe in all draws need not be so in some
        bound = min(bound, base + _certified(task, market, found.proof, found.spend))
    return replace(best, spend=found.spend, value=value, bound=max(bound, value))


def _certified(task: Task, market: Market, counts: Array, spend: Array) -> float:
    """What no safe plan gains, as these counts (D,) and the model's own curves prove."""
    weights = counts / counts.sum()
    found = search(
        market.program,
        task.objective.counted(weights),
        expected,
        task.hurdle,
        task.seconds,
        [spend],
        market.table.weighted(weights),
        max(CERTIFIED / max(float(counts.sum()), 1.0), FINEST),
    )
    return np.inf if found is None else market.counted(counts, found.bound)
