"""What the model leaves unexplained: has it a pattern that somebody should look at?

Each check is a figure, the limit from which it matters, and a sentence with what to do. Limits are
set so far out that a sound fit hardly ever trips one: a false alarm costs trust.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from xlbudget.response.diagnostics import FINE, LOOK
from xlbudget.response.model import ResponseModel
from xlbudget.response.wording import percent, rough
from xlbudget.tabular import Array, Columns, Tabular

FEWEST = 26  # weeks with an outcome below which no pattern is looked for
FAR = 3.5  # standard errors from which a trend or a change of noise is no chance
RECENT = 13  # last weeks that a forecast starts from
CYCLE = 13  # weeks up to which a repeating pattern is looked for
ALIKE = 0.3  # correlation below which a pattern hardly widens a range
SWUNG = 0.5  # the same of weeks that swing back: a trend that takes its part leaves some of it
NOISIER = 1.5  # ratio of noise below which a change hardly matters
NEGATIVE = 0.02  # share of the weeks that may lie below zero by chance
OUTLYING = 4.0  # robust standard deviations
MANY = 0.05  # share of the weeks that may lie so far out
CLIPPED = 3.0  # an odd week counts in the other checks like one that lies this far out


@dataclass(frozen=True)
class Check:
    """One check: figure beyond limit is a concern; words say which and what to do."""

    name: str
    figure: float
    limit: float
    words: str

    @property
    def concern(self) -> bool:
        """Whether a person should look."""
        return abs(self.figure) > self.limit


@dataclass(frozen=True)
class ResidualChecks(Tabular):
    """Checks of what is left of each week's outcome, regions with any outcome added up."""

    checks: tuple[Check, ...]

    def columns(self) -> Columns:
        """check, figure, limit, status (fine or look), words."""
        return {
            "check": [check.name for check in self.checks],
            "figure": np.array([check.figure for check in self.checks], dtype=float),
            "limit": np.array([check.limit for check in self.checks], dtype=float),
            "status": [LOOK if check.concern else FINE for check in self.checks],
            "words": [check.words for check in self.checks],
        }

    @property
    def sentences(self) -> tuple[str, ...]:
        """Only what is a concern."""
        return tuple(check.words for check in self.checks if check.concern)


def residuals(model: ResponseModel) -> Array:
    """(W, R) outcome less baseline and media, both as expected; NaN where no outcome is known."""
    past = len(model.data.weeks)
    baseline = model.baseline()[:, :past].mean(axis=0)
    return np.asarray(model.data.outcome - baseline - model.past_effects_mean().sum(axis=2))


def residual_checks(model: ResponseModel) -> ResidualChecks:
    """All checks of one fit; none where fewer than 26 weeks have an outcome."""
    some = ~np.isnan(model.data.outcome).all(axis=0)  # (R,)
    left = residuals(model)[:, some].sum(axis=1)  # (W,) NaN where one of them has none
    known = np.flatnonzero(~np.isnan(left))
    if len(known) < FEWEST:
        return ResidualChecks(())
    spread = 1.4826 * float(np.median(np.abs(left[known] - np.median(left[known]))))
    unit = max(spread, 1e-12 * float(np.abs(model.data.outcome[known][:, some]).sum(axis=1).mean()))
    if unit <= 0:
        return ResidualChecks(())
    calm = np.full(len(left), np.nan)
    calm[known] = np.clip(left[known] / unit, -CLIPPED, CLIPPED)
    found = [check(model, calm, unit) for check in ON_WEEKS]
    return ResidualChecks((*found, _outliers(model, left / unit, unit), _negative(model)))


def _trend(model: ResponseModel, calm: Array, unit: float) -> Check:
    """A straight line through what is left: its slope in standard errors."""
    week = np.flatnonzero(~np.isnan(calm))
    time, left = week - week.mean(), calm[week] - calm[week].mean()
    figure = float(time @ left / np.sqrt((time @ time) * max(left.var(), 1e-12)))
    year = float(time @ left / (time @ time)) * 52.0 * unit
    words = "No trend is left over."
    if abs(figure) > FAR:
        words = (
            f"A trend is left over: what the model does not explain {_moves(year)} by "
            f"{rough(abs(year))} a year. Add a control for what grew or shrank; else its effect "
            "is given to lines whose spend moved the same way."
        )
    return Check("trend left over", figure, FAR, words)


def _last_weeks(model: ResponseModel, calm: Array, unit: float) -> Check:
    """Whether the weeks that a forecast starts from lie off on one side."""
    left = calm[~np.isnan(calm)]
    recent = left[-RECENT:]
    figure = float(recent.mean() * np.sqrt(len(recent)) / max(left.std(), 1e-6))
    words = f"The last {len(recent)} weeks came as the model says."
    if abs(figure) > FAR:
        side = "above" if figure > 0 else "below"
        words = (
            f"The last {len(recent)} weeks came out {rough(abs(float(recent.mean())) * unit)} a "
            f"week {side} what the model says: something has changed, and the forecast starts "
            "from the wrong level. Add a control for it."
        )
    return Check("last weeks off", figure, FAR, words)


