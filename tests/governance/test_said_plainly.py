"""Sentences of the summary stay sensible at the edges: no currency, nothing to move."""

from __future__ import annotations

import pytest

from xlbudget.governance.words import money_of
from xlbudget.planning.questions.answer import Figure


@pytest.mark.parametrize(
    ("budget", "currency", "said"),
    [
        (2_000_000.0, "EUR", "1,000 EUR"),
        (2_000_000.0, "", "1,000"),
        (500.0, "", "unit of money"),
        (500.0, "EUR", "1 EUR"),
    ],
)
def test_a_portion_of_the_budget_reads_well_without_a_currency(
    budget: float, currency: str, said: str
) -> None:
    assert money_of(budget, currency) == said


def test_a_range_that_begins_at_nothing_begins_at_0() -> None:
    figure = Figure(10.0, -1e-9, 20.0, 0.9)
    assert "-0" not in figure.surely()
