"""How far the ROIs of one business lie apart is learned, and a line of its own belief stays out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.beliefs import CENTRE_SPREAD, KINSHIP, ROI_SPREADS, Z90
from xlbudget.response.fit import fit
from xlbudget.response.posterior import sample
from xlbudget.response.problem import Problem, problem_of

WEEKS, CHAINS, BURN, KEEP = 30, 400, 10, 12
LINES = ("A", "B", "C", "D", "E", "F")
SHARES = (0.1, 0.5, 0.9)
NEAR = 0.04  # of a probability: Monte Carlo error of some hundred independent chains, twice over


def market(roi: tuple[float, ...], priors: pd.DataFrame | None = None) -> Dataset:
    """Six lines without carry-over or saturation, one ROI each, nearly without noise."""
    rng = np.random.default_rng(3)
    weeks = pd.date_range("2024-01-01", periods=WEEKS * 3, freq="7D")
    money = rng.gamma(3.0, 30.0, (len(weeks), len(LINES)))
    spend = pd.concat(
        pd.DataFrame({"week": weeks, "channel": name, "spend": path})
        for name, path in zip(LINES, money.T, strict=True)
    )
    outcome = 5_000.0 + money @ np.array(roi) + rng.normal(0.0, 20.0, len(weeks))
    return Dataset.from_frames(
        spend, pd.DataFrame({"week": weeks, "revenue": outcome}), priors=priors
    )


def without_data(problem: Problem) -> Problem:
    """Spend that leaves no trace in the outcome: what remains is what was believed before."""
    return replace(
        problem,
        beliefs=tuple(replace(belief, no_effect=0.0) for belief in problem.beliefs),
        columns=tuple(0.0 * each for each in problem.columns),
        onto=tuple(tuple(0.0 * each for each in region) for region in problem.onto),
        solved=tuple((None,) * len(region) for region in problem.solved),
        strength=tuple(tuple(0.0 * each for each in medium) for medium in problem.strength),
    )


@pytest.fixture(scope="module")
def log_roi() -> np.ndarray:
    """(D, M) draws where the outcome says nothing; the last line (of least money) has a belief."""
    priors = pd.DataFrame({"line": ["F"], "roi_low": [1.0], "roi_high": [4.0]})
    problem = problem_of(market((1.0,) * 6, priors), np.random.default_rng(0))
    drawn = sample(
        without_data(problem), np.random.default_rng(1), CHAINS, BURN, KEEP, lambda _: None
    )
    own = int(np.flatnonzero(~np.isnan(problem.offset))[0])
    values = np.log(drawn.strength.reshape(-1, len(LINES)))
    return np.roll(values, len(LINES) - 1 - own, axis=1)


def test_without_data_lines_lie_as_far_apart_as_the_belief_says(log_roi: np.ndarray) -> None:
    rng = np.random.default_rng(2)
    spread = rng.choice(ROI_SPREADS[0], 40_000, p=ROI_SPREADS[1])[:, None]
    level = CENTRE_SPREAD * rng.standard_normal((40_000, 1))
    believed = level + spread * rng.standard_normal((40_000, 5))
    for figure in (np.std, np.mean):
        limits = np.quantile(figure(believed, axis=1), SHARES)
        got = (figure(log_roi[:, :5], axis=1)[:, None] < limits).mean(axis=0)
        assert got == pytest.approx(SHARES, abs=NEAR)


def test_a_line_with_a_belief_of_its_own_keeps_it(log_roi: np.ndarray) -> None:
    own = log_roi[:, 5]
    assert own.std() == pytest.approx(np.log(4.0) / (2.0 * Z90), rel=0.05)


def test_without_data_campaign_types_of_a_channel_lie_half_as_far_apart() -> None:
    problem = problem_of(market((1.0,) * 6), np.random.default_rng(0))
    problem = replace(problem, channel=np.array([0, 1, 2, 3, 3, 3]))
    drawn = sample(
        without_data(problem), np.random.default_rng(4), CHAINS, BURN, KEEP, lambda _: None
    )
    values = np.log(drawn.strength.reshape(-1, len(LINES)))
    rng = np.random.default_rng(5)
    spread = rng.choice(ROI_SPREADS[0], 40_000, p=ROI_SPREADS[1])[:, None]
    own = spread * rng.standard_normal((40_000, 6))
    own[:, 3:] *= np.sqrt(1.0 - KINSHIP)
    own[:, 3:] += np.sqrt(KINSHIP) * spread * rng.standard_normal((40_000, 1))
    for pair in ((0, 1), (3, 4), (2, 5)):
        apart, believed = (np.abs(each[:, pair[0]] - each[:, pair[1]]) for each in (values, own))
        got = (apart[:, None] < np.quantile(believed, SHARES)).mean(axis=0)
        assert got == pytest.approx(SHARES, abs=NEAR)


def test_a_sparse_campaign_type_borrows_from_its_channel() -> None:
    rng = np.random.default_rng(6)
    weeks = pd.date_range("2023-01-02", periods=104, freq="7D")
    money = rng.gamma(3.0, 30.0, (len(weeks), 5))
    money[:-3, 4] = 0.0  # the last one is new
    roi = np.array([6.0, 6.0, 0.6, 0.6, 2.0])
    outcome = 5_000.0 + money @ roi + rng.normal(0.0, 100.0, len(weeks))

    def new_one(channel: str) -> float:
        parts = (("Search", "a"), ("Search", "b"), ("TV", "a"), ("Radio", "a"), (channel, "c"))
        spend = pd.concat(
            pd.DataFrame({"week": weeks, "channel": name, "campaign_type": kind, "spend": path})
            for (name, kind), path in zip(parts, money.T, strict=True)
        )
        data = Dataset.from_frames(
            spend,
            pd.DataFrame({"week": weeks, "revenue": outcome}),
            settings={"grain": "channel x campaign_type"},
        )
        model = fit(data, check=False)
        found = next(i for i, medium in enumerate(data.media) if medium.campaign_type == "c")
        return float(np.median(model.effects.roi_past[:, 0, found]))

    borrowed, alone = new_one("Search"), new_one("Display")
    assert borrowed > 1.2 * alone


def test_the_table_of_priors_says_what_is_learned() -> None:
    priors = pd.DataFrame({"line": ["F"], "roi_low": [1.0], "roi_high": [4.0]})
    table = fit(market((1.0,) * 6, priors), draws=40, check=False).priors_table()
    assert all("learned" in reason for reason in table.reason[:5])
    assert table.reason[5] == "set in Priors"
    assert (table.roi_low[5], table.roi_high[5]) == pytest.approx((1.0, 4.0))
    assert (table.roi_high[:5] / table.roi_low[:5] > 4.0).all()
