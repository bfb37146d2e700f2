"""When a change shows: the week by which a share of it has come."""

from __future__ import annotations

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.tabular import Array

HALF, MOST = 0.5, 0.9  # of a change


def week_by(share: float, by_week: Array, data: Dataset) -> np.datetime64:
    """First day of the week by which this share of an expected change (T,) has come."""
    come = by_week.cumsum()
    reached = come * np.sign(come[-1]) >= share * abs(come[-1])
    return np.datetime64(data.horizon[0] + WEEK * int(np.argmax(reached)))


def half_by(by_week: Array, data: Dataset) -> str:
    """`, half of it by the week of 2026-02-16`; nothing where there is no change (T,)."""
    if not by_week.sum():
        return ""
    return f", half of it by the week of {week_by(HALF, by_week, data)}"
