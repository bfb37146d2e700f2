"""Periods of a plan: which weeks a quarter, a month, a year or the horizon is made of.

A week belongs to the period that most of its days fall in, which is where its fourth day falls
(as ISO 8601 counts weeks), so that every week belongs to one quarter and none is lost.
"""

from __future__ import annotations

import re

import numpy as np

from xlbudget.data.weeks import WEEK
from xlbudget.tables import normal
from xlbudget.tabular import Weeks

HORIZON = "horizon"
PERIODS = (
    "enter the first day of a week in column week, or in column period a quarter as 2026-Q1, "
    "a month as 2026-03, a year as 2026, or horizon"
)

_QUARTER = re.compile(
    r"(?P<year>\d{4})[ -]?q(?P<part>[1-4])|q(?P<part2>[1-4])[ -]?(?P<year2>\d{4})"
)
_MONTH = re.compile(r"(?P<year>\d{4})-(?P<part>0?[1-9]|1[0-2])(-01)?")  # a cell may make it a date
_YEAR = re.compile(r"(?P<year>\d{4})")


def weeks_of_period(text: str, horizon: Weeks) -> Weeks | None:
    """First days of the weeks of a period, on the same weekday as the horizon (H,); None: unknown.

    They may lie outside the horizon; `horizon` itself is just its weeks.
    """
    period = normal(text)
    if period == HORIZON:
        return horizon
    months = _months(period)
    if months is None:
        return None
    first, last = (month.astype("datetime64[D]") for month in months)
    back = (horizon[0] - first).astype(int) // 7 + 2
    weeks = horizon[0] + WEEK * np.arange(-back, (last - horizon[0]).astype(int) // 7 + 2)
    middle = weeks + np.timedelta64(3, "D")
    return np.asarray(weeks[(middle >= first) & (middle < last)])


def _months(period: str) -> tuple[np.datetime64, np.datetime64] | None:
    """First month of the period and the first one after it."""
    if found := _QUARTER.fullmatch(period):
        year = found["year"] or found["year2"]
        start = np.datetime64(year, "M") + 3 * (int(found["part"] or found["part2"]) - 1)
        return start, start + 3
    if found := _MONTH.fullmatch(period):
        start = np.datetime64(f"{found['year']}-{int(found['part']):02d}", "M")
        return start, start + 1
    if found := _YEAR.fullmatch(period):
        start = np.datetime64(found["year"], "M")
        return start, start + 12
    return None
