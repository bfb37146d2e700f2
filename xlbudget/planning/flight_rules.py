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
TRACE = 1e-3  # of the most a week may take: what a week of a burst takes at least
YEAR = 52  # weeks without a break that make a line one that always runs
STEADY = 2.0 / 3.0  # of its usual week in the plan: what a week of such a line keeps at least


@dataclass(frozen=True)
class WeekRules:
    """Money of one line in each of H weeks.

    low, high  (H,) least and most
    least      (H,) of a week that is on at all
    row        (H,) weeks that a burst lasts which has this week in it
    """

    low: Array
    high: Array
    least: Array
    row: NDArray[np.intp]

    @property
    def bursts(self) -> bool:
        """Whether a week may be off only as part of a pattern."""
        return bool(self._ruled.any())

    @property
    def _ruled(self) -> Mask:
        """(H,) weeks that are off or on as a rule says."""
        return np.asarray((self.least > 0) | (self.row > 1))

    def keep(self, spend: Array) -> bool:
        """Whether money a week (H,) is allowed."""
        near = KEPT * float(spend.sum())
        if (spend < self.low - near).any() or (spend > self.high + near).any():
            return False
        on = spend > near
        return bool((spend >= self.least - near)[on].all() and self._last(on))

    def _last(self, on: Mask) -> bool:
        """Whether every burst lasts as long as any of its weeks asks."""
        return all(end - start >= self.row[start:end].max() for start, end in _runs(on))

    def during(self, on: Mask) -> WeekRules:
        """The same with only these weeks (H,) on, each with the least that it asks.

        A week of a burst takes at least a trace, or the burst would end before it.
        """
        trace = TRACE * self.high if (self.row > 1).any() else 0.0
        low = np.maximum(self.low, np.maximum(self.least, trace))
        free = np.zeros(len(on))
        return WeekRules(
            np.where(on, low, 0.0), np.where(on, self.high, 0.0), free, free.astype(np.intp)
        )

    def patterns(self, total: float) -> tuple[Mask, ...]:
        """Weeks on (H,) that can take the total: all, one burst, or bursts at even distances.

        Weeks that no such rule holds in are on with the burst, or all of them are.
        """
        free = ~self._ruled
        shortest = 1 if free.any() else int(self.row.min())
        found: dict[bytes, Mask] = {}
        for burst in _candidates(len(self.low), shortest):
            for on in (burst, burst | free):
                if on.tobytes() not in found and self._take(total, on):
                    found[on.tobytes()] = on
        return tuple(found.values())

    def _take(self, total: float, on: Mask) -> bool:
        """Whether these weeks (H,) may be the ones that are on, and can take the total."""
        allowed = self.during(on)
        return bool(
            allowed.low.sum() <= total * (1 + KEPT)
            and allowed.high.sum() >= total * (1 - KEPT)
            and on[self.low > 0].all()
            and self._last(on)
        )


def week_rules(plan: Plan, line: int, rules: Sequence[Guardrail]) -> WeekRules | None:
    """What the rules ask of a line's weeks; None where it is not to be moved.

    No week is above the largest that the line ever had or is planned to have. Nor, where it always
    ran and no rule is about bursts, below the smallest or two thirds of its usual planned week:
    what a line does that is switched off, or nearly, has to be seen before money is moved for it.
    Min and max spend that hold in a part of the horizon are kept evenly over their weeks. A line
    that is locked, or part of another rule about some weeks together with other lines, is not
    moved. Raises Impossible where the line's money cannot be spent.
    """
    data, weeks = plan.data, len(plan.spend)
    least, most = _seen(plan, line)
    asked = WeekRules(
        np.zeros(weeks), np.full(weeks, most), np.zeros(weeks), np.ones(weeks, dtype=np.intp)
    )
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
    total = float(data.by_line(plan.spend)[:, line].sum())
    _require(asked, total, data.line_names[line], named)
    usual = np.maximum(asked.low, np.minimum(least, asked.high))
    if asked.bursts or usual.sum() > total:
        return asked
    return replace(asked, low=usual)


def _seen(plan: Plan, line: int) -> tuple[float, float]:
    """The least that a week of a line may take, 0 if it was off in the last year, and the most."""
    past, planned = (plan.data.by_line(spend)[:, line] for spend in (plan.data.spend, plan.spend))
    always = len(past) >= YEAR and (past[-YEAR:] > 0).all()
    most = max(float(past.max(initial=0.0)), float(planned.max()))
    if not always:
        return 0.0, most
    kept = max(float(past[past > 0].min()), STEADY * float(planned.mean()))
    return min(kept, float(planned.min())), most


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
    return replace(asked, least=np.where(held, np.maximum(asked.least, value), asked.least))


def _row(asked: WeekRules, held: Mask, value: float) -> WeekRules:
    row = min(int(value), len(held))  # a burst as long as the horizon is all there can be
    return replace(asked, row=np.where(held, np.maximum(asked.row, row), asked.row))


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
    for length in range(row, weeks):
        for start in range(weeks - length + 1):
            yield (count >= start) & (count < start + length)
    for length in range(row, weeks // 2 + 1):
        for period in range(length + 1, weeks - length + 1):
            for start in range(period):
                yield (count - start) % period < length


def _runs(on: Mask) -> list[tuple[int, int]]:
    """First week and the week after the last of every run of weeks that are on."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], on, [False]]).astype(int)))
    return [(int(first), int(end)) for first, end in edges.reshape(-1, 2)]
