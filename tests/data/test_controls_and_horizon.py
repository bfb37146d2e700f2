"""Controls are complete over history and horizon; the horizon is where Settings puts it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.dataset import Dataset
from xlbudget.errors import BadInput

WEEKS = pd.date_range("2024-01-01", periods=73, freq="7D")  # 60 known, 13 ahead


def controls(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"week": WEEKS, **columns})


def test_what_is_given_for_the_horizon_is_taken(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    data = Dataset.from_frames(spend, outcomes, controls(price=np.arange(73.0)))
    np.testing.assert_array_equal(data.controls[:, 0, 0], np.arange(73.0))
    assert "control-horizon" not in {finding.code for finding in data.findings}


def test_else_last_years_same_week_else_the_last_weeks_mean(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    data = Dataset.from_frames(spend, outcomes, controls(price=np.arange(73.0)).iloc[:60])
    np.testing.assert_array_equal(data.controls[60:68, 0, 0], np.arange(8.0, 16.0))
    late = Dataset.from_frames(
        spend.iloc[3 * 30 :], outcomes.iloc[30:], controls(price=np.arange(73.0)).iloc[:60]
    )
    np.testing.assert_allclose(late.controls[30:, 0, 0], np.arange(47.0, 60.0).mean())
    assert "control-horizon" in {finding.code for finding in late.findings}


def test_gaps_are_filled_from_the_weeks_around_and_said(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    price = np.arange(73.0)
    price[5] = np.nan
    promo = np.where(np.arange(73) % 9 == 0, 1.0, 0.0)
    promo[9:12] = np.nan
    data = Dataset.from_frames(spend, outcomes, controls(price=price, promo=promo))
    assert data.control_names == ("price", "promo")
    assert data.controls[5, 0, 0] == 5.0
    assert data.controls[9:12, 0, 1].tolist() == [0.0, 0.0, 0.0]
    assert [f.code for f in data.findings].count("control-gap") == 2


def test_constant_and_textual_controls_are_left_out_and_said(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    table = controls(price=np.arange(73.0), same=1.0, words="rain")
    data = Dataset.from_frames(spend, outcomes, table)
    assert data.control_names == ("price",)
    assert {"control-constant", "column-not-numeric"} <= {f.code for f in data.findings}


def test_national_controls_hold_in_every_region(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    regions = ("North", "South")
    data = Dataset.from_frames(
        pd.concat([spend.assign(region=name) for name in regions]),
        pd.concat([outcomes.assign(region=name) for name in regions]),
        controls(price=np.arange(73.0)),
    )
    np.testing.assert_array_equal(data.controls[:, 0], data.controls[:, 1])


@pytest.mark.parametrize(
    ("asked", "start", "code"),
    [
        (None, "2025-02-24", ""),
        ("2025-02-24", "2025-02-24", ""),
        ("2025-03-01", "2025-02-24", "horizon-moved"),
        (pd.Timestamp("2025-04-07"), "2025-04-07", "horizon-later"),
        (45712, "2025-02-24", ""),
    ],
)
def test_the_horizon_begins_on_the_first_day_of_a_week_after_the_last_outcome(
    spend: pd.DataFrame, outcomes: pd.DataFrame, asked: object, start: str, code: str
) -> None:
    data = Dataset.from_frames(spend, outcomes, settings={"horizon_start": asked})
    assert data.settings.horizon_start == np.datetime64(start)
    assert code in {finding.code for finding in data.findings} | {""}


def test_a_setting_that_cannot_be_meant_is_named_by_its_own_cell(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    told = {"outcome": "revenue", "horizon_start": "2024-01-01"}
    settings = pd.DataFrame({"setting": list(told), "value": list(told.values())})
    with pytest.raises(BadInput) as refused:
        Dataset.from_frames(spend, outcomes, settings=settings)
    assert refused.value.findings[0].where == "Settings, row 2, column value"
