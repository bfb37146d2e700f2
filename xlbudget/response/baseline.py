"""The outcome without media: level, drift, a trend that wanders, season, holidays and controls.

All of it is linear, so it is integrated out exactly; how far the trend wanders, how long it
remembers and how strong the season is are weighed on a grid.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from xlbudget.data.dataset import WEEK, Dataset
from xlbudget.response.calendar import calendar_days
from xlbudget.tabular import Array, Weeks

YEAR = 365.2425 / 7.0  # weeks
WAVES = 4  # a year's harmonics
SEASONS = ((0.3, 1.0, 3.0), (0.34, 0.33, 0.33))  # sd of a season's wave in noise sds; weights
WALKS = ((0.01, 0.06, 0.15, 0.35, 0.8), (0.1, 0.15, 0.2, 0.15, 0.1))  # sd of a week's step
BENDS = ((0.005, 0.02), (0.15, 0.15))  # or of a week's change of slope; all in noise sds
MEMORIES = (0.6, 0.9)  # of demand that comes back to its usual level, week to week
SWINGS = ((0.5, 1.0, 2.0), (0.33, 0.33, 0.34))  # sd of that demand, in noise sds
STEADY = 0.2  # chance that there is no such demand
PLAIN = 43  # the combination of a plain fit: a step of 0.15, no memory, a usual season
NOISE_WEIGHT, NOISE_SHARE = 3.0, 0.1  # prior of the noise variance: weeks' worth, share of total
MOOD = 0.5  # sd of the demand that budgets followed, in noise sds
USUAL = 0.6  # share of the weeks in which a medium ran whose budget tells of demand
SEVERAL = 3  # such media, or the mood is one of them
RECENT = 13  # weeks that say how things stand
PAD = 8  # weeks on both sides of the window, so that its waves need not end flat
QUICKEST = 6.0  # weeks of the shortest wave of the trend: what is quicker is noise


@dataclass(frozen=True)
class Baseline:
    """The linear baseline of one region over T = W + H weeks, p columns.

    basis     (T, p)
    variance  (J, p) prior variance of each coefficient over that of the noise, for each of the
              J combinations of walk, memory, swing and season
    weight    (J,) prior weight of each combination
    trend     which columns are the wandering trend
    """

    basis: Array
    variance: Array
    weight: Array
    trend: slice


def baseline_of(data: Dataset, region: int) -> Baseline:
    """The columns and prior scales for one region."""
    past, total = len(data.weeks), len(data.weeks) + len(data.horizon)
    level = np.ones((total, 1))
    drift = ((np.arange(float(total)) - past / 2.0) / 52.0)[:, None]
    trend, turn = _waves_of(total)
    trend -= trend[:past].mean(axis=0)  # the level is that of the past
    season, days = _yearly(data, data.horizon)
    known = _standard(data.controls[:, region], past)
    mood = _mood(data, region)
    basis = np.concatenate([level, drift, trend, season, days, known, mood], axis=1)
    harmonic = np.repeat(np.arange(1.0, 1.0 + season.shape[1] // 2), 2)
    fixed = np.concatenate(
        [
            np.full(days.shape[1], 9.0),
            np.full(known.shape[1], 9.0 * min(1.0, 8.0 / max(known.shape[1], 1))),
            np.full(mood.shape[1], MOOD**2),
        ]
    )
    wander, weight = _wander(turn)
    variance = [
        np.concatenate([[1e4, 4.0], spectrum, (strength / harmonic) ** 2, fixed])
        for spectrum, strength in product(wander, SEASONS[0])
    ]
    return Baseline(
        basis,
        np.array(variance),
        np.outer(weight, SEASONS[1]).ravel(),
        slice(2, 2 + trend.shape[1]),
    )


def _waves_of(total: int) -> tuple[Array, Array]:
    """(T, K) cosines that any path of the trend is made of, and the turn (K,) of each a week."""
    window = total + 2 * PAD
    turn = np.pi * np.arange(1.0, np.ceil(2.0 * window / QUICKEST)) / window
    week = np.arange(total) + PAD + 0.5
    return np.sqrt(2.0 / window) * np.cos(week[:, None] * turn), turn


def _wander(turn: Array) -> tuple[Array, Array]:
    """(J, K) variance of each wave, in noise variances, and (J,) the prior weight.

    Level or slope take a random walk; demand that returns to its usual level, an autoregression
    of first order, comes on top. Cosines make all of them (nearly) independent, with the variance
    of their spectrum (Harvey 1989, section 4.3).
    """
    walk = 1.0 / (2.0 - 2.0 * np.cos(turn))
    paths = [(likely, step**2 * walk) for step, likely in zip(*WALKS, strict=True)]
    paths += [
        (likely, WALKS[0][0] ** 2 * walk + (bend * walk) ** 2)
        for bend, likely in zip(*BENDS, strict=True)
    ]
    calm = [(STEADY, np.zeros_like(turn))]
    for memory, (swing, share) in product(MEMORIES, zip(*SWINGS, strict=True)):
        shape = (1.0 - memory**2) / (1.0 + memory**2 - 2.0 * memory * np.cos(turn))
        calm.append(((1.0 - STEADY) * share / len(MEMORIES), swing**2 * shape))
    rows = [(path + back, likely * share) for (likely, path), (share, back) in product(paths, calm)]
    return np.array([row[0] for row in rows]), np.array([row[1] for row in rows])


def yearly_columns(data: Dataset, beyond: int) -> tuple[Array, slice]:
    """(T + beyond, n) season and shopping days, as long again after the horizon as asked.

    Also which columns of the baseline they are.
    """
    after = data.horizon[-1] + WEEK * np.arange(1, beyond + 1)
    columns = np.concatenate(_yearly(data, np.concatenate([data.horizon, after])), axis=1)
    first = 2 + _waves_of(len(data.weeks) + len(data.horizon))[0].shape[1]
    return columns, slice(first, first + columns.shape[1])


def _yearly(data: Dataset, ahead: Weeks) -> tuple[Array, Array]:
    """Season (T, 2 x waves) as sines and cosines of the date, and shopping days (T, N)."""
    past = len(data.weeks)
    weeks = np.concatenate([data.weeks, ahead]).astype("datetime64[D]")
    waves = WAVES if past >= 78 else 2 if past >= 39 else 1  # fewer where less was seen
    turn = 2.0 * np.pi * (weeks.astype(np.int64) / 7.0)[:, None] * np.arange(1, waves + 1) / YEAR
    season = np.stack([np.sin(turn), np.cos(turn)], axis=2).reshape(len(weeks), 2 * waves)
    return season, calendar_days(weeks, past, data.settings.holidays_country)


def _standard(values: Array, past: int) -> Array:
    """(T, C) columns with mean 0 and sd 1 over the known weeks; constant ones drop out."""
    mean, spread = values[:past].mean(axis=0), values[:past].std(axis=0)
    moving = spread > 1e-9 * np.maximum(np.abs(mean), 1e-300)
    return np.asarray((values[:, moving] - mean[moving]) / spread[moving])


def _mood(data: Dataset, region: int) -> Array:
    """(T, 1) how far budgets stood above their usual level, all media together; (T, 0) unknown.

    Mean of the standardised log spend over the media that usually run. Budgets follow demand, so
    this is a control for demand that nobody recorded. The horizon stays as the last weeks were:
    no plan moves the baseline.
    """
    past, spend = len(data.weeks), data.spend[:, region]
    running = spend > 0
    usual = running.mean(axis=0) >= USUAL
    if usual.sum() < SEVERAL:
        return np.zeros((past + len(data.horizon), 0))
    spend, running = spend[:, usual], running[:, usual]
    count = np.maximum(running.sum(axis=0), 1)
    log = np.log(np.where(running, spend, 1.0))
    log -= log.sum(axis=0) / count
    spread = np.sqrt((log**2 * running).sum(axis=0) / count)
    log = log * running / np.where(spread > 1e-6, spread, np.inf)
    mood = log.sum(axis=1) / np.maximum(running.sum(axis=1), 1)
    now = np.full(len(data.horizon), mood[-RECENT:].mean())
    return _standard(np.append(mood, now)[:, None], past)
