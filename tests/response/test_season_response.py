"""Effects that swing with the season are seen where they do, and left alone where they may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import TAIL
from xlbudget.response.effects import Effects
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.response.past import past_total, past_weekly
from xlbudget.response.posterior import sample
from xlbudget.response.problem import problem_of
from xlbudget.response.season_draws import giving_way, in_every_season
from xlbudget.response.season_response import AGAINST, SeasonBelief, season_belief
from xlbudget.simulator import Kinds, Market, draw_market

NAMES = ("spend", "outcomes", "controls", "channels", "settings")


def fitted(market: Market) -> ResponseModel:
    frames = market.frames()
    return fit(Dataset.from_frames(**{name: frames[name] for name in NAMES}), draws=100)


@pytest.fixture(scope="module")
def seasonal() -> Market:
    kinds = Kinds(response_season=0.6, endogenous=0.0, noise=0.02)
    return draw_market(9, channels=6, weeks=156, kinds=kinds)


@pytest.fixture(scope="module")
def model(seasonal: Market) -> ResponseModel:
    return fitted(seasonal)


def test_a_strong_season_of_response_is_seen_in_its_weeks(
    seasonal: Market, model: ResponseModel
) -> None:
    weeks = len(model.data.weeks)
    swing = model.season_response
    assert len(swing) == len(seasonal.truth.season)
    assert swing[:weeks].mean() == pytest.approx(1.0)
    assert np.corrcoef(swing[:weeks], seasonal.truth.season[:weeks])[0, 1] > 0.8


def test_effects_move_with_the_season_that_is_reported(model: ResponseModel) -> None:
    path = model.steady_path(model.recent_weekly())
    weeks = len(path)
    effects = model.effects
    season = effects.seasons[effects.swing, -(weeks + TAIL) :, None, None]
    steady = replace(effects, seasons=np.ones_like(effects.seasons))
    undone = replace(model, effects=steady).outlook(path).caused
    assert model.outlook(path).caused == pytest.approx(undone * season)
    assert model.season_response == pytest.approx(effects.seasons[effects.swing].mean(axis=0))


def test_less_than_two_years_show_no_season_of_response() -> None:
    model = fitted(draw_market(9, channels=4, weeks=80, kinds=Kinds(response_season=1.0)))
    assert (model.season_response == 1.0).all()


@pytest.fixture(scope="module")
def in_one_season(model: ResponseModel) -> ResponseModel:
    effects = model.effects
    steady = replace(
        effects, seasons=np.ones((1, effects.seasons.shape[1])), swing=np.zeros_like(effects.swing)
    )
    return replace(model, effects=steady)


@pytest.fixture(scope="module")
def in_two_seasons(in_one_season: ResponseModel) -> Effects:
    data, effects = in_one_season.data, in_one_season.effects
    demand = np.sin(np.arange(effects.seasons.shape[1]) * 2.0 * np.pi / 52.18)
    belief = SeasonBelief(np.array([-0.2, 0.4]), np.array([0.3, 0.7]), demand, len(data.weeks))
    return in_every_season(data, effects, belief, np.random.default_rng(0))


def test_seasons_have_as_many_draws_as_they_are_likely_and_keep_what_spend_brought(
    in_one_season: ResponseModel, in_two_seasons: Effects
) -> None:
    data = in_one_season.data
    assert np.bincount(in_two_seasons.swing).tolist() == [30, 70]
    assert np.ptp(in_two_seasons.seasons, axis=1).min() > 0.2
    weeks = np.ones(data.spend.shape, dtype=bool)
    brought = past_total(in_one_season.effects, data.spend, weeks)
    assert past_total(in_two_seasons, data.spend, weeks) == pytest.approx(brought)


def test_the_baseline_gives_way_to_a_season_that_effects_have(
    in_one_season: ResponseModel, in_two_seasons: Effects
) -> None:
    data = in_one_season.data
    problem = problem_of(data, np.random.default_rng(0))
    scale = np.zeros((in_one_season.draws, len(data.regions)), dtype=np.intp)
    before, after = in_one_season.effects, in_two_seasons
    way = giving_way(data, problem, in_one_season.background, scale, (before, after))
    more = (past_weekly(after, data.spend) - past_weekly(before, data.spend))[:, :, 0]
    given = replace(in_one_season, background=way).baseline() - in_one_season.baseline()
    left = more + given[:, : len(data.weeks), 0]
    assert np.square(left).sum(axis=1).max() < 0.25 * np.square(more).sum(axis=1).max()


def test_a_season_that_only_the_baseline_has_speaks_for_no_swing() -> None:
    more_than_against = []  # what data say for a swing with demand rather than one against it
    for seed in range(410, 422):
        frames = draw_market(seed, channels=6, weeks=156).frames()
        data = Dataset.from_frames(**{name: frames[name] for name in NAMES})
        rng = np.random.default_rng(0)
        problem = problem_of(data, rng)
        belief = season_belief(data, problem, sample(problem, rng, 20, 8, 6, lambda _: None))
        down, up = np.searchsorted(belief.swing, [-0.1, 0.1])
        more_than_against.append(np.log(belief.weight[up] / belief.weight[down] * AGAINST))
    error = np.std(more_than_against, ddof=1) / np.sqrt(len(more_than_against))
    assert abs(np.mean(more_than_against)) < 2.0 * error
