"""`13.585` is a fraction to one half of the world and thirteen thousand to the other."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlbudget as xb
from xlbudget.data.number_cells import plain_number, read_numbers


def _cells(values: list[object]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


@pytest.mark.parametrize("values", [["13.585", "9.405"], ["13.585", "7"], [12.5, "13.585"]])
def test_a_point_before_three_digits_throughout_is_not_guessed(values: list[object]) -> None:
    read, troubles = read_numbers(_cells(values))
    told = {row for each in troubles if each.code == "number-locale" for row in each.rows}
    assert told == {row for row, value in enumerate(values) if value in ("13.585", "9.405")}
    assert np.isnan(read[list(told)]).all()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["13.585", "0.405"], [13.585, 0.405]),  # no thousands begin with 0
        (["13.585", "9.4"], [13.585, 9.4]),
        (["13.585", "1234.567"], [13.585, 1234.567]),
        (["13.585", "1,234.5"], [13.585, 1234.5]),
        (["13.585", "1.234.567"], [13585.0, 1234567.0]),
        (["13.585", "12,5"], [13585.0, 12.5]),
    ],
)
def test_one_cell_that_fits_a_single_reading_settles_the_column(
    values: list[object], expected: list[float]
) -> None:
    read, troubles = read_numbers(_cells(values))
    assert read.tolist() == expected
    assert "number-locale" not in {trouble.code for trouble in troubles}


def test_a_lone_number_is_not_guessed_either() -> None:
    assert plain_number("250.000") is None
    assert plain_number("250.00") == 250.0
    assert plain_number("0.125") == 0.125


def test_a_budget_with_points_between_thousands_is_refused() -> None:
    weeks = pd.date_range("2023-01-02", periods=60, freq="7D")
    money = np.linspace(1.0, 9.0, 60)
    spend = pd.DataFrame({"week": weeks, "channel": "TV", "spend": money})
    outcomes = pd.DataFrame({"week": weeks, "revenue": 100.0 + money})
    with pytest.raises(xb.BadInput, match=r"budget is '250\.000'"):
        xb.Dataset.from_frames(spend, outcomes, settings={"budget": "250.000"})
