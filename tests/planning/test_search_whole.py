"""Plans in whole lots, on or off, under rules on groups: against every plan there is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.planning.found import Found
from xlbudget.planning.objective import expected
from xlbudget.planning.program import BUDGET, Limit, Program, Switch
from xlbudget.planning.search import search

Cases: Any = Any  # the class that the fixture `draw_case` hands over
LINES, LOT = 4, 0.05
few = settings(max_examples=8, deadline=None, derandomize=True)


def drawn(seed: int, draw_case: Cases) -> tuple[Any, Program]:
    """Curves of four lines, and a program in lots with switches and rules on groups."""
    random = np.random.default_rng(seed)
    case = draw_case.draw(seed, LINES, int(random.integers(0, 4)))
    lots = LOT * random.integers(1, 4, LINES)
    switches = tuple(
        Switch("on", random.permutation([1.0] * size + [0.0] * (LINES - size)), minimum)
        for size, minimum in zip(
            random.integers(1, LINES, 2), random.uniform(0.1, 0.6, 2), strict=True
        )
    )
    limits = (Limit(BUDGET, np.ones(LINES), 1.0 - 3 * LOT, 1.0), *case.program.limits[1:])
    if random.random() < 0.5:
        around = np.round(case.current / LOT) * LOT
        limits += (Limit("shift", np.ones(LINES), high=random.uniform(0.3, 0.9), around=around),)
    high = np.ones(LINES)
    return case, replace(case.program, high=high, lots=lots, limits=limits, switches=switches)


def every_plan(program: Program) -> np.ndarray:
    """(L, N) all allowed plans in portions of 0.05."""
    axis = np.arange(round(1.0 / LOT) + 1) * LOT
    plans = np.stack([grid.ravel() for grid in np.meshgrid(*[axis] * LINES, indexing="ij")])
    total = plans.sum(axis=0)
    near = plans[:, (total <= 1.0 + 1e-9) & (total >= 1.0 - 3 * LOT - 1e-9)]
    return near[:, [program.misses(plan) <= 1e-9 for plan in near.T]]


def solved(case: Any, program: Program) -> Found | None:
    return search(program, case.curves, expected, 0.0, None, [case.current])


@given(seed=st.integers(0, 10_000))
@few
def test_no_allowed_plan_in_lots_is_better_and_none_exceeds_the_bound(
    seed: int, draw_case: Cases
) -> None:
    case, program = drawn(seed, draw_case)
    plans = every_plan(program)
    found = solved(case, program)
    if not plans.size:
        assert found is None
        return
    best = float(case.curves.value(plans).sum(axis=0).max())
    assert found is not None
    assert program.misses(found.spend) < 1e-6
    assert found.bound >= best * (1 - 1e-12)
    assert found.value >= best * (1 - 1e-3)
    assert found.bound <= found.value * 1.001


@given(seed=st.integers(0, 10_000), without=st.booleans())
@few
def test_on_or_off_without_lots_is_bounded_too(seed: int, without: bool, draw_case: Cases) -> None:
    """A plan that keeps every rule need not be known beforehand for one to be found."""
    case, program = drawn(seed, draw_case)
    some = np.array([without, False, False, False])
    free = replace(program, lots=np.where(some, program.lots, 0.0))
    plans, found = every_plan(free), solved(case, free)
    if not plans.size:
        return  # the grid is no proof that there is none
    assert found is not None
    assert found.bound >= float(case.curves.value(plans).sum(axis=0).max()) * (1 - 1e-12)
    assert found.bound <= found.value * 1.001


def test_switches_of_one_rule_are_told_apart(draw_case: Cases) -> None:
    """One rule on every group of a kind is several switches of one owner."""
    case = draw_case.draw(5, 6)
    groups = np.repeat(np.eye(3), 2, axis=1)
    switches = tuple(Switch("G1", group, 0.4) for group in groups)
    program = replace(case.program, switches=switches, high=np.ones(6))
    found = case.curves.best(program, case.current)
    assert program.misses(found.spend) < 1e-6
    assert found.bound <= found.value * 1.001
