"""Weeks that stand out by the calendar: public holidays, and the weeks when everybody shops."""

from __future__ import annotations

from datetime import date

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
    from dateutil.easter import easter
    from dateutil.relativedelta import TH, relativedelta

    thanksgiving = relativedelta(month=11, day=1, weekday=TH(4))
    return {
        "Black Friday": [np.datetime64(date(year, 1, 1) + thanksgiving) + DAY for year in years],
        "before Christmas": [np.datetime64(date(year, 12, 18)) for year in years],
        "Christmas": [np.datetime64(date(year, 12, 25)) for year in years],
        "New Year": [np.datetime64(date(year, 1, 1)) for year in years],
        "Easter": [np.datetime64(easter(year)) for year in years],
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
