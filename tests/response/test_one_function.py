"""Every figure comes from one function: brute force, agreement between figures, slope bounds."""

import numpy as np
import pytest

from xlbudget.response.adstock import TAIL, kernels
from xlbudget.response.incremental import (
    Effects,
    ahead,
    ahead_weekly,
    mean_value_curves,
    value_curves,
)
from xlbudget.response.model import ResponseModel
from xlbudget.response.past import past, past_mean, past_total, past_weekly
from xlbudget.response.saturation import FORMS, saturate
from xlbudget.response.shapes import Shapes

RNG = np.random.default_rng(5)
SHAPES, SEASONS = 12, 3
HISTORY, HORIZON = 40, 13


@pytest.fixture
def effects() -> Effects:
    """Two media in one region, every form, S-curves among them."""

    def library() -> Shapes:
        return Shapes(
            kernel=kernels(
                RNG.random(SHAPES) < 0.5, RNG.gamma(2.0, 1.0, SHAPES), RNG.random(SHAPES)
            ),
            form=RNG.integers(0, len(FORMS), SHAPES),
            steepness=1.0 + RNG.gamma(1.0, 1.0, SHAPES),
            half=RNG.gamma(2.0, 50.0, (1, SHAPES)),
            gain=RNG.gamma(2.0, 100.0, (1, SHAPES)),
            half_life=np.ones(SHAPES),
        )

    return Effects(
        (library(), library()),
        RNG.integers(0, SHAPES, (30, 2)),
        RNG.gamma(2.0, 1.0, (30, 1, 2)),
        RNG.uniform(0.5, 1.5, (SEASONS, HISTORY + HORIZON + TAIL)),
        RNG.integers(0, SEASONS, 30),
        np.ones((30, 2)),
    )


def brute(effects: Effects, draw: int, medium: int, spend: np.ndarray) -> np.ndarray:
    """Weekly effect of a whole path of spend, by plain convolution, in no season."""
    shapes, which = effects.shapes[medium], effects.pick[draw, medium]
    level = np.convolve(spend, shapes.kernel[which])[: len(spend)] / shapes.half[0, which]
    one = slice(which, which + 1)
    value, _ = saturate(shapes.form[one], level[None], shapes.steepness[one])
    return value[0] * shapes.gain[0, which] * effects.roi[draw, 0, medium]


def test_carry_in_and_carry_out_match_brute_force(effects: Effects) -> None:
    spend = RNG.gamma(1.0, 60.0, (HISTORY, 1, 2))
    path = RNG.gamma(1.0, 60.0, (HORIZON, 1, 2))
    carry_in, caused = ahead(effects, spend[-TAIL:], path)
    for together, apart in zip(
        ahead_weekly(effects, spend[-TAIL:], path), (carry_in, caused), strict=True
    ):
        assert together == pytest.approx(apart.sum(axis=(2, 3)))
    nothing, after = np.zeros((HORIZON, 1, 2)), np.zeros((TAIL, 1, 2))
    # the kernel ends after TAIL weeks, so earlier history cannot matter
    with_plan = np.concatenate([spend[-TAIL:], path, after])
    without = np.concatenate([spend[-TAIL:], nothing, after])
    for draw in range(30):
        for medium in range(2):
            quiet = brute(effects, draw, medium, without[:, 0, medium])[TAIL:]
            full = brute(effects, draw, medium, with_plan[:, 0, medium])[TAIL:]
            season = effects.seasons[effects.swing[draw], HISTORY:]
            assert carry_in[draw, :, 0, medium] == pytest.approx(season * quiet)
            assert caused[draw, :, 0, medium] == pytest.approx(season * (full - quiet), abs=1e-9)


def test_the_past_matches_brute_force(effects: Effects) -> None:
    spend = RNG.gamma(1.0, 60.0, (HISTORY, 1, 2))
    weekly = past(effects, spend)
    for draw in (0, 7, 29):
        plain = brute(effects, draw, 1, spend[:, 0, 1])
        season = effects.seasons[effects.swing[draw], :HISTORY]
        assert weekly[draw, :, 0, 1] == pytest.approx(season * plain)
    within = RNG.random(spend.shape) < 0.5
    assert past_total(effects, spend, within) == pytest.approx((weekly * within).sum(axis=1))
    assert past_weekly(effects, spend) == pytest.approx(weekly.sum(axis=3))
    assert past_mean(effects, spend) == pytest.approx(weekly.mean(axis=0))


