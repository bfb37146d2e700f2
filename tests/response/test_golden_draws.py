"""The same digits on every machine and with every numpy allowed, as recorded in golden_draws.json.

Sums may round otherwise on another processor, so nine digits have to agree; a random stream that
numpy changed, or a model that was changed by accident, differs in the first. After a change on
purpose (raise VERSION in response/fit.py) record anew: `python tests/response/test_golden_draws.py`
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit

RECORD = Path(__file__).with_name("golden_draws.json")
WEEKS = 70


def market() -> Dataset:
    """Made by formula, so that no random stream is in it, in two regions."""
    week = np.arange(WEEKS)
    dates = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    spend, outcomes = [], []
    for place, region in enumerate(("North", "South")):
        tv = 100.0 + 60.0 * np.sin(0.7 * week + place)
        search = np.where(week % 9 < 5, 40.0 + 7.0 * (week % 4), 0.0)
        outcome = 900.0 + 2.0 * tv + 5.0 * np.sqrt(search) + 30.0 * np.cos(1.3 * week**1.1)
        for channel, money in (("TV", tv), ("Search", search)):
            spend.append({"week": dates, "region": region, "channel": channel, "spend": money})
        outcomes.append({"week": dates, "region": region, "revenue": outcome})
    return Dataset.from_frames(
        pd.concat(map(pd.DataFrame, spend)), pd.concat(map(pd.DataFrame, outcomes))
    )


def digits() -> dict[str, list[float]]:
    model = fit(market(), draws=100, seed=3)
    outlook = model.outlook(model.steady_path(model.recent_weekly()))
    figures = {
        "contribution": model.contribution().draws_array.mean(axis=0),
        "marginal ROI": model.marginal_roi().draws_array.mean(axis=0),
        "noise": model.background.noise.mean(axis=0),
        "baseline ahead": outlook.baseline.mean(axis=(0, 2)),
        "noise ahead": outlook.noise.std(axis=(0, 1)),
    }
    return {name: values.tolist() for name, values in figures.items()}


def test_the_draws_are_those_that_were_recorded() -> None:
    recorded = json.loads(RECORD.read_text("utf-8"))
    for name, values in digits().items():
        assert values == pytest.approx(recorded[name], rel=1e-9), name


if __name__ == "__main__":
    RECORD.write_text(json.dumps(digits(), indent=1) + "\n", "utf-8")
