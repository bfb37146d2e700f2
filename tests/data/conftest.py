"""A small market of plain frames: 60 weeks, three channels, one outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

WEEKS = pd.date_range("2024-01-01", periods=60, freq="7D")
CHANNELS = ("Search", "Social", "TV")


@pytest.fixture
def spend() -> pd.DataFrame:
    rows = [
        (week, channel, 100.0 + 3.0 * number + place)
        for number, week in enumerate(WEEKS)
        for place, channel in enumerate(CHANNELS)
    ]
    frame = pd.DataFrame(rows, columns=["week", "channel", "spend"])
    return frame.astype({"week": object, "channel": object, "spend": object})


@pytest.fixture
def outcomes() -> pd.DataFrame:
    revenue = np.random.default_rng(0).gamma(20.0, 100.0, len(WEEKS))
    return pd.DataFrame({"week": WEEKS, "revenue": revenue}).astype(object)
