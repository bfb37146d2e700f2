"""How sentences spell shares and amounts: the same on every floor from here up."""

from __future__ import annotations


def percent(share: float) -> str:
    """A share in percent: `12 %`, `0.4 %`, `12.5 %`."""
    return f"{100 * share:.1f}".removesuffix(".0") + " %"


def rough(value: float, unit: str = "") -> str:
    """An amount as one says it aloud: `1.24 million EUR`, `85 thousand`."""
    for size, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"), (1e3, "thousand")):
        if abs(value) >= 0.9995 * size:
            return f"{value / size:.3g} {name} {unit}".rstrip()
    return f"{value + 0.0:.3g} {unit}".rstrip()  # + 0.0: nothing is "-0"
