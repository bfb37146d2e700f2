"""The sure plan: the highest expected value among plans that are safe against the current one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.planning.found import Found
from xlbudget.planning.limits import Budget
from xlbudget.planning.objective import expected
from xlbudget.planning.program import KEPT
from xlbudget.planning.safety import Market, market_of, safest_best
from xlbudget.planning.search import CERTIFIED, search
from xlbudget.planning.task import Task
from xlbudget.planning.verdict import safe
from xlbudget.tabular import Array

BACK = (1.0, 0.8, 0.6, 0.4, 0.2, 0.0)  # of the way from the start to a plan that some draws chose
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
    every = task.step == 1  # whether all draws are held
    if market.score(market.gains(best.spend[:, None])[:, 0]) > -np.inf:
        return best if every else _safe_in_all(task, market, best, best.spend)
    starts = [current, best.spend] if program.misses(current) <= KEPT else [best.spend]
    found = safest_best(market, starts)
    if found is None:
        return None
    if not every:
        return _safe_in_all(task, market, best, found.spend)
    base = float(market.now.mean()) - task.hurdle * float(current.sum())
    value, bound = base + found.gain, best.bound
    if proved:
        bound = min(bound, base + _certified(task, market, found.proof, found.spend))
    return replace(best, spend=found.spend, value=value, bound=max(bound, value))


def _safe_in_all(task: Task, market: Market, best: Found, chosen: Array) -> Found | None:
    """A plan (L,) chosen on some of the draws, drawn back to the start until it is safe in all.

    Its bound stays that of all plans: a plan that is safe in all draws need not be so in some.
    """

    def worth(spend: Array) -> Array:
        value = task.objective.every(spend[:, None]).value[:, :, 0].sum(axis=1)
        return np.asarray(value - task.hurdle * float(spend.sum()))

    now = worth(market.start)
    for share in BACK:
        spend = market.start + share * (chosen - market.start)
        there = worth(spend)
        if market.program.misses(spend) <= KEPT and safe(there - now, market.confidence):
            value = float(there.mean())
            return replace(best, spend=spend, value=value, bound=max(best.bound, value))
    return None


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
