"""A line that the data can say little about says so: new, seldom on, never changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit

WEEKS = 60
LINES = {
    "constant": (np.full(WEEKS, 50.0), "hardly ever changed"),
    "new": (np.where(np.arange(WEEKS) >= 50, 80.0, 0.0), "has run for 10 weeks only"),
    "seldom": (np.where(np.arange(WEEKS) % 10 == 3, 500.0, 0.0), "ran in 6 weeks only"),
    "usual": (np.random.default_rng(2).gamma(4.0, 25.0, WEEKS), "settled"),
}


@pytest.fixture(scope="module")
def words() -> dict[str, str]:
    days = pd.date_range("2023-01-02", periods=WEEKS, freq="7D")
    rows = [pd.DataFrame({"week": days, "channel": n, "spend": s}) for n, (s, _) in LINES.items()]
    outcome = 1_000.0 + 2.0 * LINES["usual"][0] + np.random.default_rng(3).normal(0, 20, WEEKS)
    data = Dataset.from_frames(pd.concat(rows), pd.DataFrame({"week": days, "revenue": outcome}))
    found = fit(data, draws=100).diagnostics
    return dict(zip(found.line, found.words, strict=True))


@pytest.mark.parametrize("line", LINES)
def test_each_line_says_what_it_is(words: dict[str, str], line: str) -> None:
    assert LINES[line][1] in words[line]


def test_a_usual_line_has_nothing_to_excuse(words: dict[str, str]) -> None:
    assert "rests on its role" not in words["usual"]
    assert "changed" not in words["usual"]
