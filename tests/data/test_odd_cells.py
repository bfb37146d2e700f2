"""Cells that are easily read as something else are told as what stands in them."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlbudget as xb
from xlbudget.data.date_cells import read_dates
from xlbudget.data.names import place_of
from xlbudget.data.number_cells import read_numbers
from xlbudget.errors import Unknown

WEEKS = pd.date_range("2023-01-02", periods=60, freq="7D")


def _cells(values: list[object]) -> np.ndarray[tuple[int], np.dtype[np.object_]]:
    out = np.empty(len(values), dtype=object)
    out[:] = values
    return out


def _frames() -> dict[str, pd.DataFrame]:
    money = np.linspace(1.0, 9.0, 60)
    return {
        "spend": pd.DataFrame({"week": WEEKS, "channel": "TV", "spend": money}),
        "outcomes": pd.DataFrame({"week": WEEKS, "revenue": 100.0 + money}),
    }


@pytest.mark.parametrize("dtype", [bool, object])
def test_true_is_no_amount_of_money(dtype: type) -> None:
    frames = _frames()
    frames["spend"]["spend"] = pd.Series([True] * 60, dtype=dtype)
    with pytest.raises(xb.BadInput, match="spend is TRUE, not a number"):
        xb.Dataset.from_frames(**frames)


@pytest.mark.parametrize("dtype", [bool, object])
def test_an_event_may_be_true_or_false(dtype: type) -> None:
    promo = pd.Series([week % 4 == 0 for week in range(60)], dtype=dtype)
    controls = pd.DataFrame({"week": WEEKS, "promo": promo})
    data = xb.Dataset.from_frames(**_frames(), controls=controls)
    assert data.controls[:60, 0, 0].tolist() == promo.astype(float).tolist()


def test_a_finding_quotes_a_number_as_it_stands_in_the_cell() -> None:
    values = _cells([20230735.0])
    _, (trouble,) = read_dates(values)
    (finding,) = trouble.findings("Spend", "week", values)
    assert finding.problem == "week is 20230735, not a date"


def test_numbers_and_flags_of_one_column_are_told_apart() -> None:
    read, troubles = read_numbers(_cells([2.0, True]))
    assert read[0] == 2.0
    assert np.isnan(read[1])
    assert [list(trouble.rows) for trouble in troubles] == [[1]]


@pytest.mark.parametrize("typed", ["TV", "tv", "  Tv "])
def test_a_name_is_known_in_any_capitals(typed: str) -> None:
    assert place_of(typed, ("Radio", "TV"), "line") == 1


def test_an_exact_name_goes_before_one_in_other_capitals() -> None:
    assert place_of("tv", ("TV", "tv"), "line") == 1


def test_an_unknown_name_is_answered_with_the_closest() -> None:
    with pytest.raises(Unknown, match=r"no line 'Radoi' \(did you mean 'Radio'\?\)"):
        place_of("Radoi", ("Radio", "TV"), "line")


def test_a_very_long_name_is_told_by_its_beginning() -> None:
    frames = _frames()
    frames["spend"]["channel"] = "T" * 40_000
    data = xb.Dataset.from_frames(**frames)
    assert data.findings
    assert max(len(str(found)) for found in data.findings) < 400
