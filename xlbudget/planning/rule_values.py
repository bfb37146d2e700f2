"""The number of a guardrail: money, share, multiple or lot, as its rule and unit say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xlbudget.planning.rules import Rule
from xlbudget.tables import normal

MONEY = frozenset(
    {
        *(Rule.MIN_SPEND, Rule.MAX_SPEND, Rule.MINIMUM_IF_ON, Rule.ROUND_TO),
        *(Rule.MAX_A_WEEK, Rule.MIN_A_WEEK),
    }
)
SHARES = frozenset({Rule.MIN_SHARE, Rule.MAX_SHARE})
SHIFTS = frozenset({Rule.MAX_SHIFT, Rule.MAX_TOTAL_SHIFT, Rule.APPROVE_SHIFT})
NEEDLESS = frozenset({Rule.APPROVE_CUT, Rule.APPROVE_CHANGE})
PERCENT = frozenset({"%", "percent", "per cent", "pct"})
SHARE = frozenset({"share", "fraction"})
LARGEST_SHIFT = 10.0  # a shift of 1,000 %: above it a share was surely meant as percent


@dataclass(frozen=True)
class Wrong:
    """Why a value cannot be used: the column to mend, the problem and the remedy."""

    column: str
    problem: str
    remedy: str


def value_of(rule: Rule, cell: object, unit: str) -> float | Wrong | None:
    """The rule's number: money and multiples as they stand, percent as a share."""
    if rule in NEEDLESS:
        return None
    if cell is None:
        if rule is Rule.LOCK:
            return None
        return Wrong("value", f"'{rule}' has no value", f"enter {_asked(rule)}")
    if not isinstance(cell, float):
        shown = str(cell)
        if rule in SHARES | SHIFTS and shown.endswith("%"):
            return value_of(rule, _number(shown[:-1]), "%")
        return Wrong("value", f"the value is '{shown}', not a number", f"enter {_asked(rule)}")
    if not np.isfinite(cell) or cell < 0:
        return Wrong("value", f"the value is {cell:,g}; it cannot be below 0", "enter 0 or more")
    if rule in SHARES | SHIFTS:
        return _share(rule, cell, normal(unit))
    if normal(unit) in PERCENT | SHARE and rule not in (Rule.RATIO, Rule.WEEKS_IN_A_ROW):
        return Wrong(
            "unit",
            f"'{rule}' is in money, not in {unit}",
            "enter money, or use min share or max share for a part of the budget",
        )
    if rule is Rule.WEEKS_IN_A_ROW and (cell < 1 or cell != round(cell)):
        return Wrong("value", f"{cell:g} is no number of weeks", "enter a whole number from 1 on")
    if cell == 0 and rule is Rule.ROUND_TO:
        return Wrong("value", "lots of 0 cannot be", "enter the lot in money, for instance 1000")
    return cell


def _share(rule: Rule, value: float, unit: str) -> float | Wrong:
    """A share 0..1 (a shift may be more): 20 with %, 0.2 with share; alone, above 1 is percent."""
    if unit and unit not in PERCENT | SHARE:
        return Wrong(
            "unit",
            f"the unit of '{rule}' is '{unit}'; it is % or share",
            "enter % with 20, or share with 0.2",
        )
    percent = unit in PERCENT or (not unit and value > 1.0)
    share = value / 100.0 if percent else value
    if share > (LARGEST_SHIFT if rule in SHIFTS else 1.0):
        return Wrong(
            "value",
            f"{value:,g} as a {'percentage' if percent else 'share'} is {share:,.0%}"
            + ("" if rule in SHIFTS else "; at most 100 % can be"),
            f"enter {value / 100:g}, or set the unit to %" if not percent else "enter 0 to 100",
        )
    return share


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return f"{text}%"


def _asked(rule: Rule) -> str:
    if rule in SHARES | SHIFTS:
        return "a share such as 0.2 with unit share, or 20 with unit %"
    if rule is Rule.RATIO:
        return "how many times the other line's spend it is, for instance 0.5"
    if rule is Rule.WEEKS_IN_A_ROW:
        return "a number of weeks"
    return "an amount of money"
