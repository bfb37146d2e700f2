"""The sure plan: the highest expected gain among plans that probably beat the current one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xlbudget.planning.limits import Budget
from xlbudget.planning.objective import tail_mean
from xlbudget.planning.search import Found, Weigh
from xlbudget.planning.task import Task
from xlbudget.tabular import Array

TAILS = (0.6, 0.4, 0.25, 0.15, 0.08)  # shares of the draws whose mean gain is made largest
BLENDS = np.linspace(0.0, 1.0, 21)


def sure_plan(task: Task, budget: Budget, best: Found, confidence: float) -> Found | None:
    """A plan that beats the current one in `confidence` of the draws, near the best such plan.

    Candidates are the plan `best`, plans that are best in the mean of their worst draws, and
    blends of these with each other and with the current plan. None where none is sure enough.
    The bound of `best` holds for it too, since it is one of the allowed plans.
    """
    program = task.program(budget)
    now = task.objective.scaled_draws(task.current)
    base = now.sum(axis=1) - task.hurdle * task.current.sum()

    def gain(draws: Array, spend: Array) -> Array:
        return np.asarray(draws.sum(axis=1) - task.hurdle * spend.sum() - base)

    corners = [best.spend]
    if program.misses(task.current) < 1e-7:
        corners.append(task.current)
    for tail in TAILS:
        wary = replace(task, weigh=_worst_gains(now.sum(axis=1), tail))
        found = wary.solve(budget)
        if found is not None:
            corners.append(found.spend)
    chosen: Found | None = None
    for number, one in enumerate(corners):
        for other in corners[number + 1 :]:
            blends = BLENDS if not program.whole else BLENDS[[0, -1]]
            spends = one[:, None] * (1.0 - blends) + other[:, None] * blends
            order = np.sort(spends, axis=1)
            flip = (spends[:, -1] < spends[:, 0])[:, None]
            draws = task.objective(order).value
            draws = np.where(flip[None], draws[:, :, ::-1], draws)
            for point in range(len(blends)):
                spend = spends[:, point]
                won = gain(draws[:, :, point], spend)
                mean = float(won.mean())
                if (won > 0).mean() < confidence or (chosen and mean <= chosen.value):
                    continue
                chosen = Found(spend, draws[:, :, point], mean, best.bound)
    if chosen is None:
        return None
    return replace(chosen, value=chosen.value + float(base.mean()))


def _worst_gains(now: Array, share: float) -> Weigh:
    """Weights on the worst `share` of the draws of the gain over what is now (D,)."""
    return lambda total: tail_mean(total - now, share)
