"""Figures on the screen: small ones keep their digits, and each kind is shown in its own way."""

from __future__ import annotations

import pytest

from xlbudget.cli import console
from xlbudget.cli.cells import as_text


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("marginal_roi", 0.000795123, "0.000795"),
        ("marginal_roi", 1.354, "1.35"),
        ("gain", 1e-13, "0.00"),
        ("gain", -0.0, "0.00"),
        ("gain", 12345.6, "12,346"),
        ("prob_better", 0.755, "75.5%"),
        ("gap", 0.0048, "0.5%"),
    ],
)
def test_a_figure_is_shown_as_people_write_it(name: str, value: float, text: str) -> None:
    assert as_text(name, value) == text


def test_a_table_of_figures_shows_each_in_its_own_kind(
    capsys: pytest.CaptureFixture[str],
) -> None:
    console.table({"figure": ["gain", "prob_better"], "value": [12345.6, 0.755]})
    shown = capsys.readouterr().out
    assert "12,346" in shown
    assert "75.5%" in shown
