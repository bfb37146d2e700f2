"""Figures as people say them. Two numbers in a sentence are written the same way everywhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xlbudget.planning.wording import chance, counted, percent, rough

LONGEST = 255  # characters that a cell takes from every host


def amount(value: float, unit: str = "") -> str:
    """An amount of money or outcome in whole units, or to three figures: `1,240 EUR`, `0.031`."""
    text = f"{value:,.0f}" if abs(value) >= 20 or value == 0 else f"{value:,.3g}"
    return f"{text} {unit}".rstrip()


def portion(budget: float) -> float:
    """A round amount of money in whose returns people think: about a thousandth of a budget.

    1,000 for a budget of 1 to 10 million, and never less than one unit of money.
    """
    return max(float(10.0 ** np.floor(np.log10(budget / 1e3))), 1.0) if budget > 0 else 1.0


def distance(gap: float) -> str:
    """How much better a plan could be at most: `0.0026 %` for the gap 0.000026."""
    return "0.001 %" if gap < 1e-5 else f"{100 * gap:.2g} %"


def listed(names: Sequence[str], most: int = 12) -> str:
    """`a`, `a and b`, `a, b and c`, `a, b and 5 others`."""
    others = len(names) - most
    if others > 0:
        return f"{', '.join(names[:most])} and {others} other{'s' * (others > 1)}"
    if len(names) <= 1:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


def brief(name: str, longest: int = 40) -> str:
    """A name as a sentence can carry it: the beginning of a very long one."""
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"


def money_of(budget: float, currency: str) -> str:
    """A portion of a budget: `100 EUR`; without a currency `100`, and `unit of money` for 1."""
    part = portion(budget)
    if part == 1.0 and not currency:
        return "unit of money"
    return amount(part, currency)


def fitted(text: str, longest: int = LONGEST) -> str:
    """The text, cut at a word where it is longer than a cell takes."""
    if len(text) <= longest:
        return text
    return text[: longest - 1].rsplit(" ", 1)[0].rstrip(",;. ") + "…"


__all__ = [
    "amount",
    "brief",
    "chance",
    "counted",
    "distance",
    "fitted",
    "listed",
    "money_of",
    "percent",
    "portion",
    "rough",
]
