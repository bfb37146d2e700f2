"""The sure plan: the highest expected gain among plans that probably beat the current one."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np

from xlbudget.planning.limits import Budget
from xlbudget.planning.objective import tail_mean
from xlbudget.planning.search import KEPT, Found, Weigh, search
from xlbudget.planning.surrogate import Surrogate
from xlbudget.planning.task import Task
from xlbudget.tabular import Array

TAILS = (0.5, 0.25, 0.1)  # shares of the draws whose mean gain is made largest
DRAWS = 200  # enough to search by; probabilities are counted over all draws
ROUGH = 1e-3  # gap at which a candidate is good enough
SECONDS = 2.0  # for each candidate
BLENDS = np.linspace(0.0, 1.0, 41)


def sure_plan(
    task: Task, budget: Budget, best: Found, current: Array, confidence: float
) -> Found | None:
    """A plan that beats `current` (L,) in `confidence` of the draws, near the best such plan.

    Candidates are the plan `best`, plans whose mean gain in their worst draws is largest, and
    blends of these with each other and with the current plan. None where none is sure enough.
    Values are on the smooth curves; the bound of `best` holds, since the plan is an allowed one.
    """
    program = task.program(budget)
    table = task.table(program)
    curves, few = Surrogate(table), Surrogate(table.thinned(DRAWS))
    now = _total(curves, current[:, None])[:, 0]
    rough = _total(few, current[:, None])[:, 0]
    corners = [best.spend]
    if program.misses(current) <= KEPT:
        corners.append(current)
    for tail in TAILS:
        weigh = _worst_gains(rough, tail)
        found = search(program, few, weigh, task.hurdle, SECONDS, [current], enough=ROUGH)
        corners += [] if found is None else [found.spend]
    blends = BLENDS[[0, -1]] if program.whole else BLENDS
    spends = np.concatenate(
        [
            one[:, None] * (1.0 - blends) + other[:, None] * blends
            for one, other in combinations(corners, 2)
        ],
        axis=1,
    )
    gain = _total(curves, spends) - now[:, None]
    gain -= task.hurdle * (spends.sum(axis=0) - current.sum())
    allowed = (gain > 0).mean(axis=0) >= confidence
    if not allowed.any():
        return None
    chosen = int(np.where(allowed, gain.mean(axis=0), -np.inf).argmax())
    base = float(now.mean()) - task.hurdle * float(current.sum())
    value = base + float(gain[:, chosen].mean())
    return replace(best, spend=spends[:, chosen], value=value)


def _total(curves: Surrogate, spends: Array) -> Array:
    """(D, N) value of each of N plans, spends (L, N) in any order."""
    return np.stack(
        [
            curves(spends[:, [number]]).value[:, :, 0].sum(axis=1)
            for number in range(spends.shape[1])
        ],
        axis=1,
    )


def _worst_gains(now: Array, share: float) -> Weigh:
    """Weights on the worst `share` of the draws of the gain over what is now (D,)."""
    return lambda total: tail_mean(total - now, share)
