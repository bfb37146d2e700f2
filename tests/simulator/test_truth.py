"""What a market knows about itself agrees with brute force and with the definitions."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from xlbudget.simulator import Kinds, Market, draw_market
from xlbudget.simulator.best import best_split
from xlbudget.simulator.forms import FORMS, TAIL, carry_over, delayed, geometric


@pytest.fixture(scope="module")
def market() -> Market:
    return draw_market(3, channels=5, weeks=104, regions=2, kinds=Kinds(response_season=0.4))


@pytest.mark.parametrize("name", FORMS)
def test_a_form_starts_at_zero_reaches_half_at_one_and_has_the_slope_it_says(name: str) -> None:
    form = FORMS[name]
    for shape in form.shapes:
        x = np.linspace(0.05, 4.0, 60)
        assert form.value(np.zeros(1), shape)[0] == 0
        assert form.value(np.ones(1), shape)[0] == pytest.approx(0.5)
        numeric = (form.value(x + 1e-6, shape) - form.value(x - 1e-6, shape)) / 2e-6
        np.testing.assert_allclose(form.slope(x, shape), numeric, rtol=1e-4)


def test_carry_over_is_a_convolution_that_keeps_all_money() -> None:
    kernels = np.array([geometric(0.6), delayed(3, 0.7)])
    spend = np.zeros((60, 1, 2))
    spend[5] = 100.0
    level = carry_over(spend, kernels)
    np.testing.assert_allclose(level.sum(axis=0), [[100.0, 100.0]])
    for medium in range(2):
        brute = np.convolve(spend[:, 0, medium], kernels[medium])[:60]
        np.testing.assert_allclose(level[:, 0, medium], brute, atol=1e-12)


def test_contribution_is_what_is_lost_without_the_line(market: Market) -> None:
    truth = market.truth
    start, end = str(truth.weeks[40]), str(truth.weeks[59])
    with_all = truth.weekly_contribution().sum(axis=1)[40:60].sum()
    spend = truth.spend.copy()
    spend[:60, :, 1] = 0.0
    without = replace(truth, spend=spend).weekly_contribution().sum(axis=1)[40:60].sum()
    assert truth.contribution(start, end)["Channel 2"] == pytest.approx(with_all - without)


def test_value_counts_what_the_horizon_causes_and_nothing_else(market: Market) -> None:
    truth = market.truth
    zero = truth.value(dict.fromkeys(truth.lines, 0.0))
    assert all(value == 0 for value in zero.values())
    path = np.concatenate([truth.spend, truth.plan, np.zeros((TAIL, *truth.plan.shape[1:]))])
    nothing = path.copy()
    nothing[len(truth.weeks) :] = 0.0
    caused = (truth.response.outcome(path) - truth.response.outcome(nothing)) * (
        truth.season[:, None, None]
    )
    assert sum(truth.value().values()) == pytest.approx(caused.sum())


def test_marginal_roi_is_the_value_of_one_more_unit(market: Market) -> None:
    truth = market.truth
    weekly = {line: money / 13 for line, money in truth.current().items()}
    marginal, average = truth.marginal_roi(weekly), truth.roi(weekly)
    for line in truth.lines:
        more = truth.roi({**weekly, line: weekly[line] * 1.0001})[line]
        step = 1.0001 * more - average[line]
        assert marginal[line] == pytest.approx(step / 0.0001, rel=1e-3, abs=1e-9)


def test_an_unknown_line_is_refused(market: Market) -> None:
    with pytest.raises(KeyError, match="no line named Radio"):
        market.truth.value({"Radio": 1.0})


def test_the_best_plan_keeps_the_budget_and_the_bounds(market: Market) -> None:
    truth = market.truth
    current, best = truth.current(), truth.best_between(0.7, 1.3)
    assert sum(best.values()) == pytest.approx(sum(current.values()))
    for line, money in best.items():
        assert 0.7 * current[line] - 1e-6 <= money <= 1.3 * current[line] + 1e-6
    assert sum(truth.value(best).values()) > sum(truth.value().values())
    with pytest.raises(ValueError, match="no split"):
        truth.best_between(0.7, 1.3, budget=10 * sum(current.values()))


def test_the_best_plan_beats_random_ones(market: Market) -> None:
    truth = market.truth
    current = np.array(list(truth.current().values()))
    best = sum(truth.value(truth.best_between(0.5, 2.0)).values())
    random = np.random.default_rng(0)
    for _ in range(30):
        totals = current * random.uniform(0.6, 1.6, len(current))
        totals *= current.sum() / totals.sum()
        if np.all((totals > 0.5 * current) & (totals < 2.0 * current)):
            plan = dict(zip(truth.lines, totals, strict=True))
            assert sum(truth.value(plan).values()) <= best * (1 + 1e-4)


def test_the_dynamic_program_finds_what_trying_everything_finds() -> None:
    random = np.random.default_rng(1)
    for _ in range(20):
        curves = [random.normal(size=random.integers(3, 7)).cumsum() for _ in range(3)]
        steps = 6
        tries = [
            (sum(c[k] for c, k in zip(curves, split, strict=True)), split)
            for split in product(*(range(len(c)) for c in curves))
            if sum(split) == steps
        ]
        found = best_split(curves, steps).astype(int)
        value = sum(c[k] for c, k in zip(curves, found, strict=True))
        assert value == pytest.approx(max(tries)[0])
