"""Numbers and dates in the spellings that people and spreadsheets use."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from xlbudget.data.date_cells import read_dates, read_months
from xlbudget.data.number_cells import read_numbers
from xlbudget.data.text_cells import read_flags, read_texts


def cells(values: Sequence[Any]) -> np.ndarray:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


@pytest.mark.parametrize(
    ("texts", "numbers", "codes"),
    [
        ([1, 2.5, None], [1, 2.5, np.nan], []),
        (["1", "2.5", ""], [1, 2.5, np.nan], []),
        (["1,234.5", "12"], [1234.5, 12], ["number-point"]),
        (["1.234,5", "12"], [1234.5, 12], ["number-comma"]),
        (["1.234", "12,5"], [1234, 12.5], ["number-comma"]),
        (["1 234,5", "1'234,5"], [1234.5, 1234.5], ["number-comma"]),
        (["1.5e3", "-2"], [1500, -2], []),
        ([1, "2"], [1, 2], ["number-stored"]),
        (["na", "N/A", "-", "7"], [np.nan, np.nan, np.nan, 7], ["number-word"]),
        (["1,234", "5"], [np.nan, np.nan], ["number-locale"]),
        (["1,5", "2.5"], [np.nan, 2.5], ["number-locale"]),
        (["€ 5", "5 EUR", "$5"], [np.nan] * 3, ["number-currency"]),
        ([float("inf"), 10**400], [np.nan, np.nan], ["number-infinite"]),
        (["#REF!", 1], [np.nan, 1], ["error-cell"]),
    ],
)
def test_a_column_of_numbers_is_read_one_way_or_reported(
    texts: list[Any], numbers: list[float], codes: list[str]
) -> None:
    read, troubles = read_numbers(cells(texts))
    assert [trouble.code for trouble in troubles] == codes
    if "number-locale" not in codes or "2.5" in texts:
        np.testing.assert_array_equal(read, numbers)


def test_a_share_may_be_a_percentage() -> None:
    read, troubles = read_numbers(cells(["90 %", 0.5]), percent=True)
    np.testing.assert_allclose(read, [0.9, 0.5])
    assert [trouble.code for trouble in troubles] == ["number-percent"]


DAY = np.datetime64("2026-03-02")


@pytest.mark.parametrize(
    "spelled",
    [
        dt.date(2026, 3, 2),
        dt.datetime(2026, 3, 2, 11, 30),
        np.datetime64("2026-03-02T05"),
        46083,
        46083.5,
        "2026-03-02",
        "2026/3/2",
        "2026-03-02T00:00:00Z",
        "20260302",
        "2026-W10",
        "2 March 2026",
        "02-Mar-26",
        "Mar 2, 2026",
        "02.03.2026",
        "46083",
    ],
)
def test_a_day_is_the_same_day_in_every_spelling(spelled: object) -> None:
    days, troubles = read_dates(cells([spelled]))
    assert days[0] == DAY
    assert all(trouble.whole for trouble in troubles)


@pytest.mark.parametrize(
    ("texts", "days", "code"),
    [
        (["13/01/2026", "02/01/2026"], ["2026-01-13", "2026-01-02"], "date-day-first"),
        (["01/13/2026", "01/02/2026"], ["2026-01-13", "2026-01-02"], "date-month-first"),
        (
            ["05/01/2026", "12/01/2026", "02/02/2026", "09/02/2026"],
            ["2026-01-05", "2026-01-12", "2026-02-02", "2026-02-09"],
            "date-day-first",  # only so do all fall on a Monday
        ),
        (["01/02/2026", "02/03/2026"], ["NaT", "NaT"], "date-order"),
    ],
)
def test_the_order_of_day_and_month_is_decided_for_the_whole_column(
    texts: list[str], days: list[str], code: str
) -> None:
    read, troubles = read_dates(cells(texts))
    np.testing.assert_array_equal(read, np.array(days, dtype="datetime64[D]"))
    assert [trouble.code for trouble in troubles] == [code]


@pytest.mark.parametrize("spelled", ["2026-03", "03/2026", "2026-03-17", dt.date(2026, 3, 31)])
def test_a_month_is_told_by_itself_or_by_any_of_its_days(spelled: object) -> None:
    months, _ = read_months(cells([spelled]))
    assert months[0] == np.datetime64("2026-03-01")


def test_texts_are_trimmed_and_whole_numbers_lose_their_point() -> None:
    read, _ = read_texts(cells(["  Paid\u00a0 Social ", 2024.0, None, "Cafe\u0301"]))
    assert read.tolist() == ["Paid Social", "2024", "", "Café"]


def test_flags_are_yes_no_or_reported() -> None:
    read, troubles = read_flags(cells(["Yes", "no", True, 0, None, "perhaps"]))
    assert read.tolist() == [True, False, True, False, None, None]
    assert [trouble.rows for trouble in troubles] == [[5]]
