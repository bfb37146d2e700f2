"""Lines that moved as one are reported as a pair; lines that moved on their own are not."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.response.pairs import collinear_pairs

WEEKS = 120


def market(seed: int, *, as_one: bool, test: bool = False) -> ResponseModel:
    """Three lines, each of them with an ROI of 2; TV and Radio move as one, or not."""
    rng = np.random.default_rng(seed)
    spend = {name: rng.gamma(3.0, 40.0, WEEKS) for name in ("TV", "Radio", "Search")}
    if as_one:
        spend["Radio"] = 0.5 * spend["TV"] * rng.normal(1.0, 0.03, WEEKS)
    outcome = 2_000.0 + 2.0 * sum(spend.values()) + rng.normal(0.0, 60.0, WEEKS)
    days = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    rows = [pd.DataFrame({"week": days, "channel": n, "spend": v}) for n, v in spend.items()]
    measured = pd.DataFrame(
        {
            "id": ["T1"], "channel": ["Radio"], "start": [days[60]],
            "end": [days[71] + pd.Timedelta(days=6)], "method": ["holdout"],
            "spend_change": [spend["Radio"][60:72].sum()],
            "incremental_outcome": [2.0 * spend["Radio"][60:72].sum()],
            "standard_error": [0.05 * spend["Radio"][60:72].sum()],
        }
    )  # fmt: skip
    data = Dataset.from_frames(
        pd.concat(rows),
        pd.DataFrame({"week": days, "revenue": outcome}),
        experiments=measured if test else None,
    )
    return fit(data, draws=300)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lines_that_moved_as_one_are_a_pair(seed: int) -> None:
    model = market(seed, as_one=True)
    (pair,) = collinear_pairs(model)
    assert {pair.first, pair.second} == {"TV", "Radio"}
    assert pair.moved > 0.9
    assert pair.test == "Radio"
    table = model.contribution(model.data.weeks[-52])
    each = dict(zip(table.line, table.contribution, strict=True))
    assert pair.together == pytest.approx(each["TV"] + each["Radio"])
    for words in ("cannot be told apart", "a test of Radio would settle"):
        assert words in pair.sentence


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_lines_that_moved_on_their_own_are_no_pair(seed: int) -> None:
    assert collinear_pairs(market(seed, as_one=False)) == ()


def test_a_lift_test_of_one_parts_the_pair() -> None:
    assert collinear_pairs(market(1, as_one=True, test=True)) == ()


def test_the_sum_of_a_pair_is_known_better_than_its_parts() -> None:
    model = market(2, as_one=True)
    (pair,) = collinear_pairs(model)
    table = model.contribution(model.data.weeks[-52])
    width = {n: h - w for n, h, w in zip(table.line, table.high, table.low, strict=True)}
    assert pair.high - pair.low < width[pair.first] + width[pair.second]


def test_a_line_that_never_changes_is_in_no_pair() -> None:
    days = pd.date_range("2023-01-02", periods=60, freq="7D")
    rng = np.random.default_rng(4)
    rows = [
        pd.DataFrame({"week": days, "channel": name, "spend": spend})
        for name, spend in {"A": 50.0, "B": 70.0, "C": rng.gamma(3.0, 40.0, 60)}.items()
    ]
    outcome = pd.DataFrame({"week": days, "revenue": rng.normal(1_000.0, 20.0, 60)})
    assert collinear_pairs(fit(Dataset.from_frames(pd.concat(rows), outcome), draws=200)) == ()
