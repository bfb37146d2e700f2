"""What the certificate promises, on curves whose optimum can be found another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.planning.envelope import envelope, together
from xlbudget.planning.program import Limit
from xlbudget.planning.relaxation import Curves, columns_of, dual_bound, ends_of, everything
from xlbudget.planning.table import tabulated

Cases: Any = Any  # the class that the fixture `draw_case` hands over
STEPS = 400
few = settings(max_examples=8, deadline=None, derandomize=True)
many = settings(few, max_examples=40)


def exhaustive(case: Any) -> float:
    """The best of all plans on a grid of 1/400 of the budget, by dynamic programming."""
    grid = np.linspace(0.0, 1.0, STEPS + 1)
    reached = np.full(STEPS + 1, -np.inf)
    reached[0] = 0.0
    for line in range(len(case.current)):
        values = case.curves.value(np.tile(grid, (len(case.current), 1)))[line]
        values[grid > case.program.high[line] + 1e-12] = -np.inf
        sums = reached[:, None] + values[None, :]
        reached = np.array([np.fliplr(sums).diagonal(STEPS - k).max() for k in range(STEPS + 1)])
    return float(reached[STEPS])


@given(seed=st.integers(0, 10_000))
@many
def test_no_plan_on_a_fine_grid_is_better_and_none_exceeds_the_bound(
    seed: int, draw_case: Cases
) -> None:
    case = draw_case.draw(seed, 6)
    found, best = case.solved(), exhaustive(case)
    assert found.bound >= found.value
    assert found.bound >= best
    assert found.value >= best * (1 - 1e-6)


@given(seed=st.integers(0, 10_000), rules=st.integers(0, 12), bent=st.booleans())
@few
def test_the_plan_is_allowed_and_its_gap_is_small(
    seed: int, rules: int, bent: bool, draw_case: Cases
) -> None:
    case = draw_case.draw(seed, 8, rules, bent)
    found = case.solved()
    assert case.program.misses(found.spend) < 1e-6
    assert abs(found.spend.sum() - 1.0) < 1e-9
    assert found.value <= found.bound <= found.value * 1.001


@given(seed=st.integers(0, 10_000), rules=st.integers(0, 8))
@few
def test_it_is_never_worse_than_the_current_plan(seed: int, rules: int, draw_case: Cases) -> None:
    case = draw_case.draw(seed, 6, rules)
    assert case.solved().value >= case.curves.value(case.current).sum() - 1e-12


@given(seed=st.integers(0, 10_000), prices=st.lists(st.floats(-3, 3), min_size=4, max_size=4))
@few
def test_the_dual_bound_holds_at_any_prices(
    seed: int, prices: list[float], draw_case: Cases
) -> None:
    case = draw_case.draw(seed, 5, 3)
    table = tabulated(case.program.low, case.program.high, case.current[:, None], case.curves)
    columns = columns_of(case.program)
    part = everything(columns, case.program, Curves(table.spend, table.ceiling(np.ones(1))))
    price = np.array(prices)
    net = part.value - (price @ columns.matrix)[:, None] * part.at
    bound = dual_bound(net, price, *ends_of(columns, part))
    assert bound >= case.solved().value
    assert bound >= case.curves.value(case.current).sum()


@given(seed=st.integers(0, 10_000))
@few
def test_ceilings_are_above_the_curves_between_their_points_too(
    seed: int, draw_case: Cases
) -> None:
    case = draw_case.draw(seed, 5)
    table = tabulated(case.program.low, case.program.high, case.current[:, None], case.curves)
    spend = np.linspace(0, 1, 997) * case.program.high[:, None]
    ceiling = table.ceiling(np.ones(1))
    over = [np.interp(x, s, c) for x, s, c in zip(spend, table.spend, ceiling, strict=True)]
    assert (np.array(over) >= case.curves.value(spend) - 1e-12).all()


@given(seed=st.integers(0, 10_000), power=st.integers(-6, 6), rules=st.integers(0, 6))
@few
def test_the_split_is_the_same_in_any_unit_of_the_outcome(
    seed: int, power: int, rules: int, draw_case: Cases
) -> None:
    """A peer returned the even split where the outcome was a millionth of the budget."""
    case = draw_case.draw(seed, 6, rules)
    unit = 10.0**power
    curves = replace(case.curves, a=case.curves.a * unit)
    other = replace(case, curves=curves).solved()
    found = case.solved()
    assert other.value == pytest.approx(found.value * unit, rel=2e-4)
    assert other.bound >= found.value * unit


@given(seed=st.integers(0, 10_000))
@few
def test_the_steps_of_the_search_leave_no_trace_in_the_split(seed: int, draw_case: Cases) -> None:
    """Begun from another plan, on curves with one best plan, the digits are the same."""
    case = draw_case.draw(seed, 6, 3, bent=False)
    found, other = case.solved(), case.curves.best(case.program, np.zeros(6))
    assert other.spend == pytest.approx(found.spend, abs=1e-7)


def test_lots_minimum_if_on_and_total_shift_are_kept(draw_case: Cases) -> None:
    case = draw_case.draw(5, 6)
    lots = np.full(6, 0.05)
    whole = replace(case.program, lots=lots, high=np.ones(6))
    found = case.curves.best(whole, case.current)
    assert np.allclose(found.spend / 0.05, np.round(found.spend / 0.05))
    assert found.bound <= found.value * 1.001
    around = Limit("shift", np.ones(6), high=0.2, around=case.current)
    shifted = replace(case.program, limits=(*case.program.limits, around))
    found = case.curves.best(shifted, case.current)
    assert abs(found.spend - case.current).sum() <= 0.2 + 1e-6
    assert found.bound <= found.value * 1.001


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(2, 12))
def test_one_chain_for_all_lines_is_the_chain_of_each(seed: int, lines: int, points: int) -> None:
    rng = np.random.default_rng(seed)
    spend = np.sort(rng.integers(0, 8, (lines, points)), axis=1).astype(float)  # twins included
    value = np.sort(rng.random((lines, points)), axis=1)
    assert np.array_equal(envelope(spend, value), together(spend, value))
