"""Contribution, marginal ROI and response curves: what people read off the model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.response.incremental import ValueCurves
from xlbudget.tabular import Array, Columns, Tabular


@dataclass(frozen=True)
class Contribution(Tabular):
    """What each line's spend caused from `start` to `end`, in units of the outcome.

    draws_array  (D, L) incremental outcome; baseline_draws (D,) what came without media
    share        of the modelled outcome of those weeks; roi is money per money
    """

    start: np.datetime64
    end: np.datetime64
    line: tuple[str, ...]
    spend: Array
    contribution: Array
    low: Array
    high: Array
    share: Array
    roi: Array
    baseline: float
    draws_array: Array
    baseline_draws: Array

    def columns(self) -> Columns:
        """As the CONTRIBUTION formula shows them."""
        return {
            "line": self.line,
            "spend": self.spend,
            "contribution": self.contribution,
            "low": self.low,
            "high": self.high,
            "share": self.share,
            "roi": self.roi,
        }


@dataclass(frozen=True)
class MarginalRoi(Tabular):
    """What the next unit of money brings back at a weekly spend, money per money.

    low and high are those of marginal_roi. prob_pays_back: the next unit brings back more than
    itself. saturation: the share of the best marginal return that is used up, 0 to 1. observed:
    the line once spent this much in a week.
    """

    line: tuple[str, ...]
    spend: Array
    roi: Array
    marginal_roi: Array
    low: Array
    high: Array
    prob_pays_back: Array
    saturation: Array
    observed: NDArray[np.bool_]
    draws_array: Array

    def columns(self) -> Columns:
        """As the MARGINAL_ROI formula shows them."""
        return {
            "line": self.line,
            "spend": self.spend,
            "roi": self.roi,
            "marginal_roi": self.marginal_roi,
            "low": self.low,
            "high": self.high,
            "prob_pays_back": self.prob_pays_back,
            "saturation": self.saturation,
            "observed": self.observed,
        }


@dataclass(frozen=True)
class Curve(Tabular):
    """Outcome a week of a steady weekly spend over the horizon, carry-out included."""

    line: str
    spend: Array
    response: Array
    low: Array
    high: Array
    marginal_roi: Array
    observed: NDArray[np.bool_]

    def columns(self) -> Columns:
        """As the CURVE formula shows them."""
        return {
            "spend": self.spend,
            "response": self.response,
            "low": self.low,
            "high": self.high,
            "marginal_roi": self.marginal_roi,
            "observed": self.observed,
        }


def interval(draws: Array, confidence: float) -> tuple[Array, Array]:
    """Low and high of the central interval over the draws, which stand first."""
    ordered, tail = np.sort(draws, axis=0), (1.0 - confidence) / 2.0  # quicker than np.quantile
    low, high = (_at(ordered, share * (len(draws) - 1)) for share in (tail, 1.0 - tail))
    return low, high


def _at(ordered: Array, place: float) -> Array:
    """Between two of the ordered draws, which stand first."""
    below = min(int(place), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    return np.asarray(ordered[below] + (place - below) * (ordered[above] - ordered[below]))


def contribution_of(
    data: Dataset,
    dates: tuple[np.datetime64, np.datetime64],
    within: NDArray[np.bool_],
    caused: Array,
    baseline: Array,
    confidence: float,
) -> Contribution:
    """The table of the weeks `within` (W,), from draws caused (D, L) and baseline (D,)."""
    spend = data.by_line(data.spend[within].sum(axis=0))
    mean = caused.mean(axis=0)
    low, high = interval(caused, confidence)
    total = float(baseline.mean() + mean.sum())
    money = mean * data.settings.money_per_outcome
    return Contribution(
        start=dates[0],
        end=dates[1],
        line=data.line_names,
        spend=spend,
        contribution=mean,
        low=low,
        high=high,
        share=mean / total if total else np.zeros_like(mean),
        roi=np.divide(money, spend, out=np.zeros_like(money), where=spend > 0),
        baseline=float(baseline.mean()),
        draws_array=caused,
        baseline_draws=baseline,
    )


def marginal_roi_of(
    data: Dataset,
    weekly: Array,
    curves: ValueCurves,
    saturation: Array,
    observed: Array,
    confidence: float,
) -> MarginalRoi:
    """The table at the one grid point per line that `curves` holds; weekly, observed (L,).

    Where nothing is spent, the average ROI is that of the first unit of money.
    """
    worth = data.settings.money_per_outcome
    slope = curves.slope[:, :, 0] * worth
    value = curves.value[:, :, 0].mean(axis=0) * worth
    spend = curves.spend[:, 0]
    mean = slope.mean(axis=0)
    low, high = interval(slope, confidence)
    return MarginalRoi(
        line=data.line_names,
        spend=weekly,
        roi=np.divide(value, spend, out=mean.copy(), where=spend > 0),
        marginal_roi=mean,
        low=low,
        high=high,
        prob_pays_back=(slope >= 1.0).mean(axis=0),
        saturation=saturation,
        observed=weekly <= observed * (1.0 + 1e-9),
        draws_array=slope,
    )


def curve_of(
    data: Dataset,
    line: int,
    weekly: Array,
    curves: ValueCurves,
    observed: float,
    confidence: float,
) -> Curve:
    """The curve of one line from `curves`, which hold it alone; weekly (K,)."""
    response = curves.value[:, 0] / len(data.horizon)
    low, high = interval(response, confidence)
    return Curve(
        line=data.line_names[line],
        spend=weekly,
        response=response.mean(axis=0),
        low=low,
        high=high,
        marginal_roi=curves.slope[:, 0].mean(axis=0) * data.settings.money_per_outcome,
        observed=weekly <= observed * (1.0 + 1e-9),
    )
