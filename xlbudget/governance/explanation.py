"""Why the plan is what it is: plain sentences, made from numbers alone.

Every paragraph answers the same questions in the same order: what changes, what the next money
brings here and where it goes or comes from, how full the line is, what the change brings, which
rule holds it, what the answer rests on, and what would turn it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xlbudget.governance.comparison import Comparison
from xlbudget.governance.words import (
    amount,
    chance,
    counted,
    listed,
    money_of,
    percent,
    portion,
    rough,
)
from xlbudget.planning.result import Allocation, Binding
from xlbudget.planning.rules import Rule
from xlbudget.planning.verdict import HOLD
from xlbudget.response.model import ResponseModel
from xlbudget.response.returns import MarginalRoi
from xlbudget.tabular import Array, Columns, Tabular

WHOLE = "The plan"  # the row that is about all lines together
UNMOVED = 1e-4  # share of the budget below which a line stays as it is
FULL, ROOMY = 0.7, 0.35  # saturation from which a line is nearly full, and up to which it has room
NAMED = 6  # lines that one sentence names
STOPPERS = (Rule.LOCK, Rule.MAX_SHIFT)  # rules that hold a line at its very own amount


@dataclass(frozen=True)
class Reasons(Tabular):
    """One paragraph for the plan, then one a line.

    confidence  how likely the move goes the right way, as text; "" where nothing moves
    gain        expected gain of each line, in the order of `line`; the first is their sum
    """

    line: tuple[str, ...]
    why: tuple[str, ...]
    confidence: tuple[str, ...]
    gain: Array

    def columns(self) -> Columns:
        """As the EXPLAIN formula shows them."""
        return {"line": self.line, "why": self.why, "confidence": self.confidence}


Move = Allocation | Comparison  # what is explained: the best plan, or one that people made


@dataclass(frozen=True)
class _Ground:
    """What the sentences are made from; L lines, D draws.

    change  (L,) money that each line gets more, 0 where it stays
    here    (D, L) gain per money of what is moved here; of the next unit where a line stays
    there   (D, L) the same where that money goes to or comes from, on average; of the next unit of
            an average line where all go one way
    """

    model: ResponseModel
    allocation: Move
    returns: MarginalRoi
    change: Array
    here: Array
    there: Array

    @property
    def unit(self) -> str:
        """What the gain is counted in."""
        settings = self.model.data.settings
        if _in_money(self.allocation):
            return settings.currency
        return counted(settings.outcome)

    @property
    def one_way(self) -> bool:
        """Whether lines only get more, or only less."""
        return bool((self.change >= 0).all() or (self.change <= 0).all())

    @property
    def other_budget(self) -> bool:
        """Whether the plan spends more or less than the current one in all."""
        before, after = self.allocation.plan.totals.sum(), self.allocation.budget
        return bool(abs(after - before) > UNMOVED * max(before, after))

    @property
    def portion(self) -> float:
        """A round amount of money in whose returns people think."""
        return portion(self.allocation.budget)

    @property
    def portion_named(self) -> str:
        """That amount with its currency."""
        return money_of(self.allocation.budget, self.model.data.settings.currency)


def explain(model: ResponseModel, allocation: Move, returns: MarginalRoi) -> Reasons:
    """Why each line changes as it does; returns are those at the current plan."""
    ground = _ground(model, allocation, returns)
    gains = allocation.gain_draws.mean(axis=0)
    lines = range(len(allocation.line))
    sure = [_right(ground, line) for line in lines]
    return Reasons(
        line=(WHOLE, *allocation.line),
        why=(
            " ".join(_of_plan(ground)),
            *(" ".join(_of_line(ground, line, sure[line])) for line in lines),
        ),
        confidence=(
            chance(allocation.prob_better),
            *("" if share is None else chance(share) for share in sure),
        ),
        gain=np.array([gains.sum(), *gains]),
    )


def _ground(model: ResponseModel, allocation: Move, returns: MarginalRoi) -> _Ground:
    plan, gains = allocation.plan, allocation.gain_draws
    change = allocation.recommended.totals - plan.totals
    still = np.abs(change) <= UNMOVED * max(float(plan.totals.sum()), allocation.budget)
    change = np.where(still, 0.0, change)
    slope = model.value_curves(plan.spend, plan.totals[:, None]).slope[:, :, 0]
    if _in_money(allocation):
        slope = slope * model.data.settings.money_per_outcome
    here = np.where(still, slope, gains / np.where(still, 1.0, change))
    elsewhere = slope.mean(axis=1)
    above, below = _average(gains, change > 0, change), _average(gains, change < 0, change)
    to = elsewhere if above is None else above
    off = elsewhere if below is None else below
    there = np.where(change > 0, off[:, None], to[:, None])
    return _Ground(model, allocation, returns, change, here, there)


def _in_money(allocation: Move) -> bool:
    return allocation.aim in ("profit", "marginal_roi")


def _average(gains: Array, lines: NDArray[np.bool_], change: Array) -> Array | None:
    """(D,) gain per money over these lines together; None where there are none."""
    if not lines.any():
        return None
    return np.asarray(gains[:, lines].sum(axis=1) / change[lines].sum())


def _right(ground: _Ground, line: int) -> float | None:
    """How likely the money moved here brings more (a raise) or costs less (a cut) than there."""
    change = ground.change[line]
    if change == 0:
        return None
    ahead = ground.here[:, line] - ground.there[:, line]
    return float((np.sign(change) * ahead > 0).mean())


def _of_plan(ground: _Ground) -> Iterator[str]:
    allocation, unit = ground.allocation, ground.unit
    gains = allocation.gain_draws.mean(axis=0)
    up = [int(line) for line in np.argsort(-ground.change) if ground.change[line] > 0]
    down = [int(line) for line in np.argsort(ground.change) if ground.change[line] < 0]
    if not up and not down:
        better = ": no plan within the rules is expected to bring more" * bool(allocation.verdict)
        yield f"The current plan stays{better}."
        return
    to, off = (listed([allocation.line[line] for line in lines], NAMED) for lines in (up, down))
    if up and down:
        where = f"moves from {off} to {to}"
    else:
        where = f"is added to {to}" if up else f"is taken from {off}"
    if allocation.verdict.startswith(HOLD):
        why = allocation.verdict.partition(": ")[2]
        yield f"Hold {allocation.kept}: {why}."
        yield f"In the split that is best on average money {where}."
    else:
        yield f"Money {where}."
    brought = "That is "
    if up and down:
        more, less = float(gains[up].sum()), -float(gains[down].sum())
        brought = (
            f"The lines that get more bring {rough(more, unit)} more, those that get less bring "
            f"{rough(less, unit)} less: "
        )
    yield (
        f"{brought}{_signed(allocation.gain, unit)} in all, between {rough(allocation.gain_low)} "
        f"and {rough(allocation.gain_high, unit)} with {_confidence(ground)} confidence."
    )
    brings = "brings more" if ground.other_budget else "is better"
    yield (
        f"It {brings} than the current plan with a probability of {chance(allocation.prob_better)}."
    )
    yield from (
        f"Without rule {limit.id} it would bring {rough(limit.cost, unit)} more."
        for limit in sorted(allocation.limits, key=lambda limit: -limit.cost)[:3]
    )


def _of_line(ground: _Ground, line: int, sure: float | None) -> Iterator[str]:
    yield _what(ground, line)
    yield from _next_money(ground, line)
    yield _room(ground, line)
    yield from _effect(ground, line, sure)
    yield from _rule(ground, line)
    yield _evidence(ground, line)
    yield from _turn(ground, line)


def _what(ground: _Ground, line: int) -> str:
    before = float(ground.allocation.plan.totals[line])
    name, change = ground.allocation.line[line], float(ground.change[line])
    if change == 0:
        return f"{name} stays at {amount(before, ground.model.data.settings.currency)}."
    after = amount(before + change, ground.model.data.settings.currency)
    by = f" ({'+' if change > 0 else '-'}{percent(abs(change) / before)})" if before > 0 else ""
    verb = "rises" if change > 0 else "falls"
    return f"{name} {verb} from {amount(before)} to {after}{by}."


def _next_money(ground: _Ground, line: int) -> Iterator[str]:
    here, there = _returns(ground, line)
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


def _returns(ground: _Ground, line: int) -> tuple[float, float]:
    """What a portion of money brings here, and where it goes to or comes from."""
    here, there = ground.here[:, line].mean(), ground.there[:, line].mean()
    return ground.portion * float(here), ground.portion * float(there)


def _room(ground: _Ground, line: int) -> str:
    used = float(ground.returns.saturation[line])
    share = percent(round(used, 2))
    if used >= FULL:
        return f"It is nearly full: {share} of its best return is used up."
    if used <= ROOMY:
        return f"It has room: only {share} of its best return is used up."
    return f"It is partly full: {share} of its best return is used up."


def _effect(ground: _Ground, line: int, sure: float | None) -> Iterator[str]:
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


def _rule(ground: _Ground, line: int) -> Iterator[str]:
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


def _evidence(ground: _Ground, line: int) -> str:
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


def _turn(ground: _Ground, line: int) -> Iterator[str]:
    """What would change the answer."""
    change, there = ground.change[line], amount(_returns(ground, line)[1])
    if change > 0:
        yield f"The answer turns if each {ground.portion_named} here brings less than {there}."
    elif change < 0:
        yield f"The answer turns if each {ground.portion_named} here costs more than {there}."


def _signed(value: float, unit: str) -> str:
    return f"{'+' if value >= 0 else '-'}{rough(abs(value), unit)}"


def _confidence(ground: _Ground) -> str:
    return percent(ground.model.data.settings.confidence)


__all__ = ["WHOLE", "Reasons", "explain"]
