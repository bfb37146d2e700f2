"""What a plan will bring, week by week, with ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.data.weeks import WEEK
from xlbudget.errors import BadArgument
from xlbudget.planning.plan import Plan
from xlbudget.planning.wording import percent
from xlbudget.response.model import ResponseModel
from xlbudget.tabular import Array, Columns, Tabular, Weeks

FADED = 0.01  # share of all that comes after the horizon which may still be out when it has faded


@dataclass(frozen=True)
class Detail(Tabular):
    """The forecast with its parts: what earlier spend carries in stands apart from the plan's."""

    week: Weeks
    baseline: Array
    incremental: Array
    incremental_low: Array
    incremental_high: Array
    carry_in: Array
    from_plan: Array
    total: Array
    low: Array
    high: Array

    def columns(self) -> Columns:
        """One row a week of the horizon; carry_in + from_plan = incremental."""
        return dict(vars(self))


@dataclass(frozen=True)
class CarryOut(Tabular):
    """What the horizon's spend still brings in the weeks after it.

    faded  first day of the week by which 99 % of it has come; None where nothing comes
    """

    week: Weeks
    outcome: Array
    low: Array
    high: Array
    faded: np.datetime64 | None

    def columns(self) -> Columns:
        """One row a week after the horizon."""
        return {name: vars(self)[name] for name in ("week", "outcome", "low", "high")}


@dataclass(frozen=True)
class Forecast(Tabular):
    """Outcome of each week of the horizon under a plan, in units of the outcome; D draws.

    baseline_draws  (D, H) without advertising
    carry_in_draws  (D, H) from spend before the horizon
    plan_draws      (D, H + TAIL) from the plan's own spend, the weeks after the horizon included
    noise_draws     (D, H) what no plan explains
    """

    week: Weeks
    confidence: float
    baseline_draws: Array
    carry_in_draws: Array
    plan_draws: Array
    noise_draws: Array

    def columns(self) -> Columns:
        """baseline + incremental = total; low and high are the total's, noise included."""
        low, high = self._range(self._weekly_total)
        baseline = self.baseline_draws.mean(axis=0)
        incremental = self.incremental_draws.mean(axis=0)
        return {
            "week": self.week,
            "baseline": baseline,
            "incremental": incremental,
            "total": baseline + incremental,
            "low": low,
            "high": high,
        }

    @property
    def incremental_draws(self) -> Array:
        """(D, H) outcome of each week that advertising brings, earlier spend's part included."""
        return self.carry_in_draws + self.plan_draws[:, : len(self.week)]

    @property
    def total_draws(self) -> Array:
        """(D,) outcome of the whole horizon, noise included."""
        return np.asarray(self._weekly_total.sum(axis=1))

    @property
    def total(self) -> float:
        """Expected outcome of the whole horizon."""
        expected = self.baseline_draws + self.incremental_draws
        return float(expected.sum(axis=1).mean())

    @property
    def total_range(self) -> tuple[float, float]:
        """Low and high of the outcome of the whole horizon."""
        low, high = self._range(self.total_draws[:, None])
        return float(low[0]), float(high[0])

    def detail(self) -> Detail:
        """The same weeks with carry-in, the plan's own part, and the range of the incremental."""
        shown = self.columns()
        low, high = self._range(self.incremental_draws)
        return Detail(
            week=self.week,
            baseline=np.asarray(shown["baseline"]),
            incremental=np.asarray(shown["incremental"]),
            incremental_low=low,
            incremental_high=high,
            carry_in=self.carry_in_draws.mean(axis=0),
            from_plan=self.plan_draws[:, : len(self.week)].mean(axis=0),
            total=np.asarray(shown["total"]),
            low=np.asarray(shown["low"]),
            high=np.asarray(shown["high"]),
        )

    @property
    def carry_out(self) -> CarryOut:
        """What the plan still brings after the horizon, and when it has faded."""
        after = self.plan_draws[:, len(self.week) :]
        outcome = after.mean(axis=0)
        weeks = self.week[-1] + WEEK * np.arange(1, after.shape[1] + 1)
        low, high = self._range(after)
        total = outcome.sum()
        come = np.cumsum(outcome) >= (1.0 - FADED) * total
        return CarryOut(weeks, outcome, low, high, weeks[np.argmax(come)] if total > 0 else None)

    @property
    def carried(self) -> str:
        """What comes in from before the horizon and goes out after it, in words."""
        carry_in, after = float(self.carry_in_draws.mean(axis=0).sum()), self.carry_out
        come = f"{carry_in:,.0f} of the incremental outcome comes from spend before the horizon"
        if after.faded is None:
            return f"{come}; nothing comes after it"
        return (
            f"{come}; {after.outcome.sum():,.0f} more comes after it, "
            f"{percent(1.0 - FADED)} of that by the week of {after.faded}"
        )

    @property
    def _weekly_total(self) -> Array:
        return self.baseline_draws + self.incremental_draws + self.noise_draws

    def _range(self, draws: Array) -> tuple[Array, Array]:
        """Central interval of draws (D, ...) at the confidence."""
        side = (1.0 - self.confidence) / 2.0
        low, high = np.quantile(draws, [side, 1.0 - side], axis=0)
        return low, high


def forecast(model: ResponseModel, plan: Plan, confidence: float | None = None) -> Forecast:
    """What the plan will bring in each week of the horizon; regions are added up.

    The range of the incremental outcome is the uncertainty about effects; the range of the total
    has the weekly noise on top. Confidence: Settings' where it is not given.
    """
    chosen = model.data.settings.confidence if confidence is None else confidence
    if not 0.0 < chosen < 1.0:
        raise BadArgument(f"confidence is {chosen}; it must lie between 0 and 1")
    outlook = model.outlook(plan.spend)
    horizon = model.data.horizon
    return Forecast(
        week=horizon,
        confidence=chosen,
        baseline_draws=outlook.baseline.sum(axis=2),
        carry_in_draws=outlook.carry_in[:, : len(horizon)].sum(axis=(2, 3)),
        plan_draws=outlook.caused.sum(axis=(2, 3)),
        noise_draws=outlook.noise.sum(axis=2),
    )
