"""A stored model answers with the same digits; damage is refused in plain words."""

from __future__ import annotations

import numpy as np
import pytest

from xlbudget.errors import UnreadableFile
from xlbudget.response.archive import from_bytes, to_bytes
from xlbudget.response.model import ResponseModel


@pytest.fixture(scope="module")
def stored(sample_model: ResponseModel) -> bytes:
    return to_bytes(sample_model)


def test_every_figure_survives_the_round_trip(sample_model: ResponseModel, stored: bytes) -> None:
    again = from_bytes(stored)
    assert again.key == sample_model.key
    assert again.data.key == sample_model.data.key
    for name in ("contribution", "marginal_roi", "priors_table"):
        before, after = getattr(sample_model, name)().table, getattr(again, name)().table
        assert before.equals(after)
    assert again.diagnostics.table.equals(sample_model.diagnostics.table)
    path = sample_model.steady_path(sample_model.recent_weekly())
    assert np.array_equal(again.outlook(path).caused, sample_model.outlook(path).caused)


def test_the_same_model_is_stored_as_the_same_content(
    sample_model: ResponseModel, stored: bytes
) -> None:
    assert len(to_bytes(from_bytes(stored))) == len(to_bytes(sample_model))


@pytest.mark.parametrize("damage", [b"", b"not a model", b"PK\x03\x04"])
def test_what_is_no_model_is_refused(damage: bytes) -> None:
    with pytest.raises(UnreadableFile, match="fit it again"):
        from_bytes(damage)


def test_a_cut_off_model_is_refused(stored: bytes) -> None:
    with pytest.raises(UnreadableFile, match="fit it again"):
        from_bytes(stored[: len(stored) // 2])
