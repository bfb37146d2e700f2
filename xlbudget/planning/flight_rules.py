"""What guardrails ask of one line's weeks, and the patterns of weeks on and off they leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from xlbudget.errors import Impossible
from xlbudget.planning.plan import Plan
from xlbudget.planning.rules import Group, Guardrail, Rule, groups_of, weeks_of
from xlbudget.tabular import Array

Mask = NDArray[np.bool_]
KEPT = 1e-6  # share of a line's money by which a bound may be missed


@dataclass(frozen=True)
class WeekRules:
    """Money of one line in each of H weeks.

    low, high  (H,) least and most
    least      of a week that is on at all, and `row`: weeks that follow each other once it is
    """

    low: Array
    high: Array
    least: float = 0.0
    row: int = 1

    @property
    def bursts(self) -> bool:
        """Whether a week may be off only as part of a pattern."""
        return self.least > 0 or self.row > 1

    def keep(self, spend: Array) -> bool:
        """Whether money a week (H,) is allowed."""
        near = KEPT * float(spend.sum())
        if (spend < self.low - near).any() or (spend > self.high + near).any():
            return False
        on = spend > near
        lengths = [int(on[start:end].sum()) for start, end in _runs(on)]
        enough = spend[on].min(initial=np.inf) >= self.least - near
        return bool(enough and all(length >= self.row for length in lengths))

    def during(self, on: Mask) -> WeekRules:
        """The same with only these weeks (H,) on, each with the least that it asks."""
        return WeekRules(
            np.where(on, np.maximum(self.low, self.least), 0.0), np.where(on, self.high, 0.0)
        )

    def patterns(self, total: float) -> tuple[Mask, ...]:
        """Weeks on (H,) that can take the total: all, one burst, or bursts at even distances."""
        weeks = len(self.low)
        found: dict[bytes, Mask] = {}
        for on in _candidates(weeks, self.row):
            allowed = self.during(on)
            fits = allowed.low.sum() <= total * (1 + KEPT) and allowed.high.sum() >= total * (
                1 - KEPT
            )
            if fits and on[self.low > 0].all():
                found.setdefault(on.tobytes(), on)
        return tuple(found.values())


def week_rules(plan: Plan, line: int, rules: Sequence[Guardrail], cap: float) -> WeekRules | None:
    """What the rules ask of a line's weeks, none above `cap`; None where it is not to be moved.

    Min and max spend that hold in a part of the horizon are kept evenly over their weeks. A line
    that is locked, or part of another rule about some weeks together with other lines, is not
    moved. Raises Impossible where the line's money cannot be spent.
    """
    data, weeks = plan.data, len(plan.spend)
    asked = WeekRules(np.zeros(weeks), np.full(weeks, cap))
    own = data.line_of == line
    named = []
    for rule in rules:
        held = weeks_of(data, rule)
        touched = [group for group in groups_of(data, rule) if (group.cells & own).any()]
        if not (rule.rule.binds or rule.rule.paces) or not held.any() or not touched:
            continue
        if rule.rule is Rule.LOCK:
            return None
        if rule.rule.binds and held.all():
            continue  # about the horizon's total, which stays as it is
        if rule.value is None or rule.rule not in _ASKS or not _alone(touched, own):
            return None
        asked = _ASKS[rule.rule](asked, held, rule.value)
        named.append(rule.title)
    asked = replace(asked, high=np.maximum(asked.high, asked.low))
    _require(asked, float(data.by_line(plan.spend)[:, line].sum()), data.line_names[line], named)
    return asked


def _require(asked: WeekRules, total: float, name: str, rules: Sequence[str]) -> None:
    if not rules or total <= 0 or asked.patterns(total):
        return
    raise Impossible(
        f"{name} has {total:,.0f} to spend in the horizon, which its weeks cannot take under "
        f"{' and '.join(rules)}; loosen one of them or change the line's money"
    )


def _alone(groups: Sequence[Group], own: Mask) -> bool:
    return all(np.array_equal(group.cells, own) for group in groups)


def _floor(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    return replace(asked, low=np.where(held, np.maximum(asked.low, value / held.sum()), asked.low))


def _ceiling(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    most = np.minimum(asked.high, value / held.sum())
    return replace(asked, high=np.where(held, most, asked.high))


def _cap(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    return replace(asked, high=np.where(held, np.minimum(asked.high, value), asked.high))


def _least(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    return replace(asked, least=max(asked.least, value))


def _row(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    return replace(asked, row=max(asked.row, int(value)))


_ASKS: Mapping[Rule, Callable[[WeekRules, Mask, float], WeekRules]] = {
    Rule.MIN_SPEND: _floor,
    Rule.MAX_SPEND: _ceiling,
    Rule.MAX_A_WEEK: _cap,
    Rule.MIN_A_WEEK: _least,
    Rule.WEEKS_IN_A_ROW: _row,
}


def _candidates(weeks: int, row: int) -> Iterator[Mask]:
    """Every week; one burst anywhere; bursts of equal length at equal distances."""
    count = np.arange(weeks)
    yield np.ones(weeks, dtype=bool)
    row = min(row, weeks)
    for length in range(row, weeks):
        for start in range(weeks - length + 1):
            yield (count >= start) & (count < start + length)
    for length in range(row, weeks // 2 + 1):
        for period in range(length + 1, weeks - length + 1):
            for start in range(period):
                on = (count - start) % period < length
                if all(end - first >= row for first, end in _runs(on)):
                    yield on


def _runs(on: Mask) -> list[tuple[int, int]]:
    """First week and the week after the last of every run of weeks that are on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
