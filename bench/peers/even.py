"""A plan that gives every line the same money, as far as its bounds allow."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

HALVINGS = 60


def evenly(current: Mapping[str, float], least: float, most: float) -> dict[str, float]:
    """Totals per line between least and most times the current ones, as alike as can be."""
    money = np.array(list(current.values()))
    low, high = 0.0, float(most * money.max(initial=0.0))
    for _ in range(HALVINGS):
        share = (low + high) / 2.0
        spent = np.clip(share, least * money, most * money).sum()
        low, high = (share, high) if spent < money.sum() else (low, share)
    return dict(zip(current, np.clip(high, least * money, most * money).tolist(), strict=True))
