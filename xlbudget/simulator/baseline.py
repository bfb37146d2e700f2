"""What a simulated market sells without advertising: trend, season, holidays, price, shocks."""

from __future__ import annotations

import numpy as np

from xlbudget.tabular import Array, Weeks

WEEK = np.timedelta64(7, "D")
YEAR = 365.25


def weeks_from(start: str, count: int) -> Weeks:
    """First days of `count` weeks."""
    return np.datetime64(start, "D") + WEEK * np.arange(count)


def season(weeks: Weeks, peak_day: float, swing: float, second: float = 0.0) -> Array:
    """(T,) yearly swing around 0 that peaks on that day of the year, with half-yearly part."""
    phase = 2.0 * np.pi * (_day_of_year(weeks) - peak_day) / YEAR
    return np.asarray(swing * np.cos(phase) + second * np.cos(2.0 * phase))


def holidays(weeks: Weeks) -> Array:
    """(T,) effect of the shopping weeks: Black Friday, Christmas, the quiet after, Easter."""
    out = np.zeros(len(weeks))
    for year in np.unique(weeks.astype("datetime64[Y]")):
        number = int(year.astype(int)) + 1970
        out += 0.12 * _holds(weeks, _black_friday(number))
        out += 0.10 * _holds(weeks, np.datetime64(f"{number}-12-18"))
        out += 0.06 * _holds(weeks, np.datetime64(f"{number}-12-25"))
        out -= 0.08 * _holds(weeks, np.datetime64(f"{number}-01-01"))
        out += 0.05 * _holds(weeks, easter(number))
    return out


def easter(year: int) -> np.datetime64:
    """Easter Sunday (Gauss, as corrected by Lichtenberg 1997), for 1900 to 2099."""
    moon = (19 * (year % 19) + 24) % 30
    moon -= moon // 29 + (1 if moon == 28 and year % 19 > 10 else 0)
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    return np.datetime64(f"{year}-03-22") + np.timedelta64(moon + sunday, "D")


def shocks(random: np.random.Generator, weeks: int, memory: float, size: float) -> Array:
    """(T,) what moves demand and nobody records: an autoregressive walk of this spread."""
    out = np.zeros(weeks)
    fresh = random.normal(0.0, size * np.sqrt(1.0 - memory**2), weeks)
    for week in range(1, weeks):
        out[week] = memory * out[week - 1] + fresh[week]
    return out


def _day_of_year(weeks: Weeks) -> Array:
    new_year = weeks.astype("datetime64[Y]").astype("datetime64[D]")
    return np.asarray((weeks - new_year).astype(float))


def _holds(weeks: Weeks, day: np.datetime64) -> Array:
    return np.asarray((weeks <= day) & (day < weeks + WEEK), dtype=float)


def _black_friday(year: int) -> np.datetime64:
    first = np.datetime64(f"{year}-11-01")
    to_friday = (4 - (int(first.astype(int)) + 3) % 7) % 7  # 1970-01-01 was a Thursday
    return first + np.timedelta64(to_friday + 21, "D")
