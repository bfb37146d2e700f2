"""What each guardrail says about a proposed change: one small function a rule.

Binding rules are judged in plain sums, apart from the optimiser, so that one checks the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from xlbudget.governance.words import amount, percent
from xlbudget.planning.rules import LAUNCH, Guardrail, Rule
from xlbudget.tabular import Array

SLACK = 1e-6  # share of the budget that is rounding, not a change

Mask = NDArray[np.bool_]


class Status(StrEnum):
    """What may happen with a change."""

    AUTOMATIC = "automatic"
    NEEDS_APPROVAL = "needs approval"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Change:
    """Money of C parts of the budget before and after, while a rule holds.

    lines  names of the L lines; line (C,) which line a part belongs to
    """

    lines: tuple[str, ...]
    line: NDArray[np.intp]
    current: Array
    proposed: Array

    @property
    def rounding(self) -> float:
        """Money below which nothing counts as changed or missed."""
        return SLACK * float(max(self.current.sum(), self.proposed.sum()))

    @property
    def moved(self) -> Mask:
        """(C,) whether a part's money changes by more than rounding."""
        return np.asarray(np.abs(self.proposed - self.current) > self.rounding)

    @property
    def cut(self) -> Mask:
        """(C,) whether a part gets less."""
        return self.moved & (self.proposed < self.current)

    @property
    def raised(self) -> Mask:
        """(C,) whether a part gets more."""
        return self.moved & (self.proposed > self.current)

    def before(self, members: Mask) -> float:
        """Money of the members (C,) now."""
        return float(self.current[members].sum())

    def after(self, members: Mask) -> float:
        """Money of the members (C,) as proposed."""
        return float(self.proposed[members].sum())

    def lines_of(self, parts: Mask) -> tuple[int, ...]:
        """The lines to which these parts (C,) belong."""
        return tuple(int(line) for line in np.unique(self.line[parts]))


@dataclass(frozen=True)
class Verdict:
    """What one rule says about one line."""

    line: int
    status: Status
    rule: Guardrail
    sentence: str


@dataclass(frozen=True)
class Scope:
    """One part of the budget that a rule is about: its name and members (C,).

    other  the part that a ratio refers to
    """

    name: str
    members: Mask
    other: Scope | None = None


Missed = Iterator[tuple[Mask, str]]  # parts (C,) that a rule stops or sends on, and why
Check = Callable[[Guardrail, Scope, Change], Missed]


def judge(rule: Guardrail, scope: Scope, change: Change) -> Iterator[Verdict]:
    """Every line that this rule stops or sends to a person.

    Rules about single weeks say nothing here, where totals change.
    """
    if rule.rule.paces:
        return
    status = Status.BLOCKED if rule.rule.binds else Status.NEEDS_APPROVAL
    for parts, sentence in _CHECKS[rule.rule](rule, scope, change):
        for line in change.lines_of(parts):
            yield Verdict(line, status, rule, f"{rule.id}: {sentence}")


def unclear(rule: Guardrail, change: Change) -> Iterator[Verdict]:
    """A rule of which nobody can tell whether it is touched sends every change to a person."""
    if rule.rule.paces:
        return
    named = f" is {rule.name}" if rule.name else ""
    sentence = f"{rule.id}: cannot tell whose {rule.scope}{named}; add a column {rule.scope}"
    if rule.scope == "region" and rule.name in LAUNCH:
        sentence = f"{rule.id}: cannot tell which region is in launch; name it in the rule"
    for line in change.lines_of(change.moved):
        yield Verdict(line, Status.NEEDS_APPROVAL, rule, sentence)


def _exceeds(change: Change, members: Mask, share: float) -> bool:
    """Whether the members' money together moves by more than this share of what they have."""
    before, after = change.before(members), change.after(members)
    return abs(after - before) > share * before + change.rounding


def _moves(change: Change, members: Mask) -> str:
    """By how much the members' money moves, in words."""
    before, after = change.before(members), change.after(members)
    if before <= 0:
        return "starts from nothing"
    return f"moves by {percent(abs(after - before) / before)}"


