"""Guardrails to limits: each rule says, in one function, what it asks of the lines' spend.

A rule about regions, products or dates that are finer than the lines is about the part of each
line's spend that falls there, since a line keeps its shape over weeks, regions and media.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from xlbudget.data.dataset import Dataset
from xlbudget.planning.plan import Plan
from xlbudget.planning.program import BUDGET, Limit, Program, Switch
from xlbudget.planning.rules import Group, Guardrail, Rule, groups_of, weeks_of
from xlbudget.tabular import Array

SHARE_UNIT = 0.01  # shares and shifts are loosened, and priced, by the percentage point
SHARED = frozenset({Rule.MIN_SHARE, Rule.MAX_SHARE, Rule.MAX_SHIFT, Rule.MAX_TOTAL_SHIFT})
UNPRICED = frozenset({Rule.ROUND_TO})


@dataclass(frozen=True)
class Part:
    """What one rule is about, line by line.

    members  (L,) share of each line's spend that belongs to it
    whole    (L,) share of each line's spend that falls in the weeks of the rule
    other    (L,) as members, for the part that a ratio refers to
    current  (L,) the current plan
    """

    members: Array
    whole: Array
    other: Array
    current: Array


@dataclass
class Bounds:
    """What the rules ask together, as it is gathered."""

    low: Array
    high: Array
    lots: Array
    limits: list[Limit] = field(default_factory=list)
    switches: list[Switch] = field(default_factory=list)

    def box(self, rule: Guardrail, lines: NDArray[np.bool_], low: Array, high: Array) -> None:
        """Each of the lines between low and high; kept as limits too, to be named in conflicts."""
        for line in np.flatnonzero(lines):
            one = np.zeros(len(lines))
            one[line] = 1.0
            self.limits.append(Limit(rule.id, one, float(low[line]), float(high[line])))


Budget = tuple[float, float]
"""The least and the most that may be spent; the same twice for a fixed budget."""
FREE: Budget = (0.0, np.inf)

Builder = Callable[[Bounds, Guardrail, Part, float], None]


def _min_spend(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    bounds.limits.append(Limit(rule.id, part.members, low=_number(rule) - slack))


def _max_spend(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    bounds.limits.append(Limit(rule.id, part.members, high=_number(rule) + slack))


def _min_share(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """Members get this share of all spend: (members - share x whole) @ spend >= 0."""
    weights = part.members - max(_number(rule) - slack, 0.0) * part.whole
    bounds.limits.append(Limit(rule.id, weights, low=0.0))


def _max_share(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    weights = part.members - (_number(rule) + slack) * part.whole
    bounds.limits.append(Limit(rule.id, weights, high=0.0))


def _max_shift(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """No line changes by more than this share of its current spend."""
    most = (_number(rule) + slack) * part.current
    low = np.maximum(part.current - most, 0.0)
    bounds.box(rule, part.members > 0, low, part.current + most)


def _max_total_shift(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """All changes, up and down, add up to this share of the current spend at most."""
    touched = (part.members > 0).astype(float)
    most = (_number(rule) + slack) * float(touched @ part.current)
    bounds.limits.append(Limit(rule.id, touched, high=most, around=part.current))


def _lock(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """At the current plan, or together at the value given."""
    if rule.value is None:
        low = np.maximum(part.current - slack, 0.0)
        bounds.box(rule, part.members > 0, low, part.current + slack)
    else:
        bounds.limits.append(Limit(rule.id, part.members, rule.value - slack, rule.value + slack))


def _minimum_if_on(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    bounds.switches.append(Switch(rule.id, part.members, _number(rule) - slack))


def _round_to(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """The largest lot counts where several rules ask for one."""
    lots = np.where(part.members > 0, _number(rule), 0.0)
    bounds.lots[:] = np.maximum(bounds.lots, lots)


def _ratio(bounds: Bounds, rule: Guardrail, part: Part, slack: float) -> None:
    """Members spend this many times what the other part spends."""
    weights = part.members - _number(rule) * part.other
    bounds.limits.append(Limit(rule.id, weights, -slack, slack))


BINDING: Mapping[Rule, Builder] = {
    Rule.MIN_SPEND: _min_spend,
    Rule.MAX_SPEND: _max_spend,
    Rule.MIN_SHARE: _min_share,
    Rule.MAX_SHARE: _max_share,
    Rule.MAX_SHIFT: _max_shift,
    Rule.MAX_TOTAL_SHIFT: _max_total_shift,
    Rule.LOCK: _lock,
    Rule.MINIMUM_IF_ON: _minimum_if_on,
    Rule.ROUND_TO: _round_to,
    Rule.RATIO: _ratio,
}


def binding(rules: Sequence[Guardrail]) -> tuple[Guardrail, ...]:
    """Those that the optimiser keeps."""
    return tuple(rule for rule in rules if rule.rule.binds)


def program_of(
    plan: Plan,
    rules: Sequence[Guardrail],
    budget: Budget,
    slack: Mapping[str, float] | None = None,
) -> Program:
    """What the rules and the budget allow; `slack` loosens rules by id, in the rule's own unit.

    Where every line comes in lots, less than one lot of the budget may be left, and at least one
    is bought.
    """
    current = plan.totals
    lines = len(current)
    bounds = Bounds(np.zeros(lines), np.full(lines, np.inf), np.zeros(lines))
    unit = plan.scaled(np.ones(lines)).spend
    for rule in binding(rules):
        loose = (slack or {}).get(rule.id, 0.0)
        for group in groups_of(plan.data, rule):
            BINDING[rule.rule](bounds, rule, _part(plan.data, rule, group, unit, current), loose)
    least, most = budget
    if bounds.lots.all():
        lot = float(bounds.lots.min())
        least = max(least - 0.999999 * lot, min(lot, least))
    if budget != FREE:
        bounds.limits.insert(0, Limit(BUDGET, np.ones(lines), least, most))
    return tightened(
        Program(bounds.low, bounds.high, bounds.lots, tuple(bounds.limits), tuple(bounds.switches))
    )


def tightened(program: Program) -> Program:
    """The box made as small as the limits on single lines and on sums say."""
    low, high = program.low.copy(), program.high.copy()
    for limit in program.limits:
        if limit.around is not None:
            continue
        used = np.flatnonzero(limit.weights)
        if len(used) == 1 and limit.weights[used[0]] > 0:
            line, weight = used[0], limit.weights[used[0]]
            low[line] = max(low[line], limit.low / weight)
            high[line] = min(high[line], limit.high / weight)
        elif (limit.weights >= 0).all() and np.isfinite(limit.high):
            high[used] = np.minimum(high[used], limit.high / limit.weights[used])
    return Program(low, high, program.lots, program.limits, program.switches)


def _part(data: Dataset, rule: Guardrail, group: Group, unit: Array, current: Array) -> Part:
    """unit (H, R, M): how one unit of each line's money is spread."""
    held = unit * weeks_of(data, rule)[:, None, None]

    def share(cells: Group) -> Array:
        return data.by_line((held * cells.cells).sum(axis=0))

    everything = Group("all", data.line_of >= 0)
    other = np.zeros(len(current))
    if rule.other:
        (counterpart,) = groups_of(data, rule, rule.other)
        other = share(counterpart)
    return Part(share(group), share(everything), other, current)


def _number(rule: Guardrail) -> float:
    assert rule.value is not None  # checked when the table was read
    return rule.value
