"""Readiness says in plain words what a person should look at, and what to do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from xlbudget.data.columns import read_columns
from xlbudget.data.dataset import Dataset
from xlbudget.data.frames import raw_table
from xlbudget.data.readiness import Status, readiness
from xlbudget.data.reconciliation import reconcile
from xlbudget.tables import LEDGER, SPEND
from xlbudget.tabular import Array


def looked_at(data: Dataset, check: str, plan_totals: Array | None = None) -> list[str]:
    table = readiness(data, plan_totals).table
    found = table[(table["check"] == check) & (table["status"] != "ok")]
    return list(found["where"])


def test_the_table_has_the_columns_that_people_read(sample_data: Dataset) -> None:
    ready = readiness(sample_data)
    assert list(ready.table.columns) == ["check", "status", "where", "what to do"]
    assert set(ready.table["status"]) <= {"ok", "look", "stop"}
    assert ready.status is Status.LOOK
    assert ready.table.map(lambda cell: 0 < len(str(cell)) <= 255).all(axis=None)


def test_the_new_line_of_the_sample_is_called_new(sample_data: Dataset) -> None:
    assert looked_at(sample_data, "new and rarely used lines") == ["Creators"]


def test_few_weeks_are_a_reason_to_stop(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    assert readiness(Dataset.from_frames(spend, outcomes.iloc[:20])).status is Status.STOP


def test_constant_lines_and_lines_that_move_together_are_named(
    spend: pd.DataFrame, outcomes: pd.DataFrame
) -> None:
    steady = spend.assign(spend=spend["spend"].where(spend["channel"] != "TV", 50.0))
    data = Dataset.from_frames(steady, outcomes)
    assert looked_at(data, "spend varies") == ["TV"]
    assert looked_at(data, "lines that move together") == ["Search and Social"]


def test_an_outlying_week_is_found(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    outcomes.loc[30, "revenue"] = 50_000.0
    data = Dataset.from_frames(spend, outcomes)
    assert looked_at(data, "outlying outcomes") == ["2024-07-29"]


def test_a_plan_beyond_what_was_seen_is_marked(spend: pd.DataFrame, outcomes: pd.DataFrame) -> None:
    data = Dataset.from_frames(spend, outcomes)
    totals = np.array([13 * 100.0, 13 * 100.0, 13 * 400.0])
    assert looked_at(data, "plan within what was seen", plan_totals=totals) == ["TV"]


@pytest.fixture
def books(spend: pd.DataFrame) -> pd.DataFrame:
    """A ledger that agrees with marketing to the cent: each week's money by its days."""
    days = spend.loc[spend.index.repeat(7)].reset_index(drop=True)
    days["day"] = pd.to_datetime(days["week"]) + pd.to_timedelta(np.arange(len(days)) % 7, "D")
    days["amount"] = days["spend"].astype(float) / 7
    days["month"] = days["day"].dt.strftime("%Y-%m")
    return days.groupby(["month", "channel"], as_index=False)["amount"].sum()


def test_weeks_are_split_over_months_by_their_days(
    spend: pd.DataFrame, books: pd.DataFrame
) -> None:
    ours, _ = read_columns(raw_table("spend", spend), SPEND)
    theirs, _ = read_columns(raw_table("ledger", books), LEDGER)
    result = reconcile(ours, theirs)
    assert result.agrees
    np.testing.assert_allclose(result.difference, 0.0, atol=1e-6)
    assert list(result.table.columns) == [
        "month", "channel", "marketing", "finance", "difference", "status",
    ]  # fmt: skip
    assert str(result.month.min()) == "2024-01-01"
    assert str(result.month.max()) == "2025-01-01"  # February is not wholly known


def test_each_way_of_disagreeing_has_its_word(spend: pd.DataFrame, books: pd.DataFrame) -> None:
    books = books[books["month"] == "2024-03"].copy()
    books["amount"] *= [1.1, 0.9, 1.01]  # Search, Social, TV
    radio = pd.DataFrame({"month": ["2024-03"], "channel": ["Radio"], "amount": [5.0]})
    ours, _ = read_columns(raw_table("spend", spend), SPEND)
    theirs, _ = read_columns(raw_table("ledger", pd.concat([books, radio])), LEDGER)
    table = reconcile(ours, theirs, tolerance=0.02).table
    march = table[table["month"] == "2024-03-01"].set_index("channel")["status"].to_dict()
    assert march == {
        "Search": "finance higher",
        "Social": "marketing higher",
        "TV": "agrees",
        "Radio": "only in finance",
    }
    assert set(table[table["month"] == "2024-04-01"]["status"]) == {"only in marketing"}
