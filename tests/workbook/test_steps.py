"""The bars of a waterfall end where the next begins, never cross zero, and end at the total."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.steps import steps


@given(st.lists(st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-2), min_size=1, max_size=25))
def test_bars_carry_from_nothing_to_the_total(amounts: list[float]) -> None:
    names = [f"line {index}" for index in range(len(amounts))]
    drawn = steps(names, np.array(amounts))
    total = sum(amounts)
    base, up, down = (np.asarray(drawn[part]) for part in ("base", "up", "down"))
    side = -1.0 if total < 0 else 1.0
    scale = 1e-9 * sum(map(abs, amounts))
    for part in (base, up, down):
        assert (side * part >= -scale).all(), "every bar is on the total's side of zero"
    assert up[-1] + down[-1] == pytest.approx(total, abs=scale)
    change = np.abs(up[:-1]) - np.abs(down[:-1])
    assert change.sum() == pytest.approx(total, abs=scale)
    assert len(base) <= 11


def test_a_loss_hangs_from_zero_and_its_largest_part_comes_first() -> None:
    drawn = steps(["a", "b", "c"], np.array([-1.0, 2.0, -5.0]))
    assert list(drawn["line"]) == ["c", "a", "b", "Total"]
    assert np.asarray(drawn["base"]).tolist() == [0.0, -5.0, -4.0, 0.0]
    assert np.asarray(drawn["up"]).tolist() == [0.0, 0.0, -2.0, 0.0]
    assert np.asarray(drawn["down"]).tolist() == [-5.0, -1.0, 0.0, -4.0]
