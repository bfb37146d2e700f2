"""A market's tables as one row a week, the form that other tools take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Wide:
    """W past weeks of one market.

    spend (W, M) money a week; outcome (W,) with missing weeks drawn straight between their
    neighbours; controls (W, C), standardised; plan (M,) money a week of the current plan
    """

    weeks: pd.DatetimeIndex
    channels: tuple[str, ...]
    spend: np.ndarray
    outcome: np.ndarray
    controls: np.ndarray
    plan: np.ndarray


def wide(frames: Mapping[str, pd.DataFrame]) -> Wide:
    """From the tables spend, outcomes, controls and plan of a market without regions."""
    spend = frames["spend"].pivot_table(
        index="week", columns="channel", values="spend", aggfunc="sum", fill_value=0.0
    )
    channels = tuple(dict.fromkeys(frames["plan"]["channel"]))
    spend = spend[list(channels)]
    weeks = pd.DatetimeIndex(spend.index)
    outcome = frames["outcomes"].set_index("week").iloc[:, 0].reindex(weeks).interpolate()
    known = frames["controls"].set_index("week").reindex(weeks)
    plan = frames["plan"].groupby("channel")["planned_spend"].sum()[list(channels)]
    return Wide(
        weeks,
        channels,
        spend.to_numpy(float),
        outcome.bfill().to_numpy(float),
        ((known - known.mean()) / known.std()).to_numpy(float),
        plan.to_numpy(float) / frames["plan"]["week"].nunique(),
    )
