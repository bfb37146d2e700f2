"""What a Dataset holds, whatever the shape in which its tables came."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xlbudget.data.dataset import Dataset


def test_weeks_lines_and_money_are_those_of_the_frames(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    data = Dataset.from_frames(spend, outcomes)
    assert data.line_names == ("Search", "Social", "TV")
    assert data.weeks[0] == np.datetime64("2024-01-01")
    assert data.weeks[-1] == np.datetime64("2025-02-17")
    assert np.all(np.diff(data.weeks) == np.timedelta64(7, "D"))
    assert data.regions == ("",)
    assert data.spend.shape == (60, 1, 3)
    assert data.spend.sum() == pytest.approx(float(spend["spend"].sum()))
    assert data.settings.outcome == "revenue"
    assert data.horizon[0] == np.datetime64("2025-02-24")
    assert len(data.horizon) == 13


def test_by_line_keeps_the_total(sample_data: Dataset) -> None:
    by_line = sample_data.by_line(sample_data.spend)
    assert by_line.shape == (len(sample_data.weeks), len(sample_data.lines))
    assert by_line.sum() == pytest.approx(sample_data.spend.sum())


def test_no_array_of_a_dataset_can_be_written_to(sample_data: Dataset) -> None:
    arrays = [getattr(sample_data, field.name) for field in fields(sample_data)]
    for array in (value for value in arrays if isinstance(value, np.ndarray)):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_frames_that_came_in_are_left_as_they_were(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    spend.loc[3, "spend"] = "1,200.50"
    spend.loc[5, "channel"] = "tv"
    before = spend.copy(deep=True), outcomes.copy(deep=True)
    Dataset.from_frames(spend, outcomes)
    pd.testing.assert_frame_equal(spend, before[0])
    pd.testing.assert_frame_equal(outcomes, before[1])


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_order_of_rows_and_columns_changes_nothing(
    sample_frames: dict[str, pd.DataFrame], sample_data: Dataset, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    names = ("spend", "outcomes", "controls", "channels", "regions", "experiments", "settings")
    shuffled = {}
    for name in names:
        frame = sample_frames[name]
        rows = rng.permutation(len(frame))
        columns = rng.permutation(frame.columns) if name != "outcomes" else frame.columns
        shuffled[name] = frame.iloc[rows][list(columns)]
    data = Dataset.from_frames(**shuffled)
    assert data.key == sample_data.key
    np.testing.assert_array_equal(data.spend, sample_data.spend)  # to the last digit


SPELLINGS = {
    "a named index": lambda frame: frame.astype({"week": "datetime64[ns]"}).set_index("week"),
    "a dict of lists": lambda frame: frame.to_dict("list"),
    "categories": lambda frame: frame.astype({"week": "category"}),
    "ISO texts": lambda frame: frame.assign(week=frame["week"].map(lambda w: f"{w:%Y-%m-%d}")),
    "pandas' own types": lambda frame: frame.convert_dtypes(),
    "a time zone": lambda frame: frame.assign(
        week=pd.to_datetime(frame["week"]).dt.tz_localize("Europe/Berlin")
    ),
    "periods": lambda frame: frame.assign(week=pd.to_datetime(frame["week"]).dt.to_period("W")),
    "serial numbers": lambda frame: frame.assign(
        week=(pd.to_datetime(frame["week"]) - pd.Timestamp("1899-12-30")).dt.days
    ),
    "ISO weeks": lambda frame: frame.assign(week=frame["week"].map(lambda w: f"{w:%G-W%V}")),
    "other capitals": lambda frame: frame.rename(columns=str.upper),
    "packed dates": lambda frame: frame.assign(
        week=frame["week"].map(lambda w: int(f"{w:%Y%m%d}"))
    ),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_same_content_in_another_spelling_is_the_same_dataset(
    spend: pd.DataFrame, outcomes: pd.DataFrame, spelling: str
) -> None:
    respell = SPELLINGS[spelling]
    plain = Dataset.from_frames(spend, outcomes, settings={"outcome": "revenue"})
    other = Dataset.from_frames(respell(spend), outcomes, settings={"outcome": "revenue"})
    assert other.key == plain.key


def test_other_content_or_other_settings_are_another_dataset(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    keys = {
        Dataset.from_frames(spend, outcomes).key,
        Dataset.from_frames(spend.assign(spend=spend["spend"] * 1.0001), outcomes).key,
        Dataset.from_frames(spend, outcomes, settings={"confidence": 0.8}).key,
        Dataset.from_frames(spend.replace("TV", "Radio"), outcomes).key,
    }
    assert len(keys) == 4


def test_the_key_is_the_same_on_every_machine(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    outcomes["revenue"] = [float(number) for number in range(60)]
    assert Dataset.from_frames(spend, outcomes).key == (
        "c196a0ed4056ffd192957cdfd29d2f8e3af43090b897017b08c79dd57af67ba6"
    )


def test_a_hundred_thousand_rows_are_added_up(outcomes: pd.DataFrame) -> None:
    weeks = np.repeat(pd.to_datetime(outcomes["week"]).to_numpy(), 1_700)
    spend = pd.DataFrame({"week": weeks, "campaign_type": "x"})
    spend["channel"] = [f"Channel {number % 17}" for number in range(len(spend))]
    spend["product"] = [f"Product {number // 17 % 100}" for number in range(len(spend))]
    spend["spend"] = 1.0
    data = Dataset.from_frames(spend, outcomes)
    assert len(spend) == 102_000
    assert data.spend.shape == (60, 1, 17)
    assert np.all(data.spend == 100.0)


def test_a_settings_frame_says_the_same_as_a_dict(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    told = {"confidence": 0.8, "horizon_weeks": 6, "currency": "EUR", "margin": None}
    frame = pd.DataFrame(
        {"setting": list(told), "value": pd.Series(list(told.values()), dtype=object)}
    )
    assert (
        Dataset.from_frames(spend, outcomes, settings=frame).key
        == Dataset.from_frames(spend, outcomes, settings=told).key
    )


def test_a_zero_where_zero_says_nothing_is_the_default_and_is_said(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    """Some spreadsheets hand an empty cell over as 0."""
    told = {"confidence": 0, "horizon_weeks": 0, "outcome": 0, "budget": 0.0, "seed": 0}
    data = Dataset.from_frames(spend, outcomes, settings=told)
    assert data.key == Dataset.from_frames(spend, outcomes).key
    assert [f.code for f in data.findings].count("setting-zero") == 4
