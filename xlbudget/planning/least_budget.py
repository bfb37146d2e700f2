"""The smallest budget whose best allowed plan reaches a target."""

from __future__ import annotations

from xlbudget.errors import Impossible
from xlbudget.planning import conflicts
from xlbudget.planning.limits import FREE, Budget
from xlbudget.planning.task import Task

CLOSE = 1e-6  # share of the target within which a budget reaches it
TRIES = 40


def least_budget(task: Task, target: float) -> Budget:
    """The smallest fixed budget whose best plan is worth `target`, by false position.

    target is in units of the outcome. Raises Impossible where no budget reaches it.
    """
    wanted = target / task.objective.outcome
    least, most = (end * task.objective.money for end in conflicts.totals(task.program(FREE)))

    def short(budget: float) -> float:
        found = task.solve((budget, budget))
        return wanted - (found.value if found is not None else 0.0)

    low, high = short(least), short(most)
    if high > CLOSE * wanted:
        reached = (wanted - high) * task.objective.outcome
        raise Impossible(
            f"the target of {target:,.0f} is out of reach: the most that the guardrails and what "
            f"was ever observed allow is {reached:,.0f}, with a budget of {most:,.0f}"
        )
    if low <= 0:
        return least, least
    for _ in range(TRIES):
        share = min(max(low / (low - high), 0.02), 0.98)
        middle = least + share * (most - least)
        gap = short(middle)
        if abs(gap) <= CLOSE * wanted or most - least <= CLOSE * most:
            return middle, middle
        if gap > 0:
            least, low, high = middle, gap, high / 2 if share < 0.5 else high
        else:
            most, high, low = middle, gap, low / 2 if share > 0.5 else low
    return most, most
