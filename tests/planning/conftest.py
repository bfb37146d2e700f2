"""Markets of S-curves and concave curves of known form for the optimiser's tests."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from xlbudget.planning.found import Found
from xlbudget.planning.objective import expected
from xlbudget.planning.program import BUDGET, Limit, Program
from xlbudget.planning.search import search
from xlbudget.planning.table import Values
from xlbudget.tabular import Array


@dataclass(frozen=True)
class Hills:
    """Hill curves a (x/b)^n / (1 + (x/b)^n): S-shaped where n > 1, concave where n = 1."""

    a: Array
    b: Array
    n: Array

    def value(self, spend: Array) -> Array:
        """spend (L, ...) -> value of each line."""
        a, b, n = (part.reshape(-1, *(1,) * (spend.ndim - 1)) for part in (self.a, self.b, self.n))
        reach = (np.maximum(spend, 0.0) / b) ** n
        return a * reach / (1.0 + reach)

    def slope(self, spend: Array) -> Array:
        """spend (L, ...) -> slope of each line."""
        a, b, n = (part.reshape(-1, *(1,) * (spend.ndim - 1)) for part in (self.a, self.b, self.n))
        ratio = np.maximum(spend, 0.0) / b
        return a * n / b * ratio ** (n - 1.0) / (1.0 + ratio**n) ** 2

    def __call__(self, spend: Array) -> Values:
        """As the optimiser asks for them, with exact bounds of the slope."""
        slope = self.slope(spend)
        bound = np.maximum(slope[:, :-1], slope[:, 1:])
        steepest = self.b * ((self.n - 1.0) / (self.n + 1.0)) ** (1.0 / self.n)
        inside = (spend[:, :-1] < steepest[:, None]) & (spend[:, 1:] > steepest[:, None])
        bound = np.where(inside, self.slope(steepest[:, None]), bound)
        return Values(self.value(spend)[None], slope[None], bound[None])

    def best(self, program: Program, start: Array) -> Found:
        """What the optimiser finds."""
        found = search(program, self, expected, 0.0, 20.0, [start])
        assert found is not None
        return found


@dataclass(frozen=True)
class Case:
    """Curves, a current plan that adds up to 1, and what is allowed."""

    curves: Hills
    current: Array
    program: Program

    @staticmethod
    def draw(seed: int, lines: int, rules: int = 0, bent: bool = True) -> Case:
        """A random case; its current plan is allowed."""
        rng = np.random.default_rng(seed)
        curves = Hills(
            a=rng.gamma(1.0, 1.0, lines) / lines * 3.0,
            b=rng.gamma(2.0, 1.0, lines) / lines,
            n=rng.uniform(1.2, 4.0, lines) if bent else np.ones(lines),
        )
        current = rng.dirichlet(np.full(lines, 3.0))
        limits = [Limit(BUDGET, np.ones(lines), 1.0, 1.0)]
        for number in range(rules):
            members = (rng.random(lines) < 0.4).astype(float)
            spent = float(members @ current)
            floor = rng.random() < 0.5
            limits.append(
                Limit(
                    f"R{number}",
                    members,
                    low=0.85 * spent if floor else -np.inf,
                    high=np.inf if floor else 1.1 * spent,
                )
            )
        high = np.minimum(1.0, 4.0 * current)
        program = Program(np.zeros(lines), high, np.zeros(lines), tuple(limits))
        return Case(curves, current, program)

    def solved(self) -> Found:
        """The optimiser's answer."""
        return self.curves.best(self.program, self.current)


@pytest.fixture(scope="session")
def draw_case() -> type[Case]:
    """`draw_case.draw(seed, lines, rules)`."""
    return Case
