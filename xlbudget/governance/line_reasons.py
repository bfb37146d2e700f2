"""Why a line changes as it does, in a paragraph that is made from numbers alone.

Every paragraph answers the same questions in the same order: what changes, what the next money
brings here and where it goes or comes from, how full the line is, what the change brings, which
rule holds it, what the answer rests on, and what would turn it.
"""

from __future__ import annotations

from collections.abc import Iterator

from xlbudget.governance.ground import Ground, Move
from xlbudget.governance.words import amount, chance, listed, percent, rough
from xlbudget.planning.result import Binding
from xlbudget.planning.rules import Rule

FULL, ROOMY = 0.7, 0.35  # saturation from which a line is nearly full, and up to which it has room
STOPPERS = (Rule.LOCK, Rule.MAX_SHIFT)  # rules that hold a line at its very own amount


def line_reasons(ground: Ground, line: int) -> Iterator[str]:
    """The sentences about the line of this number."""
    yield _what(ground, line)
    yield from _next_money(ground, line)
    yield _room(ground, line)
    yield from _effect(ground, line)
    yield from _rule(ground, line)
    yield _evidence(ground, line)
    yield from _turn(ground, line)


def _what(ground: Ground, line: int) -> str:
    before = float(ground.allocation.plan.totals[line])
    name, change = ground.allocation.line[line], float(ground.change[line])
    if change == 0:
        return f"{name} stays at {amount(before, ground.model.data.settings.currency)}."
    after = amount(before + change, ground.model.data.settings.currency)
    by = f" ({'+' if change > 0 else '-'}{percent(abs(change) / before)})" if before > 0 else ""
    verb = "rises" if change > 0 else "falls"
    return f"{name} {verb} from {amount(before)} to {after}{by}."


def _next_money(ground: Ground, line: int) -> Iterator[str]:
    here, there = ground.returns_of(line)
    what, change = ground.portion_named, ground.change[line]
    brought, other = amount(here, ground.unit), amount(there)
    where = f"where it {'comes from' if change > 0 else 'goes'}, {other}"
    if ground.one_way:  # the money comes from, or goes to, no other line
        where = f"the next of an average line brings {other}"
    if change > 0:
        yield f"Each {what} added here brings {brought}; {where}."
    elif change < 0:
        yield f"Each {what} taken away here costs {brought}; {where}."
    else:
        yield f"The next {what} here would bring {brought}."


def _room(ground: Ground, line: int) -> str:
    used = float(ground.returns.saturation[line])
    share = percent(round(used, 2))
    if used >= FULL:
        return f"It is nearly full: {share} of its best return is used up."
    if used <= ROOMY:
        return f"It has room: only {share} of its best return is used up."
    return f"It is partly full: {share} of its best return is used up."


def _effect(ground: Ground, line: int) -> Iterator[str]:
    sure = ground.right(line)
    if sure is None:
        return
    allocation, unit = ground.allocation, ground.unit
    gain = float(allocation.gain_draws[:, line].mean())
    ends = sorted((float(allocation.low[line]), float(allocation.high[line])))
    what = "raise brings"
    if ground.change[line] < 0:
        gain, ends, what = -gain, [-ends[1], -ends[0]], "cut costs"
    yield (
        f"The {what} {rough(gain, unit)} (between {rough(ends[0])} and {rough(ends[1])}); it is "
        f"right with a probability of {chance(sure)}."
    )


def _rule(ground: Ground, line: int) -> Iterator[str]:
    limit = _stopper(ground.allocation, ground.allocation.line[line])
    if limit is not None:
        name = f" {limit.rule.name}" if limit.rule.name else ""
        yield (
            f"Rule {limit.id} ({limit.rule.rule.value}{name}) holds it here; without that rule "
            f"the plan would bring {rough(limit.cost, ground.unit)} more."
        )


def _stopper(allocation: Move, line: str) -> Binding | None:
    """The rule that holds this line: one on its own amount, else the one that costs most."""
    mine = [limit for limit in allocation.limits if line in limit.lines]
    own = [limit for limit in mine if limit.rule.rule in STOPPERS]
    return max(own or mine, key=lambda limit: limit.cost, default=None)


def _evidence(ground: Ground, line: int) -> str:
    data = ground.model.data
    weekly = data.by_line(data.spend)[:, line]
    weeks = int((weekly > 0).sum())
    channel = data.lines[line].channel
    tests = [test.id for test in data.experiments if test.channel == channel]
    tested = f"lift test{'s' * (len(tests) > 1)} {listed(tests)}" if tests else "no lift test"
    name = ground.allocation.line[line]
    beyond = ""
    if name in ground.allocation.marks:
        beyond = " The proposed spend is beyond anything tried, so raise it in steps."
    return f"This rests on {weeks} weeks with spend and {tested}.{beyond}"


def _turn(ground: Ground, line: int) -> Iterator[str]:
    """What would change the answer."""
    change, there = ground.change[line], amount(ground.returns_of(line)[1])
    if change > 0:
        yield f"The answer turns if each {ground.portion_named} here brings less than {there}."
    elif change < 0:
        yield f"The answer turns if each {ground.portion_named} here costs more than {there}."
