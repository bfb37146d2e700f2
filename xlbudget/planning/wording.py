"""How sentences spell shares, probabilities and outcomes: the same on every floor above."""

from __future__ import annotations

from xlbudget.response.wording import percent, rough


def chance(probability: float) -> str:
    """A probability in whole percent; never certain, since it is counted from draws."""
    whole = round(100 * probability)
    if whole >= 100:
        return "over 99 %"
    return "under 1 %" if whole <= 0 else f"{whole} %"


def counted(outcome: str) -> str:
    """The outcome after a number: a plural is counted, `181 million conversions`; anything else
    is measured, `1.57 million of revenue`.
    """
    name = outcome.replace("_", " ")
    if not name:
        return ""
    return name if name.casefold().endswith("s") else f"of {name}"


__all__ = ["chance", "counted", "percent", "rough"]