def test_value_is_what_the_plan_causes_and_slope_its_derivative(effects: Effects) -> None:
    before = RNG.gamma(1.0, 60.0, (TAIL, 1, 2))
    path = RNG.gamma(1.0, 60.0, (HORIZON, 1, 2))
    line_of = np.array([[0, 1]])
    totals = path.sum(axis=0)[0]
    share = path / totals
    grid = totals[:, None] * np.array([0.0, 0.5, 1.0, 1.0 + 1e-6])
    curves = value_curves(effects, before, share, line_of, grid)
    caused = ahead(effects, before, path)[1].sum(axis=1)[:, 0]
    assert curves.value[:, :, 2] == pytest.approx(caused)
    assert (curves.value[:, :, 0] == 0.0).all()
    rise = (curves.value[:, :, 3] - curves.value[:, :, 2]) / (grid[:, 3] - grid[:, 2])
    assert curves.slope[:, :, 2] == pytest.approx(rise, rel=1e-4, abs=1e-9)


def test_no_slope_between_grid_points_is_above_its_bound(effects: Effects) -> None:
    before = np.zeros((TAIL, 1, 2))
    path = RNG.gamma(1.0, 60.0, (HORIZON, 1, 2))
    share = path / path.sum(axis=0)
    line_of = np.array([[0, 1]])
    grid = np.tile(np.linspace(0.0, 20_000.0, 9), (2, 1))
    dense = np.tile(np.linspace(0.0, 20_000.0, 801), (2, 1))
    bound = value_curves(effects, before, share, line_of, grid).slope_bound
    slope = value_curves(effects, before, share, line_of, dense).slope
    for interval in range(8):
        within = slope[:, :, interval * 100 : interval * 100 + 101]
        assert (within <= bound[:, :, interval, None] * (1.0 + 1e-12)).all()


def test_the_mean_curves_are_the_mean_of_the_curves(effects: Effects) -> None:
    before = RNG.gamma(1.0, 60.0, (TAIL, 1, 2))
    path = RNG.gamma(1.0, 60.0, (HORIZON, 1, 2))
    response = RNG.uniform(0.0, 2.0, (HORIZON + TAIL, 1, 2))
    grid = path.sum(axis=0)[0][:, None] * np.linspace(0.0, 3.0, 7)
    case = (effects, before, path / path.sum(axis=0), np.array([[0, 1]]), grid, response)
    curves, mean = value_curves(*case), mean_value_curves(*case)
    for name in ("value", "slope", "slope_bound"):
        whole = getattr(curves, name).mean(axis=0, keepdims=True)
        assert getattr(mean, name) == pytest.approx(whole, abs=1e-9), name


def test_a_week_multiplier_scales_value_slope_and_bound_exactly(effects: Effects) -> None:
    before = RNG.gamma(1.0, 60.0, (TAIL, 1, 2))
    path = RNG.gamma(1.0, 60.0, (HORIZON, 1, 2))
    response = RNG.uniform(0.0, 2.0, (HORIZON + TAIL, 1, 2))
    plain_in, plain = ahead(effects, before, path)
    carry_in, caused = ahead(effects, before, path, response)
    assert carry_in == pytest.approx(plain_in * response)
    assert caused == pytest.approx(plain * response)
    totals, line_of = path.sum(axis=0)[0], np.array([[0, 1]])
    share = path / totals
    grid = totals[:, None] * np.linspace(0.0, 3.0, 7)
    curves = value_curves(effects, before, share, line_of, grid, response)
    at_plan = value_curves(effects, before, share, line_of, totals[:, None], response)
    assert at_plan.value[:, :, 0] == pytest.approx(caused.sum(axis=1)[:, 0])
    dense = totals[:, None] * np.linspace(0.0, 3.0, 601)
    fine = value_curves(effects, before, share, line_of, dense, response)
    for interval in range(6):
        inside = slice(interval * 100, interval * 100 + 101)
        top = curves.slope_bound[:, :, interval, None] * (1.0 + 1e-12)
        assert (fine.slope[:, :, inside] <= top).all()
    wider = value_curves(effects, before, share, line_of, grid + 1e-6 * totals[:, None], response)
    rise = (wider.value - curves.value) / (1e-6 * totals[:, None])
    inner = np.s_[:, :, 1:]  # an S-curve's slope may jump from 0 at the first unit of money
    assert curves.slope[inner] == pytest.approx(rise[inner], rel=1e-4, abs=1e-9)


def test_curve_marginal_roi_and_outlook_agree(sample_model: ResponseModel) -> None:
    table = sample_model.marginal_roi()
    weekly = sample_model.recent_weekly()
    weeks = len(sample_model.data.horizon)
    outlook = sample_model.outlook(sample_model.steady_path(weekly))
    caused = sample_model.data.by_line(outlook.caused.sum(axis=1)).mean(axis=0)
    worth = sample_model.data.settings.money_per_outcome
    assert table.roi * weekly * weeks == pytest.approx(caused * worth)
    line = sample_model.data.line_names[0]
    curve = sample_model.curve(line, points=200)
    at_today = np.interp(weekly[0], curve.spend, curve.response)
    assert at_today * weeks == pytest.approx(caused[0], rel=1e-3)
