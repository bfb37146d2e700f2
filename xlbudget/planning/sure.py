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

BACK = (1.0, 0.99, 0.95, 0.9, 0.8, 0.6, 0.4, 0.2, 0.0)  # of the way from the start to a plan
FINEST = 2e-7  # gap, as a share of the value, to which a bound is worked out


def sure_plan(
    task: Task, budget: Budget, best: Found, current: Array, confidence: float, proved: bool = True
) -> Found | None:
    """The safe plan of the highest expected value, `best` being the best of all.

    Gains are counted from `current` (L,). None where no allowed plan is safe. The bound is that
    of all safe plans, or where it need not be `proved` or not all draws are held, of all plans.
    """
    program = task.program(budget)
    market = market_of(task.table(program), program, current, task.hurdle, confidence)
    if safe(_worth(task, best.spend) - _worth(task, current), confidence):
        return best
    starts = [current, best.spend] if program.misses(current) <= KEPT else [best.spend]
    hunted = safest_best(market, starts)
    if hunted is None:
        return None
    found = _drawn_back(task, market, best, hunted.spend)
    every = task.step == 1  # whether all draws are held
    if found is None or not (proved and every):
        return found
    base = float(market.now.mean()) - task.hurdle * float(current.sum())
    bound = base + _certified(task, market, hunted.proof, hunted.spend)
    return replace(found, bound=max(min(best.bound, bound), found.value))


def _worth(task: Task, spend: Array) -> Array:
    """(D,) what a plan (L,) is worth in every draw by the model's own curves, less its cost."""
    value = task.objective.every(spend[:, None]).value[:, :, 0].sum(axis=1)
    return np.asarray(value - task.hurdle * float(spend.sum()))


def _drawn_back(task: Task, market: Market, best: Found, chosen: Array) -> Found | None:
    """A plan (L,) chosen on smooth curves, drawn back to the start until it is safe by the model's.

    With many lines it was also chosen on some of the draws only. Its bound is that of all plans.
    """
    now = _worth(task, market.start)
    for share in BACK:
        spend = market.start + share * (chosen - market.start)
        worth = _worth(task, spend)
        if market.program.misses(spend) <= KEPT and safe(worth - now, market.confidence):
            value = float(worth.mean())
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