def _approve_shift(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    limit = rule.value or 0.0
    if _exceeds(change, scope.members, limit):
        sentence = f"{scope.name} {_moves(change, scope.members)}, more than {percent(limit)}"
        yield scope.members & change.moved, sentence


def _approve_cut(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    yield scope.members & change.cut, f"a cut to {scope.name}"


def _approve_change(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    launch = ", which is in launch" if rule.name in LAUNCH else ""
    yield scope.members & change.moved, f"a change to {scope.name}{launch}"


def _min_spend(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    least, after = rule.value or 0.0, change.after(scope.members)
    if after < least - change.rounding:
        sentence = f"{scope.name} would get {amount(after)}, less than {amount(least)}"
        yield _blamed(scope, change.cut), sentence


def _max_spend(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    most, after = rule.value or 0.0, change.after(scope.members)
    if after > most + change.rounding:
        sentence = f"{scope.name} would get {amount(after)}, more than {amount(most)}"
        yield _blamed(scope, change.raised), sentence


def _min_share(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    least, share = rule.value or 0.0, _share(scope, change)
    if share < least - SLACK and change.proposed.any():  # of nothing everybody has a share
        sentence = f"{scope.name} would have {percent(share)} of the budget, less than "
        yield _blamed(scope, change.cut), sentence + percent(least)


def _max_share(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    most, share = rule.value or 0.0, _share(scope, change)
    if share > most + SLACK:
        sentence = f"{scope.name} would have {percent(share)} of the budget, more than "
        yield _blamed(scope, change.raised), sentence + percent(most)


def _max_shift(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    limit = rule.value or 0.0
    for line in change.lines_of(scope.members):
        mine = change.line == line
        if _exceeds(change, mine, limit):
            sentence = f"{change.lines[line]} {_moves(change, mine)}; {percent(limit)} is allowed"
            yield mine, sentence


def _max_total_shift(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    limit, before = rule.value or 0.0, change.before(scope.members)
    moved = float(np.abs(change.proposed - change.current)[scope.members].sum())
    if moved > limit * before + change.rounding:
        sentence = f"all changes to {scope.name} add up to {percent(moved / max(before, 1e-300))}"
        yield scope.members & change.moved, f"{sentence}; {percent(limit)} is allowed"


def _lock(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    if rule.value is None:
        yield scope.members & change.moved, f"{scope.name} is locked"
        return
    after = change.after(scope.members)
    if abs(after - rule.value) > change.rounding:
        yield scope.members, f"{scope.name} is locked at {amount(rule.value)}"


def _minimum_if_on(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    least, after = rule.value or 0.0, change.after(scope.members)
    if change.rounding < after < least - change.rounding:
        sentence = f"{scope.name} would get {amount(after)}; it gets nothing or {amount(least)}"
        yield scope.members, sentence


def _round_to(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    lot = rule.value or 1.0
    for line in change.lines_of(scope.members):
        mine = change.line == line
        after = change.after(mine)
        if abs(after - lot * round(after / lot)) > change.rounding:
            yield mine, f"{change.lines[line]} is not in lots of {amount(lot)}"


def _ratio(rule: Guardrail, scope: Scope, change: Change) -> Missed:
    if scope.other is None:
        return
    times, after = rule.value or 0.0, change.after(scope.members)
    wanted = times * change.after(scope.other.members)
    if abs(after - wanted) > change.rounding:
        yield scope.members, f"{scope.name} would not be {times:g} times {scope.other.name}"


def _share(scope: Scope, change: Change) -> float:
    total = float(change.proposed.sum())
    return change.after(scope.members) / total if total > 0 else 0.0


def _blamed(scope: Scope, moved: Mask) -> Mask:
    """The members that were moved the wrong way, or all where none was."""
    parts = scope.members & moved
    return parts if parts.any() else scope.members


_CHECKS: Mapping[Rule, Check] = {
    Rule.APPROVE_SHIFT: _approve_shift,
    Rule.APPROVE_CUT: _approve_cut,
    Rule.APPROVE_CHANGE: _approve_change,
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
