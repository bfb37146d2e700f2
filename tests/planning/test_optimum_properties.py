"""What the certified optimum promises, on random problems whose answer is known another way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import nnls

from xlbudget.planning.program import BUDGET, Limit, Program

Cases: Any = Any  # the class that the fixture `draw_case` hands over
LINES, STEPS = 4, 40
REACHED = 1e-6  # scaled money from a limit or an end at which it is reached
some = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 100_000)


def every_plan(program: Program) -> np.ndarray:
    """(L, N) all allowed plans in portions of 1/40 of the budget."""
    axis = np.arange(STEPS + 1)
    first = np.stack([g.ravel() for g in np.meshgrid(*[axis] * (LINES - 1), indexing="ij")])
    first = first[:, first.sum(axis=0) <= STEPS]
    plans = np.concatenate([first, STEPS - first.sum(axis=0, keepdims=True)]) / STEPS
    kept = ((plans >= program.low[:, None]) & (plans <= program.high[:, None])).all(axis=0)
    for limit in program.limits:
        around = 0.0 if limit.around is None else limit.around[:, None]
        amount = limit.weights @ (plans if limit.around is None else abs(plans - around))
        kept &= (amount >= limit.low - 1e-12) & (amount <= limit.high + 1e-12)
    return np.asarray(plans[:, kept])


@given(
    seed=seeds, rules=st.integers(0, 10), bent=st.booleans(), shift=st.none() | st.floats(0.1, 1.0)
)
@some
def test_under_rules_on_groups_no_plan_on_a_grid_exceeds_the_bound(
    seed: int, rules: int, bent: bool, shift: float | None, draw_case: Cases
) -> None:
    """Floors and caps of overlapping groups, and a limit on all that is moved."""
    case = draw_case.draw(seed, LINES, rules, bent)
    if shift is not None:
        moved = Limit("shift", np.ones(LINES), high=shift, around=case.current)
        case = replace(case, program=replace(case.program, limits=(*case.program.limits, moved)))
    found, plans = case.solved(), every_plan(case.program)
    values = case.curves.value(plans).sum(axis=0)
    assert case.program.misses(found.spend) < REACHED
    assert found.value <= found.bound <= found.value * 1.001
    assert found.bound >= values.max(initial=0.0)


@given(seed=seeds, floors=st.integers(0, 8), bent=st.booleans(), more=st.floats(0.0, 0.5))
@some
def test_a_larger_budget_never_lowers_the_optimum(
    seed: int, floors: int, bent: bool, more: float, draw_case: Cases
) -> None:
    """Under floors of groups and a cap on each line, which leave room for all of it."""
    case = draw_case.draw(seed, 6, floors, bent)
    kept = [limit for limit in case.program.limits[1:] if np.isinf(limit.high)]
    budgets = 1.0, min(1.0 + more, float(case.program.high.sum()))
    less, larger = (
        case.curves.best(
            replace(case.program, limits=(Limit(BUDGET, np.ones(6), each, each), *kept)),
            case.current,
        )
        for each in budgets
    )
    assert larger.bound >= less.value  # by the certificate: no tolerance


@given(seed=seeds, rules=st.integers(1, 8), bent=st.booleans(), slack=st.floats(0.0, 0.5))
@some
def test_a_looser_guardrail_never_costs(
    seed: int, rules: int, bent: bool, slack: float, draw_case: Cases
) -> None:
    case = draw_case.draw(seed, 6, rules, bent)
    one = seed % rules + 1
    looser = replace(
        case.program.limits[one],
        low=case.program.limits[one].low - slack,
        high=case.program.limits[one].high + slack,
    )
    limits = (*case.program.limits[:one], looser, *case.program.limits[one + 1 :])
    loose = case.curves.best(replace(case.program, limits=limits), case.current)
    assert loose.bound >= case.solved().value  # by the certificate: no tolerance


@given(seed=seeds, rules=st.integers(0, 8), bent=st.booleans())
@some
def test_free_lines_return_alike_but_for_the_prices_of_their_rules(
    seed: int, rules: int, bent: bool, draw_case: Cases
) -> None:
    """Karush, Kuhn and Tucker: a free line's return is what the limits that it is in cost.

    A cap costs, a floor pays; without rules all free lines share the price of the budget.
    """
    case = draw_case.draw(seed, 8, rules, bent)
    spend, program = case.solved().spend, case.program
    free = (spend > program.low + REACHED) & (spend < program.high - REACHED)
    ways = []
    for limit in program.limits:
        amount = limit.amount(spend)
        if amount >= limit.high - REACHED:
            ways.append(limit.weights[free])
        if amount <= limit.low + REACHED:
            ways.append(-limit.weights[free])
    slopes = case.curves.slope(spend)[free]
    _, left = nnls(np.stack(ways, axis=1), slopes)
    assert left <= 1e-5 * np.linalg.norm(slopes)


@given(
    seed=seeds,
    lines=st.integers(3, 8),
    steep=st.floats(3.0, 8.0),
    outcome=st.sampled_from((1e-6, 1.0, 1e6)),
)
@some
def test_a_start_on_the_flat_foot_of_s_curves_is_left(
    seed: int, lines: int, steep: float, outcome: float, draw_case: Cases
) -> None:
    """Local methods stay where every line starts on its foot, and where outcomes are tiny."""
    case = draw_case.draw(seed, lines)
    half = np.random.default_rng(seed).uniform(0.35, 0.6, lines)
    curves = replace(case.curves, a=np.full(lines, outcome), b=half, n=np.full(lines, steep))
    even = np.full(lines, 1.0 / lines)
    program = replace(case.program, high=np.ones(lines))
    found = curves.best(program, even)
    alone = np.eye(lines)
    pairs = (alone[:, :, None] + alone[:, None, :]).reshape(lines, -1) / 2
    assert found.value >= curves.value(np.concatenate([alone, pairs], axis=1)).sum(axis=0).max()
    assert found.bound <= found.value * 1.001
    assert found.value > curves.value(even).sum()


@given(seed=seeds, rules=st.integers(0, 8), bent=st.booleans())
@some
def test_the_order_of_lines_makes_no_difference(
    seed: int, rules: int, bent: bool, draw_case: Cases
) -> None:
    """The bound of either order holds for the plans of both; on curves that flatten, where the
    best plan is one only, its digits are the same.
    """
    case = draw_case.draw(seed, 6, rules, bent)
    order = np.random.default_rng(seed).permutation(6)
    part = {name: getattr(case.curves, name)[order] for name in ("a", "b", "n")}
    program = replace(
        case.program,
        low=case.program.low[order],
        high=case.program.high[order],
        limits=tuple(replace(x, weights=x.weights[order]) for x in case.program.limits),
    )
    other = replace(case, curves=replace(case.curves, **part), program=program)
    other, found = replace(other, current=case.current[order]).solved(), case.solved()
    assert min(other.bound, found.bound) >= max(other.value, found.value)
    if not bent:
        assert other.spend == pytest.approx(found.spend[order], abs=1e-7)
