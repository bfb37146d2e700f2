"""What the model would have said a quarter, half a year, a year ago, and what then came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadArgument, Impossible
from xlbudget.response.backtest_lines import LineRevisions, revisions
from xlbudget.response.earlier import earlier
from xlbudget.response.fit import Progress, fit
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import interval
from xlbudget.response.wording import percent, rough
from xlbudget.tabular import Array, Columns, Tabular, Weeks

LEAST = 26  # weeks to learn from before the first forecast
YEAR = 52
RECENT = 13


@dataclass(frozen=True)
class Fold(Tabular):
    """N weeks that were forecast from the weeks before them, under what was really spent.

    actual, forecast, low, high, naive  (N,) outcome a week, regions added up; NaN where no
               outcome is known. naive: the same week a year before
    total      forecast of all weeks, and total_low, total_high its range
    """

    week: Weeks
    actual: Array
    forecast: Array
    low: Array
    high: Array
    naive: Array
    total: float
    total_low: float
    total_high: float

    def columns(self) -> Columns:
        """One row a week, for a chart."""
        names = ("week", "actual", "forecast", "low", "high", "naive")
        return {name: vars(self)[name] for name in names}

    @property
    def came(self) -> float:
        """Outcome of all weeks."""
        return float(np.nansum(self.actual))

    @property
    def error(self) -> float:
        """By what share of the outcome the forecast of all weeks was too high (below 0: low)."""
        return _share(self.total - self.came, self.came)

    @property
    def naive_error(self) -> float:
        """The same of a forecast that repeats last year."""
        return _share(float(np.nansum(self.naive)) - self.came, self.came)

    @property
    def coverage(self) -> float:
        """Share of the weeks that came out inside their range."""
        known = ~np.isnan(self.actual)
        inside = (self.low <= self.actual) & (self.actual <= self.high)
        return float(inside[known].mean())

    @property
    def held(self) -> bool:
        """Whether all weeks together came out inside their range."""
        return self.total_low <= self.came <= self.total_high


@dataclass(frozen=True)
class Backtest(Tabular):
    """Rolling origin: each fold was forecast by a model fitted to the weeks before it alone.

    folds       oldest first; each is a table of its weeks
    lines       per fold and line its ROI as seen then and as seen now: a table of its own
    confidence  of all ranges
    sentences   what it comes to, in plain words
    """

    folds: tuple[Fold, ...]
    lines: LineRevisions
    confidence: float
    sentences: tuple[str, ...]

    def columns(self) -> Columns:
        """One row a fold, as the BACKTEST formula shows them.

        fold                      1 is the oldest
        weeks                     first day of its first and last week
        outcome, forecast         of its weeks together; low, high: the range of the forecast
        error, naive_error        share by which the forecast, and repeating last year, was too high
        held                      yes: the outcome lay within low and high
        coverage                  share of the weeks inside their own range
        by_line_where_wrong       lines whose ROI is now seen outside the range given then
        """
        folds = self.folds
        return {
            "fold": np.arange(1, len(folds) + 1),
            "weeks": [f"{fold.week[0]} to {fold.week[-1]}" for fold in folds],
            "outcome": np.array([fold.came for fold in folds]),
            "forecast": np.array([fold.total for fold in folds]),
            "low": np.array([fold.total_low for fold in folds]),
            "high": np.array([fold.total_high for fold in folds]),
            "error": np.array([fold.error for fold in folds]),
            "naive_error": np.array([fold.naive_error for fold in folds]),
            "held": ["yes" if fold.held else "no" for fold in folds],
            "coverage": np.array([fold.coverage for fold in folds]),
            "by_line_where_wrong": [self.lines.words_of(n + 1) for n in range(len(folds))],
        }


def backtest(
    data: Dataset,
    folds: int = 4,
    weeks: int = 13,
    draws: int = 500,
    seed: int = 0,
    progress: Progress | None = None,
    model: ResponseModel | None = None,
) -> Backtest:
    """Forecast the last `folds` x `weeks` weeks, each fold from the weeks before it alone.

    Every fold refits with what was known then and forecasts under what was really spent and the
    controls as they turned out. With short data there are fewer folds, and a sentence says so;
    Impossible where there is not even one. `model`: the fit to all of the data where there is
    one, else it is fitted too. `progress` hears the share done and what is being done.
    """
    if folds < 1 or weeks < 1:
        raise BadArgument(f"folds is {folds} and weeks is {weeks}; both must be at least 1")
    origins = _origins(data, folds, weeks)
    if not origins:
        raise Impossible(
            f"a backtest of {weeks} weeks needs {LEAST + weeks} weeks of data; there are "
            f"{len(data.weeks)}"
        )
    tell = progress or (lambda done, doing: None)
    steps = len(origins) + (model is None)
    made, then = [], []
    for number, origin in enumerate(origins):
        past = earlier(data, origin, weeks)
        fitted = fit(past, draws, seed, _part(tell, number, steps, f"fold {number + 1}"), False)
        then.append(fitted)
        made.append(_forecast(data, fitted, origin, weeks))
    now = model or fit(data, draws, seed, _part(tell, steps - 1, steps, "all weeks"), False)
    lines = revisions(then, now)
    tell(1.0, "backtested")
    confidence = data.settings.confidence
    return Backtest(tuple(made), lines, confidence, _sentences(made, lines, confidence, folds))


def _origins(data: Dataset, folds: int, weeks: int) -> list[int]:
    """Weeks known before each fold, oldest first; folds without any outcome are left out."""
    past = len(data.weeks)
    starts = [past - weeks * back for back in range(folds, 0, -1)]
    return [
        start
        for start in starts
        if start >= LEAST and not np.isnan(data.outcome[start : start + weeks]).all()
    ]


def _part(tell: Progress, number: int, steps: int, name: str) -> Progress:
    """Progress of one fit out of several."""
    return lambda done, doing: tell((number + done) / steps, f"{name}: {doing}")


def _forecast(data: Dataset, model: ResponseModel, known: int, weeks: int) -> Fold:
    """The fold's weeks as the model saw them coming, beside what came."""
    came = slice(known, known + weeks)
    outlook = model.outlook(data.spend[came])
    media = (outlook.carry_in + outlook.caused)[:, :weeks].sum(axis=3)
    seen = ~np.isnan(data.outcome[came])  # (N, R)
    expected = (outlook.baseline + media) * seen
    drawn = (expected + outlook.noise * seen).sum(axis=2)  # (D, N)
    confidence = data.settings.confidence
    low, high = interval(drawn, confidence)
    total_low, total_high = interval(drawn.sum(axis=1), confidence)
    some = np.where(seen.any(axis=1), 1.0, np.nan)
    naive = np.where(seen, _last_year(data.outcome[:known], weeks), 0.0)
    return Fold(
        week=data.weeks[came],
        actual=np.where(seen, data.outcome[came], 0.0).sum(axis=1) * some,
        forecast=expected.sum(axis=2).mean(axis=0) * some,
        low=low * some,
        high=high * some,
        naive=naive.sum(axis=1) * some,
        total=float(expected.sum(axis=(1, 2)).mean()),
        total_low=float(total_low),
        total_high=float(total_high),
    )


