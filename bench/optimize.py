"""How fast and how close to the best the optimiser is, beside two peers in the same run.

    python bench/optimize.py            sizes, then 200 problems of 6 S-curves
    python bench/optimize.py --quick    small sizes, 20 problems

Peers: SLSQP from the current split, as PyMC-Marketing does it, and greedy steps on a grid, as
Meridian does it. Curves are tabulated outside the clock where a size says so.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from xlbudget.planning.found import Found
from xlbudget.planning.objective import expected
from xlbudget.planning.program import BUDGET, Limit, Program
from xlbudget.planning.search import search
from xlbudget.planning.table import Values, tabulated
from xlbudget.tabular import Array

STEPS = 400  # of the exact search by dynamic programming and of the greedy peer


@dataclass(frozen=True)
class Hills:
    """Hill curves: S-shaped where n > 1."""

    a: Array
    b: Array
    n: Array

    def value(self, spend: Array) -> Array:
        """(L, K) spend -> value."""
        reach = (spend / self.b[:, None]) ** self.n[:, None]
        return self.a[:, None] * reach / (1.0 + reach)

    def slope(self, spend: Array) -> Array:
        """(L, K) spend -> slope."""
        ratio, n = spend / self.b[:, None], self.n[:, None]
        return (self.a / self.b)[:, None] * n * ratio ** (n - 1.0) / (1.0 + ratio**n) ** 2

    def __call__(self, spend: Array) -> Values:
        slope = self.slope(spend)
        bound = np.maximum(slope[:, :-1], slope[:, 1:])
        peak = (self.b * ((self.n - 1.0) / (self.n + 1.0)) ** (1.0 / self.n))[:, None]
        inside = (spend[:, :-1] < peak) & (spend[:, 1:] > peak)
        bound = np.where(inside, self.slope(peak), bound)
        return Values(self.value(spend)[None], slope[None], bound[None])


def problem(seed: int, lines: int, rules: int, bent: bool) -> tuple[Hills, Array, Program]:
    """Random curves, a current plan of 1 and overlapping floors and caps that it keeps."""
    rng = np.random.default_rng(seed)
    shape = rng.uniform(1.2, 4.0, lines) if bent else np.ones(lines)
    curves = Hills(rng.gamma(1.0, 3.0, lines) / lines, rng.gamma(2.0, 1.0, lines) / lines, shape)
    current = rng.dirichlet(np.full(lines, 3.0))
    limits = [Limit(BUDGET, np.ones(lines), 1.0, 1.0)]
    for number in range(rules):
        members = (rng.random(lines) < 0.4).astype(float)
        spent = float(members @ current)
        floor = rng.random() < 0.5
        low, high = (0.85 * spent, np.inf) if floor else (-np.inf, 1.1 * spent)
        limits.append(Limit(f"R{number}", members, low, high))
    high = np.minimum(1.0, 4.0 * current)
    return curves, current, Program(np.zeros(lines), high, np.zeros(lines), tuple(limits))


def ours(curves: Hills, current: Array, program: Program) -> tuple[Found, float]:
    """The plan and the seconds of one core that it took from a first table."""
    table = tabulated(program.low, program.high, current[:, None], curves)
    start = time.process_time()
    found = search(program, curves, expected, 0.0, None, [current], table)
    seconds = time.process_time() - start
    assert found is not None
    return found, seconds


def slsqp(curves: Hills, current: Array, program: Program) -> float:
    """Value of the local optimum that SLSQP reaches from the current split."""
    rows = [limit.weights for limit in program.limits]
    sides = [(limit.low, limit.high) for limit in program.limits]
    constraints = [{"type": "eq", "fun": lambda x: x.sum() - 1.0}]
    for weights, (low, high) in list(zip(rows, sides, strict=True))[1:]:
        sign, side = (1.0, low) if np.isfinite(low) else (-1.0, high)
        constraints.append(
            {"type": "ineq", "fun": lambda x, w=weights, s=sign, v=side: s * (w @ x - v)}
        )
    found = minimize(
        lambda x: -curves.value(x[:, None]).sum(),
        current,
        jac=lambda x: -curves.slope(np.maximum(x, 1e-12)[:, None])[:, 0],
        bounds=list(zip(program.low, program.high, strict=True)),
        constraints=constraints,
        method="SLSQP",
        options={"maxiter": 1000},
    )
    spend = np.clip(found.x, program.low, program.high)
    return float(curves.value(spend[:, None]).sum()) if program.misses(spend) < 1e-5 else np.nan


def greedy(curves: Hills, program: Program) -> float:
    """Value of handing out the budget step by step to the line that gains most (no rules)."""
    spend, step = program.low.copy(), 1.0 / STEPS
    for _ in range(STEPS):
        after = np.minimum(spend + step, program.high)
        gain = (curves.value(after[:, None]) - curves.value(spend[:, None]))[:, 0]
        gain[after >= program.high] = -1.0
        spend[gain.argmax()] += step
    return float(curves.value(spend[:, None]).sum())


def exhaustive(curves: Hills, program: Program) -> float:
    """The best on a grid, by dynamic programming (no rules)."""
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    reached = np.where(grid == 0.0, 0.0, -np.inf)
    values = curves.value(np.tile(grid, (len(program.low), 1)))
    values[grid > program.high[:, None] + 1e-12] = -np.inf
    for value in values:
        sums = reached[:, None] + value[None, :]
        reached = np.array([np.fliplr(sums).diagonal(STEPS - k).max() for k in range(STEPS + 1)])
    return float(reached[-1])


def sizes(quick: bool) -> None:
    """Seconds and gaps by size."""
    cases = [(10, 0, False), (10, 50, False), (10, 0, True), (10, 50, True), (100, 5, True)]
    if not quick:
        cases += [(100, 50, True), (1_000, 0, False), (1_000, 50, False), (10_000, 50, False)]
    ours(*problem(0, 10, 0, False))  # imports outside the clock
    print(
        f"{'lines':>7} {'rules':>6} {'curves':>9} {'seconds':>9} {'gap':>9} {'SLSQP short by':>15}"
    )
    for lines, rules, bent in cases:
        runs = [problem(seed, lines, rules, bent) for seed in range(5 if lines <= 10 else 1)]
        found = [ours(*run) for run in runs]
        seconds = float(np.median([second for _, second in found]))
        gap = max(one.bound / one.value - 1.0 for one, _ in found)
        short = "-"
        if lines <= 100:
            lost = [1 - slsqp(*run) / one.value for run, (one, _) in zip(runs, found, strict=True)]
            short = f"{np.nanmax(lost):.1%}"
        shape = "S-shaped" if bent else "concave"
        print(f"{lines:>7,} {rules:>6} {shape:>9} {seconds:>9.3f} {gap:>9.5%} {short:>15}")


def against_exhaustive(count: int) -> None:
    """Random problems of 6 S-curves: how often and by how much each method falls short."""
    methods: dict[str, Callable[[Hills, Array, Program], float]] = {
        "xlbudget": lambda curves, current, program: ours(curves, current, program)[0].value,
        "SLSQP": slsqp,
        "greedy": lambda curves, _, program: greedy(curves, program),
    }
    lost: dict[str, list[float]] = {name: [] for name in methods}
    for seed in range(count):
        case = problem(seed, 6, 0, True)
        best = exhaustive(case[0], case[2])
        for name, method in methods.items():
            lost[name].append(1.0 - method(*case) / best)
    print(f"\n{count} problems of 6 S-curves against exhaustive search on a grid")
    print(f"{'method':>10} {'best or better':>15} {'short by > 1 %':>15} {'worst':>8}")
    for name, short in lost.items():
        values = np.array(short)
        good, bad = int((values <= 1e-6).sum()), int((values > 0.01).sum())
        print(f"{name:>10} {good:>15} {bad:>15} {values.max():>8.2%}")


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="small sizes, 20 problems")
    quick = arguments.parse_args().quick
    sizes(quick)
    against_exhaustive(20 if quick else 200)
