"""What each lift test changed: the tested line before it and after, and whether history agrees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.response.wording import rough
from xlbudget.tabular import Array, Columns, Tabular

CONFLICT = 0.01  # chance below which a difference between test and history is no chance
AGREES, DIFFERS = "agrees", "conflict"


@dataclass(frozen=True)
class LiftEffects(Tabular):
    """N tests; ranges at Settings' confidence.

    measured, standard_error           of the test, outcome units
    history, history_low, history_high what a fit that knows no test says of the same quantity
    model, model_low, model_high       what the fit with all tests says of it
    roi_before, roi_after and their low and high
                                       of the tested channel over all weeks, money per money
    chance                             how often a sound test would differ from history as much
    """

    test: tuple[str, ...]
    channel: tuple[str, ...]
    measured: Array
    standard_error: Array
    history: Array
    history_low: Array
    history_high: Array
    model: Array
    model_low: Array
    model_high: Array
    roi_before: Array
    roi_before_low: Array
    roi_before_high: Array
    roi_after: Array
    roi_after_low: Array
    roi_after_high: Array
    chance: Array

    def columns(self) -> Columns:
        """test, channel, measured, standard_error, history, roi_before, roi_after (each of the
        three with its low and high), verdict: whether test and history agree.
        """
        told = {k: v for k, v in vars(self).items() if not k.startswith(("model", "chance"))}
        return {**told, "verdict": [DIFFERS if bad else AGREES for bad in self.conflict]}

    @property
    def conflict(self) -> NDArray[np.bool_]:
        """(N,) whether test and history contradict each other."""
        return np.asarray(self.chance < CONFLICT)

    @property
    def changes(self) -> tuple[str, ...]:
        """What each test changed that agrees with history."""
        return tuple(self._change(n) for n in np.flatnonzero(~self.conflict))

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Each test that contradicts history, and where to look."""
        return tuple(self._conflict(n) for n in np.flatnonzero(self.conflict))

    def _change(self, n: np.intp) -> str:
        before = _range(self.roi_before[n], self.roi_before_low[n], self.roi_before_high[n])
        after = _range(self.roi_after[n], self.roi_after_low[n], self.roi_after_high[n])
        return (
            f"Test {self.test[n]} moved the ROI of {self.channel[n]} from {before} to {after}; "
            "what it measured and what history says agree."
        )

    def _conflict(self, n: np.intp) -> str:
        low, high = rough(self.history_low[n]), rough(self.history_high[n])
        return (
            f"Test {self.test[n]} measured {rough(self.measured[n])} (standard error "
            f"{rough(self.standard_error[n])}), history alone says {rough(self.history[n])} "
            f"({low} to {high}): they contradict each other. Check the test's dates, region and "
            f"spend, and what else moved with {self.channel[n]}."
        )


def _range(mean: float, low: float, high: float) -> str:
    return f"{mean:.2g} ({low:.2g} to {high:.2g})"
