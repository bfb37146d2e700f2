"""Where no spend pays, the best plan is nothing, and it is found without endless proof."""

from __future__ import annotations

from typing import Any

import pytest

import xlbudget as xb
from xlbudget.response.model import ResponseModel


def test_a_plan_of_nothing_is_proved_as_soon_as_any_other(
    sample_model: ResponseModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = 0
    tabulated = ResponseModel.mean_value_curves

    def counted(*given: Any) -> Any:
        nonlocal asked
        asked += 1
        return tabulated(*given)

    monkeypatch.setattr(ResponseModel, "mean_value_curves", counted)
    best = xb.optimize(sample_model, aim="marginal_roi", target=50.0)
    assert best.recommended.totals.sum() == 0.0
    assert best.gap == 0.0
    assert asked < 100
