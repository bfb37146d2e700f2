"""Whatever stands in a cell, what comes is a Dataset or a list of findings, never a crash."""

from __future__ import annotations

import contextlib
import datetime as dt
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from xlbudget.data.build import build_dataset
from xlbudget.data.dataset import Dataset
from xlbudget.data.frames import raw_tables
from xlbudget.data.raw import ErrorCell
from xlbudget.data.wide import convert, propose_mapping
from xlbudget.errors import BudgetError
from xlbudget.findings import errors_of

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.decimals(allow_nan=False),  # pandas itself cannot hold a signalling NaN
    st.sampled_from(
        ["#REF!", "1.234,5", "5 %", "$5", "31/31/2024", "2024-W99", "00000", "+-1", ".", "1e999"]
    ),
    st.just(ErrorCell("#N/A")),
    st.just(pd.NaT),
    st.just(pd.NA),
    st.just(pd.Timestamp("2024-01-01", tz="UTC")),
    st.just(dt.timedelta(days=1)),
    st.just([1, 2]),
    st.just(Decimal("NaN")),
    st.just(np.datetime64("NaT")),
    st.just(np.float32(2.5)),
    st.just(1 + 2j),
)
PLACES = st.sampled_from(
    [
        ("spend", "week"),
        ("spend", "channel"),
        ("spend", "region"),
        ("spend", "spend"),
        ("spend", "platform_revenue"),
        ("outcomes", "week"),
        ("outcomes", "region"),
        ("outcomes", "revenue"),
        ("controls", "week"),
        ("controls", "price_index"),
        ("channels", "role"),
        ("channels", "launch_week"),
        ("channels", "long_term_factor"),
        ("regions", "population"),
        ("regions", "launch_end"),
        ("experiments", "start"),
        ("experiments", "standard_error"),
        ("settings", "value"),
        ("settings", "setting"),
    ]
)


@given(place=PLACES, cell=CELLS, row=st.integers(0, 3))
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_cell_is_read_or_found(
    sample_frames: dict[str, pd.DataFrame], place: tuple[str, str], cell: Any, row: int
) -> None:
    table, column = place
    frames = {
        name: sample_frames[name]
        for name in ("outcomes", "controls", "channels", "regions", "experiments", "settings")
    }
    frames["spend"] = sample_frames["spend"].head(2_000)
    changed = frames[table].astype(object)
    changed.at[changed.index[min(row, len(changed) - 1)], column] = cell
    frames[table] = changed
    data, findings = build_dataset(raw_tables(**frames))
    assert (data is None) == bool(errors_of(findings))
    assert all(finding.where and finding.problem and finding.remedy for finding in findings)


@given(cell=CELLS, column=st.sampled_from(["date", "sales", "tv_spend", "price", "geo"]))
@example(cell="\x00", column="date")
@settings(max_examples=80, deadline=None)
def test_any_cell_of_a_wide_file_is_read_or_found(cell: Any, column: str) -> None:
    size = 60
    cells = {
        "date": np.array(pd.date_range("2024-01-01", periods=size, freq="7D").date, dtype=object),
        "geo": np.full(size, "North", dtype=object),
        "sales": np.arange(size).astype(object),
        "tv_spend": np.arange(1, size + 1).astype(object),
        "price": (np.arange(size) % 7).astype(object),
    }
    cells[column][5] = cell
    raw = raw_tables(spend=cells)["spend"]
    with contextlib.suppress(BudgetError):  # its findings; anything else fails
        build_dataset(convert(raw, propose_mapping(raw)).tables)


def test_a_table_that_is_too_long_is_refused(
    spend: pd.DataFrame, outcomes: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbudget.data.columns.MAX_ROWS", 100)
    _, findings = build_dataset(raw_tables(spend=spend, outcomes=outcomes))
    assert [finding.code for finding in errors_of(findings)] == ["table-too-long"]


def test_a_market_that_is_too_large_is_refused(
    spend: pd.DataFrame, outcomes: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xlbudget.data.assembly.MAX_CELLS", 100)
    _, findings = build_dataset(raw_tables(spend=spend, outcomes=outcomes))
    assert [finding.code for finding in errors_of(findings)] == ["too-many-cells"]


@pytest.mark.parametrize("table", [None, 3, "spend.csv", [1, 2]])
def test_what_is_no_table_is_refused_in_words(outcomes: pd.DataFrame, table: Any) -> None:
    with pytest.raises(BudgetError, match="Spend"):
        Dataset.from_frames(table, outcomes)
