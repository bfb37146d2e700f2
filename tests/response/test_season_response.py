"""Effects that swing with the season are seen where they do, and left alone where they may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.adstock import TAIL
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
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
