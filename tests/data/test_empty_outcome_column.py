"""The template has a column revenue: who measures something else leaves it empty."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import xlbudget as xb

WEEKS = pd.date_range("2023-01-02", periods=60, freq="7D")
SPEND = pd.DataFrame({"week": WEEKS, "channel": "TV", "spend": np.linspace(1.0, 9.0, 60)})


def _outcomes(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"week": WEEKS, **columns})


def test_the_outcome_is_the_column_that_holds_figures() -> None:
    data = xb.Dataset.from_frames(SPEND, _outcomes(revenue=[None] * 60, leads=range(60)))
    assert data.settings.outcome == "leads"
    assert "outcome-first" not in {finding.code for finding in data.findings}


def test_an_outcome_named_in_settings_that_is_empty_is_said_so() -> None:
    with pytest.raises(xb.BadInput, match="revenue"):
        xb.Dataset.from_frames(
            SPEND, _outcomes(revenue=[None] * 60), settings={"outcome": "revenue"}
        )


def test_conversions_taken_for_money_are_told_before_nothing_pays_back() -> None:
    data = xb.Dataset.from_frames(SPEND, _outcomes(leads=[1.0, 2.0] * 30))
    (told,) = (found for found in data.findings if found.code == "outcome-worth")
    assert "value_per_outcome is 1" in told.problem
    priced = xb.Dataset.from_frames(
        SPEND, _outcomes(leads=[1.0, 2.0] * 30), settings={"value_per_outcome": 40}
    )
    assert "outcome-worth" not in {found.code for found in priced.findings}
