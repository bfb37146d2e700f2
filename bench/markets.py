"""The markets that the benchmarks run on: simulated ones by seed, and the public ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pandas as pd

from xlbudget.data.dataset import Dataset
from xlbudget.simulator import Kinds, Market, draw_market

SIZES = ((4, 104), (8, 156), (12, 156), (6, 130), (10, 156), (8, 104))  # channels, weeks
INPUTS = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")
PUBLIC = ("small", "growing", "medium")
KINDS: Mapping[str, Kinds] = {
    "mixed": Kinds(),
    "twice": Kinds(roi=3.2, media_share=(0.24, 0.6)),  # every ROI twice what "mixed" draws
    "half": Kinds(roi=0.8, media_share=(0.06, 0.2)),
    "tied": Kinds(correlation=0.7),  # budgets that move together
    "endogenous": Kinds(endogenous=0.8),  # budgets that follow demand which nobody recorded
    "seasonal": Kinds(response_season=0.5),
    "drifting": Kinds(drift=0.2),  # effects change by a fifth from one year to the next
    "flighted": Kinds(flighted=0.8),
    "delayed": Kinds(delayed=1.0),
    "tanh": Kinds(forms=("tanh",)),
    "exponential": Kinds(forms=("exponential",)),
    "log": Kinds(forms=("log",)),
    "loud": Kinds(noise=0.08, outliers=5, missing=6),
    "calm": Kinds(noise=0.02, outliers=0, missing=0, endogenous=0.0),
    "precise": Kinds(noise=0.005, hidden=0.004, outliers=0, missing=0),  # nothing hides the effects
}


def drawn(
    count: int, first: int = 0, kinds: Kinds | None = None, regions: int = 1
) -> Iterator[Market]:
    """`count` markets from the seed `first` on; sizes take turns."""
    for seed in range(first, first + count):
        channels, weeks = SIZES[seed % len(SIZES)]
        yield draw_market(seed, channels, weeks, regions, kinds)


def dataset_of(frames: Mapping[str, pd.DataFrame]) -> Dataset:
    """The Dataset of a market's tables; its plan and guardrails are left aside."""
    return Dataset.from_frames(**{name: frames[name] for name in INPUTS if name in frames})


def public_frames(folder: Path, name: str) -> dict[str, pd.DataFrame]:
    """Spend, outcomes and controls of one of the public sets with known truth."""
    wide = pd.read_csv(folder / f"mmm_param_recovery_{name}_business.csv", parse_dates=["date"])
    wide = wide.rename(columns={"date": "week", "geo": "region"})
    channels = [c for c in wide.columns if c.startswith("x")]
    controls = [c for c in wide.columns if c.startswith("c") and not c.endswith("_effect")]
    return {
        "spend": wide.melt(["week", "region"], channels, "channel", "spend"),
        "outcomes": wide[["week", "region", "y"]].rename(columns={"y": "sales"}),
        "controls": wide[["week", "region", *controls]],
    }
