"""Do the ranges hold the truth: the response model on simulated markets of foreign forms.

    python bench/calibration.py --markets 50
    python bench/calibration.py --markets 24 --roi 2      # every true ROI twice as high
    python bench/calibration.py --public FOLDER           # the public sets with known truth

Scores: `error` is sum |estimate - truth| / sum |truth|; `interval` the interval score of the 90 %
range (its width, plus 20 times by how much the truth lies outside), summed and divided by sum
|truth|; lower is better.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.response.model import ResponseModel
from xlbudget.simulator import Kinds, Market, draw_market

LEVELS = (0.5, 0.8, 0.9)
SIZES = ((4, 104), (8, 156), (12, 156), (6, 130), (10, 156), (8, 104))


@dataclass
class Score:
    """Truths, estimates and draws of one figure over all markets."""

    truth: list[float] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    median: list[float] = field(default_factory=list)
    ranges: list[list[float]] = field(default_factory=list)

    def add(self, truth: np.ndarray, draws: np.ndarray) -> None:
        self.truth.extend(truth)
        self.mean.extend(draws.mean(axis=0))
        self.median.extend(np.median(draws, axis=0))
        tails = [q for level in LEVELS for q in ((1 - level) / 2, (1 + level) / 2)]
        self.ranges.extend(np.quantile(draws, tails, axis=0).T.tolist())

    def line(self, name: str) -> str:
        truth, ranges = np.array(self.truth), np.array(self.ranges)
        scale = np.abs(truth).sum() or 1.0
        tiny = 1e-9 * scale
        held = [
            np.mean((ranges[:, 2 * i] <= truth + tiny) & (truth <= ranges[:, 2 * i + 1] + tiny))
            for i in range(len(LEVELS))
        ]
        low, high = ranges[:, 4], ranges[:, 5]
        outside = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
        interval = ((high - low) + 20.0 * outside).sum() / scale
        error = np.abs(np.array(self.mean) - truth).sum() / scale
        by_median = np.abs(np.array(self.median) - truth).sum() / scale
        shares = " ".join(f"{100 * share:5.1f}" for share in held)
        return (
            f"{name:<22} {shares}  {error:6.3f} {by_median:6.3f}  {interval:6.2f} {len(truth):5d}"
        )


HEADER = (
    f"{'held in % of ranges':<22} {'50 %':>5} {'80 %':>5} {'90 %':>5}  {'error':>6} {'median':>6}"
)


def dataset_of(market: Market) -> Dataset:
    frames = market.frames()
    names = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")
    return Dataset.from_frames(**{name: frames[name] for name in names if name in frames})


def markets(count: int, first: int, kinds: Kinds, regions: int) -> Iterator[Market]:
    for seed in range(first, first + count):
        channels, weeks = SIZES[seed % len(SIZES)]
        yield draw_market(seed, channels, weeks, regions, kinds)


def run(options: argparse.Namespace) -> None:
    base = Kinds()
    kinds = Kinds(
        roi=base.roi * options.roi,
        tests=options.tests,
        media_share=tuple(share * options.roi for share in base.media_share),
        response_season=options.response_season,
    )
    scores = {name: Score() for name in ("contribution", "marginal ROI", "  no effect", "  new")}
    total = Score()
    slowest, spent, count = 0.0, 0.0, 0
    worst = []
    for market in markets(options.markets, options.first, kinds, options.regions):
        data = dataset_of(market)
        began = time.process_time()
        model = fit(data, draws=options.draws, seed=options.seed)
        taken = time.process_time() - began
        slowest, spent, count = max(slowest, taken), spent + taken, count + 1
        worst.append(model.diagnostics.r_hat.max())
        grade(market, model, scores, total)
    print(HEADER, f"{'interval':>8} {'n':>4}")
    for name, score in scores.items():
        if score.truth:
            print(score.line(name))
    print(total.line("13-week total"))
    print(
        f"{count} markets; a fit takes {spent / count:.2f} s of CPU, at most {slowest:.2f} s; "
        f"largest R-hat: median {np.median(worst):.3f}, max {max(worst):.3f}"
    )


def grade(market: Market, model: ResponseModel, scores: dict[str, Score], total: Score) -> None:
    data = model.data
    start = str(data.weeks[-52])
    truth = market.truth.contribution(start)
    true = np.array([truth[name] for name in data.line_names])
    scores["contribution"].add(true, model.contribution(start).draws_array)
    marginal = market.truth.marginal_roi(
        dict(zip(data.line_names, model.recent_weekly(), strict=True))
    )
    slope = np.array([marginal[name] for name in data.line_names])
    draws = model.marginal_roi().draws_array
    scores["marginal ROI"].add(slope, draws)
    idle = np.flatnonzero(true == 0)
    scores["  no effect"].add(slope[idle], draws[:, idle])
    launched = (data.by_line(data.spend) > 0).sum(axis=0) < 30
    scores["  new"].add(slope[launched], draws[:, launched])
    path = np.zeros((len(data.horizon), len(data.regions), len(data.media)))
    plan = market.truth.plan
    if plan.shape == path.shape:
        outlook = model.outlook(plan)
        weeks = len(data.horizon)
        drawn = outlook.baseline.sum(axis=2) + outlook.noise.sum(axis=2)
        drawn = drawn + (outlook.carry_in + outlook.caused)[:, :weeks].sum(axis=(2, 3))
        total.add(np.array([market.truth.realised_outcome().sum()]), drawn.sum(axis=1)[:, None])


def public(folder: Path, draws: int) -> None:
    """Weekly contribution against the truth: RMSE over mean, per channel and region."""
    held, cells = 0, 0
    for name in ("small", "growing", "medium"):
        stem = f"mmm_param_recovery_{name}_business"
        wide = pd.read_csv(folder / f"{stem}.csv")
        truth = pd.read_csv(folder / f"{stem}_truth.csv")
        channels = [c for c in wide.columns if c.startswith("x")]
        controls = [c for c in wide.columns if c.startswith("c") and not c.endswith("_effect")]
        spend = wide.melt(["date", "geo"], channels, "channel", "spend")
        spend = spend.rename(columns={"date": "week", "geo": "region"})
        outcomes = wide[["date", "geo", "y"]].rename(
            columns={"date": "week", "geo": "region", "y": "sales"}
        )
        known = wide[["date", "geo", *controls]].rename(columns={"date": "week", "geo": "region"})
        data = Dataset.from_frames(spend, outcomes, controls=known)
        began = time.process_time()
        model = fit(data, draws=draws)
        taken = time.process_time() - began
        effects = model.past_effects()  # (D, W, R, M)
        errors, ok = [], 0
        for m, medium in enumerate(data.media):
            true = np.stack(
                [
                    truth[truth.geo == region][f"contribution_{medium.channel}"].to_numpy()
                    for region in (data.regions if data.regions != ("",) else truth.geo.unique())
                ],
                axis=1,
            )
            guess = effects[..., m].mean(axis=0)
            rmse = np.sqrt(((guess - true) ** 2).mean(axis=0)) / true.mean(axis=0)
            errors.append(rmse.mean())
            low, high = np.quantile(effects[..., m].sum(axis=(1, 2)), [0.05, 0.95])
            ok += low <= true.sum() <= high
        held, cells = held + ok, cells + len(data.media)
        print(
            f"{name:<8} error {np.median(errors):.3f} (by channel "
            f"{' '.join(f'{e:.2f}' for e in errors)}), 90 % range holds {ok} of "
            f"{len(data.media)}, {taken:.2f} s of CPU, R-hat {model.diagnostics.r_hat.max():.3f}"
        )
    print(f"held: {held} of {cells}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markets", type=int, default=50)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--roi", type=float, default=1.0)
    parser.add_argument("--tests", type=int, default=0)
    parser.add_argument("--regions", type=int, default=1)
    parser.add_argument("--response-season", type=float, default=0.0)
    parser.add_argument("--public", type=Path)
    options = parser.parse_args()
    if options.public:
        public(options.public, options.draws)
    else:
        run(options)


if __name__ == "__main__":
    main()
