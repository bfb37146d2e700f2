"""A conflict of guardrails in words: who cannot hold, why, and the cheapest way out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import inf

from xlbudget.errors import ConflictingGuardrails
from xlbudget.planning.limits import SHARED, Budget
from xlbudget.planning.plan import Plan
from xlbudget.planning.program import BUDGET
from xlbudget.planning.rules import Guardrail, Rule, groups_of
from xlbudget.planning.wording import percent

TOTAL = "budget"  # how the budget is called among the rules of a conflict


def conflict(
    plan: Plan,
    rules: Sequence[Guardrail],
    owners: Sequence[str],
    changes: Mapping[str, float],
    budget: Budget,
) -> ConflictingGuardrails:
    """The error for these owners, ids of rules or BUDGET.

    changes: money by which each that can has to give way for the others to hold.
    """
    by_id = {rule.id: rule for rule in rules}
    asked = [by_id[owner] for owner in owners if owner != BUDGET]
    named = [_named(rule) for rule in asked]
    if BUDGET in owners:
        named.append(f"the budget of {budget[1]:,.0f}" if budget[1] < inf else "the budget")
    why = _why_alone(plan, asked[0], budget) if len(asked) == 1 else ""
    rules_named = [TOTAL if owner == BUDGET else owner for owner in owners]
    return ConflictingGuardrails(
        rules_named, way_out(by_id, changes, float(plan.totals.sum()), budget), named, why
    )


def way_out(
    rules: Mapping[str, Guardrail],
    changes: Mapping[str, float],
    current: float,
    budget: Budget,
) -> str:
    """The one rule that has to give least; changes: money by id; current: the plan's total."""
    if not changes:
        return "drop a rule, or set a value that can be kept"
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


def _named(rule: Guardrail) -> str:
    """`G3 (min spend TV, Guardrails!E7)`."""
    asked = " ".join(filter(None, (rule.rule.value, rule.name)))
    return f"{rule.id} ({asked}, {rule.where or rule.place})"


def _why_alone(plan: Plan, rule: Guardrail, budget: Budget) -> str:
    """What makes one rule impossible, alone or with the budget; "" where the names say it."""
    value, parts = rule.value or 0.0, len(groups_of(plan.data, rule))
    if rule.rule is Rule.MIN_SHARE and value * parts > 1.0:
        return f"{percent(value)} for each of {parts} adds up to {percent(value * parts)}"
    if rule.rule is Rule.MAX_SHARE and value * parts < 1.0:
        rest = percent(1.0 - value * parts)
        if parts == 1:
            return f"{rest} of the budget would have no place"
        return f"{percent(value)} for each of {parts} leaves {rest} of the budget without a place"
    if rule.rule is Rule.ROUND_TO and value > budget[1]:
        return f"one lot of {value:,.0f} is more than the budget"
    return ""
