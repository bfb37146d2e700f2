"""What each guardrail says about a proposed change: one small function a rule.

Binding rules are judged here in plain sums, apart from the optimiser, so that one checks the other.
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

SLACK = 1e-6  # share of the money in question that rounding may take

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
    def moved(self) -> Mask:
        """(C,) whether a part's money changes by more than rounding."""
        size = np.maximum(self.current, self.proposed)
        floor = SLACK * float(size.sum()) * 1e-3
        return np.asarray(np.abs(self.proposed - self.current) > SLACK * size + floor)

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
    """One part of the budget that a rule is about: its name and members (C,)."""

    name: str
    members: Mask


Check = Callable[[Guardrail, Scope, Change, Scope | None], Iterator[tuple[Mask, str]]]


def judge(
    rule: Guardrail, scope: Scope, change: Change, other: Scope | None = None
) -> Iterator[Verdict]:
    """Every line that this rule stops or sends to a person; `other` is what a ratio refers to."""
    status = Status.BLOCKED if rule.rule.binds else Status.NEEDS_APPROVAL
    for parts, sentence in _CHECKS[rule.rule](rule, scope, change, other):
        for line in change.lines_of(parts):
            yield Verdict(line, status, rule, f"{rule.id}: {sentence}")


def unclear(rule: Guardrail, change: Change) -> Iterator[Verdict]:
    """A rule of which nobody can tell whether it is touched sends every change to a person."""
    named = f" is {rule.name}" if rule.name else ""
    sentence = f"{rule.id}: cannot tell whose {rule.scope}{named}; add a column {rule.scope}"
    if rule.scope == "region" and rule.name in LAUNCH:
        sentence = f"{rule.id}: cannot tell which region is in launch; name it in the rule"
    for line in change.lines_of(change.moved):
        yield Verdict(line, Status.NEEDS_APPROVAL, rule, sentence)


def _shift(change: Change, members: Mask) -> float:
    """How far the members' money moves, as a share of what they have; infinite from nothing."""
    before, after = change.before(members), change.after(members)
    if before > 0:
        return abs(after - before) / before
    return np.inf if after > 0 else 0.0


def _approve_shift(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    shift = _shift(change, scope.members)
    if shift > (rule.value or 0.0) + SLACK:
        how = "starts from nothing" if np.isinf(shift) else f"moves by {percent(shift)}"
        limit = percent(rule.value or 0.0)
        yield scope.members & change.moved, f"{scope.name} {how}, more than {limit}"


def _approve_cut(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    yield scope.members & change.cut, f"a cut to {scope.name}"


def _approve_change(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    launch = ", which is in launch" if rule.name in LAUNCH else ""
    yield scope.members & change.moved, f"a change to {scope.name}{launch}"


def _min_spend(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    least, after = rule.value or 0.0, change.after(scope.members)
    if after < least * (1.0 - SLACK):
        sentence = f"{scope.name} would get {amount(after)}, less than {amount(least)}"
        yield _blamed(scope, change.cut), sentence


def _max_spend(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    most, after = rule.value or 0.0, change.after(scope.members)
    if after > most * (1.0 + SLACK):
        sentence = f"{scope.name} would get {amount(after)}, more than {amount(most)}"
        yield _blamed(scope, change.raised), sentence


def _min_share(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    least, share = rule.value or 0.0, _share(scope, change)
    if share < least - SLACK:
        sentence = f"{scope.name} would have {percent(share)} of the budget, less than "
        yield _blamed(scope, change.cut), sentence + percent(least)


def _max_share(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    most, share = rule.value or 0.0, _share(scope, change)
    if share > most + SLACK:
        sentence = f"{scope.name} would have {percent(share)} of the budget, more than "
        yield _blamed(scope, change.raised), sentence + percent(most)


def _max_shift(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    shift = _shift(change, scope.members)
    if shift > (rule.value or 0.0) + SLACK:
        how = "would start from nothing" if np.isinf(shift) else f"would move by {percent(shift)}"
        sentence = f"{scope.name} {how}, more than the {percent(rule.value or 0.0)} allowed"
        yield scope.members & change.moved, sentence


def _max_total_shift(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    before = change.before(scope.members)
    moved = float(np.abs(change.proposed - change.current)[scope.members].sum()) / 2.0
    share = moved / before if before > 0 else 0.0
    if share > (rule.value or 0.0) + SLACK:
        sentence = f"{percent(share)} of {scope.name} would change place, more than the "
        yield scope.members & change.moved, sentence + f"{percent(rule.value or 0.0)} allowed"


def _lock(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    if rule.value is None:
        yield scope.members & change.moved, f"{scope.name} is locked"
        return
    after = change.after(scope.members)
    if abs(after - rule.value) > SLACK * max(rule.value, after):
        yield scope.members, f"{scope.name} is locked at {amount(rule.value)}"


def _minimum_if_on(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    least, after = rule.value or 0.0, change.after(scope.members)
    if SLACK * least < after < least * (1.0 - SLACK):
        sentence = f"{scope.name} would get {amount(after)}; it gets nothing or {amount(least)}"
        yield scope.members, sentence


def _round_to(
    rule: Guardrail, scope: Scope, change: Change, _: Scope | None
) -> Iterator[tuple[Mask, str]]:
    lot = rule.value or 1.0
    for line in change.lines_of(scope.members):
        mine = scope.members & (change.line == line)
        after = change.after(mine)
        if abs(after - lot * round(after / lot)) > SLACK * max(lot, after):
            yield mine, f"{change.lines[line]} is not in lots of {amount(lot)}"


def _ratio(
    rule: Guardrail, scope: Scope, change: Change, other: Scope | None
) -> Iterator[tuple[Mask, str]]:
    if other is None:
        return
    times, after = rule.value or 0.0, change.after(scope.members)
    wanted = times * change.after(other.members)
    if abs(after - wanted) > SLACK * max(after, wanted):
        yield scope.members, f"{scope.name} would not be {times:g} times {other.name}"


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
