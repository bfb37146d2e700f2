"""The fitted model: one posterior, and every figure read from its draws."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from numbers import Real

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.data.names import place_of
from xlbudget.errors import BadArgument
from xlbudget.response.adstock import TAIL
from xlbudget.response.background import Background
from xlbudget.response.baseline import baseline_of
from xlbudget.response.diagnostics import Diagnostics
from xlbudget.response.effects import Effects
from xlbudget.response.incremental import (
    ValueCurves,
    ahead,
    ahead_weekly,
    mean_value_curves,
    used_share,
    value_curves,
)
from xlbudget.response.past import past, past_mean, past_total
from xlbudget.response.prior_table import PriorTable
from xlbudget.response.returns import (
    Contribution,
    Curve,
    MarginalRoi,
    contribution_of,
    curve_of,
    marginal_roi_of,
)
from xlbudget.tabular import Array

RECENT = 13  # weeks whose mean stands for today's spend


@dataclass(frozen=True)
class Outlook:
    """What the horizon brings under a plan, in outcome units; draws stand first.

    baseline  (D, H, R) without any media; noise (D, H, R) what no plan explains
    carry_in  (D, H + TAIL, R, M) from spend before the horizon
    caused    (D, H + TAIL, R, M) by the plan, its weeks after the horizon included
    """

    baseline: Array
    noise: Array
    carry_in: Array
    caused: Array


@dataclass(frozen=True)
class ResponseModel:
    """A posterior of `draws` draws on one Dataset; `key` names data, draws, seed and version."""

    data: Dataset
    draws: int
    seed: int
    key: str
    effects: Effects
    background: Background
    diagnostics: Diagnostics
    priors: PriorTable

    def priors_table(self) -> PriorTable:
        """What was believed of each line beforehand, and what is believed now."""
        return self.priors

    def contribution(
        self,
        start: np.datetime64 | str | None = None,
        end: np.datetime64 | str | None = None,
        confidence: float | None = None,
    ) -> Contribution:
        """What each line caused in the weeks that begin from start to end; default: all weeks."""
        weeks = self.data.weeks
        first = weeks[0] if start is None else _day("start", start)
        last = weeks[-1] if end is None else _day("end", end)
        within = (weeks >= first) & (weeks <= last)
        if not within.any():
            raise BadArgument(
                f"no week begins from {first} to {last}; the data hold {weeks[0]} to {weeks[-1]}"
            )
        cells = np.broadcast_to(within[:, None, None], self.data.spend.shape)
        caused = self.data.by_line(past_total(self.effects, self.data.spend, cells))
        baseline = self.background.total(self._bases, within)
        return contribution_of(
            self.data, (first, last), within, caused, baseline, self._confidence(confidence)
        )

    def marginal_roi(
        self, spend: Mapping[str, float] | None = None, confidence: float | None = None
    ) -> MarginalRoi:
        """What the next unit of money returns at a WEEKLY spend per line.

        Lines that `spend` does not name, and all where it is None: mean of the last 13 weeks.
        """
        weekly = self.recent_weekly()
        if spend is not None and not isinstance(spend, Mapping):
            raise BadArgument(f"spend is {spend!r}; give {{line: weekly spend}}")
        for line, money in (spend or {}).items():
            if not isinstance(money, Real) or not 0 <= money < np.inf:
                raise BadArgument(f"spend of {line} is {money}; it must be 0 or more")
            weekly[self.line_index(line)] = money
        horizon = float(len(self.data.horizon))
        curves = self.value_curves(self.steady_path(weekly), (weekly * horizon)[:, None])
        return marginal_roi_of(
            self.data, weekly, curves, self._saturation(weekly), self.observed_weekly(),
            self._confidence(confidence),
        )  # fmt: skip

    def curve(self, line: str, points: int = 50, confidence: float | None = None) -> Curve:
        """Outcome a week of a steady weekly spend, from 0 to beyond what was observed."""
        if not 2 <= points < np.inf or points != int(points):
            raise BadArgument(f"points is {points}; it must be a whole number, 2 or more")
        index, seen = self.line_index(line), self.observed_weekly()
        top = 1.5 * max(seen[index], self.recent_weekly()[index]) or 1.5 * max(seen.max(), 1.0)
        weekly = np.linspace(0.0, top, int(points))
        horizon = float(len(self.data.horizon))
        only = np.where(self.data.line_of == index, 0, -1)
        path = self.steady_path(np.ones(len(seen)))
        grid = (weekly * horizon)[None]
        path = path / horizon
        curves = value_curves(self.effects, self.before(), path, only, grid, bounds=False)
        return curve_of(self.data, index, weekly, curves, seen[index], self._confidence(confidence))

    def outlook(self, path: Array, response: Array | None = None) -> Outlook:
        """Baseline, noise, carry-in and effect of a plan; path (H, R, M) money a week.

        response (H + TAIL, R, M) multiplies what media bring in each week; None: as fitted.
        """
        carry_in, caused = ahead(self.effects, self.before(), path, response)
        return Outlook(*self._without_media(), carry_in, caused)

    def total_outlook(self, path: Array) -> Outlook:
        """The same as fitted, regions and media added up: (D, H) and (D, H + TAIL)."""
        return Outlook(*self._total_without_media, *ahead_weekly(self.effects, self.before(), path))

    @cached_property
    def _total_without_media(self) -> tuple[Array, Array]:
        """Kept, since no plan changes it."""
        baseline, noise = self._without_media()
        return baseline.sum(axis=2), noise.sum(axis=2)

    def _without_media(self) -> tuple[Array, Array]:
        """Baseline and noise of the horizon, both (D, H, R)."""
        weeks = len(self.data.weeks)
        baseline = self.background.outcome([basis[weeks:] for basis in self._bases])
        rng = np.random.default_rng([self.seed, len(self.data.horizon)])
        own, shared = (rng.standard_normal(shape) for shape in (baseline.shape, baseline.shape[:2]))
        together = self.background.together
        noise = np.sqrt(1.0 - together) * own + np.sqrt(together) * shared[:, :, None]
        return baseline, noise * self.background.noise[:, None, :]

    def value_curves(self, path: Array, spend: Array, response: Array | None = None) -> ValueCurves:
        """Value of each line on its grid of horizon money.

        path (H, R, M): how each line's money is spread over weeks, regions and media; it is
        scaled to every total of spend (L, K). A line whose path is 0 is spread as it recently
        was. response as in `outlook`.
        """
        return value_curves(
            self.effects, self.before(), self._share(path), self.data.line_of, spend, response
        )

    def mean_value_curves(
        self, path: Array, spend: Array, response: Array | None = None
    ) -> ValueCurves:
        """The mean of `value_curves` over the draws, D = 1: for thousands of lines."""
        return mean_value_curves(
            self.effects, self.before(), self._share(path), self.data.line_of, spend, response
        )

    @property
    def season_response(self) -> Array:
        """(W + H + TAIL,) how effects are expected to swing over the year; ones if surely not."""
        return self.effects.expected_season

    def observed_weekly(self) -> Array:
        """(L,) largest weekly spend that each line ever had."""
        return np.asarray(self.data.by_line(self.data.spend).max(axis=0, initial=0.0))

    def recent_weekly(self) -> Array:
        """(L,) mean weekly spend of the last 13 weeks."""
        return np.asarray(self.data.by_line(self.data.spend[-RECENT:]).mean(axis=0))

    def baseline(self) -> Array:
        """(D, W + H, R) outcome without media, the past and then the horizon."""
        return self.background.outcome(self._bases)

    @cached_property
    def _bases(self) -> tuple[Array, ...]:
        """Per region the columns of its baseline (W + H, p): the calendar is looked up once."""
        regions = range(len(self.data.regions))
        return tuple(baseline_of(self.data, region).basis for region in regions)

    def before(self) -> Array:
        """(TAIL, R, M) spend in the weeks before the horizon.

        Weeks between the last one known and the horizon count as the mean of the last 13.
        """
        weeks = len(self.data.weeks)
        start = int((self.data.horizon[0] - self.data.weeks[0]) / WEEK)
        spend = self.data.spend[:start]
        gap = max(start - weeks, 0)
        usual = np.repeat(self.data.spend[-RECENT:].mean(axis=0, keepdims=True), gap, axis=0)
        quiet = np.zeros((TAIL, *spend.shape[1:]))
        return np.concatenate([quiet, spend, usual])[-TAIL:]

    def steady_path(self, weekly: Array) -> Array:
        """(H, R, M) the same money each week, split within a line as it recently was.

        weekly (L,). Recent: the last 13 weeks; else all weeks; else even.
        """
        line_of, lines = self.data.line_of, len(self.data.lines)
        split = np.zeros(line_of.shape)
        recent, ever = self.data.spend[-RECENT:].sum(axis=0), self.data.spend.sum(axis=0)
        for line in range(lines):
            cells = line_of == line
            for pattern in (recent, ever, np.ones(line_of.shape)):
                total = pattern[cells].sum()
                if total > 0:
                    split[cells] = weekly[line] * pattern[cells] / total
                    break
        return np.repeat(split[None], len(self.data.horizon), axis=0)

    def line_index(self, line: str) -> int:
        """Position of a line by name, capitals aside."""
        return place_of(line, self.data.line_names, "line")

    def past_effects(self) -> Array:
        """(D, W, R, M) outcome a week that spend so far caused."""
        return past(self.effects, self.data.spend)

    def past_effects_mean(self) -> Array:
        """(W, R, M) the same, its mean over the draws."""
        return past_mean(self.effects, self.data.spend)

    def _saturation(self, weekly: Array) -> Array:
        """(L,) mean share of the best marginal return that is used up at a steady spend."""
        path = self.steady_path(weekly)[0]
        out, weight = np.zeros(len(weekly)), np.zeros(len(weekly))
        for region, medium in np.argwhere(self.data.line_of >= 0).tolist():
            line, spend = self.data.line_of[region, medium], float(path[region, medium])
            money = max(spend, 1e-300)
            out[line] += money * used_share(self.effects, region, medium, spend).mean()
            weight[line] += money
        return out / np.where(weight > 0, weight, 1.0)

    def _share(self, path: Array) -> Array:
        """(H, R, M) how one unit of each line's money is spread; recent weeks where path is 0."""
        path = np.where(self._silent(path), self.steady_path(np.ones(len(self.data.lines))), path)
        total = self.data.by_line(path.sum(axis=0))
        return np.asarray(path / np.where(total > 0, total, 1.0)[self.data.line_of])

    def _silent(self, path: Array) -> Array:
        """(R, M) of True where the whole line's path is 0."""
        total = self.data.by_line(path.sum(axis=0))
        return np.asarray((total <= 0)[self.data.line_of] & (self.data.line_of >= 0))

    def _confidence(self, confidence: float | None) -> float:
        chosen = self.data.settings.confidence if confidence is None else confidence
        if not 0.0 < chosen < 1.0:
            raise BadArgument(f"confidence is {chosen}; it must lie between 0 and 1")
        return chosen


def _day(name: str, value: object) -> np.datetime64:
    try:
        return np.datetime64(str(value)[:10], "D")
    except ValueError:
        raise BadArgument(f"{name} is {value!r}; give a date such as 2025-01-06") from None