def _last_year(outcome: Array, weeks: int) -> Array:
    """(N, R) the same weeks a year before; where not known, the mean of the last 13 known."""
    ahead = np.arange(len(outcome), len(outcome) + weeks)
    back = ahead - YEAR * -(-(ahead - len(outcome) + 1) // YEAR)
    out = np.where((back >= 0)[:, None], outcome[np.maximum(back, 0)], np.nan)
    for region in range(outcome.shape[1]):
        seen = outcome[~np.isnan(outcome[:, region]), region]
        recent = seen[-RECENT:].mean() if seen.size else 0.0
        out[:, region] = np.where(np.isnan(out[:, region]), recent, out[:, region])
    return np.asarray(out)


def _share(part: float, whole: float) -> float:
    return part / abs(whole) if whole else 0.0


def _sentences(
    folds: Sequence[Fold], lines: LineRevisions, confidence: float, asked: int
) -> tuple[str, ...]:
    """How far off, how often held, which way, against last year; then by line."""
    count, size = len(folds), len(folds[0].week)
    error = float(np.mean([abs(fold.error) for fold in folds]))
    naive = float(np.mean([abs(fold.naive_error) for fold in folds]))
    held = sum(fold.held for fold in folds)
    known = [int((~np.isnan(fold.actual)).sum()) for fold in folds]
    inside = round(sum(fold.coverage * n for fold, n in zip(folds, known, strict=True)))
    out = []
    if count < asked:
        out.append(
            f"Only {count} of {asked} folds of {size} weeks: the data is too short for more."
        )
    better = "less than" if error < naive else "no less than"
    out += [
        f"Forecast from the weeks before alone, {size} weeks together were off by "
        f"{percent(error)} on average: {better} repeating last year ({percent(naive)}).",
        f"The {percent(confidence)} range held the {size} weeks together in {held} of {count} "
        f"folds, and {inside} of {sum(known)} single weeks "
        f"({percent(round(inside / max(sum(known), 1), 2))}).",
    ]
    signs = {fold.error > 0 for fold in folds}
    if count >= 3 and len(signs) == 1:
        way = "high" if signs.pop() else "low"
        out.append(
            f"Every forecast was too {way}, by {rough(_mean_miss(folds))} a fold: look for "
            "something that changed the outcome and is in no control."
        )
    return (*out, *lines.sentences)


def _mean_miss(folds: Sequence[Fold]) -> float:
    return float(np.mean([abs(fold.total - fold.came) for fold in folds]))