def _week_to_week(model: ResponseModel, calm: Array, unit: float) -> Check:
    """Correlation of each week with the next."""
    figure, pairs = _correlation(calm, 1)
    limit = max(ALIKE if figure > 0 else SWUNG, 4.0 / np.sqrt(max(pairs, 1)))
    words = f"One week says little about the next ({figure:+.2f})."
    if figure > limit:
        wider = np.sqrt((1.0 + figure) / (1.0 - min(figure, 0.99)))
        words = (
            f"What is left over lasts from week to week ({figure:.2f}): something that is in no "
            f"control moves the outcome for weeks on end, and ranges may be about {wider:.1f} "
            "times too narrow. Look for a control that rises and falls with it."
        )
    elif figure < -limit:
        words = (
            f"What is left over swings back each week ({figure:.2f}), as if outcomes were booked "
            "a week early or late: check the dates of Outcomes."
        )
    return Check("week to week", figure, limit, words)


def _cycle(model: ResponseModel, calm: Array, unit: float) -> Check:
    """The strongest correlation with some weeks before: a pattern that comes back."""
    found = [(*_correlation(calm, lag), lag) for lag in range(2, CYCLE + 1)]
    figure, pairs, lag = max(found, key=lambda each: each[0])
    limit = max(ALIKE, 4.0 / np.sqrt(max(pairs, 1)))
    words = "No pattern comes back every few weeks."
    if figure > limit:
        words = (
            f"A pattern comes back every {lag} weeks ({figure:.2f}): pay days or a promotion "
            "calendar, say. Add a control with 1 in those weeks."
        )
    return Check("pattern that comes back", max(figure, 0.0), limit, words)


def _noise(model: ResponseModel, calm: Array, unit: float) -> Check:
    """Spread of the last third of the weeks against that of the first."""
    left = calm[~np.isnan(calm)]
    third = len(left) // 3
    early, late = (max(float(part.std()), 1e-6) for part in (left[:third], left[-third:]))
    ratio = late / early
    limit = float(max(np.log(NOISIER), FAR / np.sqrt(third)))
    figure = float(np.log(ratio))
    words = "The noise is as large now as it was."
    if abs(figure) > limit:
        more, range_is = ("larger", "narrow") if ratio > 1 else ("smaller", "wide")
        words = (
            f"Weeks are noisier at one end of the data: the noise of the last third is "
            f"{max(ratio, 1 / ratio):.1f} times {more} than that of the first, so ranges of the "
            f"forecast are rather too {range_is}. Check whether outcomes are counted as they were."
        )
    return Check("noise that changes", figure, limit, words)


ON_WEEKS: tuple[Callable[[ResponseModel, Array, float], Check], ...] = (
    _trend,
    _last_weeks,
    _week_to_week,
    _cycle,
    _noise,
)


def _outliers(model: ResponseModel, left: Array, unit: float) -> Check:
    """Share of the weeks that nothing explains."""
    known = ~np.isnan(left)
    far = np.flatnonzero(known & (np.abs(np.nan_to_num(left)) > OUTLYING))
    figure = len(far) / int(known.sum())
    words = "No week lies far from what the model says."
    if far.size:
        worst = far[np.argsort(-np.abs(left[far]), kind="stable")][:3]
        named = ", ".join(
            f"{model.data.weeks[week]} ({_signed(left[week] * unit)})" for week in worst
        )
        words = (
            f"{len(far)} of {int(known.sum())} weeks lie far from what the model says: {named}. "
            "Correct them if they are mistakes; if something happened, enter it as a control."
        )
    return Check("outliers", figure, MANY, words)


def _negative(model: ResponseModel) -> Check:
    """Share of the weeks and regions whose outcome without media would be below zero."""
    baseline = model.baseline()[:, : len(model.data.weeks)].mean(axis=0)
    below = baseline < 0
    figure = float(below.mean())
    words = "The outcome without media is never below zero."
    if figure > NEGATIVE:
        weeks = np.flatnonzero(below.any(axis=1))
        words = (
            f"Without media the outcome would be below zero in {percent(figure)} of the weeks, "
            f"first on {model.data.weeks[weeks[0]]}: media are given more than they can have "
            "brought. Check for weeks in which outcomes are missing but entered as 0."
        )
    return Check("negative baseline", figure, NEGATIVE, words)


def _correlation(calm: Array, lag: int) -> tuple[float, int]:
    """Correlation with the week `lag` before, over the pairs that are known; and their number."""
    left = calm - np.nanmean(calm)
    pairs = left[lag:] * left[:-lag]
    known = ~np.isnan(pairs)
    scale = float(np.nanmean(left**2))
    return float(pairs[known].mean() / scale) if scale > 0 and known.any() else 0.0, int(
        known.sum()
    )


def _moves(amount: float) -> str:
    return "rises" if amount > 0 else "falls"


def _signed(amount: float) -> str:
    return f"{'+' if amount > 0 else '-'}{rough(abs(amount))}"
