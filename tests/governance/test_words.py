"""Figures are written the same way in every sentence."""

from __future__ import annotations

import pytest

from xlbudget.governance.words import (
    amount,
    brief,
    chance,
    counted,
    fitted,
    listed,
    money_of,
    percent,
    portion,
    rough,
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (amount(1240000, "EUR"), "1,240,000 EUR"),
        (amount(0.03142), "0.0314"),
        (amount(0), "0"),
        (rough(1_240_000, "EUR"), "1.24 million EUR"),
        (rough(85_432), "85.4 thousand"),
        (rough(999_950), "1 million"),
        (rough(-0.0), "0"),
        (rough(-2_300), "-2.3 thousand"),
        (rough(181e6, counted("conversions")), "181 million conversions"),
        (rough(1.57e6, counted("revenue")), "1.57 million of revenue"),
        (amount(30, counted("new_customers")), "30 new customers"),
        (money_of(2.9e6, "EUR"), "1,000 EUR"),
        (money_of(26.0, ""), "unit of money"),
        (percent(0.125), "12.5 %"),
        (percent(0.3), "30 %"),
        (chance(0.949), "95 %"),
        (chance(1.0), "over 99 %"),
        (chance(0.001), "under 1 %"),
        (listed([]), ""),
        (listed(["a"]), "a"),
        (listed(["a", "b", "c"]), "a, b and c"),
        (listed(list("abcd"), 3), "a, b, c and 1 other"),
        (listed(list("abcde"), 3), "a, b, c and 2 others"),
        (fitted("one two three", 9), "one two…"),
    ],
)
def test_as_people_say_it(text: str, wanted: str) -> None:
    assert text == wanted


def test_a_portion_follows_the_size_of_the_budget() -> None:
    assert portion(2.9e6) == 1_000
    assert portion(2.9) == 1
    assert portion(0) == 1


def test_a_very_long_name_is_cut_in_sentences() -> None:
    assert brief("Paid Search") == "Paid Search"
    assert brief("very " * 40) == "very very very very very very very very…"
