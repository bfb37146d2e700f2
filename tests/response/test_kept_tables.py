"""A model keeps the tables that formulas ask for again, within a bound, and never other digits."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from xlbudget.response.archive import from_bytes, to_bytes
from xlbudget.response.kept import Kept
from xlbudget.response.model import ResponseModel


def test_what_was_asked_for_is_worked_out_once_and_cannot_be_written_to() -> None:
    kept, asked = Kept(), []

    def squares(count: int) -> tuple[np.ndarray]:
        asked.append(count)
        return (np.arange(count) ** 2.0,)

    first, again = kept.get("squares", squares, 5), kept.get("squares", squares, 5)
    assert asked == [5]
    assert again is first
    with pytest.raises(ValueError, match="read-only"):
        first[0][0] = 1.0


def test_the_oldest_go_where_all_would_be_too_many() -> None:
    kept, asked = Kept(most=10), []

    def zeros(name: str) -> tuple[np.ndarray]:
        asked.append(name)
        return (np.zeros(4),)

    for name in ("a", "b", "a", "c", "a", "b"):  # c drives out b, which was asked for longer ago
        kept.get(name, zeros, name)
    assert asked == ["a", "b", "c", "b"]


def test_what_is_too_large_to_keep_is_answered_all_the_same() -> None:
    (table,) = Kept(most=10).get("large", lambda: (np.ones(11),))
    assert table.sum() == 11.0


def test_a_model_that_was_asked_before_answers_with_the_same_digits(
    sample_model: ResponseModel,
) -> None:
    fresh = from_bytes(to_bytes(sample_model))  # nothing is kept of it yet
    line = fresh.data.line_names[0]
    spend = {line: 1.5 * float(fresh.recent_weekly()[0])}
    for _ in range(2):
        asked, other = fresh.marginal_roi(spend), fresh.marginal_roi()
        answered = from_bytes(to_bytes(sample_model)).marginal_roi(spend)
        assert (asked.draws_array == answered.draws_array).all()
        assert (asked.draws_array[:, 0] != other.draws_array[:, 0]).any()
        assert (fresh.curve(line).response == sample_model.curve(line).response).all()


def test_nothing_is_kept_across_models_with_other_effects(sample_model: ResponseModel) -> None:
    sample_model.contribution()
    effects = replace(sample_model.effects, roi=2.0 * sample_model.effects.roi)
    twice = replace(sample_model, effects=effects).contribution().draws_array
    assert twice == pytest.approx(2.0 * sample_model.contribution().draws_array)


def test_contribution_and_forecast_stand_on_one_baseline(sample_model: ResponseModel) -> None:
    weeks = len(sample_model.data.weeks)
    by_week = sample_model.baseline()[:, :weeks].sum(axis=(1, 2))
    assert sample_model.contribution().baseline_draws == pytest.approx(by_week, rel=1e-10)
