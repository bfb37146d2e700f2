"""The outcome without media: level, drift, a trend that bends, season, holidays and controls.

All of it is linear, so it is integrated out exactly; how far the trend bends and how strong the
season is are weighed on a small grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.data.dataset import Dataset
from xlbudget.tabular import Array, Weeks

KNOT = 3  # weeks between the points at which the trend may bend
YEAR = 365.2425 / 7.0  # weeks
BENDS = (0.01, 0.1, 0.2, 0.4, 0.8, 1.6)  # sd of the trend's step between knots, in noise sds
BEND_WEIGHTS = (0.05, 0.15, 0.25, 0.25, 0.2, 0.1)
SEASONS = (0.3, 1.0, 3.0)  # sd of a season's wave, in noise sds
WAVES = 4  # a year's harmonics


@dataclass(frozen=True)
class Baseline:
    """The linear baseline of one region over T = W + H weeks, p columns.

    basis     (T, p)
    variance  (J, p) prior variance of each coefficient over that of the noise, for each of the
              J combinations of bend and season
    weight    (J,) prior weight of each combination
    """

    basis: Array
    variance: Array
    weight: Array


def baseline_of(data: Dataset, region: int) -> Baseline:
    """The columns and prior scales for one region."""
    past, total = len(data.weeks), len(data.weeks) + len(data.horizon)
    week = np.arange(float(total))
    level = np.ones((total, 1))
    drift = ((week - past / 2.0) / 52.0)[:, None]
    knots = np.arange(0.0, total, KNOT)
    trend = np.clip((week[:, None] - knots) / KNOT, 0.0, 1.0)
    trend -= trend[:past].mean(axis=0)  # a step leaves the mean of the past where it is
    season = _season(data.weeks, data.horizon, waves=_waves(past))
    known = np.concatenate([_standard(data.controls[:, region], past), _holidays(data)], axis=1)

    basis = np.concatenate([level, drift, trend, season, known], axis=1)
    harmonic = np.repeat(np.arange(1.0, 1.0 + season.shape[1] // 2), 2)
    per_control = 9.0 * min(1.0, 8.0 / max(known.shape[1], 1))
    variance, weight = [], []
    for bend, bend_weight in zip(BENDS, BEND_WEIGHTS, strict=True):
        for strength in SEASONS:
            variance.append(
                np.concatenate(
                    [
                        [1e4],
                        [4.0],
                        np.full(trend.shape[1], bend**2),
                        (strength / harmonic) ** 2,
                        np.full(known.shape[1], per_control),
                    ]
                )
            )
            weight.append(bend_weight / len(SEASONS))
    return Baseline(basis, np.array(variance), np.array(weight))


def _waves(weeks: int) -> int:
    """Fewer harmonics where less than a year and a half was seen."""
    return WAVES if weeks >= 78 else 2 if weeks >= 39 else 1


def _season(weeks: Weeks, horizon: Weeks, waves: int) -> Array:
    """(T, 2 x waves) sines and cosines of the date within the year."""
    day = np.concatenate([weeks, horizon]).astype("datetime64[D]").astype(np.int64)
    turn = 2.0 * np.pi * (day / 7.0)[:, None] * np.arange(1, waves + 1) / YEAR
    return np.stack([np.sin(turn), np.cos(turn)], axis=2).reshape(len(day), 2 * waves)


def _standard(values: Array, past: int) -> Array:
    """(T, C) columns with mean 0 and sd 1 over the known weeks; constant ones drop out."""
    mean, spread = values[:past].mean(axis=0), values[:past].std(axis=0)
    moving = spread > 1e-9 * np.maximum(np.abs(mean), 1e-300)
    return np.asarray((values[:, moving] - mean[moving]) / spread[moving])


def _holidays(data: Dataset) -> Array:
    """(T, N) per public holiday the number of its days in each week, standardised."""
    country = data.settings.holidays_country
    weeks = np.concatenate([data.weeks, data.horizon]).astype("datetime64[D]")
    if not country:
        return np.zeros((len(weeks), 0))
    import holidays

    years = range(int(str(weeks[0])[:4]), int(str(weeks[-1])[:4]) + 2)
    calendar = holidays.country_holidays(country, years=years, observed=False)
    names = sorted(set(calendar.values()))
    days = np.zeros((len(weeks), len(names)))
    for day, name in calendar.items():
        week = np.searchsorted(weeks, np.datetime64(day), side="right") - 1
        if week >= 0 and np.datetime64(day) < weeks[week] + np.timedelta64(7, "D"):
            days[week, names.index(name)] += 1.0
    return _standard(days, len(data.weeks))
