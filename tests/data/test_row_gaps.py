"""Rows lost in the middle of Spend or Plan are told, not silently taken for nothing spent."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pytest

import xlbudget as xb
from xlbudget.findings import Finding, Severity

WEEKS = pd.date_range("2023-01-02", periods=60, freq="7D")
OUTCOMES = pd.DataFrame({"week": WEEKS, "revenue": [100.0 + week for week in range(60)]})


def _spend(**weeks: Sequence[int]) -> pd.DataFrame:
    rows = [
        (WEEKS[week], channel, 1.0 + week % 7) for channel, some in weeks.items() for week in some
    ]
    return pd.DataFrame(rows, columns=["week", "channel", "spend"])


def _told(spend: pd.DataFrame) -> list[Finding]:
    data = xb.Dataset.from_frames(spend, OUTCOMES)
    return [found for found in data.findings if found.code == "rows-lost"]


ALL = range(60)
HOLE = [week for week in ALL if not 20 <= week < 30]


def test_rows_lost_in_the_middle_are_told_with_their_line_and_weeks() -> None:
    (found,) = _told(_spend(TV=ALL, Radio=HOLE))
    assert found.severity is Severity.WARNING
    assert f"Radio in 10 weeks ({WEEKS[20].date()} to {WEEKS[29].date()})" in found.problem
    assert found.place.column == "channel"


@pytest.mark.parametrize(
    "spend",
    [
        _spend(TV=ALL, Radio=range(10, 40)),  # begun and stopped
        _spend(TV=HOLE, Radio=HOLE),  # a week without any row is told by another finding
        _spend(TV=range(0, 60, 3), Radio=range(0, 58, 2), Print=ALL),  # only weeks with spend
    ],
    ids=["begun and stopped", "no row at all", "sparse"],
)
def test_what_is_no_loss_is_not_told(spend: pd.DataFrame) -> None:
    assert not _told(spend)


def test_a_line_that_is_mostly_off_is_a_note() -> None:
    (found,) = _told(_spend(TV=ALL, Social=ALL, Cinema=range(0, 60, 10)))
    assert found.severity is Severity.NOTE
