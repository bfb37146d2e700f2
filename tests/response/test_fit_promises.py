"""What a fit promises whatever the data: same digits, no effect of names or units, no crash."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument, Unknown
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Kinds, Market, draw_market

DRAWS = 200


def dataset(market: Market, money: float = 1.0, outcome: float = 1.0) -> Dataset:
    frames = market.frames()
    frames["spend"]["spend"] *= money
    frames["outcomes"]["revenue"] *= outcome
    names = ("spend", "outcomes", "controls", "channels", "settings")
    return Dataset.from_frames(**{name: frames[name] for name in names})


def weekly(spend: dict[str, np.ndarray], outcome: np.ndarray, **more: pd.DataFrame) -> Dataset:
    """A national Dataset from one array a channel."""
    weeks = pd.date_range("2023-01-02", periods=len(outcome), freq="7D")
    frames = [
        pd.DataFrame({"week": weeks, "channel": name, "spend": money})
        for name, money in spend.items()
    ]
    outcomes = pd.DataFrame({"week": weeks, "revenue": outcome})
    return Dataset.from_frames(pd.concat(frames), outcomes, **more)


@pytest.fixture(scope="module")
def market() -> Market:
    return draw_market(3, channels=6, weeks=104, kinds=Kinds())


@pytest.fixture(scope="module")
def model(market: Market) -> ResponseModel:
    return fit(dataset(market), draws=DRAWS)


def test_the_same_seed_gives_the_same_digits(market: Market, model: ResponseModel) -> None:
    again = fit(dataset(market), draws=DRAWS)
    assert again.key == model.key
    assert (again.contribution().draws_array == model.contribution().draws_array).all()
    assert (again.marginal_roi().draws_array == model.marginal_roi().draws_array).all()


def test_another_seed_gives_other_draws_and_another_key(
    market: Market, model: ResponseModel
) -> None:
    other = fit(dataset(market), draws=DRAWS, seed=1)
    assert other.key != model.key
    assert (other.contribution().draws_array != model.contribution().draws_array).any()


def test_another_process_gives_the_same_digits(model: ResponseModel) -> None:
    code = (
        "from xlbudget.simulator import *; from xlbudget.data.dataset import Dataset;"
        "from xlbudget.response.fit import fit;"
        "f = draw_market(3, channels=6, weeks=104, kinds=Kinds()).frames();"
        "names = ('spend', 'outcomes', 'controls', 'channels', 'settings');"
        f"m = fit(Dataset.from_frames(**{{n: f[n] for n in names}}), draws={DRAWS});"
        "print(repr(float(m.contribution().draws_array.sum())))"
    )
    root = Path(__file__).parents[2]
    out = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    total = float(model.contribution().draws_array.sum())  # threads may add up in another order
    assert float(out.stdout) == pytest.approx(total, rel=1e-9)


def test_units_of_money_and_outcome_do_not_matter(market: Market, model: ResponseModel) -> None:
    small = fit(dataset(market, money=1e-6, outcome=1e-6), draws=DRAWS)
    plain, scaled = model.contribution().draws_array, small.contribution().draws_array * 1e6
    assert scaled == pytest.approx(plain, rel=1e-6, abs=1e-6 * plain.max())


def test_the_order_of_lines_does_not_matter(market: Market, model: ResponseModel) -> None:
    frames = market.frames()
    frames["spend"] = frames["spend"].iloc[::-1]
    turned = {f"Channel {n}": f"Channel {7 - n}" for n in range(1, 7)}
    for name in ("spend", "channels"):
        frames[name]["channel"] = frames[name]["channel"].map(turned)
    names = ("spend", "outcomes", "controls", "channels", "settings")
    other = fit(Dataset.from_frames(**{name: frames[name] for name in names}), draws=DRAWS)
    plain = dict(zip(model.data.line_names, model.contribution().contribution, strict=True))
    for name, value in zip(other.data.line_names, other.contribution().contribution, strict=True):
        assert value == pytest.approx(plain[turned[name]], rel=1e-9)


def test_progress_rises_from_nothing_to_all(market: Market) -> None:
    heard: list[float] = []
    fit(dataset(market), draws=40, progress=lambda done, doing: heard.append(done))
    assert heard[0] == 0.0
    assert heard[-1] == 1.0
    assert heard == sorted(heard)


AWKWARD = {
    "constant": np.full(60, 50.0),
    "never": np.zeros(60),
    "one week": np.where(np.arange(60) == 30, 500.0, 0.0),
    "new": np.where(np.arange(60) >= 56, 80.0, 0.0),
    "ended": np.where(np.arange(60) < 20, 80.0, 0.0),
}


def test_awkward_lines_get_wide_ranges_and_no_crash() -> None:
    rng = np.random.default_rng(2)
    spend = AWKWARD | {"usual": rng.gamma(4.0, 25.0, 60)}
    outcome = 1_000.0 + 2.0 * spend["usual"] + rng.normal(0.0, 20.0, 60)
    model = fit(weekly(spend, outcome), draws=DRAWS)
    for table in (model.contribution().table, model.marginal_roi().table):
        assert np.isfinite(table.select_dtypes("number").to_numpy()).all()
    width = dict(zip(model.data.line_names, model.marginal_roi().high, strict=True))
    assert all(high > 0.0 for high in width.values())
    for line in model.data.line_names:
        assert np.isfinite(model.curve(line, 5).response).all()


def test_few_weeks_are_fitted_and_said_to_be_few() -> None:
    rng, weeks = np.random.default_rng(3), 20
    spend = {"A": rng.gamma(4.0, 25.0, weeks), "B": rng.gamma(4.0, 25.0, weeks)}
    model = fit(weekly(spend, rng.normal(1_000.0, 20.0, weeks)), draws=DRAWS)
    assert model.diagnostics.verdict == "look"
    assert "20 weeks are few" in " ".join(model.diagnostics.sentences)
    assert np.isfinite(model.contribution().contribution).all()


def test_twenty_collinear_lines_share_what_they_did_together() -> None:
    rng = np.random.default_rng(4)
    together = rng.gamma(4.0, 25.0, 104)
    spend = {f"L{n:02d}": together * rng.normal(1.0, 0.001, 104) for n in range(20)}
    outcome = 10_000.0 + 30.0 * together + rng.normal(0.0, 100.0, 104)
    model = fit(weekly(spend, outcome), draws=DRAWS)
    total = model.contribution().draws_array.sum(axis=1).mean()
    assert total == pytest.approx(30.0 * together.sum(), rel=0.35)


def test_dozens_of_holiday_dummies_do_not_break_the_fit(market: Market) -> None:
    frames = market.frames()
    weeks = frames["controls"]["week"]
    dummies = {f"holiday {n}": (np.arange(len(weeks)) % 52 == n).astype(float) for n in range(40)}
    frames["controls"] = frames["controls"].assign(**dummies)
    names = ("spend", "outcomes", "controls", "channels", "settings")
    model = fit(Dataset.from_frames(**{name: frames[name] for name in names}), draws=DRAWS)
    assert np.isfinite(model.contribution().contribution).all()


def test_missing_weeks_are_not_in_the_likelihood(market: Market) -> None:
    frames = market.frames()
    outcomes = frames["outcomes"].copy()
    outcomes.loc[10:14, "revenue"] = np.nan
    names = ("spend", "controls", "channels", "settings")
    rest = {name: frames[name] for name in names}
    model = fit(Dataset.from_frames(outcomes=outcomes, **rest), draws=DRAWS)
    assert np.isfinite(model.contribution().contribution).all()


def test_wrong_arguments_are_named(model: ResponseModel) -> None:
    with pytest.raises(Unknown, match="Channel 1"):
        model.curve("nobody")
    with pytest.raises(BadArgument, match="points"):
        model.curve("Channel 1", points=1)
    with pytest.raises(BadArgument, match="spend"):
        model.marginal_roi({"Channel 1": -1.0})
    with pytest.raises(BadArgument, match="draws"):
        fit(model.data, draws=0)
