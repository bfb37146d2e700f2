"""Several worlds at once: the allocation that is best on their average, or least regretted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np

from xlbudget.errors import Impossible
from xlbudget.planning.found import Found, Weigh
from xlbudget.planning.limits import Budget
from xlbudget.planning.objective import Objective, expected, objective_of
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Guardrail
from xlbudget.planning.scenarios.conditions import Conditions
from xlbudget.planning.scenarios.world import World, averaged, world_of
from xlbudget.planning.task import Task, task_of
from xlbudget.response.incremental import ValueCurves
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Several(ResponseModel):
    """A model with blends of S worlds where another has draws.

    mix    (N, S) of each blend: what each world's expected value counts
    start  (N,) value of each blend before anything is spent
    """

    worlds: tuple[World, ...]
    mix: Array
    start: Array

    def value_curves(self, path: Array, spend: Array, response: Array | None = None) -> ValueCurves:
        """Curves of each blend instead of each draw; `start` is counted with the first line."""
        used = np.flatnonzero(self.mix.any(axis=0))
        found = [self.worlds[index].value_curves(path, spend, response) for index in used]
        mix = self.mix[:, used]
        value, slope, bound = (
            np.tensordot(mix, [getattr(each, part).mean(axis=0) for each in found], axes=1)
            for part in ("value", "slope", "slope_bound")
        )
        value[:, 0] += self.start[:, None]
        return ValueCurves(spend, value, slope, bound)

    def mean_value_curves(
        self, path: Array, spend: Array, response: Array | None = None
    ) -> ValueCurves:
        """The mean of the blends, as one."""
        found = self.value_curves(path, spend, response)
        parts = (found.value, found.slope, found.slope_bound)
        return ValueCurves(spend, *(part.mean(axis=0, keepdims=True) for part in parts))


def several_of(model: ResponseModel, conditions: tuple[Conditions, ...]) -> Several:
    """Each set of conditions as a blend of its own."""
    few, count = averaged(model), len(conditions)
    parts = {each.name: getattr(few, each.name) for each in fields(ResponseModel)}
    worlds = tuple(world_of(few, each) for each in conditions)
    return Several(**parts, worlds=worlds, mix=np.eye(count), start=np.zeros(count))


@dataclass(frozen=True)
class Choice:
    """Allocations of one budget for several worlds; values in units of the outcome."""

    several: Several
    plan: Plan
    rules: tuple[Guardrail, ...]
    budget: Budget

    def best(self, weights: Array) -> Array:
        """(L,) the allocation that is worth most on the worlds' average by weights (S,)."""
        blend = replace(self.several, mix=weights[None], start=np.zeros(1))
        task = self._task(blend, expected, True)
        return self._solved(task).spend * task.objective.money

    def least_regret(self, others: Sequence[Array]) -> tuple[Array, float]:
        """(L,) the allocation whose largest regret is least, and what no largest regret is below.

        others  allocations (L,), among them the best of each world, which regret is counted from

        The largest regret is least where the lowest value is highest once every world is shifted
        by its best: a separable program over worlds instead of draws, which the optimiser
        certifies.
        """
        objective = self._objective
        best = self.worth(others).max(axis=0)
        shift = (best.max() - best) / objective.factor[0]
        task = self._task(replace(self.several, start=shift), _lowest, False)
        found = task.certified(self.budget, self._solved(task))
        options = (found.spend * task.objective.money, *others)
        regrets = (best - self.worth(options)).max(axis=1)
        bound = float(best.max()) - found.bound * task.objective.outcome
        return options[int(regrets.argmin())], bound

    def worth(self, options: Sequence[Array]) -> Array:
        """(N, S) what N allocations (L,) are worth in each world."""
        values, _ = self._objective.draws(np.stack(options, axis=1))
        return np.asarray(values.sum(axis=1).T)

    @property
    def _objective(self) -> Objective:
        return objective_of(self.several, self.plan, self.budget[1], False)

    def _task(self, blend: Several, weigh: Weigh, mean: bool) -> Task:
        return task_of(blend, self.plan, self.rules, self.budget[1], weigh, mean, 0.0)

    def _solved(self, task: Task) -> Found:
        found = task.solve(self.budget)
        if found is None:
            raise Impossible(f"no allowed split of {self.budget[1]:,.0f} was found in time")
        return found


def _lowest(values: Array) -> Array:
    """Only the world with the lowest value (S,) counts."""
    return np.asarray(np.eye(len(values))[int(values.argmin())])
