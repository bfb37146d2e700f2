"""How estimates with ranges are graded against the truth."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

LEVELS = (0.5, 0.8, 0.9)


@dataclass
class Score:
    """Truths, estimates and ranges of one figure, gathered over markets."""

    truth: list[float] = field(default_factory=list)
    mean: list[float] = field(default_factory=list)
    median: list[float] = field(default_factory=list)
    ranges: list[list[float]] = field(default_factory=list)

    def add(self, truth: np.ndarray, draws: np.ndarray) -> None:
        """Truths (N,) and draws (D, N) of them."""
        if not truth.size:
            return
        self.truth.extend(truth)
        self.mean.extend(draws.mean(axis=0))
        self.median.extend(np.median(draws, axis=0))
        tails = [q for level in LEVELS for q in ((1 - level) / 2, (1 + level) / 2)]
        self.ranges.extend(np.quantile(draws, tails, axis=0).T.tolist())

    def line(self, name: str) -> str:
        truth, ranges = np.array(self.truth), np.array(self.ranges)
        scale = np.abs(truth).sum()
        tiny = 1e-9 * scale
        held = [
            np.mean((ranges[:, 2 * i] <= truth + tiny) & (truth <= ranges[:, 2 * i + 1] + tiny))
            for i in range(len(LEVELS))
        ]
        shares = " ".join(f"{100 * share:5.1f}" for share in held)
        figures = f"{'':>6} {'':>6}  {'':>8}"
        if scale > 0:  # nothing can be relative to lines without effect
            low, high = ranges[:, 4], ranges[:, 5]
            outside = np.maximum(low - truth, 0.0) + np.maximum(truth - high, 0.0)
            interval = ((high - low) + 20.0 * outside).sum() / scale
            error = np.abs(np.array(self.mean) - truth).sum() / scale
            by_median = np.abs(np.array(self.median) - truth).sum() / scale
            figures = f"{error:6.3f} {by_median:6.3f}  {interval:8.2f}"
        return f"{name:<26} {shares}  {figures} {len(truth):5d}"


HEADER = (
    f"{'held in % of ranges':<26} {'50 %':>5} {'80 %':>5} {'90 %':>5}  {'error':>6} {'median':>6}  "
    f"{'interval':>8} {'n':>5}"
)
