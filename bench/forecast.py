"""Forecasts of 13 weeks from rolling origins, beside forecasts that know no advertising.

    python bench/forecast.py --markets 30
    python bench/forecast.py --public FOLDER     # the public sets

From each of the last 4 x 13 weeks' starts the model is fitted on what was known and forecasts the
total of the 13 weeks that followed, under the spend that was then made. Scores:

error      mean of |forecast - outcome| / outcome, over origins; and its median
held       how often the 50, 80 and 90 % range of the total holds the outcome
interval   interval score of the 90 % range over the outcome; lower is better
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from markets import KINDS, PUBLIC, SIZES, dataset_of, public_frames
from origins import Origin, gaps_filled, origins
from peers.forecasts import seasonal_naive, smoothed

from xlbudget.data.dataset import Dataset
from xlbudget.response.fit import fit
from xlbudget.simulator import draw_market

VARIED = ("mixed", "tied", "seasonal", "loud", "calm")
LEVELS = (0.5, 0.8, 0.9)
OURS, NAIVE, SMOOTHED = "xlbudget", "last year again", "exponential smoothing"


@dataclass
class Score:
    """Forecasts of one way over all origins, relative to what came: 0 is exact."""

    errors: list[float] = field(default_factory=list)
    held: list[list[bool]] = field(default_factory=list)
    intervals: list[float] = field(default_factory=list)

    def add(self, came: float, expected: float, totals: np.ndarray | None = None) -> None:
        """One origin: what came, what was expected, and draws of the total where there are any."""
        self.errors.append(abs(expected / came - 1.0))
        if totals is None:
            return
        ends = [np.quantile(totals, [(1 - x) / 2, (1 + x) / 2]) / came for x in LEVELS]
        self.held.append([bool(low <= 1.0 <= high) for low, high in ends])
        low, high = ends[-1]
        outside = max(low - 1.0, 0.0) + max(1.0 - high, 0.0)
        self.intervals.append(high - low + 20.0 * outside)

    @property
    def error(self) -> float:
        return float(np.mean(self.errors))

    def line(self, name: str, ours: Score) -> str:
        held, interval = f"{'':>19}", f"{'':>8}"
        if self.held:
            held = " ".join(f"{100 * share:6.1f}" for share in np.mean(self.held, axis=0))
            interval = f"{np.mean(self.intervals):8.3f}"
        return (
            f"{name:<24} {self.error:7.2%} {np.median(self.errors):7.2%} {held} {interval} "
            f"{ours.error / self.error:11.2f} {len(self.errors):5d}"
        )


HEADER = (
    f"{'':<24} {'error':>7} {'median':>7} {'50 %':>6} {'80 %':>6} {'90 %':>6} {'interval':>8} "
    f"{'ours / this':>11} {'n':>5}"
)
Scores = dict[str, Score]


def new_scores() -> Scores:
    return {name: Score() for name in (OURS, NAIVE, SMOOTHED)}


def show(title: str, scores: Scores) -> None:
    print(f"\n{title}\n{HEADER}")
    for name, score in scores.items():
        print(score.line(name, scores[OURS]))


def grade(data: Dataset, draws: int, scores: list[Scores]) -> None:
    """Forecast one market from its origins."""
    for origin in origins(data):
        known = ~np.isnan(origin.outcome)
        came = float(origin.outcome[known].sum())
        totals = ours(origin, known, draws)
        # weeks that are not known count in no forecast
        weeks = known.mean(axis=1)
        history = pd.Series(gaps_filled(origin.known.outcome), index=origin.known.weeks)
        naive = float((seasonal_naive(history, len(weeks)) * weeks).sum())
        smooth = (smoothed(history, len(weeks)) * weeks).sum(axis=1)
        for score in scores:
            score[OURS].add(came, float(totals.mean()), totals)
            score[NAIVE].add(came, naive)
            score[SMOOTHED].add(came, float(smooth.mean()), smooth)


def ours(origin: Origin, known: np.ndarray, draws: int) -> np.ndarray:
    """(D,) the model's total over the known cells (H, R)."""
    outlook = fit(origin.known, draws=draws, check=False).outlook(origin.spend)
    media = (outlook.carry_in + outlook.caused)[:, : len(known)].sum(axis=3)
    return np.asarray((outlook.baseline + outlook.noise + media)[:, known].sum(axis=1))


def simulated(options: argparse.Namespace) -> Iterator[tuple[str, Dataset]]:
    """Kind and Dataset of each market; kinds and sizes take turns."""
    for seed in range(options.first, options.first + options.markets):
        channels, weeks = SIZES[seed % len(SIZES)]
        kind = VARIED[seed % len(VARIED)]
        market = draw_market(seed, channels, weeks, options.regions, KINDS[kind])
        yield kind, dataset_of(market.frames())


def public(folder: Path) -> Iterator[tuple[str, Dataset]]:
    for name in PUBLIC:
        yield name, dataset_of(public_frames(folder, name))


def run(options: argparse.Namespace) -> None:
    together, by_kind = new_scores(), dict[str, Scores]()
    drawn = public(options.public) if options.public else simulated(options)
    for number, (kind, data) in enumerate(drawn, 1):
        grade(data, options.draws, [together, by_kind.setdefault(kind, new_scores())])
        print(f"market {number} done", file=sys.stderr, flush=True)
    for kind, scores in by_kind.items():
        show(kind, scores)
    show("all together", together)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--markets", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="seed of the first market")
    parser.add_argument("--regions", type=int, default=1)
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--public", type=Path, help="folder with the public sets")
    run(parser.parse_args())


if __name__ == "__main__":
    main()
