"""What a simulated market knows about itself: effects, returns and the best plan.

The words mean what they mean everywhere (docs, glossary): the incremental outcome of a line, the
value of a plan, average and marginal ROI. The model never sees any of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xlbudget.simulator.best import best_split
from xlbudget.simulator.forms import FORMS, TAIL, carry_over
from xlbudget.tabular import Array, Weeks

RECENT = 13  # weeks that say how a line's money is spread over its regions and campaign types


@dataclass(frozen=True)
class Response:
    """The true effects of M media in R regions.

    forms     M names of saturation forms, each with its shape in `shapes`
    kernels   (M, TAIL + 1) carry-over, each adding up to 1
    scale     (R, M) weekly money at which a form has reached 1/2
    strength  (R, M) outcome a week per unit of the form; 0: no effect
    """

    forms: tuple[str, ...]
    shapes: tuple[float, ...]
    kernels: Array
    scale: Array
    strength: Array

    def outcome(self, path: Array) -> Array:
        """Outcome (T, R, M) that a path of spend (T, R, M) brings in each of its weeks."""
        return self.at(carry_over(path, self.kernels))

    def at(self, level: Array) -> Array:
        """Outcome (..., R, M) a week at a level of carried-over spend (..., R, M)."""
        x = level / self.scale
        out = np.empty_like(x)
        for medium, (name, shape) in enumerate(zip(self.forms, self.shapes, strict=True)):
            out[..., medium] = FORMS[name].value(x[..., medium], shape)
        return out * self.strength

    def slope(self, path: Array, direction: Array) -> Array:
        """Derivative (T, R, M) of `outcome` along a direction of spend (T, R, M)."""
        x = carry_over(path, self.kernels) / self.scale
        out = np.empty_like(x)
        for medium, (name, shape) in enumerate(zip(self.forms, self.shapes, strict=True)):
            out[..., medium] = FORMS[name].slope(x[..., medium], shape)
        return out * self.strength * carry_over(direction, self.kernels) / self.scale


@dataclass(frozen=True)
class LedgerDifference:
    """A place where finance booked something else than marketing recorded."""

    month: str  # 2025-03
    channel: str
    marketing: float
    finance: float


@dataclass(frozen=True)
class Truth:
    """A market from the inside: W weeks, H horizon weeks, R regions, M media.

    lines      names of the L lines, and `line_of` (R, M) the line of each region x medium
    spend      (W, R, M) money a week; plan (H, R, M) the current plan
    season     (W + H + TAIL,) multiplier of every effect
    drift      (W + H + TAIL, M) multiplier of each medium's; None where effects stay as they are
    baseline   (W + H, R) outcome a week without advertising, without noise
    noise      (W + H, R) what nobody can know
    """

    weeks: Weeks
    horizon: Weeks
    lines: tuple[str, ...]
    line_of: np.ndarray[tuple[int, ...], np.dtype[np.intp]]
    spend: Array
    plan: Array
    response: Response
    season: Array
    baseline: Array
    noise: Array
    money_per_outcome: float = 1.0
    ledger_differences: tuple[LedgerDifference, ...] = ()
    drift: Array | None = None

    @property
    def swing(self) -> Array:
        """(W + H + TAIL, 1, M or 1) multiplier of effects: season and drift."""
        season = self.season[:, None, None]
        return season if self.drift is None else np.asarray(season * self.drift[:, None])

    def weekly_contribution(self) -> Array:
        """(W, L) incremental outcome of each line in each week of the past."""
        return self._by_line(self.response.outcome(self.spend) * self.swing[: len(self.weeks)])

    def contribution(self, start: str | None = None, end: str | None = None) -> dict[str, float]:
        """Incremental outcome of each line over the weeks that begin in start..end inclusive."""
        first = self.weeks[0] if start is None else np.datetime64(start)
        last = self.weeks[-1] if end is None else np.datetime64(end)
        inside = (self.weeks >= first) & (self.weeks <= last)
        return self._named(self.weekly_contribution()[inside].sum(axis=0))

    def current(self) -> dict[str, float]:
        """Money of each line over the horizon under the current plan."""
        return self._named(self._by_line(self.plan).sum(axis=0))

    def value(self, totals: Mapping[str, float] | None = None) -> dict[str, float]:
        """Value of a plan per line in units of the outcome; lines left out keep their money."""
        return self._named(self._by_line(self._caused(self._path(totals))).sum(axis=0))

    def expected_outcome(self, totals: Mapping[str, float] | None = None) -> Array:
        """(H,) total outcome of each horizon week under a plan, without noise."""
        path = np.concatenate([self.spend, self._path(totals)])
        media = (self.response.outcome(path) * self.swing[: len(path)]).sum(axis=2)
        return np.asarray((self.baseline + media)[len(self.weeks) :].sum(axis=1))

    def realised_outcome(self, totals: Mapping[str, float] | None = None) -> Array:
        """(H,) total outcome of each horizon week as it would come out, noise included."""
        noise = self.noise[len(self.weeks) :].sum(axis=1)
        return np.asarray(self.expected_outcome(totals) + noise)

    def roi(self, weekly_spend: Mapping[str, float] | None = None) -> dict[str, float]:
        """Average ROI of each line at a steady weekly spend over the horizon (money per money)."""
        path = self._steady(weekly_spend)
        value = self._by_line(self._caused(path)).sum(axis=0)
        money = self._by_line(path).sum(axis=0)
        return self._named(self.money_per_outcome * value / np.where(money > 0, money, np.nan))

    def marginal_roi(self, weekly_spend: Mapping[str, float] | None = None) -> dict[str, float]:
        """Marginal ROI of each line at a steady weekly spend; None: the last 13 weeks' mean."""
        unit = self._steady({line: 1.0 / len(self.horizon) for line in self.lines})
        path = self._framed(self._steady(weekly_spend), self.spend)
        slope = self._ahead(self.response.slope(path, self._framed(unit, 0.0 * self.spend)))
        return self._named(self.money_per_outcome * self._by_line(slope).sum(axis=0))

    def best_between(
        self, least: float, most: float, budget: float | None = None, steps: int = 2000
    ) -> dict[str, float]:
        """The best totals between `least` and `most` times the current ones (dynamic program)."""
        current = np.array(list(self.current().values()))
        total = float(current.sum()) if budget is None else budget
        low, high = least * current, most * current
        step = (total - float(low.sum())) / steps
        if step <= 0 or total > float(high.sum()):
            raise ValueError(f"no split of {total:,.0f} lies within these bounds")
        counts = np.floor((high - low) / step + 1e-9).astype(int)
        curves = [
            self._curve(line, low[line] + step * np.arange(min(counts[line], steps) + 1))
            for line in range(len(self.lines))
        ]
        return self._named(low + step * best_split(curves, steps))

    # the one function behind every figure

    def _caused(self, path: Array) -> Array:
        """(H + TAIL, R, M) outcome that the horizon's spend (H, R, M) causes until it faded."""
        with_plan = self.response.outcome(self._framed(path, self.spend))
        without = self.response.outcome(self._framed(0.0 * path, self.spend))
        return self._ahead(with_plan - without)

    def _framed(self, path: Array, past: Array) -> Array:
        """A path (H, R, M) with what still works from the past before it and rest after it."""
        return np.concatenate([past[-TAIL:], path, np.zeros((TAIL, *path.shape[1:]))])

    def _ahead(self, framed: Array) -> Array:
        """(H + TAIL, R, M) the weeks from the horizon's first on, as effects then are."""
        weeks = len(self.horizon) + TAIL
        return framed[..., -weeks:, :, :] * self.swing[-weeks:]

    def _curve(self, line: int, totals: Array) -> Array:
        """(K,) value of one line at each of these totals (K,)."""
        plan = self.plan * (self.line_of == line)
        if plan.sum() <= 0:
            return np.zeros(len(totals))
        kernels = self.response.kernels
        past = carry_over(self._framed(0.0 * plan, self.spend), kernels)
        unit = carry_over(self._framed(plan / plan.sum(), 0.0 * self.spend), kernels)
        level = past + totals[:, None, None, None] * unit
        caused = self._ahead(self.response.at(level) - self.response.at(past))
        return np.asarray(caused.sum(axis=(1, 2, 3)))

    def _path(self, totals: Mapping[str, float] | None) -> Array:
        """The current plan (H, R, M) scaled to these totals."""
        wanted = self._filled(totals, self.current())
        money = self._by_line(self.plan).sum(axis=0)
        factor = np.divide(wanted, money, out=np.zeros_like(money), where=money > 0)
        return self.plan * self._of_cells(factor)

    def _steady(self, weekly_spend: Mapping[str, float] | None) -> Array:
        """(H, R, M) a steady weekly spend, over a line's cells as in the last 13 weeks."""
        recent = self.spend[-RECENT:].mean(axis=0)
        ever = self.spend.mean(axis=0)
        quiet = self._of_cells(self._by_line(recent[None])[0]) <= 0
        mix = np.where(quiet, ever, recent)
        money = self._by_line(mix[None])[0]
        mean = self._by_line(recent[None])[0]
        wanted = self._filled(weekly_spend, self._named(mean))
        factor = np.divide(wanted, money, out=np.zeros_like(money), where=money > 0)
        return np.repeat((mix * self._of_cells(factor))[None], len(self.horizon), axis=0)

    def _filled(self, given: Mapping[str, float] | None, default: Mapping[str, float]) -> Array:
        strange = sorted(set(given or ()) - set(self.lines))
        if strange:
            raise KeyError(f"no line named {', '.join(strange)}")
        return np.array([(given or {}).get(line, default[line]) for line in self.lines])

    def _of_cells(self, by_line: Array) -> Array:
        return np.where(self.line_of >= 0, by_line[np.maximum(self.line_of, 0)], 0.0)

    def _by_line(self, values: Array) -> Array:
        """Add up (T, R, M) to (T, L)."""
        members = self.line_of[None] == np.arange(len(self.lines))[:, None, None]
        return np.asarray(np.einsum("trm,lrm->tl", values, members.astype(float)))

    def _named(self, by_line: Array) -> dict[str, float]:
        return {name: float(value) for name, value in zip(self.lines, by_line, strict=True)}
