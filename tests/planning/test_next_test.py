"""Which lift test next: worth by closed form, and a ranking that makes sense."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.planning.evidence_value import Choice, information_value, split_after
from xlbudget.planning.forecast import forecast
from xlbudget.planning.guardrails import Guardrail, Rule
from xlbudget.planning.next_test import NextTests, next_tests
from xlbudget.planning.plan import make_plan
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import draw_market

DRAWS = 4000
NAMES = ("spend", "outcomes", "controls", "channels", "settings")


@pytest.fixture(scope="module")
def either() -> Choice:
    """A unit of money for one of two lines: the first returns 1, the second is not known."""
    rng = np.random.default_rng(0)
    slope = np.stack([np.ones(DRAWS), rng.normal(1.0, 1.0, DRAWS)], axis=1)
    spend = np.tile(np.linspace(0.0, 1.0, 5), (2, 1))
    return Choice(spend, slope[:, :, None] * spend, 1.0)


@pytest.mark.parametrize("error", [0.1, 1.0, 3.0])
def test_worth_is_the_unit_normal_loss_where_it_is_known(either: Choice, error: float) -> None:
    """Raiffa and Schlaifer 1961: spread of the mean after the test, times 0.3989."""
    lift = either.value[:, 1, -1]
    expected = 0.3989 / np.sqrt(1.0 + error**2)
    assert information_value(either, lift, error) == pytest.approx(expected, abs=0.04)


def test_what_is_known_exactly_is_worth_nothing(either: Choice) -> None:
    assert information_value(either, np.full(DRAWS, 2.0), 0.5) == pytest.approx(0.0, abs=1e-12)


def test_what_says_nothing_about_the_choice_is_worth_hardly_anything(either: Choice) -> None:
    other = np.random.default_rng(1).normal(size=DRAWS)
    assert 0.0 <= information_value(either, other, 0.1) < 0.02


def test_more_noise_is_never_worth_more(either: Choice) -> None:
    lift = either.value[:, 1, -1]
    worth = [information_value(either, lift, error) for error in (0.3, 0.6, 1.2, 2.4, 4.8)]
    assert worth == sorted(worth, reverse=True)
    assert worth[-1] >= 0.0


def test_a_good_result_moves_the_money_and_a_bad_one_takes_it_back(either: Choice) -> None:
    lift = either.value[:, 1, -1]
    np.testing.assert_allclose(split_after(either, lift, 3.0, 0.5), [0.0, 1.0], atol=1e-9)
    np.testing.assert_allclose(split_after(either, lift, -1.0, 0.5), [1.0, 0.0], atol=1e-9)


def test_the_best_split_is_that_of_every_split_on_a_grid() -> None:
    rng = np.random.default_rng(2)
    spend = np.tile(np.linspace(0.0, 4.0, 9), (3, 1))
    value = rng.gamma(2.0, 1.0, (5, 3, 1)) * np.log1p(spend / rng.gamma(2.0, 1.0, (5, 3, 1)))
    choice = Choice(spend, value, 6.0)
    split = choice.best(value)
    np.testing.assert_allclose(split.sum(axis=1), 6.0)
    grid = np.stack(np.meshgrid(*spend, indexing="ij"), axis=-1).reshape(-1, 3)
    grid = grid[np.isclose(grid.sum(axis=1), 6.0)]
    for one, table in zip(split, value, strict=True):
        every = [choice.worth(table[None], row[None])[0] for row in grid]
        assert choice.worth(table[None], one[None])[0] >= max(every) - 1e-9


@pytest.fixture(scope="module")
def sample_tests(sample_model: ResponseModel) -> NextTests:
    plan, _ = make_plan(sample_model.data, None)
    return next_tests(sample_model, plan)


def test_unsure_and_large_lines_come_first(
    sample_model: ResponseModel, sample_tests: NextTests
) -> None:
    plan, _ = make_plan(sample_model.data, None)
    value = sample_model.value_curves(plan.spend, plan.totals[:, None]).value[:, :, 0]
    unsure = dict(
        zip(sample_model.data.line_names, value.std(axis=0) / value.mean(axis=0), strict=True)
    )
    order = [unsure[name] for name in sample_tests.line]
    assert np.mean(order[:3]) > np.mean(order[-3:])
    assert list(sample_tests.worth) == sorted(sample_tests.worth, reverse=True)
    assert sample_tests.worth[0] > 10.0 * sample_tests.worth[-1]


def test_the_table_says_what_to_run_and_why(
    sample_model: ResponseModel, sample_tests: NextTests
) -> None:
    table = sample_tests.table
    wanted = {"line", "worth", "size", "weeks", "standard_error", "why"}
    assert wanted <= set(table.columns)
    assert set(table["line"]) == set(sample_model.data.line_names)
    assert np.isfinite(table.select_dtypes("number").to_numpy()).all()
    assert (table["worth"] >= 0).all()
    assert (table["standard_error"] > 0).all()
    assert table["weeks"].between(1, len(sample_model.data.horizon)).all()
    assert table["why"].str.len().max() <= 255
    assert table["where"].str.contains("North").all()
    assert (np.sign(table["size"]) == np.sign(table["budget"])).all()


def test_the_same_model_gives_the_same_digits(
    sample_model: ResponseModel, sample_tests: NextTests
) -> None:
    plan, _ = make_plan(sample_model.data, None)
    assert next_tests(sample_model, plan).table.equals(sample_tests.table)


def without_doubt(model: ResponseModel, line: str) -> ResponseModel:
    """The same model, were this line's effect known: that of one draw in every draw."""
    at = [n for n, medium in enumerate(model.data.media) if medium.channel == line]
    pick, roi = model.effects.pick.copy(), model.effects.roi.copy()
    known = int(np.argsort(roi[:, 0, at[0]])[len(roi) // 2])
    pick[:, at], roi[:, :, at] = pick[known, at], roi[known][:, at]
    swing = np.full_like(model.effects.swing, model.effects.swing[known])
    return replace(model, effects=replace(model.effects, pick=pick, roi=roi, swing=swing))


def test_a_line_known_exactly_needs_no_test(
    sample_model: ResponseModel, sample_tests: NextTests
) -> None:
    line = sample_tests.line[0]
    plan, _ = make_plan(sample_model.data, None)
    found = next_tests(without_doubt(sample_model, line), plan)
    at = found.line.index(line)
    assert found.worth[at] == pytest.approx(0.0, abs=1e-6 * sample_tests.worth[0])
    assert "hardly any result would change the split" in found.why[at]


def test_a_noisier_outcome_makes_tests_worth_less(
    sample_model: ResponseModel, sample_tests: NextTests
) -> None:
    plan, _ = make_plan(sample_model.data, None)
    background = sample_model.background
    noisier = replace(sample_model, background=replace(background, noise=5.0 * background.noise))
    found = next_tests(noisier, plan)
    assert found.worth.sum() < sample_tests.worth.sum()
    assert found.standard_error.min() > sample_tests.standard_error.min()


def test_where_nothing_may_move_no_test_is_worth_anything(sample_model: ResponseModel) -> None:
    plan, _ = make_plan(sample_model.data, None)
    found = next_tests(sample_model, plan, (Guardrail("G1", "channel", "", Rule.LOCK),))
    assert found.worth == pytest.approx(0.0, abs=1e-9)


def test_a_plan_without_money_has_nothing_to_test(sample_model: ResponseModel) -> None:
    plan, _ = make_plan(sample_model.data, None)
    nothing = replace(plan, spend=0.0 * plan.spend)
    assert next_tests(sample_model, nothing).table.empty


def test_a_new_line_gets_a_test_budget() -> None:
    frames = draw_market(7, channels=6, weeks=104).frames()
    data = Dataset.from_frames(**{name: frames[name] for name in NAMES})
    model = fit(data, draws=300, check=False)
    plan, _ = make_plan(data, None)
    new = (data.by_line(data.spend) > 0).sum(axis=0) < 26
    (name,) = np.array(data.line_names)[new]
    stopped = plan.scaled(np.where(new, 0.0, plan.totals))
    for each in (plan, stopped):
        table = next_tests(model, each).table.set_index("line")
        assert table.loc[name, "budget"] > 0
        assert table.loc[name, "size"] > 0


def test_without_regions_a_test_is_held_against_what_was_expected() -> None:
    """More surely than a forecast, which knows nothing of the weeks after; never than its noise."""
    frames = draw_market(8, channels=4, weeks=104).frames()
    data = Dataset.from_frames(**{name: frames[name] for name in NAMES})
    model = fit(data, draws=300, check=False)
    plan, _ = make_plan(data, None)
    found, foretold = next_tests(model, plan), forecast(model, plan)
    weekly = foretold.baseline_draws + foretold.incremental_draws + foretold.noise_draws
    for weeks, error in zip(found.weeks, found.standard_error, strict=True):
        noise = foretold.noise_draws[:, :weeks].sum(axis=1).std()
        assert noise < error < weekly[:, :weeks].sum(axis=1).std()
    assert set(found.where) == {"everywhere"}
