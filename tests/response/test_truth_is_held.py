"""Ranges hold the truth: on the sample market, and on a few markets of foreign forms."""

from __future__ import annotations

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Kinds, Market, draw_market

MARKETS = 8


def test_the_sample_market_is_held_on_most_lines(
    sample_market: Market, sample_model: ResponseModel
) -> None:
    truth = sample_market.truth.contribution()
    table = sample_model.contribution()
    held = [
        low <= truth[name] <= high
        for name, low, high in zip(table.line, table.low, table.high, strict=True)
    ]
    assert np.mean(held) >= 0.8


def test_ranges_hold_the_truth_about_as_often_as_they_say() -> None:
    """Bounds are wide: 64 lines can be off by chance. bench/calibration.py has the figures."""
    held, totals = {"contribution": 0, "marginal ROI": 0}, 0
    lines = 0
    for seed in range(100, 100 + MARKETS):
        market = draw_market(seed, channels=8, weeks=130, kinds=Kinds())
        frames = market.frames()
        names = ("spend", "outcomes", "controls", "channels", "settings")
        model = fit(Dataset.from_frames(**{name: frames[name] for name in names}), draws=500)
        lines += len(model.data.lines)
        table, truth = model.contribution(), market.truth.contribution()
        caused = np.array([truth[name] for name in table.line])
        held["contribution"] += int(((table.low <= caused) & (caused <= table.high)).sum())
        weekly = dict(zip(table.line, model.recent_weekly(), strict=True))
        returns, slope = model.marginal_roi(), market.truth.marginal_roi(weekly)
        steep = np.array([slope[name] for name in returns.line])
        held["marginal ROI"] += int(((returns.low <= steep) & (steep <= returns.high)).sum())
        outlook = model.outlook(market.truth.plan)
        media = (outlook.carry_in + outlook.caused)[:, : len(model.data.horizon)].sum(
            axis=(1, 2, 3)
        )
        drawn = (outlook.baseline + outlook.noise).sum(axis=(1, 2)) + media
        low, high = np.quantile(drawn, [0.05, 0.95])
        totals += int(low <= market.truth.realised_outcome().sum() <= high)
    assert totals >= 0.6 * MARKETS  # of the outcome of the next 13 weeks
    for figure, count in held.items():
        assert 0.78 <= count / lines <= 1.0, figure


def test_odd_weeks_are_set_aside_and_listed() -> None:
    market = draw_market(5, channels=5, weeks=104, kinds=Kinds(outliers=0, missing=0))
    frames = market.frames()
    frames["outcomes"].loc[50, "revenue"] *= 2.0
    names = ("spend", "outcomes", "controls", "channels", "settings")
    model = fit(Dataset.from_frames(**{name: frames[name] for name in names}), draws=200)
    assert str(model.data.weeks[50]) in " ".join(model.diagnostics.sentences)
