"""Weeks that stand out by the calendar: public holidays, and the weeks when everybody shops."""

from __future__ import annotations

import numpy as np

from xlbudget.tabular import Array, Weeks

DAY = np.timedelta64(1, "D")


def calendar_days(weeks: Weeks, past: int, country: str) -> Array:
    """(T, N) per holiday the number of its days in each week.

    Holidays without a day in the first `past` weeks are left out: nothing could be learned.
    """
    years = range(int(str(weeks[0])[:4]), int(str(weeks[-1])[:4]) + 2)
    named = shopping_days(years)
    for day, name in _public(country, years):
        named.setdefault(name, []).append(day)
    columns = np.stack([_days_in(weeks, days) for days in named.values()], axis=1)
    return np.asarray(columns[:, columns[:past].any(axis=0)])


def shopping_days(years: range) -> dict[str, list[np.datetime64]]:
    """Days on which trade differs nearly everywhere, whatever the country's public holidays."""
    return {
        "Black Friday": [_black_friday(year) for year in years],
        "before Christmas": [np.datetime64(f"{year}-12-18") for year in years],
        "Christmas": [np.datetime64(f"{year}-12-25") for year in years],
        "New Year": [np.datetime64(f"{year}-01-01") for year in years],
        "Easter": [_easter(year) for year in years],
    }


def _public(country: str, years: range) -> list[tuple[np.datetime64, str]]:
    if not country:
        return []
    import holidays

    calendar = holidays.country_holidays(country, years=years, observed=False)
    return sorted((np.datetime64(day), str(name)) for day, name in calendar.items())


def _days_in(weeks: Weeks, days: list[np.datetime64]) -> Array:
    """(T,) how many of the days lie in each week."""
    inside = [(weeks <= day) & (day < weeks + 7 * DAY) for day in days]
    return np.asarray(np.sum(inside, axis=0), dtype=float)


def _black_friday(year: int) -> np.datetime64:
    """The day after the fourth Thursday of November."""
    first = np.datetime64(f"{year}-11-01")
    to_thursday = (3 - (int(first.astype(int)) + 3) % 7) % 7  # 1970-01-01 was a Thursday
    return np.datetime64(first + (to_thursday + 22) * DAY)


def _easter(year: int) -> np.datetime64:
    """Easter Sunday of the Gregorian calendar (Meeus, Astronomical Algorithms, chapter 8)."""
    century, rest = divmod(year, 100)
    leaps, skipped = divmod(century, 4)
    moon = (19 * (year % 19) + century - leaps - (8 * century + 13) // 25 + 15) % 30
    weekday = (32 + 2 * skipped + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return np.datetime64(f"{year}-{month:02d}-{day + 1:02d}")
