"""The cheapest way out of a conflict, as a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from math import inf

from xlbudget.planning.limits import SHARED, Budget
from xlbudget.planning.program import BUDGET
from xlbudget.planning.rules import Guardrail, Rule


def way_out(
    rules: Mapping[str, Guardrail],
    changes: Mapping[str, float],
    current: float,
    budget: Budget,
) -> str:
    """The one rule that has to give least; changes: money by id; current: the plan's total."""
    if not changes:
        return "drop one of them; none can be loosened enough on its own"
    owner = min(changes, key=lambda name: (changes[name], name == BUDGET))
    money = changes[owner]
    if owner == BUDGET:
        return f"change the budget of {budget[1]:,.0f} by {money:,.0f}"
    rule = rules[owner]
    if rule.rule in SHARED:
        total = budget[1] if 0 < budget[1] < inf else current
        points = 100.0 * money / total if total > 0 else 0.0
        return f"loosen {owner} ({rule.rule}) by {points:,.3g} percentage points ({money:,.0f})"
    if rule.value is None:
        return f"loosen {owner} ({rule.rule}) by {money:,.0f}"
    lower = rule.rule in (Rule.MIN_SPEND, Rule.MINIMUM_IF_ON)
    value = rule.value - money if lower else rule.value + money
    if rule.rule in (Rule.MIN_SPEND, Rule.MAX_SPEND, Rule.MINIMUM_IF_ON):
        return f"{'lower' if lower else 'raise'} {owner} ({rule.rule}) to {value:,.0f}"
    return f"loosen {owner} ({rule.rule}) by {money:,.0f}"
