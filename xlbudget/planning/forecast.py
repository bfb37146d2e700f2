"""What a plan will bring, week by week, with ranges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.data.weeks import WEEK
from xlbudget.errors import BadArgument
from xlbudget.planning.plan import Plan
from xlbudget.planning.wording import percent
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import interval
from xlbudget.tabular import Array, Columns, Tabular, Weeks

_CROSSING = (
    ("Spend before the horizon still brings", "in it"),
    ("The plan's spend brings", "more after the end of the horizon"),
)
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
class Carried(Tabular):
    """What crosses the ends of the horizon: a row for what comes in and one for what goes out.

    outcome, low, high  (2,) in units of the outcome: of earlier spend within the horizon, and of
                        the plan's spend after it
    faded               (2,) first day of the week by which 99 % has come; NaT where nothing comes
    words               (2,) the row as a sentence
    """

    part: tuple[str, str]
    outcome: Array
    low: Array
    high: Array
    faded: Weeks
    words: tuple[str, str]

    def columns(self) -> Columns:
        """part, outcome, low, high, faded, words."""
        return dict(vars(self))

    @property
    def sentence(self) -> str:
        """Both rows."""
        return " ".join(self.words)


@dataclass(frozen=True)
class Forecast(Tabular):
    """Outcome of each week of the horizon under a plan, in units of the outcome; D draws.

    baseline_draws  (D, H) without advertising
    carry_in_draws  (D, H + TAIL) from spend before the horizon
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
        within = slice(len(self.week))
        return self.carry_in_draws[:, within] + self.plan_draws[:, within]

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
            carry_in=self.carry_in_draws[:, : len(self.week)].mean(axis=0),
            from_plan=self.plan_draws[:, : len(self.week)].mean(axis=0),
            total=np.asarray(shown["total"]),
            low=np.asarray(shown["low"]),
            high=np.asarray(shown["high"]),
        )

    @property
    def carry_out(self) -> CarryOut:
        """What the plan still brings after the horizon, and when it has faded."""
        after = self.plan_draws[:, len(self.week) :]
        weeks = self.week[-1] + WEEK * np.arange(1, after.shape[1] + 1)
        low, high = self._range(after)
        faded = _faded(after, weeks)
        return CarryOut(weeks, after.mean(axis=0), low, high, None if np.isnat(faded) else faded)

    @property
    def carried(self) -> Carried:
        """What comes in from before the horizon and goes out after it, and when it has faded."""
        weeks = self.week[0] + WEEK * np.arange(self.carry_in_draws.shape[1])
        horizon = len(self.week)
        crossing = (self.carry_in_draws[:, :horizon], self.plan_draws[:, horizon:])
        totals = np.stack([each.sum(axis=1) for each in crossing], axis=1)  # (D, 2)
        outcome, (low, high) = totals.mean(axis=0), self._range(totals)
        faded = np.array(
            [_faded(self.carry_in_draws, weeks), _faded(crossing[1], weeks[horizon:])],
            dtype=weeks.dtype,
        )
        words = tuple(
            f"{said} {mean:,.0f} ({least:,.0f} to {most:,.0f}) {where}; all but {percent(FADED)} "
            f"of that has come by the week of {week}."
            if mean > 0
            else f"{said} nothing {where}."
            for (said, where), mean, least, most, week in zip(
                _CROSSING, outcome, low, high, faded, strict=True
            )
        )
        return Carried(("carry-in", "carry-out"), outcome, low, high, faded, (words[0], words[1]))

    @property
    def _weekly_total(self) -> Array:
        return self.baseline_draws + self.incremental_draws + self.noise_draws

    def _range(self, draws: Array) -> tuple[Array, Array]:
        """Central interval of draws (D, ...) at the confidence."""
        return interval(draws, self.confidence)


def forecast(model: ResponseModel, plan: Plan, confidence: float | None = None) -> Forecast:
    """What the plan will bring in each week of the horizon; regions are added up.

    The range of the incremental outcome is the uncertainty about effects; the range of the total
    has the weekly noise on top. Confidence: Settings' where it is not given.
    """
    chosen = model.data.settings.confidence if confidence is None else confidence
    if not 0.0 < chosen < 1.0:
        raise BadArgument(f"confidence is {chosen}; it must lie between 0 and 1")
    outlook = model.total_outlook(plan.spend)
    horizon = model.data.horizon
    return Forecast(
        week=horizon,
        confidence=chosen,
        baseline_draws=outlook.baseline,
        carry_in_draws=outlook.carry_in,
        plan_draws=outlook.caused,
        noise_draws=outlook.noise,
    )


def _faded(draws: Array, weeks: Weeks) -> np.datetime64:
    """First day of the week (T,) by which 99 % of draws (D, T) has come; NaT of nothing."""
    come = draws.mean(axis=0).cumsum()
    if come.size == 0 or come[-1] <= 0:
        return np.datetime64("NaT", "D")
    return np.datetime64(weeks[int(np.argmax(come >= (1.0 - FADED) * come[-1]))])
